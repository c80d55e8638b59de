/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tool/keyless.h"

Suite *keyless_suite(void);

#define LETTERS \
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"

static void feed(struct buf *out, struct slice text, size_t piece)
{
    struct keyless keyless = { 0 };
    while (text.len) {
        size_t len = piece < text.len ? piece : text.len;
        keyless_feed(&keyless, out, (struct slice){ text.ptr, len });
        text = slice_skip(text, len);
    }
    keyless_flush(&keyless, out);
    keyless_clear(&keyless);
}

/* In any pieces: a key that is cut in two is still one. */
START_TEST(no_key_comes_through_however_it_is_cut)
{
    static const struct {
        const char *text, *key;
    } cases[] = {
        { "a\nOPENAI_API_KEY=sk-proj-abcdefghijklmnopqrstuvwxyz0123\nb",
          "abcdefghijkl" },
        { "ghp_0123456789abcdefghijklmnopqrstuvwxyz\n", "0123456789abc" },
        { "Authorization: Bearer abcdef0123456789abcdef01\r\n",
          "abcdef0123456" },
        { "url = https://user:hunter2hunter2@host/x\n", "hunter2" },
        { "x\n-----BEGIN PRIVATE KEY-----\n" LETTERS "\n" LETTERS
          "\n-----END PRIVATE KEY-----\ny\n",
          "MIIEvQ" },
        { "-----BEGIN PRIVATE KEY-----\n" LETTERS "\n" LETTERS "\n", "MIIEvQ" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct slice text = slice_of(cases[i].text);
        for (size_t piece = 1; piece <= text.len; piece++) {
            struct buf out = { 0 };
            feed(&out, text, piece);
            ck_assert_msg(strstr(buf_string(&out), cases[i].key) == NULL,
                          "%zu in %zu: %s", i, piece, buf_string(&out));
            ck_assert_ptr_nonnull(strstr(buf_string(&out), "<redacted"));
            buf_clear(&out);
        }
    }
}
END_TEST

START_TEST(what_holds_no_key_is_as_it_was)
{
    static const char text[] = "one\ntwo\r\n\rthree  task-force\n\n"
                               "key=value\n\xff\xfe\x01 four";
    struct slice all = { text, sizeof text }; /* with a NUL */
    for (size_t piece = 1; piece <= all.len; piece++) {
        struct buf out = { 0 };
        feed(&out, all, piece);
        ck_assert(slice_equal(buf_slice(&out), all));
        buf_clear(&out);
    }
}
END_TEST

START_TEST(a_line_is_handed_on_when_it_has_ended)
{
    struct keyless keyless = { 0 };
    struct buf out = { 0 };
    keyless_feed(&keyless, &out, slice_of("one\ntw"));
    ck_assert_str_eq(buf_string(&out), "one\n");
    keyless_feed(&keyless, &out, slice_of("o"));
    ck_assert_str_eq(buf_string(&out), "one\n");
    keyless_feed(&keyless, &out, slice_of("\r50%\r"));
    ck_assert_str_eq(buf_string(&out), "one\ntwo\r50%\r");
    keyless_flush(&keyless, &out);
    ck_assert_str_eq(buf_string(&out), "one\ntwo\r50%\r");
    keyless_clear(&keyless);
    buf_clear(&out);
}
END_TEST

START_TEST(an_endless_line_is_handed_on_and_loses_nothing)
{
    struct keyless keyless = { 0 };
    struct buf out = { 0 }, text = { 0 };
    for (int i = 0; i < KEYLESS_HELD_MAX; i++)
        buf_append_string(&text, "\xc3\xa9");
    for (size_t at = 0; at < text.len; at += 1001) {
        size_t len = text.len - at < 1001 ? text.len - at : 1001;
        keyless_feed(&keyless, &out, (struct slice){ text.ptr + at, len });
        ck_assert_uint_le(keyless.held.len, KEYLESS_HELD_MAX);
        ck_assert_uint_eq(out.len % 2, 0);
    }
    ck_assert_uint_gt(out.len, 0);
    keyless_flush(&keyless, &out);
    ck_assert(slice_equal(buf_slice(&out), buf_slice(&text)));
    keyless_clear(&keyless);
    buf_clear(&out);
    buf_clear(&text);
}
END_TEST

Suite *keyless_suite(void)
{
    Suite *suite = suite_create("keyless");
    TCase *tcase = tcase_create("keyless");
    tcase_add_test(tcase, no_key_comes_through_however_it_is_cut);
    tcase_add_test(tcase, what_holds_no_key_is_as_it_was);
    tcase_add_test(tcase, a_line_is_handed_on_when_it_has_ended);
    tcase_add_test(tcase, an_endless_line_is_handed_on_and_loses_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
