/* SPDX-License-Identifier: MIT */
/*
 * holdup - what one-shot waits for, told on standard error.
 *
 * A line for each thing that is waited for, once two seconds have passed or it
 * is known that they will: the screen shows it all along, a pipe shows nothing.
 */
#ifndef APP_HOLDUP_H
#define APP_HOLDUP_H

#include "base/buf.h"
#include "graph/event.h"
#include "net/loop.h"

enum { HOLDUP_MS = 2 * 1000 };

/* All-zero but for the loop. */
struct holdup {
    struct loop *loop;
    uint32_t timer;
    bool is_late;      /* it has waited for so long by now */
    struct buf model;  /* that is asked */
    struct buf reason; /* why it waits; empty: it does not */
    struct buf said;   /* the last reason that was told */
};

/* Take in any event of the conversation, in order. */
void holdup_take(struct holdup *holdup, const struct event *event);

/* Before the loop is freed. */
void holdup_clear(struct holdup *holdup);

#endif
