/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/filter.h"
#include "tests/support/golden.h"
#include "tests/support/noise.h"
#include "ui/layout.h"

Suite *layout_suite(void);

static void append_line(const struct layout *layout, size_t index,
                        struct buf *out)
{
    const struct layout_line *line = &layout->lines.items[index];
    for (uint32_t i = 0; i < line->span_count; i++) {
        const struct layout_span *span =
            &layout->spans.items[line->first_span + i];
        buf_append(out, layout->text.ptr + span->offset, span->len);
    }
}

/* The lines, each ended by "|". */
static void check_lines(const struct layout *layout, const char *expected)
{
    struct buf text = { 0 };
    for (size_t i = 0; i < layout->lines.count; i++) {
        append_line(layout, i, &text);
        buf_append_char(&text, '|');
    }
    ck_assert_str_eq(buf_string(&text), expected);
    buf_clear(&text);
}

static void add(struct layout *layout, const char *text, const char *first,
                const char *rest, bool keep_breaks)
{
    struct layout_piece piece = { slice_of(text), STYLE_NORMAL };
    struct layout_paragraph paragraph = {
        .pieces = &piece,
        .piece_count = 1,
        .first = { slice_of(first), STYLE_BULLET },
        .rest = { slice_of(rest), STYLE_BULLET },
        .keep_breaks = keep_breaks,
    };
    layout_add(layout, &paragraph);
}

static void check_wrap(int width, const char *text, const char *expected)
{
    struct layout layout = { .width = width };
    add(&layout, text, "", "", true);
    check_lines(&layout, expected);
    layout_clear(&layout);
}

START_TEST(lines_break_at_blanks_and_the_blanks_go)
{
    check_wrap(11, "one two three", "one two|three|");
    check_wrap(7, "one two three", "one two|three|");
    check_wrap(6, "one two three", "one|two|three|");
    check_wrap(7, "one    two", "one|two|");
    check_wrap(10, "one  two  ", "one  two|");
    check_wrap(10, "", "|");
    check_wrap(10, "   ", "|");
}
END_TEST

START_TEST(a_word_wider_than_the_line_is_broken_between_graphemes)
{
    check_wrap(4, "abcdefghij", "abcd|efgh|ij|");
    check_wrap(4, "ab abcdefghij", "ab|abcd|efgh|ij|");
    check_wrap(3,
               "e\xCC\x81"
               "e\xCC\x81"
               "e\xCC\x81"
               "e\xCC\x81",
               "e\xCC\x81"
               "e\xCC\x81"
               "e\xCC\x81|e\xCC\x81|");
}
END_TEST

START_TEST(lines_break_after_hyphens_inside_words_only)
{
    check_wrap(8, "well-known", "well-|known|");
    check_wrap(8, "a --flag", "a --flag|");
    check_wrap(7, "a --flag", "a|--flag|");
    check_wrap(6, "abc -123", "abc|-123|");
}
END_TEST

START_TEST(lines_break_between_wide_characters_but_not_before_their_commas)
{
    check_wrap(4, "漢字漢字", "漢字|漢字|");
    check_wrap(5, "漢字漢字", "漢字|漢字|");
    check_wrap(4, "漢字、漢", "漢|字、|漢|");
    check_wrap(4, "漢「漢」", "漢|「漢|」|");
    check_wrap(6, "漢「漢」", "漢|「漢」|");
    check_wrap(5, "ab漢字", "ab漢|字|");
}
END_TEST

