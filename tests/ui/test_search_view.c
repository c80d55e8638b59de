/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "tests/support/golden.h"
#include "ui/search_view.h"

Suite *search_view_suite(void);

static struct search_view view_of(const char *query, const char *text)
{
    struct search_view view = { .query = slice_of(query),
                                .text = slice_of(text) };
    ptrdiff_t at = slice_find(view.text, query);
    view.match_at = at < 0 ? 0 : (size_t)at;
    view.match_len = at < 0 ? 0 : view.query.len;
    view.has_failed = at < 0 && view.query.len;
    return view;
}

static void dump(const struct search_view *view, int height, int width,
                 struct buf *out)
{
    struct canvas canvas = { 0 };
    canvas_resize(&canvas, height, width);
    search_view_draw(view, &canvas, (struct rect){ 0, 0, height, width });
    buf_printf(out, "== %d: %d rows, cursor %d %d\n", width,
               search_view_rows(view, width), canvas.cursor_row,
               canvas.cursor_col);
    canvas_dump(&canvas, out, true);
    canvas_clear(&canvas);
}

START_TEST(a_search_looks_as_it_should)
{
    static const int widths[] = { 20, 40, 80 };
    struct buf out = { 0 };
    struct search_view views[] = {
        view_of("", ""),
        view_of("epoch", "Also check that the second epoch does not leak,\n"
                         "with 漢字漢字漢字漢字"),
        view_of("漢字", "with 漢字漢字漢字漢字"),
        view_of("not there", "the match of before"),
        view_of("a query that is longer than the row",
                "a query that is longer than the row is shown by its end"),
    };
    for (size_t i = 0; i < COUNTOF(views); i++) {
        for (size_t j = 0; j < COUNTOF(widths); j++) {
            int rows = search_view_rows(&views[i], widths[j]);
            dump(&views[i], rows < 4 ? rows : 4, widths[j], &out);
        }
    }
    golden_check("search_view.txt", &out);
    buf_clear(&out);
}
END_TEST

START_TEST(the_match_is_in_view_however_large_the_text)
{
    struct buf text = { 0 }, out = { 0 };
    while (text.len < 100 * 1000)
        buf_append_string(&text, "漢字 and a line of a log\n");
    buf_append_string(&text, "the needle\n");
    while (text.len < 200 * 1000)
        buf_append_string(&text, "more of it\n");
    struct search_view view = view_of("needle", buf_string(&text));
    dump(&view, 4, 40, &out);
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "the needle\n~    >>>>>>"));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "search: needle\n"));
    /* What is not looked at costs nothing. */
    ck_assert_int_lt(search_view_rows(&view, 40), 1000);
    buf_clear(&text);
    buf_clear(&out);
}
END_TEST

START_TEST(the_cursor_is_in_the_rect_at_any_size)
{
    struct search_view view = view_of("漢字", "with 漢字漢字\nand more");
    for (int height = 0; height < 5; height++) {
        for (int width = 0; width < 40; width++) {
            struct canvas canvas = { 0 };
            canvas_resize(&canvas, height, width);
            search_view_draw(&view, &canvas,
                             (struct rect){ 0, 0, height, width });
            bool has_cell = height && width;
            ck_assert_int_eq(canvas.cursor_row, has_cell ? height - 1 : -1);
            ck_assert_int_lt(canvas.cursor_col, has_cell ? width : 0);
            canvas_clear(&canvas);
        }
    }
}
END_TEST

Suite *search_view_suite(void)
{
    Suite *suite = suite_create("search_view");
    TCase *tcase = tcase_create("search_view");
    tcase_add_test(tcase, a_search_looks_as_it_should);
    tcase_add_test(tcase, the_match_is_in_view_however_large_the_text);
    tcase_add_test(tcase, the_cursor_is_in_the_rect_at_any_size);
    suite_add_tcase(suite, tcase);
    return suite;
}
