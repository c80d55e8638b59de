/* SPDX-License-Identifier: MIT */
/*
 * tree - what the user does to the tree of turns: branches get names, are
 * pruned and restored, and what was done is taken back.
 *
 * Only events are appended: nothing is lost. What was done is told in `words`
 * (one sentence, appended; how to come back), or why not in err.
 */
#ifndef CHAT_TREE_H
#define CHAT_TREE_H

#include "chat/chat.h"

enum { TREE_NAME_MAX = 100 /* bytes of the name of a branch */ };

/* Name the branch that begins with a turn; "": it has none any more. A name is
 * one line, and of one branch. */
bool tree_name(struct chat *chat, uint64_t node_id, struct slice name,
               struct error *err);

/* Hide the branch that begins with a turn; refused while an answer is on its way
 * in it. The head leaves it for the sibling before it, else the one after, else
 * the turn above. */
bool tree_prune(struct chat *chat, uint64_t node_id, struct buf *words,
                struct error *err);

/* Show it again; 0: the one that was pruned last. */
bool tree_restore(struct chat *chat, uint64_t node_id, struct buf *words,
                  struct error *err);

/* Take back the last change to the tree, or the last prompt: the head is where
 * it was before. Refused while an answer is on its way. */
bool tree_undo(struct chat *chat, struct buf *words, struct error *err);

/* Go forward to where the branch was left. */
bool tree_redo(struct chat *chat, struct buf *words, struct error *err);

#endif
