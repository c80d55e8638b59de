/* SPDX-License-Identifier: MIT */
/*
 * context_plan - how room would be made in a request: what would be left out,
 * or be summed up, and what that gives.
 *
 * Made by looking, carried out by events. Both ways are one change of the
 * conversation, which tree_undo() takes back.
 */
#ifndef CHAT_CONTEXT_PLAN_H
#define CHAT_CONTEXT_PLAN_H

#include "chat/filling.h"
#include "graph/lens.h"
#include "graph/stretch.h"

struct context_plan {
    struct filling now;
    struct lens_cut cut;    /* what would be left out, */
    struct filling cut_to;  /* the request then, */
    uint64_t cut_reread;    /* and of it what its server reads again, to
                               base/tokens */
    struct stretch stretch; /* what would be summed up, */
    uint64_t allowance;     /* tokens for the summary, */
    struct filling sum_to;  /* and the request then, with so long a one */
    uint64_t sum_reread;
};
void context_plan_clear(struct context_plan *plan);

/* Whether there is anything to sum up that a summary would be shorter than. */
bool context_plan_sums(const struct context_plan *plan);

/* So that `share` of the window is filled, or as much as can go (0). The budget
 * is that of `now`. */
void context_plan_make(struct context_plan *plan, const struct filling *now,
                       const struct budget *budget, const struct graph *graph,
                       double share);

/* So that it just fits, with all that tools gave back; nothing is summed up. */
void context_plan_make_last(struct context_plan *plan,
                            const struct filling *now,
                            const struct budget *budget,
                            const struct graph *graph);

/* Leave out what was planned. */
void context_plan_cut(struct chat *chat, const struct context_plan *plan);

/* Put a summary in the place of a stretch; `node_id` is the answer that it was
 * (0: none). False, in words: the conversation has become another one. */
bool context_plan_fold(struct chat *chat, const struct stretch *stretch,
                       uint64_t node_id, struct slice summary,
                       struct error *err);

#endif
