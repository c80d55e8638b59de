/* SPDX-License-Identifier: MIT */
/*
 * call_output - what a call prints while it runs, as events: enough to watch it,
 * and no more than a session's file should hold.
 *
 * Whole up to CALL_OUTPUT_WHOLE bytes; from there on the last line or so, each
 * second. What the model gets comes with tool-finished, and takes its place.
 */
#ifndef CHAT_CALL_OUTPUT_H
#define CHAT_CALL_OUTPUT_H

#include <stdint.h>

#include "base/buf.h"

enum {
    CALL_OUTPUT_WHOLE = 64 * 1024, /* bytes */
    CALL_OUTPUT_PIECE = 512,
    CALL_OUTPUT_MS = 1000,
};

/* All-zero is the start. */
struct call_output {
    size_t told;      /* bytes */
    struct buf last;  /* what has come since, at most a piece */
    uint64_t skipped; /* bytes of it that are not there */
    int64_t told_at;  /* monotonic */
};

void call_output_clear(struct call_output *output);

/* A piece came: append to `out` what is to be told now, "" nothing. */
void call_output_take(struct call_output *output, struct slice piece,
                      int64_t now, struct buf *out);

#endif