START_TEST(an_address_is_broken_at_the_edge_and_nowhere_else)
{
    check_wrap(12, "see https://a-b.example/x-y-z now",
               "see|https://a-b.|example/x-y-|z now|");
    check_wrap(24, "see (https://a-b.example/x-y) well-known",
               "see|(https://a-b.example/x-y|) well-known|");
    check_wrap(24, "https://x.org/漢字。漢字漢字漢字",
               "https://x.org/漢字。漢字|漢字漢字|");
    check_wrap(12, "a well-known-thing://", "a well-|known-|thing://|");
    /* Whatever the width, the rows of an address are full but for the last,
     * and together they are the address. */
    static const char address[] =
        "https://user-name@some-host.example:8443/a-b/c_d/~e?f=g-h&i=%20-j#k-l";
    for (int width = 2; width <= (int)sizeof address; width++) {
        struct layout layout = { .width = width };
        struct buf text = { 0 };
        add(&layout, address, "", "", true);
        for (size_t i = 0; i < layout.lines.count; i++) {
            append_line(&layout, i, &text);
            if (i + 1 < layout.lines.count)
                ck_assert_int_eq(layout_line_width(&layout, i), width);
        }
        ck_assert_str_eq(buf_string(&text), address);
        buf_clear(&text);
        layout_clear(&layout);
    }
}
END_TEST

START_TEST(breaks_are_kept_or_become_blanks)
{
    struct layout layout = { .width = 20 };
    add(&layout, "a\nb\n\nc", "", "", true);
    add(&layout, "a\nb\n\nc", "", "", false);
    check_lines(&layout, "a|b||c|a b  c|");
    layout_clear(&layout);
}
END_TEST

START_TEST(indentation_of_the_text_stays_unless_it_leaves_no_room)
{
    check_wrap(10, "  if x:", "  if x:|");
    check_wrap(6, "        word", "word|");
    check_wrap(8, "     long-ish", "     lon|g-ish|");
}
END_TEST

START_TEST(prefixes_hang_and_count)
{
    struct layout layout = { .width = 10 };
    add(&layout, "one two three", "12. ", "    ", false);
    check_lines(&layout, "12. one|    two|    three|");
    layout_clear(&layout);
}
END_TEST

START_TEST(a_prefix_takes_half_of_the_width_at_most)
{
    struct layout layout = { .width = 6 };
    add(&layout, "abcdef", "> > > > ", "> > > > ", false);
    check_lines(&layout, "> >abc|> >def|");
    layout_clear(&layout);
}
END_TEST

START_TEST(code_keeps_its_blanks_and_wraps_at_the_edge)
{
    struct layout layout = { .width = 6 };
    struct layout_piece piece = { slice_of("a   bcd e\n\tx"), STYLE_FENCED };
    struct layout_paragraph paragraph = { .pieces = &piece,
                                          .piece_count = 1,
                                          .keep_breaks = true,
                                          .keep_blanks = true };
    layout_add(&layout, &paragraph);
    check_lines(&layout, "a   bc|d e|      |  x|");
    layout_clear(&layout);
}
END_TEST

START_TEST(tabs_go_to_the_next_eighth_cell_of_their_own_line)
{
    check_wrap(40, "a\tb\n漢\tc\td", "a       b|漢      c       d|");
}
END_TEST

START_TEST(styles_change_inside_a_line_and_over_its_end)
{
    struct layout layout = { .width = 9 };
    struct canvas canvas = { 0 };
    struct buf dump = { 0 };
    struct layout_piece pieces[] = {
        { slice_of("one "), STYLE_NORMAL },
        { slice_of("two three"), STYLE_STRONG },
        { slice_of(" four"), STYLE_EMPHASIS },
    };
    struct layout_paragraph paragraph = { .pieces = pieces, .piece_count = 3 };
    layout_add(&layout, &paragraph);
    canvas_resize(&canvas, 3, 9);
    for (size_t i = 0; i < layout.lines.count; i++)
        layout_draw(&layout, i, &canvas, (int)i, 0, 9);
    canvas_dump(&canvas, &dump, true);
    ck_assert_str_eq(buf_string(&dump),
                     "one two\n~    SSS\nthree\n~SSSSS\nfour\n~EEEE\n");
    buf_clear(&dump);
    canvas_clear(&canvas);
    layout_clear(&layout);
}
END_TEST

