/* SPDX-License-Identifier: MIT */
/*
 * What it costs to read a value while it arrives: a megabyte of items in pieces
 * that are as small as tokens, the value so far looked at after each.
 */
#include <stdio.h>

#include <check.h>

#include "base/embedded_json.h"
#include "tests/bench/measure.h"
#include "tests/bench/sample.h"

enum { TEXT_LEN = 1000 * 1000, PIECE_LEN = 16, ROUNDS = 11, TARGET_MS = 100 };

static void count_part(void *context, struct slice path, const json_t *value)
{
    size_t *parts = context;
    *parts += path.len && json_is_object(value);
}

static size_t make_text(struct buf *text)
{
    size_t items = 0;
    buf_append_string(text, "{\"items\":[");
    while (text->len < TEXT_LEN) {
        buf_printf(text,
                   "%s{\"name\":\"item %zu\",\"price\":%zu.5,"
                   "\"tags\":[\"a\",\"b\\u00e9\"],\"sold\":true}",
                   items ? "," : "", items, items);
        items++;
    }
    buf_append_string(text, "]}");
    return items;
}

/* Returns how many items were told. */
static size_t read_text(struct slice text)
{
    size_t parts = 0;
    bool is_whole = false;
    struct embedded_json *embedded = embedded_json_new(count_part, &parts);
    while (text.len) {
        size_t len = text.len < PIECE_LEN ? text.len : PIECE_LEN;
        embedded_json_feed(embedded, (struct slice){ text.ptr, len });
        embedded_json_value(embedded, &is_whole);
        text = slice_skip(text, len);
    }
    ck_assert(is_whole);
    embedded_json_free(embedded);
    return parts;
}

void measure_object(struct table *table, struct stream *stream)
{
    struct buf text = { 0 };
    struct sample times = { 0 };
    char detail[64];
    size_t items = make_text(&text);
    (void)stream;
    for (int i = 0; i < ROUNDS; i++) {
        double start = sample_cpu_ms();
        ck_assert_uint_eq(read_text(buf_slice(&text)), items);
        sample_add(&times, sample_cpu_ms() - start);
    }
    snprintf(detail, sizeof detail, "median of %d; %zu items", ROUNDS, items);
    table_add(table,
              &(struct row){ .what = "object, 1 MB in pieces of 16 bytes",
                             .value = sample_quantile(&times, 0.5),
                             .unit = "ms",
                             .target = TARGET_MS,
                             .has_target = true,
                             .detail = detail });
    sample_clear(&times);
    buf_clear(&text);
}
