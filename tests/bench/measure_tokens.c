/* SPDX-License-Identifier: MIT */
/*
 * What it costs to estimate the tokens of a text: prose and code, one that has
 * a script of more than a byte, and one that grows by pieces as small as
 * tokens.
 */
#include <stdio.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/tokens.h"
#include "tests/bench/measure.h"
#include "tests/bench/sample.h"

enum { TEXT_LEN = 4 * 1000 * 1000, ROUNDS = 11, TARGET_NS = 10 };

static const struct {
    const char *what, *text;
    size_t piece_len;
} texts[] = {
    { "tokens, prose",
      "The window is never a surprise: before a prompt is sent, you see how "
      "much of it is taken (61,204 of 65,536).\n\n",
      TEXT_LEN },
    { "tokens, code",
      "    for (size_t i = 0; i < budget->shares.count; i++)\n"
      "        total += budget->shares.items[i].own.tokens[PART_TOOLS];\n",
      TEXT_LEN },
    { "tokens, Chinese",
      "\u7a97\u53e3\u4ece\u4e0d\u8ba9\u4eba\u610f\u5916\uff1a\u53d1\u9001"
      "\u4e4b\u524d\uff0c\u4f60\u53ef\u4ee5\u770b\u5230\u3002\n",
      TEXT_LEN },
    { "tokens, prose in pieces of 4 bytes",
      "The window is never a surprise: before a prompt is sent, you see it.\n",
      4 },
};

static void estimate(struct slice text, size_t piece_len)
{
    struct tokens_counter counter = { 0 };
    while (text.len) {
        size_t len = text.len < piece_len ? text.len : piece_len;
        tokens_feed(&counter, (struct slice){ text.ptr, len });
        text = slice_skip(text, len);
    }
    ck_assert_uint_gt(tokens_count(&counter), TEXT_LEN / 16);
}

static void measure_text(struct table *table, size_t index)
{
    struct buf text = { 0 };
    struct sample times = { 0 };
    char detail[64];
    while (text.len < TEXT_LEN)
        buf_append_string(&text, texts[index].text);
    for (int i = 0; i < ROUNDS; i++) {
        double start = sample_cpu_ms();
        estimate(buf_slice(&text), texts[index].piece_len);
        sample_add(&times, (sample_cpu_ms() - start) * 1e6 / (double)text.len);
    }
    snprintf(detail, sizeof detail, "a byte; median of %d, %d MB", ROUNDS,
             TEXT_LEN / 1000000);
    table_add(table, &(struct row){ .what = texts[index].what,
                                    .value = sample_quantile(&times, 0.5),
                                    .unit = "ns",
                                    .target = TARGET_NS,
                                    .has_target = true,
                                    .detail = detail });
    sample_clear(&times);
    buf_clear(&text);
}

void measure_tokens(struct table *table, struct stream *stream)
{
    (void)stream;
    for (size_t i = 0; i < COUNTOF(texts); i++)
        measure_text(table, i);
}