START_TEST(untrusted_text_is_harmless_in_the_lines)
{
    check_wrap(40, "a\x1B[2Jb\xE2\x80\xAE", "a␛[2Jb<U+202E>|");
    check_wrap(40, "a\rb", "a|␍b|");
}
END_TEST

START_TEST(truncating_forgets_lines_and_their_text)
{
    struct layout layout = { .width = 10 };
    add(&layout, "first one", "", "", false);
    size_t len = layout.text.len, spans = layout.spans.count;
    uint64_t place = layout.place;
    add(&layout, "second one that wraps", "* ", "  ", false);
    layout_truncate(&layout, 1);
    check_lines(&layout, "first one|");
    ck_assert_uint_eq(layout.text.len, len);
    ck_assert_uint_eq(layout.spans.count, spans);
    ck_assert_uint_eq(layout.place, place);
    add(&layout, "again", "", "", false);
    check_lines(&layout, "first one|again|");
    layout_clear(&layout);
}
END_TEST

START_TEST(a_line_is_at_the_same_place_at_every_width)
{
    const char *text = "alpha beta gamma delta epsilon zeta eta theta";
    for (int width = 5; width < 60; width++) {
        struct layout layout = { .width = width };
        add(&layout, text, "> ", "> ", false);
        add(&layout, "next", "", "", false);
        ck_assert_uint_eq(array_last(&layout.lines)->place, strlen(text));
        for (size_t i = 0; i + 1 < layout.lines.count; i++) {
            struct buf line = { 0 };
            append_line(&layout, i, &line);
            const char *at = text + layout.lines.items[i].place;
            ck_assert_int_eq(strncmp(line.ptr + 2, at, line.len - 2), 0);
            buf_clear(&line);
        }
        layout_clear(&layout);
    }
}
END_TEST

/* Without what a break may take away. */
static void append_without_blanks(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!strchr(" \n\t", text.ptr[i]))
            buf_append_char(out, text.ptr[i]);
    }
}

static void check_property(struct slice text, int width, unsigned flags)
{
    struct layout layout = { .width = width };
    struct buf harmless = { 0 }, expected = { 0 }, lines = { 0 };
    struct layout_piece pieces[] = {
        { { text.ptr, text.len / 2 }, STYLE_NORMAL },
        { { text.ptr + text.len / 2, text.len - text.len / 2 }, STYLE_STRONG },
    };
    struct layout_paragraph paragraph = { .pieces = pieces,
                                          .piece_count = 2,
                                          .keep_breaks = flags & 1,
                                          .keep_blanks = flags & 2 };
    layout_add(&layout, &paragraph);
    int max = width < 2 ? 2 : width;
    for (size_t i = 0; i < layout.lines.count; i++) {
        ck_assert_int_le(layout_line_width(&layout, i), max);
        struct buf line = { 0 };
        append_line(&layout, i, &line);
        append_without_blanks(&lines, buf_slice(&line));
        buf_clear(&line);
    }
    for (size_t i = 0; i < COUNTOF(pieces); i++) {
        buf_reset(&harmless);
        filter_text(&harmless, pieces[i].text);
        append_without_blanks(&expected, buf_slice(&harmless));
    }
    ck_assert_str_eq(buf_string(&lines), buf_string(&expected));
    buf_clear(&harmless);
    buf_clear(&expected);
    buf_clear(&lines);
    layout_clear(&layout);
}

START_TEST(no_line_is_too_wide_and_no_text_is_lost_at_any_width)
{
    struct noise noise = { 3 };
    struct buf text = { 0 };
    for (int width = 1; width <= 120; width++) {
        for (unsigned flags = 0; flags < 4; flags++) {
            buf_reset(&text);
            noise_text(&noise, &text, 80);
            if (width % 10 == 0)
                noise_bytes(&noise, &text, 40);
            check_property(buf_slice(&text), width, flags);
        }
    }
    buf_clear(&text);
}
END_TEST

