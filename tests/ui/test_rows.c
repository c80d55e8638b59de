/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/utf8.h"
#include "tests/support/noise.h"
#include "tests/support/typist.h"
#include "ui/rows.h"

Suite *rows_suite(void);

/* A text without folds. */
static struct folded_text plain(struct slice text)
{
    static const struct folds none;
    return (struct folded_text){ .text = text, .folds = &none };
}

static void check_rows(const struct rows *rows, struct slice text)
{
    struct rows fresh = { 0 };
    rows_wrap(&fresh, plain(text), rows->width);
    ck_assert_uint_eq(rows->starts.count, fresh.starts.count);
    for (size_t i = 0; i < fresh.starts.count; i++)
        ck_assert_uint_eq(rows->starts.items[i], fresh.starts.items[i]);
    rows_clear(&fresh);
}

/* A random grapheme boundary. */
static size_t pick_boundary(struct noise *noise, struct slice text)
{
    size_t goal = text.len ? noise_below(noise, (uint32_t)text.len + 1) : 0;
    size_t at = 0;
    while (at < goal) {
        int width;
        at += utf8_grapheme(slice_skip(text, at), &width);
    }
    return at;
}

START_TEST(rows_that_keep_up_with_edits_are_those_of_the_whole_text)
{
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct noise noise = { seed };
        struct buf text = { 0 }, fresh = { 0 };
        struct rows rows = { 0 };
        noise_text(&noise, &text, 100);
        rows_wrap(&rows, plain(buf_slice(&text)),
                  3 + (int)noise_below(&noise, 40));
        for (int i = 0; i < 100; i++) {
            buf_reset(&fresh);
            noise_text(&noise, &fresh, noise_below(&noise, 6));
            size_t start = pick_boundary(&noise, buf_slice(&text));
            size_t end = pick_boundary(&noise, buf_slice(&text));
            if (start > end || noise_below(&noise, 2))
                end = start;
            buf_splice(&text, start, end - start, buf_slice(&fresh));
            rows_edit(&rows, plain(buf_slice(&text)), start, end - start,
                      fresh.len);
            check_rows(&rows, buf_slice(&text));
        }
        buf_clear(&text);
        buf_clear(&fresh);
        rows_clear(&rows);
    }
}
END_TEST

static void fill(struct buf *text, const char *piece, size_t len)
{
    while (text->len < len)
        buf_append_string(text, piece);
}

/* Every row begins behind the one before, and takes no more than the width. */
static void check_fit(const struct rows *rows, struct folded_text text)
{
    for (size_t row = 0; row < rows->starts.count; row++) {
        size_t start = rows->starts.items[row];
        size_t end = rows_end(rows, text, row);
        if (row)
            ck_assert_uint_gt(start, rows->starts.items[row - 1]);
        ck_assert_int_le(rows_col(rows, text, row, end), rows->width);
    }
}

/* Words of 1 to 12 letters, as prose has them. */
static void fill_words(struct buf *text, size_t len)
{
    struct noise noise = { 7 };
    while (text->len < len) {
        for (uint32_t i = noise_below(&noise, 12) + 1; i > 0; i--)
            buf_append_char(text, 'e');
        buf_append_char(text, ' ');
    }
}

/* Type in the middle of a text, one letter at a time; returns the most bytes
 * that one of them cost. */
static uint64_t cost_of_typing(struct buf *text)
{
    struct rows rows = { 0 };
    uint64_t most = 0;
    rows_wrap(&rows, plain(buf_slice(text)), 80);
    size_t at = rows.starts.items[rows.starts.count / 2];
    for (int i = 0; i < 50; i++) {
        uint64_t before = rows.wrapped;
        bool erases = i % 3 == 2;
        at -= erases;
        buf_splice(text, at, erases, slice_of(erases ? "" : "x"));
        rows_edit(&rows, plain(buf_slice(text)), at, erases, !erases);
        at += !erases;
        if (rows.wrapped - before > most)
            most = rows.wrapped - before;
    }
    check_fit(&rows, plain(buf_slice(text)));
    rows_clear(&rows);
    buf_clear(text);
    return most;
}

