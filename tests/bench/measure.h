/* SPDX-License-Identifier: MIT */
/*
 * measure - what the bench can measure: each function fills its rows of the
 * table. What cannot be measured says so there.
 */
#ifndef TESTS_BENCH_MEASURE_H
#define TESTS_BENCH_MEASURE_H

#include "tests/bench/stream.h"
#include "tests/bench/table.h"

/* The real program, against this server. */
typedef void measure_fn(struct table *table, struct stream *stream);

measure_fn measure_start;   /* to the prompt; memory and wake-ups there */
measure_fn measure_stream;  /* an answer at 100 tokens a second */
measure_fn measure_burst;   /* an answer as fast as it comes */
measure_fn measure_keys;    /* a key's echo; Enter to the request */
measure_fn measure_oneshot; /* beside curl */
measure_fn measure_journal; /* kept, and had back */
measure_fn measure_memory;  /* after a million tokens */
measure_fn measure_reducer; /* a million events; needs no server */
measure_fn measure_decode;  /* each dialect beside jansson; nor this */
measure_fn measure_object;  /* a value while it arrives; nor this */
measure_fn measure_score;   /* how hard a prompt is; nor this */
measure_fn measure_search;  /* a million messages, indexed; nor this */
measure_fn measure_history; /* a token late in a conversation; nor this */
measure_fn measure_tokens;  /* an estimate of a text; nor this */

/* The tokens that an answer must have for all of these. */
enum { MEASURE_TOKENS_MAX = 100000 };

#endif
