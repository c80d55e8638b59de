/* SPDX-License-Identifier: MIT */
#include "ui/pace.h"

enum {
    FRAME_MS = 100,         /* at most ten frames a second: looks.frames */
    FAST = 160 * 1000,      /* bytes a second: no frame is too large */
    QUEUE_SIZE = 20 * 1024, /* what a pty of Linux holds, measured */
    PIECE_MIN = 1024,       /* fewer bytes say nothing: it frees blocks */
    MEASURE_MS = 20 * 1000, /* full and full again, and busy all the time */
};

static const double growth = 1.01; /* twice as much after 70 cut frames */

void pace_give(struct pace *pace, int rate)
{
    if (rate == 0 && !pace->is_given)
        return;
    *pace = (struct pace){ .rate = rate, .is_given = rate > 0 };
}

static double elapsed_ms(int64_t from, int64_t now)
{
    return now > from ? (double)(now - from) : 1;
}

static void count(struct pace *pace, int64_t now)
{
    if (now <= pace->counted_at)
        return;
    pace->queued -= pace->rate * (double)(now - pace->counted_at) / 1000;
    if (pace->queued < 0)
        pace->queued = 0;
    pace->counted_at = now;
}

/* It has room for what it passed on: while it is not full again, that is the
 * least that it can do. */
static void measure(struct pace *pace, bool is_full, int64_t now)
{
    double rate = pace->since_full * 1000 / elapsed_ms(pace->full_at, now);
    if (is_full)
        pace->rate = pace->rate > 0 ? (pace->rate + rate) / 2 : rate;
    else if (rate > pace->rate && pace->rate > 0)
        pace->rate = rate;
}

void pace_on_write(struct pace *pace, size_t len, bool is_full, int64_t now)
{
    count(pace, now);
    pace->queued += (double)len;
    pace->since_full += (double)len;
    if (pace->is_given)
        return;
    bool is_recent = pace->was_full && now - pace->full_at <= MEASURE_MS;
    bool is_enough = pace->since_full >= PIECE_MIN;
    if (is_recent && is_enough)
        measure(pace, is_full, now);
    if (!is_full)
        return;
    pace->queued = QUEUE_SIZE;
    /* Until it took enough it is the same measurement. */
    if (is_recent && !is_enough)
        return;
    pace->was_full = true;
    pace->full_at = now;
    pace->since_full = 0;
}

size_t pace_budget(struct pace *pace, int64_t now)
{
    count(pace, now);
    if (pace->rate <= 0 || pace->rate >= FAST)
        return PACE_NO_LIMIT;
    double budget = pace->rate * FRAME_MS / 1000 - pace->queued;
    return budget > 0 ? (size_t)budget : 0;
}

void pace_on_cut(struct pace *pace)
{
    if (!pace->is_given)
        pace->rate *= growth;
}
