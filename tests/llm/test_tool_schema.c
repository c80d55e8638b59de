/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/json.h"
#include "llm/tool_schema.h"

Suite *tool_schema_suite(void);

static void ck_simplified(const char *schema, const char *expected)
{
    struct buf out = { 0 };
    json_t *simple = tool_schema_simplify(slice_of(schema));
    struct error err = { 0 };
    json_t *wanted = json_parse_strict(slice_of(expected), &err);
    json_append_value(&out, simple);
    ck_assert_msg(json_equal(simple, wanted), "%s gave %s, not %s", schema,
                  buf_string(&out), expected);
    json_decref(wanted);
    json_decref(simple);
    buf_clear(&out);
}

START_TEST(what_every_server_reads_stays)
{
    ck_simplified(
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[\"string\","
        "\"null\"],\"description\":\"d\",\"enum\":[\"x\",null]},\"b\":{"
        "\"type\":\"array\",\"items\":{\"type\":\"integer\"}}},\"required\":["
        "\"a\"]}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[\"string\","
        "\"null\"],\"description\":\"d\",\"enum\":[\"x\",null]},\"b\":{"
        "\"type\":\"array\",\"items\":{\"type\":\"integer\"}}},\"required\":["
        "\"a\"]}");
}
END_TEST

START_TEST(what_would_spoil_a_request_is_taken_out)
{
    ck_simplified("{\"properties\":{\"x\":true,\"y\":false,\"z\":{\"required\":"
                  "true,\"type\":7,\"pattern\":\"a\"}},\"required\":\"x\"}",
                  "{\"type\":\"object\",\"properties\":{\"x\":{},\"y\":{},"
                  "\"z\":{}}}");
    ck_simplified("true", "{\"type\":\"object\",\"properties\":{}}");
    ck_simplified("", "{\"type\":\"object\",\"properties\":{}}");
    ck_simplified("{\"type\":\"string\"}",
                  "{\"type\":\"object\",\"properties\":{}}");
}
END_TEST

START_TEST(references_inside_are_put_in_place)
{
    ck_simplified("{\"$defs\":{\"n/1\":{\"type\":\"number\"}},\"properties\":{"
                  "\"a\":{\"$ref\":\"#/$defs/n~11\",\"description\":\"d\"}}}",
                  "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":"
                  "\"number\",\"description\":\"d\"}}}");
}
END_TEST

START_TEST(references_outside_and_to_nothing_are_anything)
{
    ck_simplified("{\"properties\":{\"a\":{\"$ref\":\"http://h/x.json\"},"
                  "\"b\":{\"$ref\":\"#/$defs/none\"},\"c\":{\"$ref\":"
                  "\"#anchor\"}}}",
                  "{\"type\":\"object\",\"properties\":{\"a\":{},\"b\":{},"
                  "\"c\":{}}}");
}
END_TEST

START_TEST(all_of_is_merged_and_one_of_is_any_of)
{
    ck_simplified(
        "{\"allOf\":[{\"properties\":{\"a\":{\"const\":1}},\"required\":["
        "\"a\"]},{\"properties\":{\"b\":{\"oneOf\":[{\"type\":\"string\"},"
        "{\"type\":\"null\"}]}},\"required\":[\"b\"]}]}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[1]},\"b\":{"
        "\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}},\"required\":["
        "\"a\",\"b\"]}");
}
END_TEST

static size_t depth_of(const json_t *value)
{
    size_t deepest = 0;
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        size_t depth = depth_of(member);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

START_TEST(a_schema_that_refers_to_itself_ends)
{
    json_t *simple = tool_schema_simplify(
        slice_of("{\"properties\":{\"a\":{\"$ref\":\"#\"}}}"));
    ck_assert_uint_le(depth_of(simple), 3 * TOOL_SCHEMA_DEPTH_MAX);
    json_decref(simple);
    /* Each level refers twice to the next: 2 to the 40th without a bound. */
    struct buf schema = { 0 };
    buf_append_string(&schema, "{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
    for (int i = 0; i < 40; i++)
        buf_printf(&schema,
                   "\"d%d\":{\"properties\":{\"a\":{\"$ref\":\"#/$defs/d%d\"},"
                   "\"b\":{\"$ref\":\"#/$defs/d%d\"}}},",
                   i, i + 1, i + 1);
    buf_append_string(&schema, "\"d40\":{}}}");
    json_decref(tool_schema_simplify(buf_slice(&schema)));
    buf_clear(&schema);
}
END_TEST

Suite *tool_schema_suite(void)
{
    Suite *suite = suite_create("tool_schema");
    TCase *tcase = tcase_create("tool_schema");
    tcase_add_test(tcase, what_every_server_reads_stays);
    tcase_add_test(tcase, what_would_spoil_a_request_is_taken_out);
    tcase_add_test(tcase, references_inside_are_put_in_place);
    tcase_add_test(tcase, references_outside_and_to_nothing_are_anything);
    tcase_add_test(tcase, all_of_is_merged_and_one_of_is_any_of);
    tcase_add_test(tcase, a_schema_that_refers_to_itself_ends);
    suite_add_tcase(suite, tcase);
    return suite;
}
