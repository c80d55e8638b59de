/* SPDX-License-Identifier: MIT */
/*
 * stream - a server on loopback that speaks Ollama's API and streams an answer
 * at a given pace, and says when it did what.
 *
 * (tests/server follows scripts; this one keeps time.) Each token is one line,
 * one HTTP chunk and one write. Every connection is served by a process of its
 * own; all end with the one that started them. What goes wrong ends the bench.
 */
#ifndef TESTS_BENCH_STREAM_H
#define TESTS_BENCH_STREAM_H

#include <stdatomic.h>
#include <stdint.h>

#include "tests/bench/answer.h"

enum { STREAM_MARKS_MAX = 4096 };

/* What all processes share. */
struct stream_shared {
    /* Set before the prompt: how many tokens of the answer, and how many a
     * second; 0: as fast as they are taken. */
    atomic_int tokens, per_second;
    /* When the first bytes of the last prompt came, monotonic ns, and how many
     * prompts came so far. */
    atomic_llong request_at;
    atomic_int requests;
    atomic_int answered; /* to the last byte */
    /* When each mark was sent; 0: not yet. */
    atomic_llong sent_at[STREAM_MARKS_MAX];
};

struct stream {
    const struct answer_text *answer; /* its longest */
    struct stream_shared *shared;
    int pid, port;
};

/* The answer must outlive it. */
void stream_start(struct stream *stream, const struct answer_text *answer);
void stream_stop(struct stream *stream);

/* The answer to the next prompt. */
void stream_plan(struct stream *stream, int tokens, int per_second);

#endif
