/* SPDX-License-Identifier: MIT */
/*
 * sse - server-sent events out of bytes (WHATWG HTML, 9.2.6).
 *
 * Pure: no I/O. Any split of the bytes gives the same events. A line ended by
 * a lone CR is processed at once; one LF after it is swallowed. Bytes are
 * passed on as they are: text is checked where it gets a meaning.
 *
 * Deviations, made for servers of language models and stated to the receiver:
 *   - a line that begins with '{' or '[' outside an event is handed over as
 *     SSE_UNFRAMED (a JSON body pasted into the stream);
 *   - a field named "error" is handed over as SSE_ERROR_FIELD;
 *   - data that is pending at the end is handed over as SSE_UNFINISHED, for the
 *     receiver to take only if it is one complete JSON value.
 */
#ifndef NET_SSE_H
#define NET_SSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

enum {
    SSE_LINE_MAX = 16 * 1024 * 1024,
    SSE_EVENT_MAX = 16 * 1024 * 1024,
    SSE_RETRY_MAX_MS = 3600 * 1000,
};

enum sse_kind {
    SSE_EVENT,       /* dispatched by an empty line; data may be empty */
    SSE_COMMENT,     /* data: its text. A keep-alive: the link lives */
    SSE_ERROR_FIELD, /* data: the value of a field named "error" */
    SSE_UNFRAMED,    /* data: a whole line of bare JSON */
    SSE_UNFINISHED,  /* data: what was pending when the stream ended */
};

struct sse_event {
    enum sse_kind kind;
    struct slice type; /* "message" unless the stream named one */
    struct slice data; /* lines joined by LF */
    struct slice id;   /* last event id; persists over events */
};

/* Slices are borrowed for the call, which must not feed or clear the parser. */
typedef void sse_event_fn(void *context, const struct sse_event *event);

struct sse {
    struct buf line;
    struct buf data;
    struct buf type;
    struct buf id;
    sse_event_fn *fn;
    void *context;
    int64_t retry_ms; /* -1 until the stream sets it; clamped */
    uint8_t bom_bytes;
    bool has_field; /* a line with a field came, or half a line at the end
                       that may be one or a comment */
    bool has_data;
    bool after_cr;
    bool started;
};

void sse_init(struct sse *sse, sse_event_fn *fn, void *context);
void sse_clear(struct sse *sse);

/* False (ERROR_LIMIT) when a line or event is over its cap; the parser must
 * then not be fed any more. */
bool sse_feed(struct sse *sse, struct slice bytes, struct error *err) MUST_USE;

/* The stream ended. Nothing pending is kept; never hands over empty data as
 * SSE_UNFINISHED. */
void sse_finish(struct sse *sse);

#endif
