/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/partial_json.h"
#include "tests/support/noise.h"
#include "tests/support/split.h"

Suite *partial_json_suite(void);

#define FFFD "\xEF\xBF\xBD"

/* "-" where there is none. The caller frees. */
static char *format(const json_t *value)
{
    struct buf text = { 0 };
    if (value)
        json_append_value(&text, value);
    else
        buf_append_string(&text, "-");
    return buf_steal(&text);
}

static void ck_assert_value(const json_t *value, const char *expected)
{
    char *text = format(value);
    ck_assert_str_eq(text, expected);
    free(text);
}

/* clang-format off */
static const struct {
    const char *text, *value;
} prefixes[] = {
    { "", "-" },
    { " \n", "-" },
    { "{", "{}" },
    { "{\"a", "{}" },
    { "{\"a\"", "{}" },
    { "{\"a\":", "{}" },
    { "{\"a\":1", "{}" },
    { "{\"a\":1,", "{\"a\":1}" },
    { "{\"a\":1}", "{\"a\":1}" },
    { "{\"a\":1,\"b", "{\"a\":1}" },
    { "{\"a\":1,\"b\":", "{\"a\":1}" },
    { "{\"a\":\"", "{\"a\":\"\"}" },
    { "{\"a\":\"x", "{\"a\":\"x\"}" },
    { "{\"a\":{\"b\":[", "{\"a\":{\"b\":[]}}" },
    { "[1,tru", "[1]" },
    { "[1,true ", "[1,true]" },
    { "[1,true,-", "[1,true]" },
    { "[1,2.", "[1]" },
    { "[\"a\\", "[\"a\"]" },
    { "[\"a\\n", "[\"a\\n\"]" },
    { "[\"a\\u00e", "[\"a\"]" },
    { "[\"a\\u00e9", "[\"a\xC3\xA9\"]" },
    { "[\"a\xC3", "[\"a\"]" },
    { "[\"\\ud83d", "[\"\"]" },
    { "[\"\\ud83d\\ude0", "[\"\"]" },
    { "[\"\\ud83d\\ude00", "[\"\U0001F600\"]" },
    { "[\"\\ud83dx", "[\"" FFFD "x\"]" },
    { "[\"a\xC3\\", "[\"a" FFFD "\"]" },
    { "[\"a\xC3\\0", "[\"a" FFFD "\"]" },
    { "tru", "-" },
    { "true", "-" },
    { "true ", "true" },
    { "\"he", "\"he\"" },
    { "[1,]", "[1]" },
    { "{\"a\":1,}", "{\"a\":1}" },
};
/* clang-format on */

START_TEST(the_value_so_far_says_only_what_is_certain)
{
    struct partial_json *partial = partial_json_new(NULL, NULL);
    partial_json_feed(partial, slice_of(prefixes[_i].text));
    ck_assert_value(partial_json_value(partial), prefixes[_i].value);
    partial_json_free(partial);
}
END_TEST

/* What is told of a text that comes in pieces: parts, then the value. */
struct hearing {
    struct partial_json *partial;
    struct buf told;
    char *expected; /* of the text in one piece */
};

static void hear_part(void *context, struct slice path, const json_t *value)
{
    struct hearing *hearing = context;
    buf_printf(&hearing->told, "%.*s=", SLICE_ARG(path));
    json_append_value(&hearing->told, value);
    buf_append_char(&hearing->told, ' ');
}

static void hear(void *context, struct slice piece, bool first, bool last)
{
    struct hearing *hearing = context;
    if (first)
        hearing->partial = partial_json_new(hear_part, hearing);
    partial_json_feed(hearing->partial, piece);
    char *so_far = format(partial_json_value(hearing->partial));
    if (last) {
        partial_json_end(hearing->partial);
        free(so_far);
        so_far = format(partial_json_value(hearing->partial));
        buf_printf(&hearing->told, "%s %d", so_far,
                   partial_json_state(hearing->partial));
        char *told = buf_steal(&hearing->told);
        if (!hearing->expected)
            hearing->expected =
                memcpy(malloc(strlen(told) + 1), told, strlen(told) + 1);
        ck_assert_str_eq(told, hearing->expected);
        free(told);
        partial_json_free(hearing->partial);
    }
    free(so_far);
}

