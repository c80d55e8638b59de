/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/json.h"
#include "tests/support/bytes.h"
#include "tests/support/golden.h"
#include "tests/support/noise.h"
#include "tests/support/skip.h"
#include "ui/markdown.h"

Suite *markdown_suite(void);

/* One of everything. */
static const char everything[] =
    "# Title with *emph* and `code`\n"
    "\n"
    "Two leaks, see [the docs](https://example.org/a) and <https://x.org>\n"
    "plus https://bare.example/x or [ref][1]; soft\n"
    "break. Hard  \n"
    "break. ~~gone~~ **bold _both_** &amp; &rarr; &unknown; &#x41;.\n"
    "\n"
    "- one\n"
    "- two **bold** text which is long enough to wrap around here, surely\n"
    "  - nested\n"
    "    1. deep\n"
    "    2. deeper\n"
    "\n"
    "       para in deep\n"
    "- [ ] todo\n"
    "- [x] done\n"
    "\n"
    "1. first\n"
    "\n"
    "   ```python\n"
    "   def f(x):\n"
    "       return x\n"
    "   ```\n"
    "2. second\n"
    "2. third\n"
    "\n"
    "> quote with a long line that should wrap somewhere around the edge\n"
    "> - list in quote\n"
    ">\n"
    "> > nested quote\n"
    "\n"
    "| Name | Value | Notes |\n"
    "|:-----|------:|:-----:|\n"
    "| a | 1 | short |\n"
    "| 漢字 | 22,000 | a rather long note that is wrapped in its **cell** |\n"
    "\n"
    "```c title=\"x\"\n"
    "int main(void)\t{ return 0; } /* a line of code that is too long */\n"
    "\n"
    "```\n"
    "***\n"
    "<div class=\"x\">\n"
    "<p>hello</p>\n"
    "</div>\n"
    "\n"
    "![alt *text*](http://img/x.png)\n"
    "\n"
    "[1]: https://example.org/ref \"Title\"\n"
    "\n"
    "    indented\n"
    "      code\n"
    "Steps:\n"
    "1. one\n"
    "2. two\n"
    "~~~\n"
    "never closed\n";

static void dump_lines(const struct layout *layout, struct buf *out,
                       bool styles)
{
    struct canvas canvas = { 0 };
    /* In bands, because a canvas has a height of its own. */
    for (size_t i = 0; i < layout->lines.count; i++) {
        canvas_resize(&canvas, 1, layout->width);
        layout_draw(layout, i, &canvas, 0, 0, layout->width);
        canvas_dump(&canvas, out, styles);
    }
    canvas_clear(&canvas);
}

static void check_markdown(int width, const char *text, const char *expected)
{
    struct layout layout = { .width = width };
    struct buf dump = { 0 };
    markdown_layout(&layout, slice_of(text));
    dump_lines(&layout, &dump, false);
    ck_assert_str_eq(buf_string(&dump), expected);
    buf_clear(&dump);
    layout_clear(&layout);
}

static void check_same(const struct layout *a, const struct layout *b,
                       const char *what, size_t at)
{
    struct buf first = { 0 }, second = { 0 };
    dump_lines(a, &first, true);
    dump_lines(b, &second, true);
    if (strcmp(buf_string(&first), buf_string(&second)) != 0)
        ck_abort_msg("%s, after %zu bytes:\n%s\n--- whole:\n%s", what, at,
                     buf_string(&first), buf_string(&second));
    ck_assert_uint_eq(a->place, b->place);
    buf_clear(&first);
    buf_clear(&second);
}

START_TEST(blocks_are_set_apart_and_soft_breaks_are_blanks)
{
    check_markdown(40, "one\ntwo\n\nthree  \nfour\\\nfive",
                   "one two\n\nthree\nfour\nfive\n");
    check_markdown(40, "# Head\ntext\n\nSetext\n===\n",
                   "# Head\n\ntext\n\n# Setext\n");
    check_markdown(10, "a\n\n---\n\nb", "a\n\n──────────\n\nb\n");
    check_markdown(40, "", "");
    check_markdown(40, "\n\n \n", "");
}
END_TEST

START_TEST(lists_hang_nest_and_count)
{
    check_markdown(14, "- one two three\n- four\n  - five six seven\n",
                   "• one two\n  three\n• four\n  • five six\n    seven\n");
    check_markdown(40, "3. a\n3. b\n9. c\n", "3. a\n4. b\n5. c\n");
    check_markdown(40, "1) a\n\n1) b\n\ntext\n\n1) c",
                   "1) a\n\n2) b\n\ntext\n\n1) c\n");
    check_markdown(40, "- [ ] a\n- [X] b\n", "• [ ] a\n• [X] b\n");
    check_markdown(40, "-\n- b\n", "•\n• b\n");
    check_markdown(40, "text\n- a\n\n  more\n- b",
                   "text\n• a\n\n  more\n• b\n");
}
END_TEST