START_TEST(a_long_text_is_laid_out_in_linear_time)
{
    /* Ten times the text may not cost much more than ten times the spans:
     * the walk over styles and lines is one walk. */
    struct buf text = { 0 };
    struct layout layout = { .width = 80 };
    for (int i = 0; i < 400 * 1000; i++)
        buf_append_string(&text, i % 3 ? "x" : " ");
    add(&layout, buf_string(&text), "", "", false);
    ck_assert_uint_eq(layout.work, text.len);
    ck_assert_uint_le(layout.lines.count, text.len / 78 + 1);
    buf_clear(&text);
    layout_clear(&layout);
}
END_TEST

START_TEST(wrapped_text_looks_as_it_should)
{
    static const int widths[] = { 20, 40, 80, 100, 200 };
    static const char text[] =
        "The quick brown fox jumps over the lazy dog — and then, well-fed, "
        "it sleeps.\n\n"
        "  indented by two, 漢字とかなが混ざった文章、「引用」もある。 end\n"
        "https://example.org/a/very/long/path/that/does/not/fit/anywhere?q=1\n"
        "tabs:\tone\ttwo\n"
        "marks e\xCC\x81o\xCC\x88 flags 🇩🇪🇫🇷 families 👨‍👩‍👧 hands 👍🏽.";
    struct buf dump = { 0 };
    for (size_t i = 0; i < COUNTOF(widths); i++) {
        struct layout layout = { .width = widths[i] };
        struct canvas canvas = { 0 };
        add(&layout, text, "1. ", "   ", true);
        canvas_resize(&canvas, (int)layout.lines.count, widths[i]);
        for (size_t line = 0; line < layout.lines.count; line++)
            layout_draw(&layout, line, &canvas, (int)line, 0, widths[i]);
        buf_printf(&dump, "== %d\n", widths[i]);
        canvas_dump(&canvas, &dump, false);
        canvas_clear(&canvas);
        layout_clear(&layout);
    }
    golden_check("layout.txt", &dump);
    buf_clear(&dump);
}
END_TEST

Suite *layout_suite(void)
{
    Suite *suite = suite_create("layout");
    TCase *tcase = tcase_create("layout");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, lines_break_at_blanks_and_the_blanks_go);
    tcase_add_test(tcase,
                   a_word_wider_than_the_line_is_broken_between_graphemes);
    tcase_add_test(tcase, lines_break_after_hyphens_inside_words_only);
    tcase_add_test(
        tcase, lines_break_between_wide_characters_but_not_before_their_commas);
    tcase_add_test(tcase, an_address_is_broken_at_the_edge_and_nowhere_else);
    tcase_add_test(tcase, breaks_are_kept_or_become_blanks);
    tcase_add_test(tcase,
                   indentation_of_the_text_stays_unless_it_leaves_no_room);
    tcase_add_test(tcase, prefixes_hang_and_count);
    tcase_add_test(tcase, a_prefix_takes_half_of_the_width_at_most);
    tcase_add_test(tcase, code_keeps_its_blanks_and_wraps_at_the_edge);
    tcase_add_test(tcase, tabs_go_to_the_next_eighth_cell_of_their_own_line);
    tcase_add_test(tcase, styles_change_inside_a_line_and_over_its_end);
    tcase_add_test(tcase, untrusted_text_is_harmless_in_the_lines);
    tcase_add_test(tcase, truncating_forgets_lines_and_their_text);
    tcase_add_test(tcase, a_line_is_at_the_same_place_at_every_width);
    tcase_add_test(tcase, no_line_is_too_wide_and_no_text_is_lost_at_any_width);
    tcase_add_test(tcase, a_long_text_is_laid_out_in_linear_time);
    tcase_add_test(tcase, wrapped_text_looks_as_it_should);
    suite_add_tcase(suite, tcase);
    return suite;
}
