/* SPDX-License-Identifier: MIT */
/*
 * history - a conversation that goes on and on, without a program around it, and
 * the views of it, which are read as a screen does.
 */
#ifndef TESTS_BENCH_HISTORY_H
#define TESTS_BENCH_HISTORY_H

#include "graph/budget.h"
#include "graph/log.h"
#include "graph/messages.h"
#include "tests/bench/answer.h"
#include "ui/thread_view.h"

enum {
    HISTORY_TURN_TOKENS = 500, /* of a usual answer */
    HISTORY_FRAME_TOKENS = 10, /* 100 a second, 10 frames a second */
};

struct history {
    const struct answer_text *answer;
    struct log *log;
    struct graph *graph;
    struct thread thread;
    struct budget *budget;
    struct messages *messages;
    struct thread_view *view;
    struct canvas canvas;
    uint32_t run;
    size_t turn_tokens; /* of an answer */
    size_t tokens;      /* of the open answer; 0: none is open */
    bool draws;         /* else the views are read, not drawn */
};

void history_open(struct history *history, const struct answer_text *answer);
void history_close(struct history *history);

/* The next tokens, with what comes before and after an answer. */
void history_say(struct history *history, int count);

/* The same, until the log has so many events. */
void history_say_until(struct history *history, uint64_t events);

#endif
