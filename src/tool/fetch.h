/* SPDX-License-Identifier: MIT */
/*
 * fetch - a tool: the text behind a URL (http_get).
 *
 * Offered only where the settings name it. It goes to public addresses
 * (net/address_block), and to hosts that tools.hosts names; with no key, no
 * cookie, no proxy and no connection of anybody else's; it follows no redirect
 * but tells where it points.
 */
#ifndef TOOL_FETCH_H
#define TOOL_FETCH_H

#include "net/http.h"
#include "net/loop.h"
#include "tool/plan.h"

struct settings;

enum {
    FETCH_BODY_MAX = 5 * 1024 * 1024, /* bytes */
    FETCH_WAIT_MS = 20 * 1000,        /* for the whole of it, unless the plan
                                         says otherwise */
    FETCH_CONNECT_MS = 10 * 1000,
};

extern const struct tool fetch_tool; /* TOOL_GETS; plans only */

struct fetch;

/* Borrowed. */
struct fetch_setup {
    struct loop *loop;
    struct http *http;
    const struct settings *settings; /* tools.hosts */
};

/* Of one that came: status, type and text, for the model, as valid UTF-8. Of one
 * that did not, or is no text: why, and what came of the text. Borrowed for the
 * call, in which the fetch may be freed. */
typedef void fetch_done_fn(void *context, struct slice text, uint64_t bytes,
                           const struct error *err);

/* NULL: it cannot be started. Else `fn` is called once, never from in here. */
struct fetch *fetch_start(const struct fetch_setup *setup,
                          const struct tool_plan *plan, fetch_done_fn *fn,
                          void *context, struct error *err) MUST_USE;

/* Stops it, silently, if it is under way. NULL is fine. */
void fetch_free(struct fetch *fetch);

#endif
