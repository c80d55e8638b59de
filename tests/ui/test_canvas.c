/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <string.h>

#include <check.h>

#include "base/utf8.h"
#include "tests/support/noise.h"
#include "ui/canvas.h"

Suite *canvas_suite(void);

static void check_dump(const struct canvas *canvas, const char *expected)
{
    struct buf dump = { 0 };
    canvas_dump(canvas, &dump, false);
    ck_assert_str_eq(buf_string(&dump), expected);
    buf_clear(&dump);
}

/* What must hold of every canvas, whatever was put on it. */
static void check_cells(const struct canvas *canvas)
{
    for (int row = 0; row < canvas->height; row++) {
        for (int col = 0; col < canvas->width; col++) {
            const struct cell *cell = canvas_cell(canvas, row, col);
            struct slice text = { cell->text, cell->len };
            ck_assert_int_le(cell->len, CELL_TEXT_SIZE);
            ck_assert(utf8_is_valid(text));
            while (text.len) {
                uint32_t c;
                text = slice_skip(text, utf8_decode(text, &c));
                ck_assert_msg(c >= 0x20 && c != 0x7F && (c < 0x80 || c > 0x9F),
                              "U+%04X in a cell", c);
                ck_assert(c != 0x202E && c != 0x200D && c != 0xFE0F);
            }
            const struct cell *right = canvas_cell(canvas, row, col + 1);
            const struct cell *left = canvas_cell(canvas, row, col - 1);
            ck_assert_int_le(cell->width, 2);
            if (cell->width == 2)
                ck_assert(right && right->width == 0 && cell->len > 0);
            if (cell->width == 0)
                ck_assert(left && left->width == 2 && cell->len == 0);
        }
    }
}

static int put(struct canvas *canvas, int row, int col, const char *text)
{
    return canvas_put(canvas, row, col, 100, STYLE_NORMAL, slice_of(text));
}

START_TEST(text_is_clipped_at_every_edge)
{
    struct canvas canvas = { 0 };
    canvas_resize(&canvas, 2, 5);
    put(&canvas, 0, -2, "abcdefgh");
    ck_assert_int_eq(
        canvas_put(&canvas, 1, 0, 2, STYLE_NORMAL, slice_of("123")), 2);
    put(&canvas, 1, 3, "xyz");
    put(&canvas, 2, 0, "below");
    put(&canvas, -1, 0, "above");
    check_dump(&canvas, "cdefg\n12 xy\n");
    check_cells(&canvas);
    canvas_clear(&canvas);
}
END_TEST

START_TEST(a_wide_character_is_never_cut_in_half)
{
    struct canvas canvas = { 0 };
    canvas_resize(&canvas, 4, 5);
    ck_assert_int_eq(put(&canvas, 0, 0, "漢字漢"), 4);
    put(&canvas, 1, -1, "漢字");
    put(&canvas, 2, 0, "漢字");
    put(&canvas, 2, 1, "x");
    put(&canvas, 3, 0, "漢字");
    put(&canvas, 3, 2, "x");
    put(&canvas, 3, 1, "漢");
    check_dump(&canvas, "漢字\n 字\n x字\n 漢\n");
    check_cells(&canvas);
    canvas_clear(&canvas);
}
END_TEST

START_TEST(a_fill_over_half_of_a_wide_character_blanks_the_other_half)
{
    struct canvas canvas = { 0 };
    canvas_resize(&canvas, 1, 6);
    put(&canvas, 0, 0, "a漢字b");
    canvas_fill(&canvas, (struct rect){ 0, 2, 1, 2 }, STYLE_SELECTED);
    check_dump(&canvas, "a    b\n");
    check_cells(&canvas);
    ck_assert_int_eq(canvas_cell(&canvas, 0, 2)->style, STYLE_SELECTED);
    ck_assert_int_eq(canvas_cell(&canvas, 0, 1)->style, STYLE_NORMAL);
    canvas_clear(&canvas);
}
END_TEST