START_TEST(quotes_have_a_bar_on_every_line)
{
    check_markdown(12, "> one two three\n>\n> - four\n",
                   "│ one two\n│ three\n│\n│ • four\n");
    check_markdown(40, "> a\n\n> b", "│ a\n\n│ b\n");
}
END_TEST

START_TEST(a_link_shows_where_it_leads_once)
{
    check_markdown(60, "[a](http://b/c) <http://b/c> <x@y.org> http://b.c/d",
                   "a (http://b/c) http://b/c x@y.org http://b.c/d\n");
    check_markdown(60, "[http://good.example](http://bad.example)",
                   "http://good.example (http://bad.example)\n");
    check_markdown(60, "[![alt](i.png)](u)", "[image i.png: alt] (u)\n");
}
END_TEST

START_TEST(nothing_of_the_source_is_hidden)
{
    /* A definition, a comment, HTML, control bytes and an unknown entity. */
    check_markdown(60, "[a]: http://b 'c'\n\n[x][a]\n",
                   "[a]: http://b 'c'\n\n[x][a]\n");
    check_markdown(60, "> 1. [a]:\n>    /u\n", "│ 1. [a]: /u\n");
    check_markdown(60, "a <!-- b --> <br> <script>x</script>",
                   "a <!-- b --> <br> <script>x</script>\n");
    check_markdown(60, "<p>\n*a*\n</p>", "<p>\na\n</p>\n");
    check_markdown(60,
                   "a\x01"
                   "b \x1B[2J [c]: d\x01\n",
                   "a␁b ␛[2J [c]: d␁\n");
    check_markdown(60, "[a]: \x01\n", "[a]: ␁\n");
    check_markdown(60, "&nope; &#0; &copy; &#x1F600; &lt;", "&nope; � © 😀 <\n");
}
END_TEST

START_TEST(code_is_set_apart_numbered_and_kept)
{
    check_markdown(20, "a\n```sh x=1\nls  -l\n\n\tx\n```\n`b`",
                   "a\n── sh 1 ────────────\n│ ls  -l\n│\n│         x\n"
                   "────────────────────\nb\n");
    check_markdown(12, "    one\n\n~~~\ntwo\n~~~\n",
                   "── code 1 ──\n│ one\n────────────\n\n── code 2 ──\n│ two\n"
                   "────────────\n");
    check_markdown(12, "```\n123456789012\n",
                   "── code 1 ──\n│ 1234567890\n│ 12\n");
    check_markdown(20, "- a\n  ```c\n  x\n  ```\n- b",
                   "• a\n  ── c 1 ───────────\n  │ x\n"
                   "  ──────────────────\n• b\n");
}
END_TEST

START_TEST(tables_are_aligned_then_shrunk_then_pairs)
{
    static const char table[] = "| Name | Price |\n|---|--:|\n"
                                "| a long name | 1 |\n| b | 22 |\n";
    check_markdown(40, table,
                   "Name        │ Price\n────────────┼──────\n"
                   "a long name │     1\nb           │    22\n");
    check_markdown(15, table,
                   "Name    │ Price\n────────┼──────\na long  │     1\n"
                   "name    │\nb       │    22\n");
    check_markdown(20, "|a|b|c|\n|-|:-:|-:|\n|1|2|33|\n",
                   "a  │ b  │  c\n───┼────┼───\n1  │ 2  │ 33\n");
    check_markdown(12, table,
                   "Name: a long\n  name\nPrice: 1\n\nName: b\nPrice: 22\n");
}
END_TEST

START_TEST(ascii_has_glyphs_of_its_own)
{
    struct layout layout = { .width = 12, .ascii = true };
    struct buf dump = { 0 };
    markdown_layout(&layout, slice_of("- a\n\n> b\n\n```\nc\n```\n"));
    dump_lines(&layout, &dump, false);
    ck_assert_str_eq(buf_string(&dump),
                     "- a\n\n> b\n\n-- code 1 --\n| c\n------------\n");
    buf_clear(&dump);
    layout_clear(&layout);
}
END_TEST

START_TEST(every_piece_looks_as_it_should)
{
    static const int widths[] = { 20, 40, 80, 100, 200 };
    struct buf dump = { 0 };
    for (size_t i = 0; i < COUNTOF(widths); i++) {
        struct layout layout = { .width = widths[i] };
        markdown_layout(&layout, slice_of(everything));
        buf_printf(&dump, "== %d\n", widths[i]);
        dump_lines(&layout, &dump, widths[i] == 80);
        layout_clear(&layout);
    }
    golden_check("markdown.txt", &dump);
    buf_clear(&dump);
}
END_TEST

