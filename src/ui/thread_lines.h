/* SPDX-License-Identifier: MIT */
/*
 * thread_lines - the lines of the conversation: a node is laid out when a line
 * of it is asked for, and lines are found again when nodes and widths changed.
 *
 * Private to thread_view and thread_focus.
 */
#ifndef UI_THREAD_LINES_H
#define UI_THREAD_LINES_H

#include <stdbool.h>

#include "graph/thread.h"
#include "ui/node_view.h"

/* What the user folded or unfolded by itself. */
struct fold_choice {
    uint64_t node_id;
    bool unfolded;
};

/* All-zero holds nothing. */
struct thread_lines {
    ARRAY_OF(struct node_view) nodes;   /* as the entries of the thread */
    struct node_view tail;              /* what comes after the last node */
    ARRAY_OF(struct fold_choice) folds; /* in the order of their ids */
};

void thread_lines_clear(struct thread_lines *lines);

/* Is a node unfolded, where all others are or are not? */
bool thread_lines_unfolded(const struct thread_lines *lines, uint64_t node_id,
                           bool others);
void thread_lines_unfold(struct thread_lines *lines, uint64_t node_id,
                         bool unfolded);

/* The lines as one call sees them. Everything is borrowed for it. */
struct frame {
    struct thread_lines *lines;
    const struct thread *thread;
    struct node_setting setting;
    size_t height;
};

/* Bring the lines up to the thread, which has caught up. */
void frame_catch_up(const struct frame *frame, const char *foot);

size_t frame_count(const struct frame *frame); /* nodes */

/* The view of a node, brought up to it, or the tail. */
struct node_view *frame_node(const struct frame *frame, size_t index);
size_t frame_lines(const struct frame *frame, size_t index);

/* Where the entry of a node is, or of the summary that stands for it; *index is
 * where it was. False: it is not in the thread any more. */
bool frame_find_node(const struct frame *frame, uint64_t node_id,
                     size_t *index);

/* A line of the conversation: of a node of the path, or of the tail, which
 * comes after the last node. */
struct position {
    size_t index;
    size_t line;
};

bool position_is_before(struct position a, struct position b);

/* Moved by lines, at most to the start and to the end. Where a node ends, the
 * next one begins. */
struct position frame_up(const struct frame *frame, struct position position,
                         uint64_t lines);
struct position frame_down(const struct frame *frame, struct position position,
                           uint64_t lines);

/* The first line of a view that shows the end; is nothing below a view that
 * begins here? */
struct position frame_last_page(const struct frame *frame);
bool frame_shows_end(const struct frame *frame, struct position position);

/* A line that is found again when nodes and widths have changed. */
struct anchor {
    struct position position;
    uint64_t node_id; /* 0: the tail */
    struct node_place place;
    int width; /* that the position was counted with */
    bool unfolded, ascii;
};

struct anchor frame_anchor(const struct frame *frame, struct position position);

/* The end of the last node, for counting what comes after it. */
struct anchor frame_end_anchor(const struct frame *frame);

/* Set the position to what it is now; false if the node is gone. */
bool frame_find(const struct frame *frame, struct anchor *anchor);

#endif