START_TEST(a_new_style_keeps_the_text_and_stays_within_its_rectangle)
{
    struct canvas canvas = { 0 };
    canvas_resize(&canvas, 2, 4);
    put(&canvas, 0, 0, "a漢b");
    canvas_restyle(&canvas, (struct rect){ -1, 1, 2, 2 }, STYLE_SELECTED);
    check_dump(&canvas, "a漢b\n\n");
    check_cells(&canvas);
    ck_assert_int_eq(canvas_cell(&canvas, 0, 0)->style, STYLE_NORMAL);
    ck_assert_int_eq(canvas_cell(&canvas, 0, 1)->style, STYLE_SELECTED);
    ck_assert_int_eq(canvas_cell(&canvas, 0, 2)->style, STYLE_SELECTED);
    ck_assert_int_eq(canvas_cell(&canvas, 0, 3)->style, STYLE_NORMAL);
    ck_assert_int_eq(canvas_cell(&canvas, 1, 1)->style, STYLE_NORMAL);
    canvas_clear(&canvas);
}
END_TEST

START_TEST(marks_share_the_cell_of_their_base)
{
    struct canvas canvas = { 0 };
    canvas_resize(&canvas, 1, 4);
    ck_assert_int_eq(put(&canvas, 0, 0, "e\xCC\x81\xCC\x84z"), 2);
    const struct cell *cell = canvas_cell(&canvas, 0, 0);
    ck_assert_int_eq(cell->len, 5);
    ck_assert_int_eq(cell->width, 1);
    ck_assert_int_eq(memcmp(cell->text, "e\xCC\x81\xCC\x84", 5), 0);
    ck_assert_int_eq(canvas_cell(&canvas, 0, 1)->text[0], 'z');
    canvas_clear(&canvas);
}
END_TEST

START_TEST(a_run_of_one_character_ends_where_its_room_and_its_marks_say)
{
    struct canvas canvas = { 0 };
    canvas_resize(&canvas, 4, 8);
    put(&canvas, 0, 0, "─────e\u0301─────────");
    put(&canvas, 1, 0, "────\u0301──");
    put(&canvas, 2, -3, "═════");
    ck_assert_int_eq(
        canvas_put(&canvas, 3, 1, 4, STYLE_RULE, slice_of("────────")), 4);
    check_dump(&canvas, "─────e\u0301──\n────\u0301──\n══\n ────\n");
    ck_assert_int_eq(canvas_cell(&canvas, 1, 2)->len, 3);
    ck_assert_int_eq(canvas_cell(&canvas, 1, 3)->len, 5);
    ck_assert_int_eq(canvas_cell(&canvas, 3, 4)->style, STYLE_RULE);
    ck_assert_int_eq(canvas_cell(&canvas, 3, 5)->style, STYLE_NORMAL);
    check_cells(&canvas);
    canvas_clear(&canvas);
}
END_TEST

/* One laid over the other, at every place. */
START_TEST(a_fill_leaves_no_half_of_a_wide_character)
{
    for (int col = -2; col < 9; col++) {
        for (int width = 0; width < 9; width++) {
            struct canvas canvas = { 0 };
            canvas_resize(&canvas, 1, 8);
            put(&canvas, 0, 0, "漢漢漢漢");
            canvas_fill(&canvas, (struct rect){ 0, col, 1, width }, STYLE_DIM);
            check_cells(&canvas);
            for (int at = 0; at < 8; at++)
                ck_assert_int_eq(canvas_cell(&canvas, 0, at)->style,
                                 at >= col && at < col + width ? STYLE_DIM
                                                               : STYLE_NORMAL);
            canvas_clear(&canvas);
        }
    }
}
END_TEST

START_TEST(a_contested_cluster_is_drawn_by_its_base)
{
    static const struct {
        const char *text, *drawn;
        int width;
    } cases[] = {
        { "👨‍👩‍👧", "👨", 2 },
        { "👍🏽", "👍", 2 },
        { "❤️", "❤", 1 },
        { "1️⃣", "1⃣", 1 },
        { "🏴\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xBF", "🏴", 2 },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        int width;
        struct slice text = slice_of(cases[i].text);
        ck_assert_uint_eq(canvas_cluster(text, &width), text.len);
        ck_assert_int_eq(width, cases[i].width);
        struct canvas canvas = { 0 };
        canvas_resize(&canvas, 1, 8);
        /* In a row of text the rest still begins where it should. */
        int used = put(&canvas, 0, 0, cases[i].text);
        const struct cell *cell = canvas_cell(&canvas, 0, 0);
        struct slice drawn = { cell->text, cell->len };
        if (i + 1 < COUNTOF(cases)) {
            ck_assert_int_eq(used, cases[i].width);
            ck_assert(slice_is(drawn, cases[i].drawn));
        }
        check_cells(&canvas);
        canvas_clear(&canvas);
    }
}
END_TEST