/* The lines at every prefix are those of the prefix laid out at once. */
static void check_prefixes(struct slice text, int width, size_t step)
{
    struct markdown markdown = { 0 };
    for (size_t len = step; len < text.len + step; len += step) {
        struct slice prefix = { text.ptr, len < text.len ? len : text.len };
        struct layout whole = { .width = width };
        markdown_update(&markdown, prefix, width);
        markdown_layout(&whole, prefix);
        check_same(&markdown.layout, &whole, "prefix", prefix.len);
        layout_clear(&whole);
    }
    markdown_clear(&markdown);
}

START_TEST(a_text_that_grows_has_the_lines_of_the_whole_at_every_byte)
{
    check_prefixes(slice_of(everything), 40, 1);
    check_prefixes(slice_of(everything), 7, 3);
}
END_TEST

START_TEST(any_mixture_of_blocks_in_any_pieces_gives_the_same_lines)
{
    static const char *const pieces[] = {
        "- a",     "* b",    "1. c",  "2) d", "text", "> q",       "```",
        "```py",   "~~~",    "\n",    "\n",   "\n",   "\n\n",      "  ",
        "    ",    "\t",     "# h",   "---",  "===",  "| a | b |", "|---|---|",
        "[x]: /u", "`",      "**",    "<p>",  "- ",   "-",         "\r\n",
        "  ```",   "   - z", "10. y", "\\",   "1.",   "+",         "* * *",
    };
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct noise noise = { seed };
        struct buf text = { 0 };
        for (int i = 0; i < 40; i++)
            buf_append_string(&text,
                              pieces[noise_below(&noise, COUNTOF(pieces))]);
        check_prefixes(buf_slice(&text), 30, 1 + seed % 7);
        buf_clear(&text);
    }
}
END_TEST

/* Calls `check` with each example of the CommonMark specification. */
static void each_example(void (*check)(struct slice text))
{
    struct buf file = { 0 };
    struct error err = { 0 };
    const char *path = shared_path("fixtures/commonmark/spec.json");
    if (!path)
        return;
    bytes_from_file(&file, path);
    json_t *examples = json_parse(buf_slice(&file), &err);
    ck_assert_msg(examples, "%s", err.text);
    ck_assert_uint_gt(json_array_size(examples), 600);
    for (size_t i = 0; i < json_array_size(examples); i++)
        check(json_slice(json_array_get(examples, i), "markdown"));
    json_decref(examples);
    buf_clear(&file);
}

static void check_example_pieces(struct slice text)
{
    check_prefixes(text, 40, 1);
}

START_TEST(the_specifications_examples_grow_to_the_same_lines)
{
    each_example(check_example_pieces);
}
END_TEST

static void check_example_width(struct slice text)
{
    static const int widths[] = { 1, 2, 5, 13, 80 };
    for (size_t i = 0; i < COUNTOF(widths); i++) {
        struct layout layout = { .width = widths[i] };
        markdown_layout(&layout, text);
        int max = widths[i] < 2 ? 2 : widths[i];
        for (size_t line = 0; line < layout.lines.count; line++)
            ck_assert_int_le(layout_line_width(&layout, line), max);
        layout_clear(&layout);
    }
}

START_TEST(no_line_is_wider_than_the_width)
{
    check_example_width(slice_of(everything));
    each_example(check_example_width);
}
END_TEST

/* Every letter and digit of the source is on the screen, but for what an
 * entity or a link's title stands for, and attributes of code. */
static void check_example_letters(struct slice text)
{
    static const char *const others[] = { "&", "](", "~~~~    ruby" };
    for (size_t i = 0; i < COUNTOF(others); i++) {
        if (slice_find(text, others[i]) >= 0)
            return;
    }
    struct layout layout = { .width = 200 };
    struct buf dump = { 0 };
    markdown_layout(&layout, text);
    dump_lines(&layout, &dump, false);
    size_t at = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            continue;
        const char *found = strchr(buf_string(&dump) + at, c);
        ck_assert_msg(found, "'%c' is missing:\n%.*s\n---\n%s", c,
                      SLICE_ARG(text), buf_string(&dump));
        at = (size_t)(found - dump.ptr) + 1;
    }
    buf_clear(&dump);
    layout_clear(&layout);
}

START_TEST(the_letters_of_the_specifications_examples_are_all_shown)
{
    each_example(check_example_letters);
}
END_TEST

