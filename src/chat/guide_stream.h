/* SPDX-License-Identifier: MIT */
/*
 * guide_stream - the guide's answer, flowing in pieces as one of a server does.
 */
#ifndef CHAT_GUIDE_STREAM_H
#define CHAT_GUIDE_STREAM_H

#include "base/buf.h"
#include "llm/provider.h"
#include "net/loop.h"

/* The next piece, borrowed for the call; empty: that was all, and the stream
 * may be cleared. */
typedef void guide_stream_fn(void *context, struct slice piece);

/* All-zero is one that has not started. Must not move while it flows. */
struct guide_stream {
    struct loop *loop;
    guide_stream_fn *fn;
    void *context;
    bool is_paced; /* somebody watches */
    struct buf text;
    size_t sent;
    uint32_t timer;
};

/* Begin to answer the last question; loop, fn, context, is_paced are set. */
void guide_stream_start(struct guide_stream *stream,
                        const struct messages *messages);

/* Ends it at once. */
void guide_stream_clear(struct guide_stream *stream);

#endif