static const char *const documents[] = {
    "{\"a\":[1,{\"b\":\"\\u00e9\\ud83d\\ude00\"},[]],\"c\":{\"d\":null}}",
    " [ true , -1.5e+3 , \"\xE2\x82\xAC\" ] ",
    "{\"\":{},\"x/y~z\":\"\\\\\\\"\",\"a\":0}",
    "\"\\ud83d\\ud83d\\ude00\xC3(\"",
    "12345",
    "[1,2,]x",
    "{\"a\" 1}",
    "{\"a\":\"x\\ud83d\\uZ\"}",
    "[truer]",
    "[[[[[[\"deep\"]]]]]]",
};

START_TEST(every_split_gives_the_same_parts_and_value)
{
    struct hearing hearing = { 0 };
    hear(&hearing, slice_of(documents[_i]), true, true);
    split_each(slice_of(documents[_i]), hear, &hearing);
    free(hearing.expected);
}
END_TEST

/* clang-format off */
static const struct {
    const char *text, *parts;
} parted[] = {
    { "{\"t\":\"x\",\"items\":[{\"n\":1},{\"n\":[2]}],\"m\":{\"k\":true}}",
      "/t=\"x\" /items/0={\"n\":1} /items/1={\"n\":[2]} /m/k=true " },
    { "[[1,2],[],\"a\"]", "/0=[1,2] /1=[] /2=\"a\" " },
    { "{\"a\":[],\"b\":{},\"c\":{\"d\":{}}}", "/a=[] /b={} /c/d={} " },
    { "{\"x/y\":1,\"~\":2}", "/x~1y=1 /~0=2 " },
    { "{}", "={} " },
    { "[1,2", "/0=1 " },
};
/* clang-format on */

START_TEST(a_part_is_told_when_it_closes)
{
    struct hearing hearing = { 0 };
    hearing.partial = partial_json_new(hear_part, &hearing);
    partial_json_feed(hearing.partial, slice_of(parted[_i].text));
    ck_assert_str_eq(buf_string(&hearing.told), parted[_i].parts);
    partial_json_free(hearing.partial);
    buf_clear(&hearing.told);
}
END_TEST

static void append_random_string(struct noise *noise, struct buf *out)
{
    struct buf text = { 0 };
    noise_text(noise, &text, noise_below(noise, 4));
    json_append_quoted(out, buf_slice(&text));
    buf_clear(&text);
}

static void append_random_value(struct noise *noise, struct buf *out, int depth)
{
    static const char *const scalars[] = { "null", "true", "-0.5e1", "17",
                                           "\"\\ud83d\\ude00\\/\"" };
    uint32_t kind = noise_below(noise, depth ? 5 : 2);
    if (kind == 0) {
        buf_append_string(out, scalars[noise_below(noise, COUNTOF(scalars))]);
        return;
    }
    if (kind == 1) {
        append_random_string(noise, out);
        return;
    }
    bool is_object = kind > 2;
    size_t count = noise_below(noise, 5);
    buf_append_char(out, is_object ? '{' : '[');
    for (size_t i = 0; i < count; i++) {
        buf_append_string(out, i ? " , " : "\n");
        if (is_object)
            buf_printf(out, "\"n%zu\" :", i);
        append_random_value(noise, out, depth - 1);
    }
    buf_append_char(out, is_object ? '}' : ']');
}

/* What `partial` says stands in `whole`, too. */
static bool agrees(const json_t *partial, const json_t *whole)
{
    if (json_typeof(partial) != json_typeof(whole))
        return false;
    if (json_is_string(whole))
        return slice_starts(json_string_slice(whole),
                            json_string_value(partial));
    if (json_is_array(whole)) {
        bool is_prefix = json_array_size(partial) <= json_array_size(whole);
        for (size_t i = 0; is_prefix && i < json_array_size(partial); i++)
            is_prefix =
                agrees(json_array_get(partial, i), json_array_get(whole, i));
        return is_prefix;
    }
    if (!json_is_object(whole))
        return json_equal(partial, whole);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)partial, name, value)
    {
        const json_t *member = json_object_get(whole, name);
        if (!member || !agrees(value, member))
            return false;
    }
    return true;
}

