/* SPDX-License-Identifier: MIT */
/*
 * What it costs to judge a prompt, before anything is sent: the features of
 * chat/complexity. It is linear: the second row is that of a prompt sixteen times
 * as long, of which no more than its two ends are read.
 */
#include <stdio.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/complexity.h"
#include "tests/bench/measure.h"
#include "tests/bench/sample.h"

enum { PROMPT_LEN = 4096, LONG_LEN = 65536, ROUNDS = 301 };

static const struct {
    const char *name, *text;
} kinds[] = {
    { "English", "A woman had three boxes. She gave her brother half of the "
                 "pencils, and then bought twice as many as were left" },
    { "code", "for (i = 0; i < n; i++) { total[i] = rate[i] * 2.5; }\n" },
    { "Russian",
      "Сравни два проекта базы: один не теряет данные, но медленный" },
    { "Chinese", "比较两种数据库设计：一种从不丢失数据但很慢，另一种很快" },
};

/* The same words again would be found sooner. */
static void make_prompt(struct buf *out, const char *text)
{
    for (int i = 0; out->len < LONG_LEN; i++)
        buf_printf(out, "%s w%d ", text, i);
}

static double median_us(struct slice prompt)
{
    struct sample sample = { 0 };
    for (int i = 0; i < ROUNDS; i++) {
        struct complexity complexity;
        double start = sample_cpu_ms();
        complexity_judge(prompt, &complexity);
        sample_add(&sample, (sample_cpu_ms() - start) * 1e3);
        ck_assert(complexity.score >= 0);
    }
    double median = sample_quantile(&sample, 0.5);
    sample_clear(&sample);
    return median;
}

static void add_row(struct table *table, const char *name, struct slice prompt)
{
    char what[64], detail[64];
    double us = median_us((struct slice){ prompt.ptr, PROMPT_LEN });
    double long_us = median_us((struct slice){ prompt.ptr, LONG_LEN });
    snprintf(what, sizeof what, "judge a prompt of 4 KB, %s", name);
    snprintf(detail, sizeof detail, "median of %d; of 64 KB %.1f times that",
             ROUNDS, long_us / us);
    table_add(table, &(struct row){ .what = what,
                                    .value = us,
                                    .unit = "us",
                                    .target = 50,
                                    .has_target = true,
                                    .detail = detail });
}

void measure_score(struct table *table, struct stream *stream)
{
    (void)stream;
    for (size_t i = 0; i < COUNTOF(kinds); i++) {
        struct buf prompt = { 0 };
        make_prompt(&prompt, kinds[i].text);
        add_row(table, kinds[i].name, buf_slice(&prompt));
        buf_clear(&prompt);
    }
}
