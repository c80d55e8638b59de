/* SPDX-License-Identifier: MIT */
/*
 * lens - what the next request is made of: each node of the active path, in
 * order, with its tokens and its fate.
 *
 * Computed when it is looked at, from a budget that has caught up, so that what
 * the entries take is the budget's sum of the path. An answer that is still
 * coming is none of them.
 */
#ifndef GRAPH_LENS_H
#define GRAPH_LENS_H

#include "graph/budget.h"

enum lens_fate {
    LENS_SENT,
    LENS_PINNED,    /* sent, and nothing that makes room takes it out */
    LENS_FOLDED,    /* a summary stands in its place */
    LENS_LEFT_OUT,  /* by the user */
    LENS_DROPPED,   /* to make room */
    LENS_WITH_CALL, /* the answer that asked for it is left out */
    LENS_TOO_LARGE, /* sent, though it alone is more than there is room for */
    LENS_FATE_COUNT
};

struct lens_entry {
    uint64_t node_id;
    uint32_t summary; /* not 0: the summary that stands for the nodes behind */
    enum lens_fate fate;
    uint64_t tokens; /* that it takes; of what is not sent a few at the most */
    uint64_t whole;  /* that it takes where it is sent */
};

struct lens {
    ARRAY_OF(struct lens_entry) entries;
};

void lens_clear(struct lens *lens);

/* `room`: tokens that the window has for one node, 0: unknown. */
void lens_look(struct lens *lens, const struct budget *budget,
               const struct graph *graph, uint64_t room);

/* "sent", "left out". */
const char *lens_fate_name(enum lens_fate fate);

/* Which nodes would go for a request to take no more than `most` tokens: first
 * what tools gave back, oldest first, then turns, oldest first; an answer goes
 * with what its calls gave back. Never what is pinned, the system prompt, a
 * summary, or the last prompt and what followed it, but for what its tools gave
 * back and an answer behind it has read. */
struct lens_cut {
    ARRAY_OF(uint64_t) nodes; /* in the order in which they would go */
    uint64_t left;            /* tokens then, at the most */
};
void lens_cut_clear(struct lens_cut *cut);

/* `beside` are tokens that are none of the path and are sent all the same (a
 * draft). False: it is too much even then; `left` says how much. */
bool lens_plan(struct lens_cut *cut, const struct budget *budget,
               const struct graph *graph, uint64_t beside, uint64_t most);

/* What no answer has read may go, too. */
bool lens_plan_all(struct lens_cut *cut, const struct budget *budget,
                   const struct graph *graph, uint64_t beside, uint64_t most);

#endif
