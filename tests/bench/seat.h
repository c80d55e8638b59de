/* SPDX-License-Identifier: MIT */
/*
 * seat - somebody who sits before the real program, on a pty, connected to the
 * bench's server.
 *
 * What does not come in a minute ends the measure.
 */
#ifndef TESTS_BENCH_SEAT_H
#define TESTS_BENCH_SEAT_H

#include "tests/bench/process.h"
#include "tests/bench/stream.h"
#include "tests/support/pty.h"

struct seat {
    struct pty *pty;
    struct stream *stream;
    struct process_pair pair;
    int answered; /* prompts, before the last one */
};

/* $PROGRAM, or build/release/sennit. */
const char *seat_program(void);

/* A terminal on which nothing runs yet; the program on it, when it knows its
 * model; the end of both. */
void seat_prepare(struct seat *seat, struct stream *stream, int height,
                  int width);
void seat_take(struct seat *seat, struct stream *stream, int height, int width);
void seat_leave(struct seat *seat);

/* Send a prompt; wait until its answer has come and everything is drawn. */
void seat_ask(struct seat *seat, int tokens, int per_second);
void seat_await_answer(struct seat *seat);

/* Read what the program shows: until a text is there, for some time, or until
 * nothing has come for a while. */
void seat_await(struct seat *seat, const char *text);
void seat_watch(struct seat *seat, int ms);
void seat_settle(struct seat *seat);

/* Until a condition holds. */
void seat_until(struct seat *seat, pty_condition_fn *fn, void *context);

#endif
