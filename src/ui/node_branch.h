/* SPDX-License-Identifier: MIT */
/*
 * node_branch - the parts of a node on screen that speak of other nodes: what
 * it spawned, and the summary that stands for it and others.
 */
#ifndef UI_NODE_BRANCH_H
#define UI_NODE_BRANCH_H

#include "ui/node_view.h"

/* Cells before the lines of an entry of a level. */
int node_branch_indent(uint32_t level, int width);

/* A bar for each level in these cells; the row and the setting become what is
 * left of the width. */
void node_branch_draw_bars(const struct node_view *view,
                           struct node_setting *setting, struct canvas *canvas,
                           struct rect *row);

/* A spawned branch begins with this node: a row that names it. */
void node_branch_begin(struct node_view *view, const struct node *node);

/* A row for each run that was just born here and has nothing to show yet; a
 * mark for each that ended so. */
void node_branch_add_born(struct node_view *view,
                          const struct node_setting *setting,
                          const struct node *node);

/* The summary that the entry is. */
void node_branch_add_summary(struct node_view *view,
                             const struct node_setting *setting);

/* What the row of a branch says, beside the name of the call that spawned it:
 * of a folded one how it begins and how it stands, "" for nothing. */
void node_branch_words(struct buf *left, struct buf *right,
                       const struct node_setting *setting,
                       const struct node *root, bool is_folded);

/* The row of a run that was just born: "agent", and how it stands. */
void node_branch_born_words(struct buf *left, struct buf *right,
                            const struct node_setting *setting, uint32_t run);

#endif
