/* SPDX-License-Identifier: MIT */
/*
 * recap - a model is asked aside to sum turns up: private to the parts of a
 * chat.
 *
 * A run that is spawned at the last of those turns, with one attempt: what it
 * took is counted like any other, and its answer is none of the path. It goes
 * where context.by says, else to the model that answers, and never where the
 * turns themselves may not go (chat/gate). It is not tried twice, but with less
 * where its server finds it too long.
 */
#ifndef CHAT_RECAP_H
#define CHAT_RECAP_H

#include "chat/exchange.h"
#include "chat/reply.h"
#include "chat/router.h"
#include "graph/stretch.h"

struct chat;

struct recap {
    struct stretch stretch; /* that is summed up */
    struct route route;
    struct exchange *exchange; /* NULL: none is under way */
    struct reply reply;
    bool is_waiting;       /* for what its server tells of its models */
    uint64_t allowance;    /* tokens for the summary */
    uint32_t run, attempt; /* 0: nobody was asked */
    uint64_t sent;         /* tokens of its prompt to base/tokens */
    int shortened;         /* times that it was too long for its server */
    size_t left_out;       /* items that had no room in its prompt */
    bool has_ended;        /* the answer is whole; or err says why not */
    bool is_cut;           /* at its longest */
    struct error err;
};

/* Where a summary would be asked for; `usual` is the model that answers. */
void recap_route(struct chat *chat, const struct route *usual,
                 struct route *route);

/* Ask for a summary of a stretch, which is taken, by such a route. False, in
 * words: it cannot be asked for. */
bool recap_start(struct chat *chat, struct stretch *take_stretch,
                 const struct route *usual, uint64_t allowance,
                 struct error *err);
/* Each turn, while it waits. */
void recap_turn(struct chat *chat);
bool recap_is_under_way(const struct recap *recap);

/* Stop it: its run ends as aborted. */
void recap_stop(struct chat *chat);
void recap_drop(struct chat *chat); /* without an event; forgets it */

/* What has come so far, and its node; "" and 0. Until the graph changes. */
struct slice recap_text(const struct chat *chat);
uint64_t recap_node(const struct chat *chat);

#endif