START_TEST(every_prefix_agrees_with_the_whole_document)
{
    struct noise noise = { (uint64_t)_i + 1 };
    struct buf text = { 0 };
    append_random_value(&noise, &text, 4);
    struct error err;
    json_t *whole = json_parse(buf_slice(&text), &err);
    ck_assert_ptr_nonnull(whole);
    struct partial_json *partial = partial_json_new(NULL, NULL);
    for (size_t i = 0; i < text.len; i++) {
        partial_json_feed(partial, (struct slice){ text.ptr + i, 1 });
        const json_t *value = partial_json_value(partial);
        ck_assert_msg(!value || agrees(value, whole), "%.*s", (int)i + 1,
                      text.ptr);
    }
    partial_json_end(partial);
    ck_assert_int_eq(partial_json_state(partial), PARTIAL_JSON_WHOLE);
    ck_assert(json_equal(partial_json_value(partial), whole));
    partial_json_free(partial);
    json_decref(whole);
    buf_clear(&text);
}
END_TEST

/* The value with one more part. Names begin with "n", which no index does. */
static json_t *put(json_t *into, struct slice path, const json_t *part)
{
    if (!path.len)
        return json_deep_copy(part);
    struct slice name = slice_skip(path, 1);
    ptrdiff_t end = slice_find(name, "/");
    name.len = end < 0 ? name.len : (size_t)end;
    path = slice_skip(path, 1 + name.len);
    bool is_member = name.ptr[0] == 'n';
    if (!into)
        into = is_member ? json_object() : json_array();
    if (!is_member) {
        json_array_append_new(into, put(NULL, path, part));
        return into;
    }
    json_t *old = json_object_getn(into, name.ptr, name.len);
    json_object_setn_new(into, name.ptr, name.len,
                         put(json_incref(old), path, part));
    return into;
}

static void on_put(void *context, struct slice path, const json_t *value)
{
    json_t **root = context;
    *root = put(*root, path, value);
}

START_TEST(the_parts_together_are_the_value)
{
    struct noise noise = { (uint64_t)_i + 1000 };
    struct buf text = { 0 };
    append_random_value(&noise, &text, 4);
    json_t *built = NULL;
    struct partial_json *partial = partial_json_new(on_put, &built);
    partial_json_feed(partial, buf_slice(&text));
    partial_json_end(partial);
    char *expected = format(partial_json_value(partial));
    char *together = format(built);
    ck_assert_str_eq(together, expected);
    free(expected);
    free(together);
    json_decref(built);
    partial_json_free(partial);
    buf_clear(&text);
}
END_TEST

/* clang-format off */
static const char *const damaged[] = {
    "\"\\ud83d\"", "\"x\\ude00y\"", "\"\\ud83d\\ud83d\\ude00\"",
    "\"\\uD83Dx\\n\"", "\"b\x80z\xF0\x9F\"", "{\"\\ud83d\":1}",
    "{\"a\\u0000b\":1}", "[NaN,Infinity,-Infinity]", "1e400", "-1e400",
    "9223372036854775808", "[18446744073709551615,\"\\ud83d\"]",
    "\"tab\there\x01\"", "\"line\r\nline\"", "\"\\u0000\"",
};
/* clang-format on */

START_TEST(damage_is_mended_as_it_is_elsewhere)
{
    struct error err;
    json_t *expected = json_parse(slice_of(damaged[_i]), &err);
    ck_assert_ptr_nonnull(expected);
    char *text = format(expected);
    struct partial_json *partial = partial_json_new(NULL, NULL);
    partial_json_feed(partial, slice_of(damaged[_i]));
    partial_json_end(partial);
    ck_assert_value(partial_json_value(partial), text);
    partial_json_free(partial);
    json_decref(expected);
    free(text);
}
END_TEST

/* clang-format off */
static const struct {
    const char *text;
    size_t taken;
} misfits[] = {
    { "{a}", 1 }, { "[,", 1 }, { "[1 2]", 3 }, { "{\"a\",", 4 },
    { "{\"a\":1]", 6 }, { "[\"\\x\"]", 3 }, { "[\"\\u00g\"]", 6 },
    { "[truer]", 6 }, { "[01]", 3 }, { "[1.]", 3 }, { "'a'", 0 },
    { "[1]x", 3 },
};
/* clang-format on */

