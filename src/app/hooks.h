/* SPDX-License-Identifier: MIT */
/*
 * hooks - programs of the user that are told of events: `hooks.EVENT`.
 *
 * Each is started detached, with the event as one line of JSON on its standard
 * input and an environment without keys; what it prints is dropped. It can
 * change nothing and nobody waits for it. So that a flood of events cannot
 * start a flood of programs, events that come while HOOKS_MAX run are dropped
 * and counted.
 */
#ifndef APP_HOOKS_H
#define APP_HOOKS_H

#include "config/settings.h"
#include "graph/event.h"
#include "net/loop.h"

enum {
    HOOKS_MAX = 8,          /* at a time */
    HOOKS_MS = 10 * 1000,   /* one that takes longer is ended */
    HOOKS_LINGER_MS = 1000, /* for those that run when the program ends */
};

struct hooks;

/* Borrows both. The settings are asked anew for every event. */
struct hooks *hooks_new(struct loop *loop,
                        const struct settings *settings) RETURNS_NONNULL;

/* Ends those that still run. NULL is fine. */
void hooks_free(struct hooks *hooks);

/* An event happened. */
void hooks_tell(struct hooks *hooks, const struct event *event);

/* Turn the loop until all have ended, or HOOKS_LINGER_MS. */
void hooks_linger(struct hooks *hooks);

/* Append "3 run, 1 failed (notify-send: it cannot be run), 2 dropped"; nothing
 * if none was started. True if one failed or was dropped. */
bool hooks_describe(const struct hooks *hooks, struct buf *out);

/* True if there is such a type of event; else the nearest is named. */
bool hooks_have_event(const char *name, struct error *err);

/* A setting `hooks.EVENT` for which there is no event: false, with file, line
 * and the nearest name; with `complaints` each is appended there, a line each.
 */
bool hooks_check(const struct settings *settings, struct buf *complaints,
                 struct error *err);

#endif
