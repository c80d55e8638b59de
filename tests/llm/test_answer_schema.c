/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "llm/answer_schema.h"

Suite *answer_schema_suite(void);

#define CLOSED(properties, required)                        \
    "{\"type\":\"object\",\"properties\":{" properties "}," \
    "\"required\":[" required "],\"additionalProperties\":false}"

/* clang-format off */
static const struct {
    const char *schema;
    bool is_strict;
} rows[] = {
    { CLOSED("", ""), true },
    { CLOSED("\"a\":{\"type\":\"string\"}", "\"a\""), true },
    { CLOSED("\"a\":{\"type\":\"string\"}", ""), false },
    { "{\"type\":\"object\",\"properties\":{}}", false },
    { "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}", false },
    { "true", false },
    { "no JSON", false },
    { CLOSED("\"a\":" CLOSED("\"b\":{}", "\"b\""), "\"a\""), true },
    { CLOSED("\"a\":" CLOSED("\"b\":{}", ""), "\"a\""), false },
    { CLOSED("\"a\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}",
             "\"a\""), false },
    { CLOSED("\"a\":{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"string\"}]}",
             "\"a\""), true },
    { CLOSED("\"a\":{\"oneOf\":[{\"type\":\"null\"}]}", "\"a\""), false },
    { CLOSED("\"a\":{\"$ref\":\"#/$defs/x\"}", "\"a\""), true },
};
/* clang-format on */

START_TEST(strict_is_asked_for_only_where_it_is_taken)
{
    ck_assert(answer_schema_is_strict(slice_of(rows[_i].schema)) ==
              rows[_i].is_strict);
}
END_TEST

START_TEST(who_is_not_told_the_schema_reads_it_behind_the_system_prompt)
{
    struct buf words = { 0 };
    struct chat_request request = { .system = "Be terse.",
                                    .schema = slice_of("{\"x\":1}") };
    struct slice told = answer_schema_system(&request, true, &words);
    ck_assert(slice_is(told, "Be terse."));
    struct slice untold = answer_schema_system(&request, false, &words);
    ck_assert(slice_is(untold,
                       "Be terse.\n\nAnswer with one JSON value and nothing "
                       "else. It must follow this JSON Schema: {\"x\":1}"));
    buf_reset(&words);
    request.schema_in_words = true;
    untold = answer_schema_system(&request, true, &words);
    ck_assert(slice_starts(untold, "Be terse.\n\nAnswer with one JSON value"));
    request.schema_in_words = false;
    buf_reset(&words);
    request.system = NULL;
    untold = answer_schema_system(&request, false, &words);
    ck_assert(slice_starts(untold, "Answer with one JSON value"));
    request.schema.len = 0;
    ck_assert_uint_eq(answer_schema_system(&request, false, &words).len, 0);
    buf_clear(&words);
}
END_TEST

Suite *answer_schema_suite(void)
{
    Suite *suite = suite_create("answer_schema");
    TCase *tcase = tcase_create("answer_schema");
    tcase_add_loop_test(tcase, strict_is_asked_for_only_where_it_is_taken, 0,
                        COUNTOF(rows));
    tcase_add_test(
        tcase, who_is_not_told_the_schema_reads_it_behind_the_system_prompt);
    suite_add_tcase(suite, tcase);
    return suite;
}
