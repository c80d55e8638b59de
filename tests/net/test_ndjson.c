/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "net/ndjson.h"
#include "tests/support/split.h"

Suite *ndjson_suite(void);

static void note_line(void *context, struct slice line)
{
    buf_printf(context, "[%.*s]", SLICE_ARG(line));
}

static const struct row {
    const char *bytes;
    const char *lines;
} rows[] = {
    { "", "" },
    { "{}\n", "[{}]" },
    { "{}\r\n{\"a\": 1}\r\n", "[{}][{\"a\": 1}]" },
    { "{}\n{}", "[{}][{}]" },
    { "{}\n{}\r", "[{}][{}]" },
    { "\n\r\n  \n\t\r\n{}\n\n\n{}\n\n", "[{}][{}]" },
    { " {} \n", "[ {} ]" },
    { "{\"a\":\"b\rc\"}\n", "[{\"a\":\"b\rc\"}]" },
    { "not json\n[1]\n", "[not json][[1]]" },
    { "{\"a\":\"caf\xC3\xA9\xE2\x82\xAC\"}\n",
      "[{\"a\":\"caf\xC3\xA9\xE2\x82\xAC\"}]" },
};

struct run {
    const struct row *row;
    struct ndjson ndjson;
    struct buf lines;
};

static void feed_piece(void *context, struct slice piece, bool first, bool last)
{
    struct run *run = context;
    struct error err = { 0 };
    if (first) {
        ndjson_init(&run->ndjson, note_line, &run->lines);
        buf_reset(&run->lines);
    }
    ck_assert(ndjson_feed(&run->ndjson, piece, &err));
    if (!last)
        return;
    ndjson_finish(&run->ndjson);
    ck_assert_str_eq(buf_string(&run->lines), run->row->lines);
    ndjson_clear(&run->ndjson);
}

START_TEST(every_split_gives_the_same_lines)
{
    struct run run = { .row = &rows[_i] };
    split_each(slice_of(run.row->bytes), feed_piece, &run);
    buf_clear(&run.lines);
}
END_TEST

START_TEST(a_line_is_handed_over_when_it_ends_and_not_later)
{
    struct buf lines = { 0 };
    struct ndjson ndjson;
    struct error err = { 0 };
    ndjson_init(&ndjson, note_line, &lines);
    ck_assert(ndjson_feed(&ndjson, slice_of("{\"a\""), &err));
    ck_assert_str_eq(buf_string(&lines), "");
    ck_assert(ndjson_feed(&ndjson, slice_of(":1}\n{"), &err));
    ck_assert_str_eq(buf_string(&lines), "[{\"a\":1}]");
    ndjson_finish(&ndjson);
    ndjson_finish(&ndjson);
    ck_assert_str_eq(buf_string(&lines), "[{\"a\":1}][{]");
    ndjson_clear(&ndjson);
    buf_clear(&lines);
}
END_TEST

static void count_bytes(void *context, struct slice line)
{
    *(size_t *)context += line.len;
}

START_TEST(a_line_may_be_as_long_as_the_cap_and_no_longer)
{
    size_t piece_len = 64 * 1024;
    char *piece = calloc(piece_len, 1);
    memset(piece, 'x', piece_len);
    for (int over = 0; over <= 1; over++) {
        struct error err = { 0 };
        struct ndjson ndjson;
        size_t bytes = 0;
        bool ok = true;
        ndjson_init(&ndjson, count_bytes, &bytes);
        for (size_t len = 0; len < NDJSON_LINE_MAX; len += piece_len)
            ok = ok &&
                 ndjson_feed(&ndjson, (struct slice){ piece, piece_len }, &err);
        ck_assert(ok);
        ok = ndjson_feed(&ndjson, slice_of(over ? "x\n" : "\n"), &err);
        ck_assert_int_eq(ok, !over);
        ck_assert_int_eq(err.kind, over ? ERROR_LIMIT : ERROR_NONE);
        ck_assert_uint_eq(bytes, over ? 0 : NDJSON_LINE_MAX);
        ndjson_clear(&ndjson);
    }
    free(piece);
}
END_TEST

Suite *ndjson_suite(void)
{
    Suite *suite = suite_create("ndjson");
    TCase *tcase = tcase_create("ndjson");
    tcase_add_loop_test(tcase, every_split_gives_the_same_lines, 0,
                        COUNTOF(rows));
    tcase_add_test(tcase, a_line_is_handed_over_when_it_ends_and_not_later);
    tcase_add_test(tcase, a_line_may_be_as_long_as_the_cap_and_no_longer);
    suite_add_tcase(suite, tcase);
    return suite;
}
