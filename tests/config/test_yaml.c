/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "config/yaml.h"

Suite *yaml_suite(void);

static const struct yaml_source file = { .name = "a.yaml", .has_lines = true };

static struct yaml_value *parse(const char *text)
{
    struct error err = { 0 };
    struct yaml_value *value = yaml_value_parse(&file, slice_of(text), &err);
    ck_assert_msg(value != NULL, "%s", err.text);
    return value;
}

static void refuses_slice(struct slice text, const char *words)
{
    struct error err = { 0 };
    ck_assert_ptr_null(yaml_value_parse(&file, text, &err));
    ck_assert_str_eq(err.text, words);
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
}

static void refuses(const char *text, const char *words)
{
    refuses_slice(slice_of(text), words);
}

START_TEST(a_text_becomes_a_tree_with_the_lines_of_its_keys)
{
    struct yaml_value *top = parse("a: 1\n"
                                   "b:\n"
                                   "  c: [x, 'y']\n"
                                   "  d:\n"
                                   "    - e: |\n"
                                   "        two\n"
                                   "        lines\n");
    ck_assert_int_eq(top->kind, YAML_MAP);
    ck_assert_uint_eq(top->count, 2);
    ck_assert_str_eq(top->children[0]->key, "a");
    ck_assert_str_eq(top->children[0]->text, "1");
    ck_assert(top->children[0]->is_plain);
    const struct yaml_value *b = top->children[1];
    ck_assert_int_eq(b->line, 2);
    ck_assert_int_eq(b->children[0]->kind, YAML_LIST);
    ck_assert_str_eq(b->children[0]->children[1]->text, "y");
    ck_assert(!b->children[0]->children[1]->is_plain);
    ck_assert_str_eq(b->children[0]->children[1]->key, "");
    const struct yaml_value *e = b->children[1]->children[0]->children[0];
    ck_assert_str_eq(e->text, "two\nlines\n");
    ck_assert_int_eq(e->line, 5);
    yaml_value_free(top);
}
END_TEST

START_TEST(a_text_without_a_value_is_an_empty_scalar)
{
    static const char *const texts[] = {
        "", "\n", "# only a remark\n", "---\n", "\xEF\xBB\xBF", "\r\n\r\n"
    };
    for (size_t i = 0; i < COUNTOF(texts); i++) {
        struct yaml_value *value = parse(texts[i]);
        ck_assert_int_eq(value->kind, YAML_SCALAR);
        ck_assert_str_eq(value->text, "");
        ck_assert(value->is_plain);
        yaml_value_free(value);
    }
}
END_TEST

START_TEST(a_byte_order_mark_and_crlf_change_nothing)
{
    struct yaml_value *top = parse("\xEF\xBB\xBF"
                                   "a: 1\r\nb: x y\r\n");
    ck_assert_str_eq(top->children[0]->key, "a");
    ck_assert_str_eq(top->children[1]->text, "x y");
    ck_assert_int_eq(top->children[1]->line, 2);
    yaml_value_free(top);
}
END_TEST

START_TEST(anchors_aliases_and_tags_are_refused_with_their_line)
{
    refuses("a: 1\nb: &x 2\n", "a.yaml:2: anchors are not supported (quote "
                               "text that begins with &)");
    refuses("a: &x [1]\n", "a.yaml:1: anchors are not supported (quote text "
                           "that begins with &)");
    refuses("a: &x {b: 1}\n", "a.yaml:1: anchors are not supported (quote text "
                              "that begins with &)");
    refuses("&x a: 1\n", "a.yaml:1: anchors are not supported (quote text that "
                         "begins with &)");
    refuses("a: 1\n\nb: *x\n", "a.yaml:3: aliases are not supported (quote "
                               "text that begins with *)");
    refuses("a: !!str 1\n", "a.yaml:1: tags are not supported (quote text "
                            "that begins with !)");
    refuses("a: !key {b: 1}\n", "a.yaml:1: tags are not supported (quote text "
                                "that begins with !)");
    refuses("a: !!seq [b]\n", "a.yaml:1: tags are not supported (quote text "
                              "that begins with !)");
    refuses("%TAG ! tag:x,2000:\n---\na: 1\n",
            "a.yaml:1: tags (!) are not supported");
}
END_TEST

START_TEST(broken_syntax_is_told_with_the_place_and_in_words)
{
    refuses("a: [1, 2\nb: 3\n",
            "a.yaml:2: did not find expected ',' or ']' while parsing a flow "
            "sequence that begins on line 1");
    refuses("a: b: c\n",
            "a.yaml:1: mapping values are not allowed in this context (put "
            "text that holds \": \" in quotes)");
    refuses("a: @b\n", "a.yaml:1: found character that cannot start any token "
                       "while scanning for the next token (put text that "
                       "begins with it in quotes)");
    refuses("a: 'b\n", "a.yaml:2: found unexpected end of stream while "
                       "scanning a quoted scalar that begins on line 1");
    refuses("a:\n\tb: 1\n", "a.yaml:2: a tab cannot indent; use blanks");
    refuses("a:\n  b: 1\n \tc: 1\n", "a.yaml:3: a tab cannot indent; use "
                                     "blanks");
    refuses("? [a]\n: 1\n", "a.yaml:1: a key must be one word, no map or list");
    refuses("{{a: 1}: 2}\n",
            "a.yaml:1: a key must be one word, no map or list");
    refuses("a: 1\n---\nb: 2\n",
            "a.yaml:2: a second document; only one may be here");
}
END_TEST