START_TEST(a_flag_is_drawn_as_two_letters)
{
    struct canvas canvas = { 0 };
    int width;
    ck_assert_uint_eq(canvas_cluster(slice_of("🇩🇪🇫🇷"), &width), 8);
    ck_assert_int_eq(width, 2);
    canvas_resize(&canvas, 1, 10);
    ck_assert_int_eq(put(&canvas, 0, 0, "🇩🇪🇫🇷🇸!"), 6);
    check_dump(&canvas, "DEFRS!\n");
    canvas_clear(&canvas);
}
END_TEST

START_TEST(tabs_stop_at_every_eighth_cell_from_the_start)
{
    struct canvas canvas = { 0 };
    canvas_resize(&canvas, 2, 30);
    ck_assert_int_eq(put(&canvas, 0, 2, "a\tbc\td"), 17);
    check_dump(&canvas, "  a       bc      d\n\n");
    ck_assert_int_eq(
        canvas_put(&canvas, 1, 0, 4, STYLE_NORMAL, slice_of("a\tb")), 4);
    canvas_clear(&canvas);
}
END_TEST

START_TEST(what_could_steer_the_terminal_is_shown)
{
    struct canvas canvas = { 0 };
    canvas_resize(&canvas, 1, 40);
    put(&canvas, 0, 0,
        "a\x1B[31mb\nc\xE2\x80\xAE"
        "d");
    check_dump(&canvas, "a␛[31mb␊c<U+202E>d\n");
    canvas_clear(&canvas);
}
END_TEST

START_TEST(random_bytes_leave_no_control_in_a_cell)
{
    struct noise noise = { 1 };
    struct canvas canvas = { 0 };
    struct buf bytes = { 0 };
    for (int i = 0; i < 3000; i++) {
        if (i % 100 == 0)
            canvas_resize(&canvas, (int)noise_below(&noise, 5),
                          (int)noise_below(&noise, 30));
        buf_reset(&bytes);
        if (i % 2)
            noise_bytes(&noise, &bytes, 1 + noise_below(&noise, 40));
        else
            noise_text(&noise, &bytes, 1 + noise_below(&noise, 20));
        int width = (int)noise_below(&noise, 40);
        int used = canvas_put(&canvas, (int)noise_below(&noise, 7) - 1,
                              (int)noise_below(&noise, 40) - 5, width,
                              STYLE_DIM, buf_slice(&bytes));
        ck_assert_int_le(used, width);
        check_cells(&canvas);
    }
    buf_clear(&bytes);
    canvas_clear(&canvas);
}
END_TEST

START_TEST(the_width_of_a_text_is_what_putting_it_uses)
{
    struct noise noise = { 2 };
    struct canvas canvas = { 0 };
    struct buf text = { 0 };
    canvas_resize(&canvas, 1, 400);
    for (int i = 0; i < 1000; i++) {
        static const char *const harmless[] = {
            "a",  "漢",     "e\xCC\x81", "👍🏽", "👨‍👩‍👧",
            "🇩🇪", "❤️", "क्षि",       "سلام",     " ",
        };
        buf_reset(&text);
        for (int k = 0; k < 10; k++)
            buf_append_string(&text,
                              harmless[noise_below(&noise, COUNTOF(harmless))]);
        int used =
            canvas_put(&canvas, 0, 0, 400, STYLE_NORMAL, buf_slice(&text));
        ck_assert_int_eq(used, canvas_width(buf_slice(&text)));
    }
    buf_clear(&text);
    canvas_clear(&canvas);
}
END_TEST

