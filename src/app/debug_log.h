/* SPDX-License-Identifier: MIT */
/*
 * debug_log - what happened, in a file: events, requests and their ends, each a
 * line that begins with a monotonic time in ms.
 *
 * Secrets are left out (base/redact, and the keys of the endpoints); headers
 * and bodies of requests are not written. Of text that arrives in pieces only
 * the size is, since a secret that is cut could not be seen. The file is the
 * user's alone (0600) and appended to.
 */
#ifndef APP_DEBUG_LOG_H
#define APP_DEBUG_LOG_H

#include "chat/endpoint.h"
#include "graph/event.h"
#include "net/http.h"

struct debug_log;

/* Writes nothing until it is opened. Borrows the endpoints, whose keys are left
 * out. */
struct debug_log *debug_log_new(const struct endpoints *endpoints)
    RETURNS_NONNULL;
void debug_log_free(struct debug_log *log); /* NULL is fine */

/* Append to a regular file of ours, which is made if need be; the one before is
 * closed. */
bool debug_log_open(struct debug_log *log, const char *path,
                    struct error *err) MUST_USE;
void debug_log_close(struct debug_log *log);

/* NULL: nothing is written. */
const char *debug_log_path(const struct debug_log *log);

/* Watch the transfers; the log must outlive them. */
void debug_log_observe(struct debug_log *log, struct http *http);

void debug_log_event(struct debug_log *log, const struct event *event);

#endif
