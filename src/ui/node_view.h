/* SPDX-License-Identifier: MIT */
/*
 * node_view - one node of the conversation as lines: a head line, then its
 * blocks, then how it ended.
 *
 * Keeps the lines of text between calls and lays out only what grew. Lines
 * that hold clocks and states are made when they are drawn.
 */
#ifndef UI_NODE_VIEW_H
#define UI_NODE_VIEW_H

#include <stdbool.h>

#include "graph/graph.h"
#include "graph/thread.h"
#include "ui/node_part.h"

/* All-zero is of no node. */
struct node_view {
    struct thread_entry entry;
    uint32_t run, attempt; /* of PART_PENDING */
    uint32_t run_before;   /* whose end is told before the head; 0: none */
    int width;
    bool ascii, unfolded, is_hidden;
    uint64_t tokens;   /* estimated, of an answer that ended */
    size_t head_count; /* parts before the first block */
    ARRAY_OF(struct node_part) parts;
};

void node_view_clear(struct node_view *view);

/* Bring the view up to its node; its lines are those of the setting's width
 * less node_branch_indent(). */
void node_view_update(struct node_view *view,
                      const struct node_setting *setting,
                      const struct thread_entry *entry);

/* The lines below the last node of the path (0: there is none): attempts that
 * have no node, a hint below them; of an empty conversation its welcome; ""
 * for none. */
void node_view_update_tail(struct node_view *view,
                           const struct node_setting *setting, uint64_t last_id,
                           const char *foot);

size_t node_view_lines(const struct node_view *view);

/* The line that names the node: its first row, below the attempts that failed;
 * else the first line. */
size_t node_view_head_line(const struct node_view *view);

/* Where it is in focus the row that names it is marked whole, all others in
 * their first cell. */
void node_view_draw(const struct node_view *view,
                    const struct node_setting *setting, size_t line,
                    struct canvas *canvas, struct rect row);

/* A place in the text that stays where it is when the width changes. */
struct node_place {
    size_t part;
    uint64_t place;
};
struct node_place node_view_place(const struct node_view *view, size_t line);
size_t node_view_line(const struct node_view *view, struct node_place place);

/* Where text that comes later will begin. */
struct node_place node_view_end(const struct node_view *view);

#endif
