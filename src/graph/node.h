/* SPDX-License-Identifier: MIT */
/*
 * node - a message-sized thing of a conversation, and the overlays on a path of
 * them.
 *
 * Read-only for all but the reducer; owned by the graph.
 */
#ifndef GRAPH_NODE_H
#define GRAPH_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/buf.h"
#include "graph/block.h"

/* A note is a call that the user made, with what it gave back. */
enum node_kind { NODE_USER, NODE_ASSISTANT, NODE_TOOL_RESULT, NODE_NOTE };
enum edge_kind { EDGE_FOLLOWS, EDGE_SPAWNED };

struct node {
    uint64_t id;
    uint64_t parent_id; /* 0: a root */
    enum node_kind kind;
    enum edge_kind edge;
    uint32_t run;     /* of the run that made it (a user turn: that it set
                         off, 0 while there is none) */
    uint32_t attempt; /* 0 for user turns */
    uint32_t call;    /* that a tool result answers; 0 for others */
    uint32_t depth;   /* 0 for a root */
    uint32_t sibling; /* 0-based, among those that follow the same parent and
                         are not pruned; of a pruned one 0 */
    int64_t at;       /* Unix ms */
    uint64_t changed; /* seq of the last event that touched it */
    bool is_open;     /* an attempt still adds to it */
    /* Its attempt was begun anew, in a sibling: what stands here was cut off,
     * however the attempt ends, and its calls were cancelled. */
    bool is_superseded;
    bool is_pruned;    /* it is hidden, and what hangs on it with it */
    bool is_continued; /* a run was started that goes on with it */
    /* The user's word on the next requests, one or none of them. */
    bool is_pinned;        /* nothing that makes room takes it out */
    bool is_left_out;      /* it is not sent while a later prompt is asked */
    bool is_dropped;       /* and that was not the user, but to make room */
    uint64_t switched;     /* seq of the event that left it out or took it back
                              in last; 0: none did */
    char *name;            /* of the branch that it begins; NULL: none */
    uint64_t branch_id;    /* the nearest spawned node on the way up, itself
                              first; 0: none */
    uint32_t spawner;      /* the call that spawned it; 0: none did */
    uint32_t spawned_run;  /* the last run that it spawned; 0: none */
    uint32_t summary_from; /* the last summary that begins here; 0: none */
    uint32_t summary_to;   /* the last one that ends here */
    uint32_t marks;        /* its last graph/private_mark; 0: none */
    bool is_cleared;       /* the user has said that nothing in it is private */
    ARRAY_OF(struct block) blocks;
    ARRAY_OF(struct opaque) opaques; /* in the order of their places */
    /* ids; 0: none. Children that follow, in order; then the spawned ones. */
    uint64_t visited_child; /* last visited child that follows; while the head
                               was on none, the one that came last */
    ARRAY_OF(uint64_t) children;
    ARRAY_OF(uint64_t) pruned; /* those that follow and are pruned, in order */
    ARRAY_OF(uint64_t) spawned;
};

/* An overlay: a text that can stand in place of consecutive nodes of a path,
 * while it is folded and the last of them is on the active path. */
struct summary {
    uint64_t seq; /* of the summarised event: what others call it by */
    uint64_t first_id, last_id;
    char *text;
    bool is_folded;
    uint64_t switched;    /* seq of the event that folded it or unfolded it
                             last; 0: none did */
    uint32_t from_before; /* the one that began at the same node before; 0 */
    uint32_t to_before;   /* the one that ended at the same node before; 0 */
};

#endif
