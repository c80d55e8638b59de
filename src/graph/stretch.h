/* SPDX-License-Identifier: MIT */
/*
 * stretch - which turns a summary would take the place of.
 *
 * Whole turns, the oldest first: a prompt with all that followed it up to the
 * next one, or a summary that stands there already. Never a turn of which
 * something is pinned, and never the last prompt and what followed it. What is
 * pinned may lie between the turns: the summary stands for those in front of it,
 * and the others are left out.
 */
#ifndef GRAPH_STRETCH_H
#define GRAPH_STRETCH_H

#include "graph/budget.h"

struct stretch {
    ARRAY_OF(uint64_t) nodes; /* that are summed up, in order */
    ARRAY_OF(uint32_t)
    summaries;                  /* of older ones, at the node that each begins
                                     with: as many as nodes; 0: the node */
    uint64_t first_id, last_id; /* the summary stands for them; 0: for none */
    size_t apart;               /* the first of the nodes that lies behind */
    uint64_t tokens;            /* that all of it takes now */
    uint64_t left; /* that a request takes then, at the most, without the new
                      summary */
};
void stretch_clear(struct stretch *stretch);

/* So many turns that a request takes no more than `most` tokens, with `beside`
 * tokens that are sent all the same. False: it is too much even then, `left` says
 * how much; with first_id 0 there is nothing to sum up. The budget has caught
 * up. */
bool stretch_plan(struct stretch *stretch, const struct budget *budget,
                  const struct graph *graph, uint64_t beside, uint64_t most);

#endif
