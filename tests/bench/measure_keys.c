/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "tests/bench/measure.h"
#include "tests/bench/sample.h"
#include "tests/bench/seat.h"

enum {
    KEYS = 500,
    KEY_PAUSE_MS = 13, /* no divisor of a frame's or a token's time */
    ANSWER_TOKENS = 2000,
    PER_SECOND = 100,
    ENTERS = 31,
    ENTER_TOKENS = 5,
};

/* Where the cursor stands after the key. */
struct echo {
    int row, col;
};

static bool is_echoed(struct pty *pty, void *context)
{
    const struct echo *echo = context;
    int row, col;
    pty_cursor(pty, &row, &col);
    return row == echo->row && col == echo->col;
}

/* The keys write a letter and take it back, so that the draft stays short; the
 * caret stands where the text ends, and moves with it. */
static void type(struct seat *seat, struct sample *ms)
{
    struct echo echo;
    pty_cursor(seat->pty, &echo.row, &echo.col);
    for (int i = 0; i < KEYS; i++) {
        bool is_letter = i % 2 == 0;
        seat_watch(seat, KEY_PAUSE_MS);
        echo.col += is_letter ? 1 : -1;
        int64_t start = sample_now_ns();
        pty_send(seat->pty, is_letter ? "x" : "\x7f");
        seat_until(seat, is_echoed, &echo);
        sample_add(ms, sample_ms_since(start));
    }
}

static void measure_echo(struct table *table, struct stream *stream)
{
    struct sample ms = { 0 };
    struct seat seat;
    char detail[64];
    seat_take(&seat, stream, 24, 80);
    seat_ask(&seat, ANSWER_TOKENS, PER_SECOND);
    seat_await(&seat, "#00001");
    type(&seat, &ms);
    snprintf(detail, sizeof detail, "%d keys, median %.2f ms, most %.2f", KEYS,
             sample_quantile(&ms, 0.5), sample_quantile(&ms, 1));
    table_add(table, &(struct row){ .what = "key to echo while streaming, p99",
                                    .value = sample_quantile(&ms, 0.99),
                                    .unit = "ms",
                                    .target = 1.5,
                                    .has_target = true,
                                    .detail = detail });
    sample_clear(&ms);
    seat_leave(&seat);
}

static void measure_enter(struct table *table, struct stream *stream)
{
    struct sample ms = { 0 };
    struct seat seat;
    char detail[64];
    seat_take(&seat, stream, 24, 80);
    for (int i = 0; i < ENTERS; i++) {
        int64_t start = sample_now_ns();
        seat_ask(&seat, ENTER_TOKENS, 0);
        seat_await_answer(&seat);
        sample_add(&ms,
                   (double)(atomic_load(&stream->shared->request_at) - start) /
                       1e6);
    }
    snprintf(detail, sizeof detail, "median of %d, p99 %.2f ms", ENTERS,
             sample_quantile(&ms, 0.99));
    table_add(table, &(struct row){ .what = "Enter to the request on the wire",
                                    .value = sample_quantile(&ms, 0.5),
                                    .unit = "ms",
                                    .target = 3,
                                    .has_target = true,
                                    .detail = detail });
    sample_clear(&ms);
    seat_leave(&seat);
}

void measure_keys(struct table *table, struct stream *stream)
{
    measure_echo(table, stream);
    measure_enter(table, stream);
}
