/* SPDX-License-Identifier: MIT */
/*
 * An answer that streams through the real program: what it costs, and how long
 * a token takes to the screen.
 */
#include <stdio.h>
#include <string.h>

#include "tests/bench/measure.h"
#include "tests/bench/sample.h"
#include "tests/bench/seat.h"

enum {
    TOKENS = 2000,
    PER_SECOND = 100,
    BURST_TOKENS = 20000,
    BURSTS = 5,
    MEMORY_ANSWERS = 10,
};

/* Marks as they come into sight. */
struct sight {
    const struct stream_shared *shared;
    int next, count; /* marks */
    struct sample ms;
};

static bool look(struct pty *pty, void *context)
{
    struct sight *sight = context;
    char mark[16];
    int64_t now = sample_now_ns();
    const char *screen = pty_screen(pty);
    while (sight->next < sight->count) {
        snprintf(mark, sizeof mark, ANSWER_MARK, sight->next);
        int64_t sent = atomic_load(&sight->shared->sent_at[sight->next]);
        if (!sent || !strstr(screen, mark))
            return false;
        sample_add(&sight->ms, (double)(now - sent) / 1e6);
        sight->next++;
    }
    return true;
}

/* Bytes of the first tokens of the answer, and marks among them. */
static size_t answer_part(const struct answer_text *answer, int tokens,
                          int *marks)
{
    size_t len = 0;
    *marks = 0;
    for (int i = 0; i < tokens; i++) {
        len += answer->tokens.items[i].len;
        *marks += answer->tokens.items[i].mark >= 0;
    }
    return len;
}

struct stream_case {
    const char *name;
    int height, width;
    bool has_band;
};

static void add_stream_rows(struct table *table, const struct stream_case *test,
                            double cpu_s, double bytes, struct sight *sight)
{
    char what[3][64], detail[64];
    snprintf(what[0], sizeof *what, "%d tokens at %d/s, %s: CPU", TOKENS,
             PER_SECOND, test->name);
    snprintf(what[1], sizeof *what, "  bytes written per byte of answer");
    snprintf(what[2], sizeof *what, "  delta to cell, p99");
    snprintf(detail, sizeof detail, "median %.1f ms of %zu",
             sample_quantile(&sight->ms, 0.5), sight->ms.values.count);
    table_add(table, &(struct row){ .what = what[0],
                                    .value = cpu_s,
                                    .unit = "s",
                                    .target = 0.15,
                                    .has_target = true });
    table_add(table, &(struct row){ .what = what[1],
                                    .value = bytes,
                                    .unit = "",
                                    .target = 2.0,
                                    .has_target = true });
    table_add(table, &(struct row){ .what = what[2],
                                    .value = sample_quantile(&sight->ms, 0.99),
                                    .unit = "ms",
                                    .target = 120,
                                    .has_target = true,
                                    .detail = detail });
}

static void measure_case(struct table *table, struct stream *stream,
                         const struct stream_case *test)
{
    struct sight sight = { .shared = stream->shared };
    struct seat seat;
    size_t len = answer_part(stream->answer, TOKENS, &sight.count);
    seat_take(&seat, stream, test->height, test->width);
    if (test->has_band)
        pty_send(seat.pty, "\033OQ");
    seat_settle(&seat);
    int64_t cpu = process_cpu_ns(seat.pair);
    size_t written = pty_output_len(seat.pty);
    seat_ask(&seat, TOKENS, PER_SECOND);
    seat_until(&seat, look, &sight);
    seat_await_answer(&seat);
    add_stream_rows(
        table, test, (double)(process_cpu_ns(seat.pair) - cpu) / 1e9,
        (double)(pty_output_len(seat.pty) - written) / (double)len, &sight);
    sample_clear(&sight.ms);
    seat_leave(&seat);
}

void measure_stream(struct table *table, struct stream *stream)
{
    static const struct stream_case cases[] = {
        { "80x24", 24, 80, false },
        { "80x24, band open", 24, 80, true },
        { "200x50, band open", 50, 200, true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        measure_case(table, stream, &cases[i]);
}

void measure_burst(struct table *table, struct stream *stream)
{
    struct sample cpu = { 0 }, wall = { 0 };
    char what[64], detail[96];
    for (int i = 0; i < BURSTS; i++) {
        struct seat seat;
        seat_take(&seat, stream, 24, 80);
        int64_t before = process_cpu_ns(seat.pair), start = sample_now_ns();
        seat_ask(&seat, BURST_TOKENS, 0);
        seat_await_answer(&seat);
        sample_add(&wall, sample_ms_since(start));
        sample_add(&cpu, (double)(process_cpu_ns(seat.pair) - before) / 1e9);
        seat_leave(&seat);
    }
    snprintf(what, sizeof what, "%d tokens as fast as they come: CPU",
             BURST_TOKENS);
    snprintf(detail, sizeof detail, "median of %d; %.2f s by the clock", BURSTS,
             sample_quantile(&wall, 0.5) / 1e3);
    table_add(table, &(struct row){ .what = what,
                                    .value = sample_quantile(&cpu, 0.5),
                                    .unit = "s",
                                    .target = 0.25,
                                    .has_target = true,
                                    .detail = detail });
    sample_clear(&cpu);
    sample_clear(&wall);
}

void measure_memory(struct table *table, struct stream *stream)
{
    struct seat seat;
    char what[64], detail[96];
    seat_take(&seat, stream, 24, 80);
    int64_t cpu = process_cpu_ns(seat.pair);
    for (int i = 0; i < MEMORY_ANSWERS; i++) {
        seat_ask(&seat, MEASURE_TOKENS_MAX, 0);
        seat_await_answer(&seat);
    }
    snprintf(what, sizeof what, "PSS after %d tokens",
             MEMORY_ANSWERS * MEASURE_TOKENS_MAX);
    snprintf(detail, sizeof detail, "%d answers; %.1f s of CPU, %zu bytes each",
             MEMORY_ANSWERS, (double)(process_cpu_ns(seat.pair) - cpu) / 1e9,
             stream->answer->text.len);
    table_add(table, &(struct row){ .what = what,
                                    .value = process_pss_mib(seat.pair),
                                    .unit = "MiB",
                                    .target = 64,
                                    .has_target = true,
                                    .detail = detail });
    seat_leave(&seat);
}