START_TEST(what_is_no_text_is_refused_with_its_line)
{
    refuses("a: 1\nb: \xFF\n", "a.yaml:2: not UTF-8 text");
    refuses("a: \xC0\xAF\n", "a.yaml:1: not UTF-8 text");
    refuses("\xFF\xFE"
            "a",
            "a.yaml:1: not UTF-8 text");
    refuses_slice((struct slice){ "a: 1\nb: \0\n", 10 },
                  "a.yaml:2: a NUL byte; is this a text file?");
    refuses("a: 1\n\nb: \"\\0\"\n", "a.yaml:3: a NUL character in a text");
    refuses("a: 1\nb: x\x1B[1m\n",
            "a.yaml:2: control characters are not allowed");
}
END_TEST

START_TEST(errors_of_a_source_without_lines_name_no_line)
{
    struct yaml_source flag = { .name = "--set" };
    struct error err = { 0 };
    ck_assert_ptr_null(yaml_value_parse(&flag, slice_of("[1, 2"), &err));
    ck_assert_str_eq(err.text, "--set: did not find expected ',' or ']' while "
                               "parsing a flow sequence");
    struct yaml_value *value =
        yaml_value_parse(&flag, slice_of("{a: 1}"), &err);
    ck_assert_int_eq(value->children[0]->line, 0);
    yaml_value_free(value);
}
END_TEST

/* count times `open`, then count times `close`. */
static char *nested(size_t count, const char *open, const char *close)
{
    struct buf text = { 0 };
    for (size_t i = 0; i < count; i++)
        buf_append_string(&text, open);
    for (size_t i = 0; i < count; i++)
        buf_append_string(&text, close);
    return buf_steal(&text);
}

START_TEST(nesting_is_bounded_in_flow_and_in_blocks)
{
    char *text = nested(YAML_DEPTH_MAX, "[", "]");
    yaml_value_free(parse(text));
    free(text);
    const char *words = "a.yaml:1: maps and lists nested deeper than 32";
    text = nested(YAML_DEPTH_MAX + 1, "[", "]");
    refuses(text, words);
    free(text);
    text = nested(YAML_DEPTH_MAX + 1, "{a: ", "}");
    refuses(text, words);
    free(text);
    text = nested(YAML_TEXT_MAX / 2, "- ", "");
    refuses(text, words);
    free(text);
}
END_TEST

START_TEST(flow_openers_are_counted_before_parsing)
{
    /* Beside each other in a remark they are harmless, so the limit itself is
     * seen and not the depth. */
    struct buf text = { 0 };
    buf_append_char(&text, '#');
    for (int i = 0; i < YAML_FLOW_MAX; i++)
        buf_append_char(&text, i % 2 ? '[' : '{');
    yaml_value_free(parse(buf_string(&text)));
    buf_append_char(&text, '{');
    refuses(buf_string(&text), "a.yaml: more than 2000 of [ and {");
    buf_clear(&text);
}
END_TEST

START_TEST(a_text_is_bounded_in_bytes)
{
    struct buf text = { 0 };
    buf_append_char(&text, '#');
    while (text.len < YAML_TEXT_MAX)
        buf_append_char(&text, 'x');
    yaml_value_free(parse(buf_string(&text)));
    buf_append_char(&text, 'x');
    refuses(buf_string(&text), "a.yaml: larger than 65536 bytes");
    buf_clear(&text);
}
END_TEST

START_TEST(a_map_or_list_is_bounded_in_entries)
{
    struct buf text = { 0 };
    for (int i = 0; i < YAML_ITEMS_MAX; i++)
        buf_append_string(&text, "- x\n");
    yaml_value_free(parse(buf_string(&text)));
    buf_append_string(&text, "- x\n");
    refuses(buf_string(&text),
            "a.yaml:1001: more than 1000 entries in one map or list");
    buf_reset(&text);
    for (int i = 0; i <= YAML_ITEMS_MAX; i++)
        buf_printf(&text, "k%d: x\n", i);
    refuses(buf_string(&text),
            "a.yaml:1001: more than 1000 entries in one map or list");
    buf_clear(&text);
}
END_TEST

START_TEST(a_literal_is_taken_as_it_stands)
{
    struct error err = { 0 };
    struct yaml_value *value =
        yaml_value_literal(&file, slice_of("a: [b # c"), &err);
    ck_assert_str_eq(value->text, "a: [b # c");
    ck_assert(value->is_plain);
    yaml_value_free(value);
    ck_assert_ptr_null(yaml_value_literal(&file, slice_of("\xFF"), &err));
    ck_assert_str_eq(err.text, "a.yaml:1: not UTF-8 text");
}
END_TEST

Suite *yaml_suite(void)
{
    Suite *suite = suite_create("yaml");
    TCase *tcase = tcase_create("yaml");
    tcase_add_test(tcase, a_text_becomes_a_tree_with_the_lines_of_its_keys);
    tcase_add_test(tcase, a_text_without_a_value_is_an_empty_scalar);
    tcase_add_test(tcase, a_byte_order_mark_and_crlf_change_nothing);
    tcase_add_test(tcase, anchors_aliases_and_tags_are_refused_with_their_line);
    tcase_add_test(tcase, broken_syntax_is_told_with_the_place_and_in_words);
    tcase_add_test(tcase, what_is_no_text_is_refused_with_its_line);
    tcase_add_test(tcase, errors_of_a_source_without_lines_name_no_line);
    tcase_add_test(tcase, nesting_is_bounded_in_flow_and_in_blocks);
    tcase_add_test(tcase, flow_openers_are_counted_before_parsing);
    tcase_add_test(tcase, a_text_is_bounded_in_bytes);
    tcase_add_test(tcase, a_map_or_list_is_bounded_in_entries);
    tcase_add_test(tcase, a_literal_is_taken_as_it_stands);
    suite_add_tcase(suite, tcase);
    return suite;
}
