/* SPDX-License-Identifier: MIT */
/*
 * The log, the reducer and the views without a program around them: what one
 * more token costs late in a conversation.
 */
#include <stdio.h>

#include "tests/bench/history.h"
#include "tests/bench/measure.h"
#include "tests/bench/sample.h"

enum {
    EVENTS = 1000000,
    TENTHS = 10,
    EARLY_TOKENS = 1000,
    LATE_TOKENS = 1000000,
    TIMED_TOKENS = 20000,
};

void measure_reducer(struct table *table, struct stream *stream)
{
    struct history talk;
    double seconds[TENTHS], total = 0;
    char detail[96];
    history_open(&talk, stream->answer);
    for (int tenth = 0; tenth < TENTHS; tenth++) {
        uint64_t until = (uint64_t)EVENTS / TENTHS * ((unsigned)tenth + 1);
        int64_t start = sample_now_ns();
        history_say_until(&talk, until);
        seconds[tenth] = sample_ms_since(start) / 1e3;
        total += seconds[tenth];
    }
    snprintf(detail, sizeof detail,
             "%.2f s in all, %.3f s the first tenth, %.3f s the last", total,
             seconds[0], seconds[TENTHS - 1]);
    table_add(
        table,
        &(struct row){ .what = "1000000 events reduced, views read: last tenth",
                       .value = seconds[TENTHS - 1] / seconds[0],
                       .unit = "x first",
                       .target = 1.5,
                       .has_target = true,
                       .detail = detail });
    history_close(&talk);
}

/* Microseconds a token, drawn ten at a time; the median of many frames. */
static double token_us(struct history *talk)
{
    struct sample us = { 0 };
    for (int i = 0; i < TIMED_TOKENS / HISTORY_FRAME_TOKENS; i++) {
        int64_t start = sample_now_ns();
        history_say(talk, HISTORY_FRAME_TOKENS);
        sample_add(&us, sample_ms_since(start) * 1e3 / HISTORY_FRAME_TOKENS);
    }
    double result = sample_quantile(&us, 0.5);
    sample_clear(&us);
    return result;
}

static void measure_late(struct table *table, const struct stream *stream,
                         const char *what, size_t turn_tokens)
{
    struct history talk;
    char detail[96];
    history_open(&talk, stream->answer);
    talk.draws = true;
    talk.turn_tokens = turn_tokens;
    history_say(&talk, EARLY_TOKENS);
    double early = token_us(&talk);
    history_say(&talk, LATE_TOKENS - EARLY_TOKENS - TIMED_TOKENS);
    double late = token_us(&talk);
    snprintf(detail, sizeof detail,
             "drawn: %.2f us a token at 1 k, %.2f us at 1 M", early, late);
    table_add(table, &(struct row){ .what = what,
                                    .value = late / early,
                                    .unit = "x",
                                    .target = 1.2,
                                    .has_target = true,
                                    .detail = detail });
    history_close(&talk);
}

void measure_history(struct table *table, struct stream *stream)
{
    measure_late(table, stream,
                 "a token after 1 M tokens, in 500-token answers",
                 HISTORY_TURN_TOKENS);
    measure_late(table, stream, "a token after 1 M tokens, in one answer",
                 LATE_TOKENS + TIMED_TOKENS);
}
