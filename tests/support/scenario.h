/* SPDX-License-Identifier: MIT */
/*
 * scenario - a conversation for tests: a log written as lines of text, and the
 * graph folded from it.
 *
 * One event is one line: its type, its stamps, its fields.
 *
 *     @q user-message text='What is a knot?'
 *     run-started 1 node=@q
 *     attempt-started 1.1 model=small
 *     @a text-delta 1.1 text='A knot'
 *
 * `1` is a run, `1.1` an attempt of it. `@q` at the start names the event;
 * `@q` as a value is its seq. Values stand in single quotes where they have
 * spaces; \n is a line break. Times count up from 1000 by 1.
 */
#ifndef TESTS_SUPPORT_SCENARIO_H
#define TESTS_SUPPORT_SCENARIO_H

#include "graph/graph.h"
#include "graph/log.h"

enum { SCENARIO_LABELS_MAX = 64 };

/* A question, its run and an attempt that streams "one ". */
#define SCENARIO_STREAMING          \
    "@q user-message text=why\n"    \
    "run-started 1 node=@q\n"       \
    "attempt-started 1.1 model=m\n" \
    "connected 1.1\n"               \
    "@a text-delta 1.1 text='one '\n"

/* An answer that asked for two tools and is complete. */
#define SCENARIO_ASKED                           \
    "@q user-message text=why\n"                 \
    "run-started 1 node=@q\n"                    \
    "attempt-started 1.1 model=m\n"              \
    "@a text-delta 1.1 text=look\n"              \
    "tool-call-start 1.1 call=1 id=x name=ls\n"  \
    "tool-call-start 1.1 call=2 id=y name=cat\n" \
    "tool-call-end 1.1 call=1 arguments={}\n"    \
    "tool-call-end 1.1 call=2 arguments={}\n"    \
    "attempt-finished 1.1 outcome=complete\n"

struct scenario_label {
    char name[16];
    uint64_t seq;
};

/* All-zero is an empty scenario once scenario_init() was called. */
struct scenario {
    struct log *log;
    struct graph *graph;
    struct scenario_label labels[SCENARIO_LABELS_MAX];
    size_t label_count;
};

void scenario_init(struct scenario *scenario);
void scenario_clear(struct scenario *scenario);

/* Append and fold lines; a line that cannot be read fails the test. */
void scenario_play(struct scenario *scenario, const char *lines);

/* Append and fold one event. */
void scenario_add(struct scenario *scenario, struct event *event);

/* The seq of a named event. */
uint64_t scenario_seq(const struct scenario *scenario, const char *name);

/* The path to a node as graph_dump_path() writes it; 0: to the head. */
void scenario_assert_path(const struct scenario *scenario, uint64_t id,
                          const char *expected);

/* How many events were rejected, "unknown late illegal orphan": "0 1 0 2". */
void scenario_assert_rejected(const struct scenario *scenario,
                              const char *expected);

/* Names of states; what they name must be there. */
const char *scenario_run(const struct scenario *scenario, uint32_t run);
const char *scenario_attempt(const struct scenario *scenario, uint32_t run,
                             uint32_t attempt);
const char *scenario_call(const struct scenario *scenario, uint32_t call);

/* A graph folded from the first `count` events of a log. */
struct graph *scenario_fold(const struct log *log, uint64_t count);

#endif
