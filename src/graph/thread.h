/* SPDX-License-Identifier: MIT */
/*
 * thread - the active path as a reader sees it: a view.
 *
 * An array of entries, one for each node of the path, plus the first depth
 * that is no longer valid since the reader last looked. It catches up when it
 * is read and owns no text: entries name nodes.
 */
#ifndef GRAPH_THREAD_H
#define GRAPH_THREAD_H

#include "graph/path.h"

struct thread_entry {
    uint64_t node_id;
    uint64_t changed;  /* seq of the node's last change */
    uint32_t sibling;  /* 1-based, for <2/3> */
    uint32_t siblings; /* 1: nothing to show */
    enum node_kind kind;
};

/* All-zero is a view that has seen nothing. */
struct thread {
    struct path path;
    ARRAY_OF(struct thread_entry) entries;
};

void thread_clear(struct thread *thread);

/* Bring the view up to the graph. Returns the first entry that changed;
 * entries.count if none. */
size_t thread_catch_up(struct thread *thread, const struct graph *graph);

/* A prompt right behind another one: the last run of that one that ended and
 * opened no node, so that it can be told why there is no answer between them. NULL: it is
 * behind something else. */
const struct run *thread_run_before(const struct graph *graph,
                                    const struct node *prompt);

#endif
