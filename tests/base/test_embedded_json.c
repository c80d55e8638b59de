/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/embedded_json.h"
#include "tests/support/split.h"

Suite *embedded_json_suite(void);

/* clang-format off */
static const struct {
    const char *text, *value; /* "-": none; "~" before it: not whole */
} answers[] = {
    { "{\"a\":1}", "{\"a\":1}" },
    { "  {\"a\":1}\n", "{\"a\":1}" },
    { "Here you are:\n{\"a\":1}\nAnything else?", "{\"a\":1}" },
    { "See [1]: {\"a\":1}", "{\"a\":1}" },
    { "[1] says {\"a\":1}", "{\"a\":1}" },
    { "{\"a\":1} as in [2] and {\"b\":2}", "{\"a\":1}" },
    { "[1,2,3]", "[1,2,3]" },
    { "[1,2,3] That is all [sic].", "[1,2,3]" },
    { "So [\"a\"] and {\"b\":1}", "[\"a\"]" },
    { "Given [see below] and {name}: {\"a\":1}", "{\"a\":1}" },
    { "[note: {\"a\":1}", "{\"a\":1}" },
    { "```json\n{\"a\":1}\n```\nDone.", "{\"a\":1}" },
    { "```JSON\n[1]\n```\nas {\"a\":1}", "[1]" },
    { "```\n{\"a\":1}\n```", "{\"a\":1}" },
    { "Like {\"x\":0}, so:\n```json\n{\"a\":1}\n```", "{\"a\":1}" },
    { "{\"a\":1}\nUse it so:\n```json\n{\"x\":0}\n```", "{\"a\":1}" },
    { "As {\"x\":0} has it:\n```json\nnothing\n```", "{\"x\":0}" },
    { "{\"a\":\"```json\\n{}\"}", "{\"a\":\"```json\\n{}\"}" },
    { "42", "42" },
    { "true\n", "true" },
    { "\"hello\"", "\"hello\"" },
    { "```json\n42\n```\nThat is it.", "42" },
    { "42 is the answer", "-" },
    { "true: {\"a\":1}", "{\"a\":1}" },
    { "not yet", "-" },
    { "The answer is 42", "-" },
    { "", "-" },
    { "{\"a\":1,\"b\":[2,3", "~{\"a\":1,\"b\":[2]}" },
    { "{{{{[[[[{\"a\":1}", "~[[[[{\"a\":1}]]]]" },
    { "As {\"x\":0} has it:\n```json\n{\"a\":", "~{}" },
};
/* clang-format on */

struct reading {
    struct embedded_json *embedded;
    bool has_preview;
    const char *expected;
};

static void on_part(void *context, struct slice path, const json_t *value)
{
    struct reading *reading = context;
    reading->has_preview = path.len || !json_is_null(value);
}

static void ck_assert_answer(struct reading *reading)
{
    bool is_whole;
    json_t *value = embedded_json_value(reading->embedded, &is_whole);
    struct buf text = { 0 };
    if (value && !is_whole)
        buf_append_char(&text, '~');
    if (value)
        json_append_value(&text, value);
    else
        buf_append_char(&text, '-');
    ck_assert_str_eq(buf_string(&text), reading->expected);
    ck_assert(value || !reading->has_preview);
    buf_clear(&text);
}

static void read_piece(void *context, struct slice piece, bool first, bool last)
{
    struct reading *reading = context;
    if (first)
        reading->embedded = embedded_json_new(on_part, reading);
    embedded_json_feed(reading->embedded, piece);
    if (!last)
        return;
    embedded_json_end(reading->embedded);
    ck_assert_answer(reading);
    embedded_json_free(reading->embedded);
    reading->has_preview = false;
}

START_TEST(the_value_that_is_meant_is_found_however_the_text_is_cut)
{
    struct reading reading = { .expected = answers[_i].value };
    split_each(slice_of(answers[_i].text), read_piece, &reading);
}
END_TEST

static void append_part(void *context, struct slice path, const json_t *value)
{
    struct buf *told = context;
    buf_printf(told, "%.*s=", SLICE_ARG(path));
    json_append_value(told, value);
    buf_append_char(told, ' ');
}

START_TEST(parts_of_another_value_are_taken_back_by_a_null)
{
    struct buf told = { 0 };
    struct embedded_json *embedded = embedded_json_new(append_part, &told);
    embedded_json_feed(embedded, slice_of("See [1]: {\"a\":2}"));
    ck_assert_str_eq(buf_string(&told), "/0=1 =null /a=2 ");
    embedded_json_free(embedded);
    buf_reset(&told);
    embedded = embedded_json_new(append_part, &told);
    embedded_json_feed(embedded, slice_of("42 is the answer"));
    embedded_json_end(embedded);
    ck_assert_str_eq(buf_string(&told), "=42 =null ");
    embedded_json_free(embedded);
    buf_clear(&told);
}
END_TEST

/* clang-format off */
static const struct {
    const char *text, *fault;
} faults[] = {
    { "nothing here", "the answer holds no JSON value" },
    { "See [below] and {name}", "the answer holds no JSON value" },
    { "{name}", "not JSON: after 1 bytes there should be a name in quotes or }" },
    { "{\"a\":1", "the JSON value is cut" },
    { "{\"a\":1,b}",
      "not JSON: after 7 bytes there should be a name in quotes or }" },
};
/* clang-format on */

START_TEST(a_missing_value_has_a_reason)
{
    struct embedded_json *embedded = embedded_json_new(NULL, NULL);
    embedded_json_feed(embedded, slice_of(faults[_i].text));
    embedded_json_end(embedded);
    struct error err;
    embedded_json_fault(embedded, &err);
    ck_assert_str_eq(err.text, faults[_i].fault);
    embedded_json_free(embedded);
}
END_TEST

Suite *embedded_json_suite(void)
{
    Suite *suite = suite_create("embedded_json");
    TCase *tcase = tcase_create("embedded_json");
    tcase_add_loop_test(
        tcase, the_value_that_is_meant_is_found_however_the_text_is_cut, 0,
        COUNTOF(answers));
    tcase_add_test(tcase, parts_of_another_value_are_taken_back_by_a_null);
    tcase_add_loop_test(tcase, a_missing_value_has_a_reason, 0,
                        COUNTOF(faults));
    suite_add_tcase(suite, tcase);
    return suite;
}
