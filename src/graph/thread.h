/* SPDX-License-Identifier: MIT */
/*
 * thread - the active path as a reader sees it: a view.
 *
 * An array of entries: one for each node of the path, or for the nodes that a
 * folded summary stands for; behind a node, a level deeper, what it spawned: the
 * branches of subagents, each along its last visited children, with what these
 * spawned in turn (THREAD_LEVELS_MAX deep; the graph has the rest). Beside the
 * entries the first one that is no longer valid since the reader last looked.
 * It catches up when it is read and owns no text: entries name nodes.
 */
#ifndef GRAPH_THREAD_H
#define GRAPH_THREAD_H

#include "graph/spans.h"

enum { THREAD_LEVELS_MAX = 8 };

struct thread_entry {
    uint64_t node_id;  /* of a summary the first that it stands for */
    uint64_t last_id;  /* and the last; of a node itself */
    uint64_t changed;  /* seq of the node's last change */
    uint32_t summary;  /* 0: a node */
    uint32_t count;    /* of nodes that it stands for */
    uint32_t level;    /* 0: on the path */
    uint32_t pending;  /* runs that were just born here: spawned, or of a
                          spawned prompt, alive and without content */
    uint32_t sibling;  /* 1-based, for <2/3> */
    uint32_t siblings; /* 1: nothing to show */
    enum node_kind kind;
};

/* A node that is still to be listed. */
struct thread_visit {
    uint64_t node_id;
    uint32_t level;
};

/* All-zero is a view that has seen nothing. */
struct thread {
    struct spans spans;
    ARRAY_OF(struct thread_entry) entries;
    ARRAY_OF(size_t) starts; /* by span: its first entry */
    ARRAY_OF(struct thread_visit) visits;
    size_t steps; /* changed nodes seen and entries made: what tests bound */
};

void thread_clear(struct thread *thread);

/* Bring the view up to the graph. Returns the first entry that changed;
 * entries.count if none. */
size_t thread_catch_up(struct thread *thread, const struct graph *graph);

/* The entry of a node of the path, or of the summary that stands for it;
 * entries.count: it is not on the path. Caught up. */
size_t thread_find(const struct thread *thread, const struct graph *graph,
                   uint64_t node_id);

/* A run has content: a node that an attempt of it made. */
bool thread_run_has_node(const struct run *run);

/* A run that a node spawned or, where that node is spawned, answers, is alive
 * and has no content yet. */
bool thread_is_pending(const struct run *run);

/* A run that has ended went on behind this answer, with attempts that opened no
 * node: the index of the first. 0: there are none. */
uint32_t thread_attempts_after(const struct graph *graph,
                               const struct node *answer);

/* A prompt right behind another one: the last run of that one that ended and
 * opened no node, so that it can be told why there is no answer between them; or
 * behind an answer: its run, if that went on and ended without another one.
 * *first: from which of its attempts on. NULL: there is nothing to tell. */
const struct run *thread_run_before(const struct graph *graph,
                                    const struct node *prompt, uint32_t *first);

/* The run that may still add to the path below its last node; or that was to add
 * a second answer beside it, and ended without one. */
const struct run *thread_run_after(const struct graph *graph,
                                   const struct node *last);

#endif
