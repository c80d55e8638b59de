/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/json.h"
#include "tests/support/bytes.h"
#include "tests/support/skip.h"

Suite *json_suite(void);

#define FFFD "\xEF\xBF\xBD"

/* The value in compact form; the caller frees. */
static char *format(const json_t *value)
{
    struct buf buf = { 0 };
    json_append_value(&buf, value);
    return buf_steal(&buf);
}

static void ck_assert_json(const json_t *value, const char *expected)
{
    ck_assert_ptr_nonnull(value);
    char *text = format(value);
    ck_assert_str_eq(text, expected);
    free(text);
}

/* What servers send and jansson refuses, and what is read from it. */
/* clang-format off */
static const struct {
    const char *text, *value;
} repairs[] = {
    { "{\"a\":\"\\ud83d\"}", "{\"a\":\"" FFFD "\"}" },
    { "{\"a\":\"x\\ude00y\"}", "{\"a\":\"x" FFFD "y\"}" },
    { "{\"a\":\"\\ud83d\\ud83d\\ude00\"}", "{\"a\":\"" FFFD "\U0001F600\"}" },
    { "{\"a\":\"\\uD83Dx\\n\"}", "{\"a\":\"" FFFD "x\\n\"}" },
    { "{\"a\":\"b\x80z\xF0\x9F\"}", "{\"a\":\"b" FFFD "z" FFFD "\"}" },
    { "{\"\\ud83d\":1}", "{\"" FFFD "\":1}" },
    { "{\"a\\u0000b\":1}", "{\"a" FFFD "b\":1}" },
    { "{\"a\\\\u0000b\\u0000\" : 1}", "{\"a\\\\u0000b" FFFD "\":1}" },
    { "[NaN,Infinity,-Infinity]", "[null,null,null]" },
    { "{\"NaN\":\"NaN\",\"x\":NaN}", "{\"NaN\":\"NaN\",\"x\":null}" },
    { "1e400", "1.7976931348623157e308" },
    { "-1e400", "-1.7976931348623157e308" },
    { "9223372036854775808", "9.223372036854776e18" },
    { "-9223372036854775809", "-9.223372036854776e18" },
    { "[18446744073709551615,\"\\ud83d\"]",
      "[1.8446744073709552e19,\"" FFFD "\"]" },
    { "\"tab\there\x01\"", "\"tab\\there\\u0001\"" },
    { "\"line\r\nline\"", "\"line\\r\\nline\"" },
    { "\xEF\xBB\xBF{}", "{}" },
    { "\xEF\xBB\xBF{\"a\":\"\\ud83d\\\"\"}", "{\"a\":\"" FFFD "\\\"\"}" },
};
/* clang-format on */

START_TEST(what_servers_send_wrong_is_repaired)
{
    struct error err = { 0 };
    struct slice text = slice_of(repairs[_i].text);
    ck_assert_ptr_null(json_parse_strict(text, &err));
    ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
    err = (struct error){ 0 };
    json_t *value = json_parse(text, &err);
    ck_assert_json(value, repairs[_i].value);
    ck_assert_int_eq(err.kind, ERROR_NONE);
    json_decref(value);
}
END_TEST

START_TEST(an_integer_beyond_all_doubles_is_the_largest)
{
    struct buf text = { 0 };
    struct error err = { 0 };
    buf_append_string(&text, "{\"n\":-1");
    for (int i = 0; i < 400; i++)
        buf_append_char(&text, '0');
    buf_append_char(&text, '}');
    json_t *value = json_parse(buf_slice(&text), &err);
    double number = 0;
    ck_assert(json_number(value, "n", &number));
    ck_assert(number <= -DBL_MAX);
    json_decref(value);
    buf_clear(&text);
}
END_TEST

