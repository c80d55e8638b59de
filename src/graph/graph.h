/* SPDX-License-Identifier: MIT */
/*
 * graph - the one reducer: a log folded into nodes, blocks, runs and calls.
 *
 * graph_apply() takes each event of a log once, in order, O(1) amortised. Any
 * prefix of a log is a valid graph, and the same log gives the same graph. An
 * event that is late (an older attempt, an ended run), illegal, orphaned or
 * unknown changes nothing but the list of rejected events.
 *
 * A node's id is the seq of the event that opened it; its parent never
 * changes. Nodes `follow` their parent or were `spawned` by it; siblings are
 * counted among those that follow. An assistant node opens with the first
 * delta of an attempt: an attempt without a delta makes no node, one that its
 * server began anew (`superseded`) a further sibling.
 *
 * Everything here is read-only for others. Pointers live until the next
 * graph_apply(); ids live for ever.
 */
#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/buf.h"
#include "graph/event.h"
#include "graph/memory_entry.h"
#include "graph/node.h"
#include "graph/preference.h"
#include "graph/run.h"

enum {
    GRAPH_REJECTED_KEPT = 256, /* the last of them, for a diagnostics view */
    GRAPH_QUEUE_MAX = 1000,    /* prompts that wait; more are illegal */
    GRAPH_SHELF_MAX = 4096,    /* entries that a session remembers, so, too */
};

struct graph;

/* A prompt that waits for its run. */
struct queued_prompt {
    uint64_t id;        /* seq of prompt-queued */
    bool has_parent;    /* it was said what it will follow; else the head */
    uint64_t parent_id; /* 0: it will be a root */
    char *text;
};

/* What the user did to the tree, or what was cut to make room: what can be taken
 * back. A cut is the events in a row that made it: `folded` right behind its
 * `summarised`, `left-out` with words. */
struct change {
    uint64_t seq;
    uint64_t last_seq;    /* of a cut; else seq */
    enum event_type type; /* user-message, head-moved, pruned, restored,
                             branch-named, folded, left-out */
    uint64_t node_id;     /* the turn that it made or was about */
    uint64_t head_id;     /* where the head was before */
    char *name;           /* branch-named: the name before; NULL: none */
};

enum reject_reason {
    REJECT_NONE,
    REJECT_UNKNOWN, /* type of a newer version */
    REJECT_LATE,    /* the run or attempt had ended */
    REJECT_ILLEGAL, /* its state does not allow it */
    REJECT_ORPHAN,  /* names a node, run, attempt, call or prompt that is not
                       there */
    REJECT_REASON_COUNT
};

struct rejected {
    uint64_t seq;
    enum event_type type;
    enum reject_reason reason;
};

struct graph *graph_new(void) RETURNS_NONNULL;
void graph_free(struct graph *graph); /* NULL is fine */

/* Fold the next event; its seq must be graph_seq() + 1 (asserted). */
void graph_apply(struct graph *graph, const struct event *event);

/* Seq of the last event folded; 0 at first. */
uint64_t graph_seq(const struct graph *graph);

/* The node that the next prompt hangs on; 0 in an empty conversation. Its
 * revision grows whenever the active path may have changed its shape. */
uint64_t graph_head(const struct graph *graph);
uint64_t graph_head_revision(const struct graph *graph);

/* NULL if there is none. */
const struct node *graph_node(const struct graph *graph, uint64_t id);
const struct run *graph_run(const struct graph *graph, uint32_t id);
const struct attempt *graph_attempt(const struct graph *graph, uint32_t run,
                                    uint32_t attempt);
const struct call *graph_call(const struct graph *graph, uint32_t id);

/* The server broke a complete answer off to be asked to go on with it as it
 * stands: the next attempt of the run follows it. (Anthropic's "pause_turn".) */
bool graph_attempt_is_paused(const struct attempt *attempt);

/* The head is still where the run left it: its next node takes the head. */
bool graph_run_moves_head(const struct graph *graph, const struct run *run);

/* The attempt that made a node, for a tool result the one that asked for it;
 * NULL for a user turn. */
const struct attempt *graph_node_attempt(const struct graph *graph,
                                         const struct node *node);

