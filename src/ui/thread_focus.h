/* SPDX-License-Identifier: MIT */
/*
 * thread_focus - the entry of the thread that keys go to. Private to
 * thread_view.
 *
 * Moves like the message of a mail reader: an entry that comes into focus is
 * shown whole, or from its head if it is taller than the view; what is taller
 * is paged through before the next one has its turn. Where the reader has
 * scrolled the focus out of view, it is taken up again in view.
 */
#ifndef UI_THREAD_FOCUS_H
#define UI_THREAD_FOCUS_H

#include "ui/thread_lines.h"
#include "ui/thread_view.h"

/* All-zero: nothing is in focus. */
struct thread_focus {
    uint64_t node_id; /* 0: none */
    size_t index;     /* where its entry was */
};

/* Find the node on a path that may have changed; one that is gone gives way to
 * the nearest, its sibling if the path has one. True if it did. */
bool thread_focus_keep(struct thread_focus *focus, const struct frame *frame);

/* Move it in a view that begins with the line `top`. Returns the line that the
 * view shall begin with. */
struct position thread_focus_move(struct thread_focus *focus,
                                  const struct frame *frame,
                                  struct position top, enum focus_move move);

/* The first line of a view that shows the node of the focus, moved from `top`
 * no more than that takes. */
struct position thread_focus_reveal(const struct thread_focus *focus,
                                    const struct frame *frame,
                                    struct position top);

#endif