START_TEST(what_is_no_json_stays_refused)
{
    static const char *const texts[] = {
        "",         "{",         "{\"a\":}", "[1,]",         "{}x",
        "\"a",      "\"\\x\"",   "\\u0041",  "nan",          "[1e]",
        "[01e400]", "[-]",       "\xFF",     "\"\\\xC3\"",   "{\"a\" 1}",
        "\"\\ud8",  "[NaN",      "'a'",      "Infinity1",    "{\"\\u0000\"}",
        "\"\\",     "\"\\ud83d", "[1e400.]", "\xEF\xBB\xBF",
    };
    for (size_t i = 0; i < COUNTOF(texts); i++) {
        struct error err = { 0 };
        ck_assert_msg(!json_parse(slice_of(texts[i]), &err), "%zu", i);
        ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
        ck_assert(slice_starts(slice_of(err.text), "not JSON: line 1"));
    }
    struct error err = { 0 };
    ck_assert_ptr_null(json_parse((struct slice){ 0 }, &err));
}
END_TEST

START_TEST(a_nul_byte_is_no_json)
{
    static const char texts[][8] = { "[1,2\0]", "[1\0,2]", "true\0 ",
                                     "[\0\"ab\"]" };
    for (size_t i = 0; i < COUNTOF(texts); i++) {
        struct error err = { 0 };
        struct slice text = { texts[i], 6 };
        ck_assert_msg(!json_parse_strict(text, &err), "%zu", i);
        ck_assert_msg(!json_parse(text, &err), "%zu", i);
    }
}
END_TEST

START_TEST(a_nul_in_a_string_keeps_its_length)
{
    struct error err = { 0 };
    json_t *value = json_parse(slice_of("{\"a\":\"x\\u0000y\"}"), &err);
    struct slice text = json_slice(value, "a");
    ck_assert_uint_eq(text.len, 3);
    ck_assert_int_eq(memcmp(text.ptr, "x\0y", 3), 0);
    ck_assert_json(value, "{\"a\":\"x\\u0000y\"}");
    json_decref(value);
}
END_TEST

/* `count` times `unit`, `middle`, and `count` times `end`. */
static bool is_accepted(const char *unit, size_t count, const char *middle,
                        const char *end, struct error *err)
{
    struct buf text = { 0 };
    for (size_t i = 0; i < count; i++)
        buf_append_string(&text, unit);
    buf_append_string(&text, middle);
    for (size_t i = 0; i < count; i++)
        buf_append_string(&text, end);
    json_t *value = json_parse(buf_slice(&text), err);
    json_decref(value);
    buf_clear(&text);
    return value != NULL;
}