/* Siblings that follow the same parent (roots are siblings), itself included,
 * without those that are pruned. The k-th of them, 0-based; 0 if there is none.
 * A spawned node has no siblings. */
uint32_t graph_sibling_count(const struct graph *graph,
                             const struct node *node);
uint64_t graph_sibling(const struct graph *graph, const struct node *node,
                       uint32_t sibling);

/* Neither it nor what it hangs on is pruned. */
bool graph_is_shown(const struct graph *graph, const struct node *node);

/* A run that has not ended works in the branch that a node begins, or a prompt
 * waits to be asked there. */
bool graph_is_at_work(const struct graph *graph, const struct node *node);

/* The last change that was not taken back; NULL: there is none. Until the next
 * graph_apply(). */
const struct change *graph_last_change(const struct graph *graph);

/* The last visited descendant, by each node's last visited child; of 0 that of
 * the last visited root. */
uint64_t graph_deepest(const struct graph *graph, uint64_t id);

/* What stands above the roots, with the id 0: they are its children. */
const struct node *graph_top(const struct graph *graph);

/* In the order of their ids. */
size_t graph_node_count(const struct graph *graph);
const struct node *graph_node_at(const struct graph *graph, size_t index);

/* Runs are numbered from 1 without gaps, calls too. */
uint32_t graph_run_count(const struct graph *graph);
uint32_t graph_call_count(const struct graph *graph);

/* The last run that answers on a path, none that was spawned; 0: none. Whether
 * one was: what it says is none of the path (of 0: no). */
uint32_t graph_last_run(const struct graph *graph);
bool graph_is_aside(const struct graph *graph, uint32_t run);

/* Summaries are numbered from 1 without gaps, in the order of their seqs. NULL
 * and 0 if there is none. */
uint32_t graph_summary_count(const struct graph *graph);
const struct summary *graph_summary(const struct graph *graph, uint32_t id);
uint32_t graph_summary_of(const struct graph *graph, uint64_t seq);

/* The run that has not ended, oldest first; 0: none. */
uint32_t graph_active_run(const struct graph *graph);

/* What all its runs have cost so far. */
const struct spent *graph_spent(const struct graph *graph);

/* What servers of the user's own, or vendors, have counted of it. */
const struct counted *graph_counted(const struct graph *graph, bool is_vendor);

/* Prompts that wait, oldest first. */
size_t graph_queue_count(const struct graph *graph);
const struct queued_prompt *graph_queued(const struct graph *graph,
                                         size_t index);

/* What was said last about two nodes, in either order; NULL: nothing. */
const struct preference *graph_preference(const struct graph *graph,
                                          uint64_t one_id, uint64_t other_id);

/* The session's title and system prompt, "" if never set. */
const char *graph_title(const struct graph *graph);
const char *graph_system(const struct graph *graph);

/* What the session has set of the settings, a JSON object; "" if nothing. */
const char *graph_settings(const struct graph *graph);

/* Seq of the event that set the system prompt last; 0: none did. */
uint64_t graph_system_seq(const struct graph *graph);

/* Seq of the event that last folded or unfolded a summary, left a node out or
 * took it back in; 0: none did. */
uint64_t graph_folded_seq(const struct graph *graph);

/* How many nodes are left out, on any path. */
size_t graph_left_out_count(const struct graph *graph);

/* What the session remembers besides long-term memory, oldest first; NULL: it has
 * no such entry. */
const struct memory_list *graph_shelf(const struct graph *graph);
const struct memory_entry *graph_shelf_find(const struct graph *graph,
                                            uint64_t id);

/* "late", "orphaned". */
const char *graph_reject_name(enum reject_reason reason);

/* How many events were rejected for a reason, and the last of them, oldest
 * first. */
uint64_t graph_rejected_count(const struct graph *graph,
                              enum reject_reason reason);
size_t graph_rejected_kept(const struct graph *graph);
const struct rejected *graph_rejected(const struct graph *graph, size_t index);

/* Nodes in the order of their last change, newest first: call with 0 for the
 * newest and then with each id; 0 at the end. For views that catch up. */
uint64_t graph_changed_before(const struct graph *graph, uint64_t id);

#endif