START_TEST(no_size_is_too_small_and_a_huge_one_is_cut)
{
    struct canvas canvas = { 0 };
    canvas_dump(&canvas, &(struct buf){ 0 }, true);
    canvas_resize(&canvas, 0, 0);
    put(&canvas, 0, 0, "x");
    canvas_fill(&canvas, (struct rect){ -5, -5, 100, 100 }, STYLE_DIM);
    canvas_rule(&canvas, 0, 0, 10, STYLE_RULE, "-");
    ck_assert_ptr_null(canvas_cell(&canvas, 0, 0));
    canvas_resize(&canvas, -1, 5);
    ck_assert_int_eq(canvas.height, 0);
    canvas_resize(&canvas, 1, INT_MAX);
    ck_assert_int_eq(canvas.width, CANVAS_WIDTH_MAX);
    ck_assert_int_eq(
        canvas_put(&canvas, 0, 0, INT_MAX, STYLE_NORMAL, slice_of("ab")), 2);
    canvas_clear(&canvas);
}
END_TEST

START_TEST(a_dump_names_the_styles_below_a_row)
{
    struct canvas canvas = { 0 };
    struct buf dump = { 0 };
    canvas_resize(&canvas, 2, 8);
    put(&canvas, 0, 0, "ab");
    canvas_put(&canvas, 0, 2, 4, STYLE_STRONG, slice_of("漢c"));
    canvas_rule(&canvas, 1, 1, 3, STYLE_NORMAL, "─");
    canvas_dump(&canvas, &dump, true);
    ck_assert_str_eq(buf_string(&dump), "ab漢c\n~  SSS\n ───\n");
    buf_clear(&dump);
    canvas_clear(&canvas);
}
END_TEST

START_TEST(a_megabyte_on_one_row_costs_no_more_than_the_row)
{
    struct canvas canvas = { 0 };
    struct buf text = { 0 };
    canvas_resize(&canvas, 1, 80);
    memset(buf_reserve(&text, 1000 * 1000), 'x', 1000 * 1000);
    text.len = 1000 * 1000;
    for (int i = 0; i < 2000; i++)
        ck_assert_int_eq(
            canvas_put(&canvas, 0, 0, 80, STYLE_NORMAL, buf_slice(&text)), 80);
    buf_clear(&text);
    canvas_clear(&canvas);
}
END_TEST

/* It would be gone, and could say something to who looks for it. */
START_TEST(a_skin_tone_is_hidden_only_in_its_emoji)
{
    struct canvas canvas = { 0 };
    canvas_resize(&canvas, 1, 20);
    canvas_put(&canvas, 0, 0, 20, STYLE_NORMAL,
               slice_of("a\U0001F3FBb \U0001F44D\U0001F3FD."));
    check_dump(&canvas, "a\U0001F3FBb \U0001F44D.\n");
    ck_assert_int_eq(canvas_width(slice_of("a\U0001F3FBb")), 4);
    check_cells(&canvas);
    canvas_clear(&canvas);
}
END_TEST

Suite *canvas_suite(void)
{
    Suite *suite = suite_create("canvas");
    TCase *tcase = tcase_create("canvas");
    tcase_add_test(tcase, text_is_clipped_at_every_edge);
    tcase_add_test(tcase, a_wide_character_is_never_cut_in_half);
    tcase_add_test(tcase,
                   a_fill_over_half_of_a_wide_character_blanks_the_other_half);
    tcase_add_test(tcase,
                   a_new_style_keeps_the_text_and_stays_within_its_rectangle);
    tcase_add_test(tcase, marks_share_the_cell_of_their_base);
    tcase_add_test(
        tcase, a_run_of_one_character_ends_where_its_room_and_its_marks_say);
    tcase_add_test(tcase, a_fill_leaves_no_half_of_a_wide_character);
    tcase_add_test(tcase, a_contested_cluster_is_drawn_by_its_base);
    tcase_add_test(tcase, a_flag_is_drawn_as_two_letters);
    tcase_add_test(tcase, tabs_stop_at_every_eighth_cell_from_the_start);
    tcase_add_test(tcase, what_could_steer_the_terminal_is_shown);
    tcase_add_test(tcase, random_bytes_leave_no_control_in_a_cell);
    tcase_add_test(tcase, the_width_of_a_text_is_what_putting_it_uses);
    tcase_add_test(tcase, no_size_is_too_small_and_a_huge_one_is_cut);
    tcase_add_test(tcase, a_dump_names_the_styles_below_a_row);
    tcase_add_test(tcase, a_megabyte_on_one_row_costs_no_more_than_the_row);
    tcase_add_test(tcase, a_skin_tone_is_hidden_only_in_its_emoji);
    suite_add_tcase(suite, tcase);
    return suite;
}