START_TEST(the_byte_that_does_not_fit_is_not_taken)
{
    struct partial_json *partial = partial_json_new(NULL, NULL);
    ck_assert_uint_eq(partial_json_feed(partial, slice_of(misfits[_i].text)),
                      misfits[_i].taken);
    ck_assert_int_ne(partial_json_state(partial), PARTIAL_JSON_OPEN);
    if (partial_json_state(partial) == PARTIAL_JSON_BROKEN)
        ck_assert_int_eq(partial_json_fault(partial)->kind, ERROR_PROTOCOL);
    partial_json_free(partial);
}
END_TEST

static enum partial_json_state feed_many(const char *text, size_t times,
                                         enum error_kind *kind)
{
    struct partial_json *partial = partial_json_new(NULL, NULL);
    for (size_t i = 0; i < times; i++)
        partial_json_feed(partial, slice_of(text));
    enum partial_json_state state = partial_json_state(partial);
    *kind = partial_json_fault(partial)->kind;
    partial_json_free(partial);
    return state;
}

START_TEST(depth_and_count_are_capped)
{
    enum error_kind kind;
    ck_assert_int_eq(feed_many("[", JSON_DEPTH_MAX, &kind), PARTIAL_JSON_OPEN);
    ck_assert_int_eq(feed_many("[", JSON_DEPTH_MAX + 1, &kind),
                     PARTIAL_JSON_BROKEN);
    ck_assert_int_eq(kind, ERROR_LIMIT);
    ck_assert_int_eq(feed_many("[[],", JSON_STRUCTURE_MAX, &kind),
                     PARTIAL_JSON_BROKEN);
    ck_assert_int_eq(kind, ERROR_LIMIT);
}
END_TEST

/* jansson's allocations stand for the work of building. */
static size_t allocated;
static void *count_malloc(size_t size)
{
    allocated += size;
    return malloc(size);
}

static size_t work_of_reading(size_t items)
{
    struct buf text = { 0 };
    buf_append_char(&text, '[');
    for (size_t i = 0; i < items; i++)
        buf_printf(&text, "%s{\"name\":\"item %zu\",\"price\":%zu.5}",
                   i ? "," : "", i, i);
    buf_append_char(&text, ']');
    allocated = 0;
    struct partial_json *partial = partial_json_new(NULL, NULL);
    for (size_t i = 0; i < text.len; i += 16) {
        struct slice rest = slice_skip(buf_slice(&text), i);
        rest.len = rest.len < 16 ? rest.len : 16;
        partial_json_feed(partial, rest);
        partial_json_value(partial);
    }
    ck_assert_int_eq(partial_json_state(partial), PARTIAL_JSON_WHOLE);
    partial_json_free(partial);
    buf_clear(&text);
    return allocated;
}

START_TEST(work_grows_with_the_text_though_the_value_is_read_at_each_piece)
{
    json_set_alloc_funcs(count_malloc, free);
    size_t once = work_of_reading(4000);
    size_t twice = work_of_reading(8000);
    json_set_alloc_funcs(malloc, free);
    ck_assert_uint_gt(once, 4000);
    ck_assert_uint_lt(twice, once * 5 / 2);
}
END_TEST

Suite *partial_json_suite(void)
{
    Suite *suite = suite_create("partial_json");
    TCase *tcase = tcase_create("partial_json");
    tcase_add_loop_test(tcase, the_value_so_far_says_only_what_is_certain, 0,
                        COUNTOF(prefixes));
    tcase_add_loop_test(tcase, every_split_gives_the_same_parts_and_value, 0,
                        COUNTOF(documents));
    tcase_add_loop_test(tcase, a_part_is_told_when_it_closes, 0,
                        COUNTOF(parted));
    tcase_add_loop_test(tcase, every_prefix_agrees_with_the_whole_document, 0,
                        40);
    tcase_add_loop_test(tcase, the_parts_together_are_the_value, 0, 40);
    tcase_add_loop_test(tcase, damage_is_mended_as_it_is_elsewhere, 0,
                        COUNTOF(damaged));
    tcase_add_loop_test(tcase, the_byte_that_does_not_fit_is_not_taken, 0,
                        COUNTOF(misfits));
    tcase_add_test(tcase, depth_and_count_are_capped);
    tcase_add_test(
        tcase, work_grows_with_the_text_though_the_value_is_read_at_each_piece);
    suite_add_tcase(suite, tcase);
    return suite;
}
