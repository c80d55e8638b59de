/* SPDX-License-Identifier: MIT */
/*
 * chat_state - what the parts of a chat share: private to chat.c, aiming.c,
 * head.c, run.c, agreement.c and attempts.c.
 */
#ifndef CHAT_CHAT_STATE_H
#define CHAT_CHAT_STATE_H

#include "chat/chat.h"
#include "chat/discovery.h"
#include "chat/exchange.h"
#include "chat/refusals.h"
#include "chat/reply.h"
#include "graph/messages.h"
#include "tool/registry.h"

struct chat {
    struct chat_setup setup;
    char *target, *system;
    enum route_tier tier;
    struct conversation conversation;
    struct messages *messages;
    struct registry registry;
    struct discovery discovery;
    struct waiting_files files;
    struct refusals refusals;
    struct reply reply; /* settings of the last request */
    struct route route; /* of the run under way */
    struct route next;
    struct error last_error;
    uint32_t generation;
    /* The run under way; 0: none. */
    uint32_t run, attempt;
    struct exchange *exchange;
    uint32_t retry_timer;
    int64_t run_started_at; /* monotonic */
    bool is_asking;         /* for consent: the run waits for chat_answer() */
    const struct endpoint *consented; /* where this run may go; NULL: nowhere */
};

/* Append an event; make one of the run under way. */
void chat_append(struct chat *chat, struct event *event);
struct event chat_run_event(const struct chat *chat, enum event_type type);

/* aiming */
struct aim chat_aim(const struct chat *chat);
void chat_on_models(void *context); /* a server has told; of the discovery */

/* head */
void chat_move_head(struct chat *chat, uint64_t node_id);

/* A run: started for a prompt (the next that waits), sent on its way as soon as
 * that is known, ended. */
void run_start(struct chat *chat, uint64_t node_id);
void run_start_next(struct chat *chat);
void run_route(struct chat *chat);
void run_end(struct chat *chat, const char *outcome,
             const struct answer_result *result);
void run_fail(struct chat *chat, const struct error *err);
void run_answer_calls(struct chat *chat); /* all that it made */
void run_drop(struct chat *chat);         /* without an event */

/* The event that ends a run or its attempt; `result` may be NULL. */
void run_append_end(struct chat *chat, enum event_type type,
                    const char *outcome, const struct answer_result *result);

/* Whether the route may be taken now. If not, the user is being asked or the
 * run has ended. */
bool agreement_allows(struct chat *chat);

/* Send the next request of the run. */
void attempts_start(struct chat *chat);

/* The request for what leads to a node, by the run's route. */
void chat_write_request(struct chat *chat, uint64_t leaf_id,
                        struct chat_request *request);

#endif
