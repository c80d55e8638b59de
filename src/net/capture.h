/* SPDX-License-Identifier: MIT */
/*
 * capture - a recorded response taken apart, with or without its HTTP head.
 *
 * Reads what `curl -i` and a byte-for-byte recording of the connection leave.
 * A body that is announced as chunked is put together if it really is chunked;
 * recordings that keep the header over a body that was put together already
 * are read as they are. Pure: no I/O.
 */
#ifndef NET_CAPTURE_H
#define NET_CAPTURE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/* All-zero is an empty capture; capture_clear() frees it. */
struct capture {
    bool has_head;           /* else: the bytes were a body */
    int status;              /* 0 without head */
    struct buf content_type; /* "" if absent */
    struct buf body;
    bool was_chunked;
    bool is_cut; /* a chunked body ended before its last chunk */
};

/* Heads of interim answers (100 Continue) are skipped. */
void capture_parse(struct capture *capture, struct slice bytes);
void capture_clear(struct capture *capture);

#endif