START_TEST(depth_has_a_cap)
{
    struct error err = { 0 };
    ck_assert(is_accepted("[", JSON_DEPTH_MAX, "", "]", &err));
    ck_assert(is_accepted("{\"[\":", JSON_DEPTH_MAX, "1", "}", &err));
    ck_assert(!is_accepted("[", JSON_DEPTH_MAX + 1, "", "]", &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    err.kind = ERROR_NONE;
    ck_assert(!is_accepted("{\"\":", JSON_DEPTH_MAX + 1, "1", "}", &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
}
END_TEST

/* "[1,1,...]" with so many brackets and commas. */
static bool is_array_accepted(size_t structure, struct error *err)
{
    struct buf text = { 0 };
    buf_append_string(&text, "[1");
    for (size_t i = 1; i < structure; i++)
        buf_append_string(&text, ",1");
    buf_append_char(&text, ']');
    json_t *value = json_parse(buf_slice(&text), err);
    json_decref(value);
    buf_clear(&text);
    return value != NULL;
}

START_TEST(brackets_in_a_string_are_no_depth)
{
    struct buf text = { 0 };
    struct error err = { 0 };
    buf_append_string(&text, "[\"\\\"");
    for (int i = 0; i <= JSON_DEPTH_MAX; i++)
        buf_append_string(&text, "[{,");
    buf_append_string(&text, "\\\\\",1]");
    json_t *value = json_parse(buf_slice(&text), &err);
    ck_assert_uint_eq(json_array_size(value), 2);
    json_decref(value);
    buf_clear(&text);
}
END_TEST

START_TEST(structure_has_a_cap)
{
    struct error err = { 0 };
    ck_assert(is_array_accepted(JSON_STRUCTURE_MAX, &err));
    ck_assert(!is_array_accepted(JSON_STRUCTURE_MAX + 1, &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
}
END_TEST

START_TEST(size_has_a_cap)
{
    struct error err = { 0 };
    struct buf text = { 0 };
    buf_append_char(&text, '"');
    memset(buf_reserve(&text, JSON_TEXT_MAX), ',', JSON_TEXT_MAX);
    text.len = JSON_TEXT_MAX - 1;
    buf_append_char(&text, '"');
    json_t *value = json_parse(buf_slice(&text), &err);
    ck_assert_uint_eq(json_string_slice(value).len, JSON_TEXT_MAX - 2);
    json_decref(value);
    buf_append_char(&text, ' ');
    ck_assert_ptr_null(json_parse(buf_slice(&text), &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    buf_clear(&text);
}
END_TEST

START_TEST(members_of_another_type_are_absent)
{
    static const char text[] =
        "{\"s\":\"x\",\"e\":\"\",\"i\":7,\"r\":2.5,\"w\":12.0,\"n\":-1,"
        "\"t\":true,\"f\":false,\"z\":0,\"o\":{},\"a\":[],\"u\":null,"
        "\"b\":9007199254740994.0}";
    struct error err = { 0 };
    json_t *value = json_parse_strict(slice_of(text), &err);
    double number = -5;
    uint64_t count = 5;
    ck_assert(slice_is(json_slice(value, "s"), "x"));
    ck_assert_ptr_nonnull(json_slice(value, "e").ptr);
    for (const char *name = "irtoau?"; *name; name++)
        ck_assert_ptr_null(json_slice(value, (char[]){ *name, 0 }).ptr);
    ck_assert(json_number(value, "i", &number) && number > 6 && number < 8);
    ck_assert(json_number(value, "r", &number) && number > 2 && number < 3);
    ck_assert(!json_number(value, "s", &number));
    ck_assert(json_count(value, "i", &count) && count == 7);
    ck_assert(json_count(value, "w", &count) && count == 12);
    ck_assert(json_count(value, "z", &count) && count == 0);
    for (const char *name = "srntofaub?"; *name; name++)
        ck_assert(!json_count(value, (char[]){ *name, 0 }, &count));
    ck_assert_uint_eq(count, 0);
    for (const char *name = "tirn"; *name; name++)
        ck_assert(json_is_truthy(value, (char[]){ *name, 0 }));
    for (const char *name = "fzseoau?"; *name; name++)
        ck_assert(!json_is_truthy(value, (char[]){ *name, 0 }));
    ck_assert_ptr_nonnull(json_member_object(value, "o"));
    ck_assert_ptr_null(json_member_object(value, "a"));
    ck_assert_ptr_nonnull(json_member_array(value, "a"));
    ck_assert_ptr_null(json_member_array(value, "o"));
    json_decref(value);
}
END_TEST

START_TEST(what_is_no_object_has_no_members)
{
    struct error err = { 0 };
    json_t *values[] = { NULL, json_parse(slice_of("[1]"), &err),
                         json_parse(slice_of("\"a\""), &err),
                         json_parse(slice_of("null"), &err) };
    for (size_t i = 0; i < COUNTOF(values); i++) {
        double number;
        uint64_t count;
        ck_assert_ptr_null(json_slice(values[i], "a").ptr);
        ck_assert_ptr_null(json_member_object(values[i], "a"));
        ck_assert_ptr_null(json_member_array(values[i], "a"));
        ck_assert(!json_number(values[i], "a", &number));
        ck_assert(!json_count(values[i], "a", &count));
        ck_assert(!json_is_truthy(values[i], "a"));
        json_decref(values[i]);
    }
}
END_TEST

START_TEST(a_quoted_string_is_one_line_of_ascii_controls_escaped)
{
    static const char text[] = "a\"\\/\b\f\n\r\t\x01\0\x7F\xC2\x85\u2028\u2029"
                               "\x80\u00e9\U0001F600";
    struct buf buf = { 0 };
    json_append_quoted(&buf, (struct slice){ text, sizeof text - 1 });
    ck_assert_str_eq(buf_string(&buf),
                     "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u0000\\u007f\\u0085"
                     "\\u2028\\u2029" FFFD "\u00e9\U0001F600\"");
    buf_reset(&buf);
    json_append_quoted(&buf, (struct slice){ 0 });
    ck_assert_str_eq(buf_string(&buf), "\"\"");
    buf_clear(&buf);
}
END_TEST

START_TEST(a_value_keeps_its_order_and_its_numbers)
{
    static const char text[] =
        "{\"z\":1,\"a\":[true,false,null,\"\",{}],\"m\":{\"y\":[],\"b\":-0.0},"
        "\"temperature\":0.7,\"sum\":0.30000000000000004,"
        "\"tenth\":0.1,\"large\":1e300,\"one\":1.0,"
        "\"integer\":9223372036854775807}";
    struct error err = { 0 };
    json_t *value = json_parse_strict(slice_of(text), &err);
    ck_assert_json(value, text);
    json_decref(value);
}
END_TEST

/* Texts of one stream, and the members that they give one after another. */
/* clang-format off */
static const struct {
    const char *texts[4];
    const char *members;
    uint32_t waits;
} joins[] = {
    { { "{\"t\":\"a\\ud83d\"}", "{\"t\":\"\\ude00b\"}" }, "a|\U0001F600b|", 0 },
    { { "{\"t\":\"\\ud83d\"}", "{\"t\":\"\"}", "{\"u\":1}",
        "{\"t\":\"\\ude00\"}" }, "|||\U0001F600|", 0 },
    { { "{\"t\":\"\\ud83d\"}", "{\"t\":\"x\"}" }, "|" FFFD "x|", 0 },
    { { "{\"t\":\"\\ud83d\"}", "{\"t\":\"\\ud83d\"}", "{\"t\":\"\\ude00\"}" },
      "|" FFFD "|\U0001F600|", 0 },
    { { "{\"t\":\"\\ud83d\"}", "{\"t\":\"\\n\"}" }, "|" FFFD "\n|", 0 },
    { { "{\"t\":\"\\ud83d \"}", "{\"t\":\"\\ude00\"}" },
      FFFD " |" FFFD "|", 0 },
    { { "{\"t\":\"\\ud83d\"}" }, "|", 0xD83D },
    { { "{\"o\":\"\\ud83d\"}", "{\"t\":\"\\ude00\"}" }, "|" FFFD "|", 0 },
    { { "{\"t\":\"\\ud83d\"}", "{\"o\":\"\\ude00\",\"t\" : \"\\ude00\"}" },
      "|\U0001F600|", 0 },
    { { "{\"t\":\"\\ud83d\"}", "{\"t\":[\"\\ude00\"]}",
        "{\"t\":\"\\ude00\"}" }, "||\U0001F600|", 0 },
    { { "{\"t\":\"\\ud83d\"}", "{\"t\":\"\\ude00\"", "{\"t\":\"\\ude00\"}" },
      "|!|\U0001F600|", 0 },
};
/* clang-format on */

START_TEST(surrogate_halves_in_two_texts_are_joined)
{
    struct json_joiner joiner = { 0 };
    struct buf members = { 0 };
    for (size_t i = 0; i < 4 && joins[_i].texts[i]; i++) {
        struct error err = { 0 };
        json_t *value =
            json_parse_joined(&joiner, slice_of(joins[_i].texts[i]), "t", &err);
        if (!value)
            buf_append_char(&members, '!');
        buf_append_slice(&members, json_slice(value, "t"));
        buf_append_char(&members, '|');
        json_decref(value);
    }
    ck_assert_str_eq(buf_string(&members), joins[_i].members);
    ck_assert_uint_eq(joiner.high, joins[_i].waits);
    buf_clear(&members);
}
END_TEST

START_TEST(halves_are_joined_at_any_depth)
{
    static const char *const texts[] = {
        "{\"choices\":[{\"delta\":{\"content\":\"a\\uD83D\"}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"\\uDE00z\"}}]}",
    };
    struct json_joiner joiner = { 0 };
    struct error err = { 0 };
    json_t *value =
        json_parse_joined(&joiner, slice_of(texts[0]), "content", &err);
    ck_assert_json(value, "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}");
    json_decref(value);
    value = json_parse_joined(&joiner, slice_of(texts[1]), "content", &err);
    ck_assert_json(value,
                   "{\"choices\":[{\"delta\":{\"content\":\"\U0001F600z\"}}]}");
    json_decref(value);
}
END_TEST

START_TEST(a_large_damaged_text_is_repaired_in_one_pass)
{
    enum { STRINGS = 49 * 1000 };
    struct buf text = { 0 };
    struct error err = { 0 };
    buf_append_string(&text, "[0");
    for (int i = 0; i < STRINGS; i++)
        buf_append_string(&text, ",\"\\ud83d\x80\",NaN,1e999,\"\\u0000\" ");
    buf_append_string(&text, "]");
    json_t *value = json_parse(buf_slice(&text), &err);
    ck_assert_uint_eq(json_array_size(value), 4 * STRINGS + 1);
    json_decref(value);
    buf_clear(&text);
}
END_TEST

/* One file of a suite: its bytes, and a name to look it up by. */
typedef void case_fn(const char *name, struct slice text);

/* Call fn for directory/NAME (or directory/NAME/input); returns how many. */
static int each_case(const char *directory, bool nested, case_fn *fn)
{
    DIR *entries = opendir(directory);
    ck_assert_ptr_nonnull(entries);
    struct buf path = { 0 }, text = { 0 };
    int cases = 0;
    for (const struct dirent *entry = readdir(entries); entry;
         entry = readdir(entries)) {
        if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "run"))
            continue;
        buf_reset(&path);
        buf_reset(&text);
        buf_printf(&path, "%s/%s%s", directory, entry->d_name,
                   nested ? "/input" : "");
        bytes_from_file(&text, buf_string(&path));
        fn(entry->d_name, buf_slice(&text));
        cases++;
    }
    closedir(entries);
    buf_clear(&path);
    buf_clear(&text);
    return cases;
}

static bool is_among(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(names[i], name))
            return true;
    }
    return false;
}

/* What was read can be written and read again; the repair changes nothing. */
static void check_valid(const char *name, struct slice text)
{
    struct error err = { 0 };
    struct json_joiner repairs_always = { 0xD800 };
    json_t *value = json_parse(text, &err);
    ck_assert_msg(value != NULL, "%s: %s", name, err.text);
    char *written = format(value);
    json_t *again = json_parse_strict(slice_of(written), &err);
    json_t *repaired = json_parse_joined(&repairs_always, text, NULL, &err);
    ck_assert_msg(json_equal(value, again), "%s", name);
    ck_assert_msg(json_equal(value, repaired), "%s", name);
    free(written);
    json_decref(value);
    json_decref(again);
    json_decref(repaired);
}

/* Where jansson differs from the suite: no NUL in a name. */
static const char *const strict_differs[] = {
    "y_object_escaped_null_in_key.json",
};

/* What json_parse() takes on purpose. */
static const char *const repaired[] = {
    "n_number_NaN.json",
    "n_number_infinity.json",
    "n_number_minus_infinity.json",
    "n_string_unescaped_ctrl_char.json",
    "n_string_unescaped_newline.json",
    "n_string_unescaped_tab.json",
};

static void check_case(const char *name, struct slice text)
{
    struct error err = { 0 };
    json_t *strict = json_parse_strict(text, &err);
    json_t *value = json_parse(text, &err);
    bool differs = is_among(strict_differs, COUNTOF(strict_differs), name);
    bool is_repaired = is_among(repaired, COUNTOF(repaired), name);
    if (name[0] == 'y' || name[0] == 'n') {
        bool is_json = name[0] == 'y';
        ck_assert_msg((strict != NULL) == (is_json != differs), "%s", name);
        ck_assert_msg((value != NULL) == (is_json || is_repaired), "%s", name);
    }
    if (name[0] == 'y')
        check_valid(name, text);
    json_decref(strict);
    json_decref(value);
}

START_TEST(the_cases_of_jsontestsuite_are_taken_or_refused)
{
    const char *path = shared_path("fixtures/JSONTestSuite/test_parsing");
    if (path)
        ck_assert_int_eq(each_case(path, false, check_case), 95 + 188 + 35);
}
END_TEST

START_TEST(edge_values_survive_writing_and_reading)
{
    const char *path = shared_path("fixtures/JSONTestSuite/test_transform");
    if (path)
        ck_assert_int_eq(each_case(path, false, check_valid), 22);
}
END_TEST

static void check_invalid(const char *name, struct slice text)
{
    /* The suite reads without NUL in strings and without bare values. */
    static const char *const taken[] = { "null", "null-escape-in-string" };
    struct error err = { 0 };
    json_t *value = json_parse_strict(text, &err);
    ck_assert_msg((value != NULL) == is_among(taken, COUNTOF(taken), name),
                  "%s", name);
    json_decref(value);
    json_decref(json_parse(text, &err));
}

START_TEST(janssons_own_cases_are_taken_or_refused)
{
    const char *path =
        shared_path("injection/jansson-suites/test/suites/valid");
    if (!path)
        return;
    ck_assert_int_eq(each_case(path, true, check_valid), 35);
    path = shared_path("injection/jansson-suites/test/suites/invalid");
    ck_assert_int_eq(each_case(path, true, check_invalid), 50);
    path = shared_path("injection/jansson-suites/test/suites/invalid-unicode");
    ck_assert_int_eq(each_case(path, true, check_invalid), 18);
}
END_TEST

Suite *json_suite(void)
{
    Suite *suite = suite_create("json");
    TCase *tcase = tcase_create("json");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, what_servers_send_wrong_is_repaired, 0,
                        COUNTOF(repairs));
    tcase_add_test(tcase, an_integer_beyond_all_doubles_is_the_largest);
    tcase_add_test(tcase, what_is_no_json_stays_refused);
    tcase_add_test(tcase, a_nul_byte_is_no_json);
    tcase_add_test(tcase, a_nul_in_a_string_keeps_its_length);
    tcase_add_test(tcase, depth_has_a_cap);
    tcase_add_test(tcase, brackets_in_a_string_are_no_depth);
    tcase_add_test(tcase, structure_has_a_cap);
    tcase_add_test(tcase, size_has_a_cap);
    tcase_add_test(tcase, members_of_another_type_are_absent);
    tcase_add_test(tcase, what_is_no_object_has_no_members);
    tcase_add_test(tcase,
                   a_quoted_string_is_one_line_of_ascii_controls_escaped);
    tcase_add_test(tcase, a_value_keeps_its_order_and_its_numbers);
    tcase_add_loop_test(tcase, surrogate_halves_in_two_texts_are_joined, 0,
                        COUNTOF(joins));
    tcase_add_test(tcase, halves_are_joined_at_any_depth);
    tcase_add_test(tcase, a_large_damaged_text_is_repaired_in_one_pass);
    tcase_add_test(tcase, the_cases_of_jsontestsuite_are_taken_or_refused);
    tcase_add_test(tcase, edge_values_survive_writing_and_reading);
    tcase_add_test(tcase, janssons_own_cases_are_taken_or_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
