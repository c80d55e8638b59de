/* SPDX-License-Identifier: MIT */
/*
 * private_mark - what in a conversation may not leave the machine, and why.
 *
 * A `privacy-marked` event says so of a node, of the system prompt, or of the
 * whole session; one with "on": false takes those of its kind back. If that one
 * bears no name it is the user's word, and what it is about is looked at no more.
 * What is marked counts for
 * every path that leads over it: so a summary that stands for a private node,
 * and whatever was said below it, is private as well, and another branch is not.
 * Folded from events alone: a log that was copied, imported or read again has
 * its marks.
 */
#ifndef GRAPH_PRIVATE_MARK_H
#define GRAPH_PRIVATE_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/graph.h"

/* What is marked; the word in the event's `kind`. */
enum mark_kind {
    MARK_TEXT,    /* "text": a text of a node, by its form */
    MARK_FILE,    /* "file": a file of a node, by its name */
    MARK_SYSTEM,  /* "system": the system prompt, by its form */
    MARK_SESSION, /* "session": all of it, by the user's word */
    MARK_KIND_COUNT
};

const char *mark_kind_name(enum mark_kind kind);

struct private_mark {
    uint64_t seq;
    enum mark_kind kind;
    uint64_t node_id; /* 0: of no node */
    char *rule;       /* what says so: "builtin:keys (GitHub token)" */
    char *where;      /* "the prompt", "file notes.txt"; "": all of it */
    bool is_on;
};

/* All that were ever made, in the order of their seqs; which of them hold is in
 * is_on. */
size_t graph_mark_count(const struct graph *graph);
const struct private_mark *graph_mark_at(const struct graph *graph,
                                         size_t index);

/* One of them holds. */
bool graph_holds_private(const struct graph *graph);

/* That of the session, and of the system prompt; NULL: none holds. */
const struct private_mark *graph_session_mark(const struct graph *graph);
const struct private_mark *graph_system_mark(const struct graph *graph);

/* The user has said that nothing in the system prompt is private. */
bool graph_system_is_cleared(const struct graph *graph);

/* Why the path to a node (0: the empty one) is private: the session's mark, that
 * of the system prompt, or the first on the way down; NULL: it is not. Costs the
 * path, where the session has marks at all. */
const struct private_mark *graph_private_path(const struct graph *graph,
                                              uint64_t leaf_id);

/* The last mark of the node itself, and the last of a kind; NULL: none holds. */
const struct private_mark *graph_node_mark(const struct graph *graph,
                                           const struct node *node);
const struct private_mark *graph_node_mark_of(const struct graph *graph,
                                              const struct node *node,
                                              enum mark_kind kind);

/* Which turn of its path a node belongs to, from 1: how many prompts there are
 * down to it. */
uint32_t graph_turn_of(const struct graph *graph, uint64_t node_id);

#endif