static uint64_t feed_in_pieces(struct slice text, size_t piece)
{
    struct markdown markdown = { 0 };
    for (size_t len = piece; len < text.len + piece; len += piece) {
        struct slice prefix = { text.ptr, len < text.len ? len : text.len };
        markdown_update(&markdown, prefix, 80);
    }
    uint64_t work = markdown.layout.work;
    struct layout whole = { .width = 80 };
    markdown_layout(&whole, text);
    check_same(&markdown.layout, &whole, "pieces", text.len);
    layout_clear(&whole);
    markdown_clear(&markdown);
    return work;
}

START_TEST(a_megabyte_in_small_pieces_costs_bounded_work)
{
    struct buf text = { 0 };
    for (int i = 0; text.len < 1000 * 1000; i++)
        buf_printf(&text,
                   "A paragraph with **bold** and `code`, number %d, that "
                   "goes on for a line or two and then ends here.\n\n"
                   "- an item of a list\n- another item\n\n"
                   "```c\nint x = %d;\n```\n\n",
                   i, i);
    /* A block of 120 bytes in pieces of 50 is laid out a few times. */
    ck_assert_uint_le(feed_in_pieces(buf_slice(&text), 50), 8 * text.len);
    buf_clear(&text);
}
END_TEST

START_TEST(a_long_open_fence_is_laid_out_line_by_line)
{
    struct buf text = { 0 };
    buf_append_string(&text, "```c\n");
    while (text.len < 100 * 1000)
        buf_append_string(&text, "    call(some, arguments, here);\n");
    ck_assert_uint_le(feed_in_pieces(buf_slice(&text), 10), 5 * text.len);
    buf_clear(&text);
}
END_TEST

START_TEST(a_long_list_is_laid_out_item_by_item)
{
    struct buf text = { 0 };
    for (int i = 1; text.len < 100 * 1000; i++)
        buf_printf(&text, "%d. item with *some* text in it\n   - nested\n", i);
    ck_assert_uint_le(feed_in_pieces(buf_slice(&text), 20), 8 * text.len);
    buf_clear(&text);
}
END_TEST

START_TEST(a_block_without_an_end_is_cut_and_the_cut_does_not_depend_on_pieces)
{
    struct buf text = { 0 };
    for (int i = 0; text.len < 3 * SEGMENT_MAX; i++)
        buf_printf(&text, "wörd%d%s", i, i % 9 ? " " : "\n");
    /* Less than the largest block for each piece, read and laid out. */
    ck_assert_uint_le(feed_in_pieces(buf_slice(&text), 1000),
                      text.len / 1000 * SEGMENT_MAX * 3 / 2);
    buf_reset(&text);
    buf_append_string(&text, "```\n");
    for (int i = 0; text.len < 3 * SEGMENT_MAX; i++)
        buf_printf(&text, "漢%d", i);
    feed_in_pieces(buf_slice(&text), 9999);
    buf_clear(&text);
}
END_TEST

START_TEST(made_up_inputs_do_not_hang)
{
    static const char *const patterns[] = {
        ">",
        "> ",
        "- ",
        "1. ",
        "[",
        "]",
        "[a](b",
        "[a](<b",
        "![",
        "*a_",
        "a**b",
        "_ ",
        "**x",
        "*",
        "`a",
        "<",
        "<a ",
        "<!--",
        "<?",
        "<![CDATA[",
        "http://a.",
        "(http://a.b/(",
        "http://a.b/x ",
        "&",
        "&#x",
        "\\",
        "[a]: u\n",
        "[a\n",
        "~a",
        "~~",
        "# a\n",
        "a\n=",
        "***\n",
        "\t",
        "\n",
        "\r",
        "```\n",
        "~~~a\n",
        "\x01",
        "[a]:\x01",
        "- a\n\n  b\n",
        "|a",
        "    a\n",
        "a|b\n-|-\n",
        "e\xCC\x81\xCC\x81",
        "👨\xE2\x80\x8D",
    };
    for (size_t i = 0; i < COUNTOF(patterns); i++) {
        struct buf text = { 0 };
        struct layout layout = { .width = 40 };
        while (text.len < 70 * 1000)
            buf_append_string(&text, patterns[i]);
        markdown_layout(&layout, buf_slice(&text));
        buf_clear(&text);
        layout_clear(&layout);
    }
}
END_TEST

