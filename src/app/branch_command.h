/* SPDX-License-Identifier: MIT */
/*
 * branch_command - the commands that make branches, go to them, and take back
 * what was done; and the turns that they are about.
 */
#ifndef APP_BRANCH_COMMAND_H
#define APP_BRANCH_COMMAND_H

#include "app/command.h"
#include "chat/branch.h"

command_fn branch_command_retry, branch_command_better, branch_command_here,
    branch_command_continue, branch_command_edit, branch_command_undo,
    branch_command_redo, branch_command_name, branch_command_prune,
    branch_command_restore, branch_command_previous, branch_command_next,
    branch_command_go_to, branch_command_compare, branch_command_prefer;

/* The prompt that a node is or hangs on; NULL: none. Until the graph changes. */
const struct node *branch_command_prompt(const struct graph *graph,
                                         uint64_t node_id);

/* A turn by its number, or the branch of a name; 0, in words: there is none. */
uint64_t branch_command_find(const struct graph *graph, struct slice words,
                             struct error *err);

/* Two siblings of the branch of a turn: the one of a number, or (nothing) that
 * before it. */
bool branch_command_pair(const struct graph *graph, uint64_t node_id,
                         struct slice number, struct branch_pair *pair,
                         struct error *err);

/* Which of two answers is better, as /prefer takes it: a number among the
 * siblings, or "none" (*better is 0 then). *pair is what is compared, or all
 * zero: then the two are those that /compare would show. */
bool branch_command_better_of(const struct graph *graph, uint64_t node_id,
                              struct slice words, struct branch_pair *pair,
                              uint64_t *better, struct error *err);

/* Append what a turn says, as it was sent. */
void branch_command_text(const struct node *node, struct buf *out);

#endif
