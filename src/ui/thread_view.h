/* SPDX-License-Identifier: MIT */
/*
 * thread_view - the conversation on screen: entries of the thread view, laid
 * out, scrolled and drawn.
 *
 * Caches the lines of each node by (node, last change, width), and lays out
 * only nodes that come into view; streamed text lays out the open rest of one
 * block. Scrolling follows the end only while the end is on screen; otherwise
 * what is on screen stays there and new lines are counted.
 */
#ifndef UI_THREAD_VIEW_H
#define UI_THREAD_VIEW_H

#include <stdbool.h>

#include "graph/graph.h"
#include "graph/thread.h"
#include "ui/canvas.h"

struct thread_view;

struct thread_view *thread_view_new(void) RETURNS_NONNULL;
void thread_view_free(struct thread_view *view); /* NULL is fine */

/* Shown while the conversation is empty, Markdown. */
void thread_view_welcome(struct thread_view *view, const char *text);

/* A line below the last turn; "" for none. */
void thread_view_hint(struct thread_view *view, const char *text);

/* Draw with ASCII only. */
void thread_view_set_ascii(struct thread_view *view, bool ascii);

/* Thinking, and what tools were given and gave back, is folded to one line
 * unless this is set: for all nodes, or for one until all are set again. */
void thread_view_unfold(struct thread_view *view, bool unfolded);
bool thread_view_is_unfolded(const struct thread_view *view);
void thread_view_unfold_node(struct thread_view *view, uint64_t node_id,
                             bool unfolded);
bool thread_view_is_node_unfolded(const struct thread_view *view,
                                  uint64_t node_id);

enum focus_move {
    FOCUS_NONE,
    FOCUS_NEWEST, /* of those in view; nothing is scrolled */
    FOCUS_NEXT,
    FOCUS_PREVIOUS,
    FOCUS_FIRST, /* and the start of the thread */
    FOCUS_LAST,  /* and its end */
};

/* The entry that keys go to, marked where it is drawn. It moves at once, the
 * view with the next draw; only the user moves it. A node that left the path
 * gives way to the nearest. */
void thread_view_focus(struct thread_view *view, const struct graph *graph,
                       struct thread *thread, enum focus_move move);
/* Focus a node of the path; nothing happens if it is not on it. */
void thread_view_focus_node(struct thread_view *view, const struct graph *graph,
                            struct thread *thread, uint64_t node_id);
uint64_t thread_view_focused(const struct thread_view *view); /* 0: none */

/* Lay out what changed and draw the part that is in view into rect. `now` is
 * Unix ms, for the clocks of open answers. Times of day are local. The thread
 * may have been caught up by others. */
void thread_view_draw(struct thread_view *view, const struct graph *graph,
                      struct thread *thread, struct canvas *canvas,
                      struct rect rect, int64_t now);

/* Move by lines, or by pages of the last drawn height; negative is up. The next
 * draw moves; what the last two functions return is of the last draw. */
void thread_view_scroll(struct thread_view *view, int lines);
void thread_view_page(struct thread_view *view, int pages);
void thread_view_to_end(struct thread_view *view);
void thread_view_to_start(struct thread_view *view);

/* Lines of the conversation that came since the view left the end; 0 while
 * following. */
size_t thread_view_new_lines(const struct thread_view *view);
bool thread_view_is_following(const struct thread_view *view);

/* Bytes of text laid out so far: what tests bound. */
uint64_t thread_view_work(const struct thread_view *view);

#endif