START_TEST(a_small_text_cannot_ask_for_many_cells)
{
    struct buf text = { 0 };
    struct layout layout = { .width = 40 };
    for (int i = 0; i < 1000; i++)
        buf_append_string(&text, "|a");
    buf_append_char(&text, '\n');
    for (int i = 0; i < 1000; i++)
        buf_append_string(&text, "|-");
    buf_append_char(&text, '\n');
    for (int i = 0; i < 10000; i++)
        buf_append_string(&text, "b\n");
    markdown_layout(&layout, buf_slice(&text));
    /* Ten million cells were asked for; it is shown as it is written. */
    ck_assert_uint_lt(layout.lines.count, 11000);
    ck_assert_uint_ge(layout.lines.count, 10000);
    buf_clear(&text);
    layout_clear(&layout);
}
END_TEST

START_TEST(a_new_width_starts_again_and_numbers_go_on_from_the_first)
{
    struct markdown markdown = { .first_block = 4 };
    struct buf dump = { 0 };
    struct slice text = slice_of("```\na\n```\n\n```\nb\n");
    markdown_update(&markdown, text, 80);
    markdown_update(&markdown, text, 14);
    ck_assert_uint_eq(markdown.blocks, 2);
    dump_lines(&markdown.layout, &dump, false);
    ck_assert_str_eq(buf_string(&dump),
                     "── code 5 ────\n│ a\n──────────────\n\n"
                     "── code 6 ────\n│ b\n");
    buf_clear(&dump);
    markdown_clear(&markdown);
}
END_TEST

START_TEST(a_table_of_a_thousand_rows_has_them_all)
{
    struct buf text = { 0 };
    struct markdown grown = { 0 };
    buf_append_string(&text, "| number | name |\n|---:|---|\n");
    for (int i = 1; i <= 1000; i++)
        buf_printf(&text, "| %d | row |\n", i);
    markdown_update(&grown, buf_slice(&text), 40);
    ck_assert_uint_eq(grown.layout.lines.count, 1002);
    for (size_t i = 1; i <= 1000; i++) {
        char expected[32];
        struct buf line = { 0 };
        snprintf(expected, sizeof expected, "%6zu │ row", i);
        const struct layout_line *at = &grown.layout.lines.items[i + 1];
        for (uint32_t j = 0; j < at->span_count; j++) {
            const struct layout_span *span =
                &grown.layout.spans.items[at->first_span + j];
            buf_append(&line, grown.layout.text.ptr + span->offset, span->len);
        }
        ck_assert_msg(strstr(buf_string(&line), expected) != NULL, "'%s'",
                      buf_string(&line));
        buf_clear(&line);
    }
    markdown_clear(&grown);
    buf_clear(&text);
}
END_TEST

Suite *markdown_suite(void)
{
    Suite *suite = suite_create("markdown");
    TCase *tcase = tcase_create("markdown");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, blocks_are_set_apart_and_soft_breaks_are_blanks);
    tcase_add_test(tcase, lists_hang_nest_and_count);
    tcase_add_test(tcase, quotes_have_a_bar_on_every_line);
    tcase_add_test(tcase, a_link_shows_where_it_leads_once);
    tcase_add_test(tcase, nothing_of_the_source_is_hidden);
    tcase_add_test(tcase, code_is_set_apart_numbered_and_kept);
    tcase_add_test(tcase, tables_are_aligned_then_shrunk_then_pairs);
    tcase_add_test(tcase, ascii_has_glyphs_of_its_own);
    tcase_add_test(tcase, every_piece_looks_as_it_should);
    tcase_add_test(tcase,
                   a_text_that_grows_has_the_lines_of_the_whole_at_every_byte);
    tcase_add_test(tcase,
                   any_mixture_of_blocks_in_any_pieces_gives_the_same_lines);
    tcase_add_test(tcase, the_specifications_examples_grow_to_the_same_lines);
    tcase_add_test(tcase, no_line_is_wider_than_the_width);
    tcase_add_test(tcase,
                   the_letters_of_the_specifications_examples_are_all_shown);
    tcase_add_test(tcase, a_megabyte_in_small_pieces_costs_bounded_work);
    tcase_add_test(tcase, a_long_open_fence_is_laid_out_line_by_line);
    tcase_add_test(tcase, a_long_list_is_laid_out_item_by_item);
    tcase_add_test(
        tcase,
        a_block_without_an_end_is_cut_and_the_cut_does_not_depend_on_pieces);
    tcase_add_test(tcase, made_up_inputs_do_not_hang);
    tcase_add_test(tcase, a_small_text_cannot_ask_for_many_cells);
    tcase_add_test(tcase,
                   a_new_width_starts_again_and_numbers_go_on_from_the_first);
    tcase_add_test(tcase, a_table_of_a_thousand_rows_has_them_all);
    suite_add_tcase(suite, tcase);
    return suite;
}
