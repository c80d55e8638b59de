/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <check.h>

#include "base/edited_tokens.h"
#include "base/tokens.h"
#include "tests/support/random_log.h"

Suite *edited_tokens_suite(void);

static struct edited_tokens edited;
static struct buf text;

static void setup(void)
{
    edited = (struct edited_tokens){ 0 };
    text = (struct buf){ 0 };
}

static void teardown(void)
{
    edited_tokens_clear(&edited);
    buf_clear(&text);
}

static uint64_t update(void)
{
    return edited_tokens_update(&edited, TOKENS_UNKNOWN, buf_slice(&text));
}

START_TEST(a_short_text_counts_as_any_text)
{
    static const char *const texts[] = {
        "", "one", "one two\n\nthree", "two", "h\303\251 12,345", ""
    };
    for (size_t i = 0; i < COUNTOF(texts); i++)
        ck_assert_uint_eq(
            edited_tokens_update(&edited, TOKENS_UNKNOWN, slice_of(texts[i])),
            tokens_estimate(slice_of(texts[i])));
}
END_TEST

START_TEST(a_key_in_a_long_text_counts_what_is_near)
{
    for (int i = 0; i < 20000; i++)
        buf_append_string(&text, i % 12 ? "some words " : "a line\n");
    update();
    uint64_t before = edited.bytes_counted;
    for (size_t at = 100; at < text.len; at += 20011) {
        text.ptr[at] = 'X';
        update();
        ck_assert_uint_le(edited.bytes_counted - before,
                          2 * EDITED_TOKENS_PIECE_MAX);
        before = edited.bytes_counted;
    }
    buf_append_string(&text, "y");
    update();
    ck_assert_uint_le(edited.bytes_counted - before,
                      2 * EDITED_TOKENS_PIECE_MAX);
}
END_TEST

/* A piece is rounded up, so it may be one more than the text that it is of. */
START_TEST(any_edits_keep_the_count_right)
{
    struct random_log random = { .state = 4711 };
    for (int i = 0; i < 300; i++) {
        struct buf next = { 0 };
        size_t at = random_below(&random, (uint32_t)text.len + 1);
        size_t cut = random_below(&random, 2000);
        cut = cut < text.len - at ? cut : text.len - at;
        buf_append_slice(&next, (struct slice){ buf_string(&text), at });
        for (uint32_t k = random_below(&random, 400); k > 0; k--)
            buf_append_string(&next, k % 9 ? "knots, " : "12\n");
        buf_append_slice(&next, slice_skip(buf_slice(&text), at + cut));
        buf_clear(&text);
        text = next;
        uint64_t tokens = update();
        uint64_t whole = tokens_estimate(buf_slice(&text));
        ck_assert_uint_ge(tokens + edited.pieces.count, whole);
        ck_assert_uint_le(tokens, whole + 3 * edited.pieces.count);
        size_t len = 0;
        for (size_t k = 0; k < edited.pieces.count; k++)
            len += edited.pieces.items[k].len;
        ck_assert_uint_eq(len, text.len);
    }
}
END_TEST

Suite *edited_tokens_suite(void)
{
    Suite *suite = suite_create("edited_tokens");
    TCase *test = tcase_create("edited_tokens");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, a_short_text_counts_as_any_text);
    tcase_add_test(test, a_key_in_a_long_text_counts_what_is_near);
    tcase_add_test(test, any_edits_keep_the_count_right);
    suite_add_tcase(suite, test);
    return suite;
}
