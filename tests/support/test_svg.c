/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "tests/support/svg.h"

Suite *svg_suite(void);

/* A cell is 9 x 18 pixels, the margin 12, the base line 14 below the top. */
#define HEAD                                                               \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                         \
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60\" height=\"42\"" \
    " viewBox=\"0 0 60 42\" role=\"img\">\n"                               \
    "<title>A &lt;&amp;&gt; B</title>\n"                                   \
    "<rect width=\"60\" height=\"42\" rx=\"8\" fill=\"#16181D\"/>\n"       \
    "<g fill=\"#D4D7DC\" font-size=\"15\" font-family=\"ui-monospace, "    \
    "SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" "    \
    "xml:space=\"preserve\">\n"
#define TAIL "</g>\n</svg>\n"

#define PLAIN(character) \
    .text = character, .width = 1, .foreground = -1, .background = -1

/* Four cells and no cursor. */
static void check_cells(const struct pty_cell cells[4], const char *expected)
{
    struct pty_cell copy[4];
    struct shot shot = { 1, 4, -1, -1, copy };
    struct buf text = { 0 }, wanted = { 0 };
    memcpy(copy, cells, sizeof copy);
    svg_append(&text, &shot, "A <&> B");
    buf_printf(&wanted, "%s%s%s", HEAD, expected, TAIL);
    ck_assert_str_eq(buf_string(&text), buf_string(&wanted));
    buf_clear(&text);
    buf_clear(&wanted);
}

START_TEST(text_is_escaped_and_blanks_at_the_end_are_cut)
{
    const struct pty_cell cells[] = {
        { PLAIN("<") }, { PLAIN("&") }, { PLAIN(">") }, { PLAIN("") }
    };
    check_cells(cells, "<text x=\"12\" y=\"26\" textLength=\"27\">"
                       "&lt;&amp;&gt;</text>\n");
}
END_TEST

START_TEST(each_attribute_has_its_look)
{
    struct pty_cell cells[] = {
        { PLAIN("b"), .bold = true },
        { PLAIN("d"), .dim = true },
        { PLAIN("i"), .italic = true },
        { PLAIN("u"), .underline = true },
    };
    check_cells(cells, "<text x=\"12\" y=\"26\" textLength=\"9\" "
                       "font-weight=\"bold\">b</text>\n"
                       "<text x=\"21\" y=\"26\" textLength=\"9\" "
                       "fill-opacity=\"0.6\">d</text>\n"
                       "<text x=\"30\" y=\"26\" textLength=\"9\" "
                       "font-style=\"italic\">i</text>\n"
                       "<text x=\"39\" y=\"26\" textLength=\"9\" "
                       "text-decoration=\"underline\">u</text>\n");
}
END_TEST

/* 196 = 16 + 36 * 5 is pure red, 71 = 16 + 36 + 3 * 6 + 1 is 5F AF 5F, 245 is
 * the grey of 8 + 10 * 13. */
START_TEST(the_colours_are_those_of_xterm_s_palette)
{
    struct pty_cell cells[] = {
        { PLAIN("a") }, { PLAIN("b") }, { PLAIN("c") }, { PLAIN("") }
    };
    cells[0].foreground = 196;
    cells[1].foreground = 71;
    cells[2].foreground = 245;
    check_cells(cells, "<text x=\"12\" y=\"26\" textLength=\"9\" "
                       "fill=\"#FF0000\">a</text>\n"
                       "<text x=\"21\" y=\"26\" textLength=\"9\" "
                       "fill=\"#5FAF5F\">b</text>\n"
                       "<text x=\"30\" y=\"26\" textLength=\"9\" "
                       "fill=\"#8A8A8A\">c</text>\n");
}
END_TEST

START_TEST(reversed_cells_lie_on_a_box_of_their_foreground)
{
    struct pty_cell cells[] = { { PLAIN("") },
                                { PLAIN("x"), .reverse = true },
                                { PLAIN(""), .reverse = true },
                                { PLAIN("") } };
    cells[1].foreground = 196;
    cells[2].foreground = 196;
    check_cells(cells, "<rect x=\"21\" y=\"12\" width=\"18\" height=\"18\" "
                       "fill=\"#FF0000\"/>\n"
                       "<text x=\"21\" y=\"26\" textLength=\"9\" "
                       "fill=\"#16181D\">x</text>\n");
}
END_TEST

/* Another font's glyph may be wider: nothing moves beside it. */
START_TEST(what_is_not_ascii_is_pinned_to_its_own_cells)
{
    struct pty_cell cells[] = {
        { PLAIN("a") }, { PLAIN("漢") }, { PLAIN("") }, { PLAIN("b") }
    };
    cells[1].width = 2;
    check_cells(cells, "<text x=\"12\" y=\"26\" textLength=\"9\">a</text>\n"
                       "<text x=\"21\" y=\"26\" textLength=\"18\" "
                       "lengthAdjust=\"spacingAndGlyphs\">漢</text>\n"
                       "<text x=\"39\" y=\"26\" textLength=\"9\">b</text>\n");
}
END_TEST

START_TEST(the_cursor_is_a_box)
{
    struct pty_cell cells[] = { { PLAIN("") } };
    struct shot shot = { 1, 1, 0, 0, cells };
    struct buf text = { 0 };
    svg_append(&text, &shot, "");
    ck_assert_ptr_nonnull(strstr(buf_string(&text),
                                 "<rect x=\"12\" y=\"12\" width=\"9\" "
                                 "height=\"18\" fill=\"#D4D7DC\"/>\n"));
    buf_clear(&text);
}
END_TEST

Suite *svg_suite(void)
{
    Suite *suite = suite_create("svg");
    TCase *tcase = tcase_create("svg");
    tcase_add_test(tcase, text_is_escaped_and_blanks_at_the_end_are_cut);
    tcase_add_test(tcase, each_attribute_has_its_look);
    tcase_add_test(tcase, the_colours_are_those_of_xterm_s_palette);
    tcase_add_test(tcase, reversed_cells_lie_on_a_box_of_their_foreground);
    tcase_add_test(tcase, what_is_not_ascii_is_pinned_to_its_own_cells);
    tcase_add_test(tcase, the_cursor_is_a_box);
    suite_add_tcase(suite, tcase);
    return suite;
}
