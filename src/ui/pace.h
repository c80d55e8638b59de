/* SPDX-License-Identifier: MIT */
/*
 * pace - how fast the line takes bytes, and how many it should get now.
 *
 * A line that never fell behind has no limit. One that did is measured from
 * full to full: what it takes between two moments at which it takes no more. A
 * serial line that says its speed is believed. Then the bytes are counted that
 * must still be on their way (a pty keeps 20 KiB for its reader), because a
 * key's echo waits behind all of them.
 *
 * Pure: the time is the caller's, in monotonic ms. All-zero is a line of which
 * nothing is known.
 */
#ifndef UI_PACE_H
#define UI_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACE_NO_LIMIT SIZE_MAX

struct pace {
    double rate;   /* bytes a second, 0: not known */
    bool is_given; /* by pace_give(); not measured */
    double queued; /* bytes that the line has not passed on, at counted_at */
    int64_t counted_at;
    bool was_full;
    int64_t full_at;
    double since_full; /* bytes taken since then */
};

/* The line says its own speed in bytes a second; 0: it does not, measure it. */
void pace_give(struct pace *pace, int rate);

/* The line took so many bytes; is_full: and no more of them. */
void pace_on_write(struct pace *pace, size_t len, bool is_full, int64_t now);

/* How many bytes the next frame may have so that they are through in a tenth
 * of a second, or PACE_NO_LIMIT. */
size_t pace_budget(struct pace *pace, int64_t now);

/* A frame did not fit its budget: the line may have become faster, and is
 * tried with a little more. */
void pace_on_cut(struct pace *pace);

#endif
