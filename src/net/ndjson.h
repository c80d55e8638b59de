/* SPDX-License-Identifier: MIT */
/*
 * ndjson - lines out of bytes: one JSON value a line.
 *
 * Pure: no I/O. Any split of the bytes gives the same lines. LF or CRLF ends a
 * line, blank lines are skipped, a last line without an ending is handed over
 * by ndjson_finish().
 */
#ifndef NET_NDJSON_H
#define NET_NDJSON_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

enum { NDJSON_LINE_MAX = 16 * 1024 * 1024 };

/* The line is borrowed for the call and never blank. The call must not feed or
 * clear the reader. */
typedef void ndjson_line_fn(void *context, struct slice line);

struct ndjson {
    struct buf line;
    ndjson_line_fn *fn;
    void *context;
};

void ndjson_init(struct ndjson *ndjson, ndjson_line_fn *fn, void *context);
void ndjson_clear(struct ndjson *ndjson);

/* False (ERROR_LIMIT) when a line is over the cap. */
bool ndjson_feed(struct ndjson *ndjson, struct slice bytes,
                 struct error *err) MUST_USE;
void ndjson_finish(struct ndjson *ndjson);

#endif