START_TEST(a_letter_typed_into_8_mb_wraps_the_rows_around_it_only)
{
    enum { EIGHT_MB = 8 * 1024 * 1024, ROW = 80 * 3 };
    static const char *const endless[] = { "QUJDREVGR0hJSktMTU5P", "漢字" };
    struct buf text = { 0 };
    /* Rows start as before after some words, or after the line. */
    fill_words(&text, EIGHT_MB);
    ck_assert_uint_le(cost_of_typing(&text), 4096);
    fill(&text, "a line\n", EIGHT_MB);
    ck_assert_uint_le(cost_of_typing(&text), 4 * ROW);
    /* Here they never would: neither blank nor break anywhere. */
    for (size_t i = 0; i < COUNTOF(endless); i++) {
        fill(&text, endless[i], EIGHT_MB);
        ck_assert_uint_le(cost_of_typing(&text), ROWS_REWRAP_MAX + 4 * ROW);
    }
}
END_TEST

START_TEST(rows_left_short_are_mended_when_all_is_wrapped_again)
{
    struct buf text = { 0 };
    struct rows rows = { 0 }, fresh = { 0 };
    fill(&text, "QUJDREVGR0hJSktMTU5P", 100 * 1000);
    rows_wrap(&rows, plain(buf_slice(&text)), 80);
    for (size_t at = 10; at < 60 * 1000; at += 7000) {
        buf_splice(&text, at, 0, slice_of("x"));
        rows_edit(&rows, plain(buf_slice(&text)), at, 0, 1);
        check_fit(&rows, plain(buf_slice(&text)));
    }
    rows_wrap(&fresh, plain(buf_slice(&text)), 80);
    ck_assert_uint_gt(rows.starts.count, fresh.starts.count);
    /* One for each place at most. */
    ck_assert_uint_le(rows.starts.count, fresh.starts.count + 9);
    rows_wrap(&rows, plain(buf_slice(&text)), 80);
    check_rows(&rows, buf_slice(&text));
    buf_clear(&text);
    rows_clear(&rows);
    rows_clear(&fresh);
}
END_TEST

START_TEST(a_large_paste_costs_its_token_and_not_its_bytes)
{
    struct buf text = { 0 };
    struct folds folds = { 0 };
    struct rows rows = { 0 };
    fill(&text, "a line of a log\n", 4 * 1024 * 1024);
    *array_add(&folds.list) = fold_of(buf_slice(&text));
    struct folded_text folded = { .text = buf_slice(&text), .folds = &folds };
    rows_wrap(&rows, folded, 80);
    ck_assert_uint_eq(rows.starts.count, 1);
    ck_assert_uint_eq(rows_end(&rows, folded, 0), text.len);
    /* "[pasted 262144 lines, 4.2 MB]" */
    ck_assert_int_eq(rows_col(&rows, folded, 0, text.len), 29);
    /* One column to the left of its end is in it: that is its start. */
    ck_assert_uint_eq(rows_offset(&rows, folded, 0, 28), 0);
    ck_assert_uint_eq(rows_offset(&rows, folded, 0, 29), text.len);
    buf_clear(&text);
    folds_clear(&folds);
    rows_clear(&rows);
}
END_TEST

Suite *rows_suite(void)
{
    Suite *suite = suite_create("rows");
    TCase *tcase = tcase_create("rows");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase,
                   rows_that_keep_up_with_edits_are_those_of_the_whole_text);
    tcase_add_test(tcase,
                   a_letter_typed_into_8_mb_wraps_the_rows_around_it_only);
    tcase_add_test(tcase, rows_left_short_are_mended_when_all_is_wrapped_again);
    tcase_add_test(tcase, a_large_paste_costs_its_token_and_not_its_bytes);
    suite_add_tcase(suite, tcase);
    return suite;
}
