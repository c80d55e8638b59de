/* SPDX-License-Identifier: MIT */
/* chat_state - what the parts of a chat share, and nobody else sees. */
#ifndef CHAT_CHAT_STATE_H
#define CHAT_CHAT_STATE_H

#include "base/random.h"
#include "chat/chat.h"
#include "chat/chat_tools.h"
#include "chat/compacting.h"
#include "chat/counting.h"
#include "chat/deadline.h"
#include "chat/discovery.h"
#include "chat/exchange.h"
#include "chat/fallback.h"
#include "chat/gate.h"
#include "chat/health.h"
#include "chat/ladder.h"
#include "chat/limiter.h"
#include "chat/memorising.h"
#include "chat/model_life.h"
#include "chat/offers.h"
#include "chat/refusals.h"
#include "chat/reply.h"
#include "chat/spending.h"
#include "chat/steps.h"
#include "chat/structured.h"
#include "chat/tool_use.h"
#include "chat/works.h"
#include "graph/messages.h"
#include "store/state.h"

/* A model that answers have loaded. */
struct used_model {
    const struct endpoint *endpoint;
    char *model;
};

struct chat {
    struct chat_setup setup;
    char *target, *system;
    char *role; /* as it was wished; "": none */
    enum route_tier tier;
    struct conversation conversation;
    struct messages *messages;
    bool has_tool_mode; /* of its own; else the settings say */
    enum tool_mode tool_mode;
    struct permission *permission; /* NULL: there are no tools */
    struct works works;
    struct offers offers; /* of the last request */
    struct discovery discovery;
    struct waiting_files files;
    struct marking marking;
    struct memorising memorising;
    struct refusals refusals;
    struct reply reply; /* settings of the last request */
    struct structured structured;
    struct health health;
    bool has_recalled; /* health, from earlier runs */
    struct random random;
    struct model_life *life;
    /* What could not be loaded was what they waited for: they wait on, until
     * the user has said more. */
    bool holds_prompts;
    ARRAY_OF(struct used_model) used; /* to be unloaded at the end */
    struct counting counting;
    struct compacting compacting;
    struct route route;          /* of the run under way */
    struct ladder_choice choice; /* that led to it; LADDER_NONE: none did */
    struct buf reasons;          /* of the choice, a line each */
    struct route next;
    struct error last_error;
    uint32_t generation;
    uint64_t kept_seq; /* to be on disk before the run under way asks anybody */
    /* The run under way; 0: none. */
    uint32_t run, attempt;
    char *run_target; /* it goes there; NULL: where prompts go */
    struct {
        char *target; /* [ENDPOINT/]MODEL, which nobody pinned; NULL: none */
        bool is_here; /* who answered before: nobody else in its place */
    } again;          /* the run answers a prompt once more, as chat_again() */
    struct exchange *exchange;
    uint32_t retry_timer, countdown_timer;
    struct deadline deadline;
    int64_t asked_at;  /* the target of its route, first; monotonic */
    int64_t failed_at; /* that failed, first; 0: it did not */
    int tries;   /* attempts of the run, but for those at a model that loads */
    int retries; /* of the target of its route */
    struct answer_result failed; /* its last attempt */
    enum retry_cause cause;      /* why another one is asked */
    bool is_falling_back;        /* the route is not yet taken */
    struct buf barred;           /* why no other rung is, in words, or "" */
    uint64_t doubted_id; /* answer of the run that a better rung is asked
                            about; 0: none */
    bool has_new_key;    /* its command was run again */
    bool is_stalled;     /* it waits for chat_stall_answer() */
    bool has_looked;     /* asked what the model takes */
    bool is_asking;      /* for consent: the run waits for chat_answer() */
    struct spending spending;
    const struct endpoint *consented; /* where this run may go; NULL: nowhere */
};

/* Append an event; make one of the run under way. */
void chat_append(struct chat *chat, struct event *event);
struct event chat_run_event(const struct chat *chat, enum event_type type);

/* aiming */
/* Of the run under way, else of the next prompt; of what a user names. */
struct aim chat_aim(const struct chat *chat);
struct aim chat_aim_at(const struct chat *chat, const char *target);
bool chat_can_aim(struct chat *chat, struct aim aim, struct error *err);
void chat_on_models(void *context); /* a server has told; of the discovery */

/* loading: the life of the model. */
void loading_open(struct chat *chat);
void loading_close(struct chat *chat);
void loading_take(struct chat *chat, const struct event *event);
bool loading_holds(const struct chat *chat); /* prompts wait for it */
void loading_go_on(struct chat *chat);       /* the user has said more */
/* Memory did not suffice: append what would do. */
void loading_offer(struct chat *chat, const struct endpoint *endpoint,
                   const char *model, struct error *err);

/* keeping: whether what an effect needs is on disk, or need not be. */
bool keeping_allows(const struct chat *chat);
/* Each turn: an answer that comes faster than the disk takes it waits, and is
 * cut where it cannot wait. */
void keeping_turn(struct chat *chat);
/* Open a journal for the conversation; a session's own goes on. NULL: fresh. */
void keeping_open(struct chat *chat, struct session *session);

/* experience: what earlier runs have learnt of the servers, before the one of
 * the route is asked; what this one has learnt of it. */
void experience_recall(struct chat *chat);
void experience_note_refusals(struct chat *chat);
void experience_note_health(const struct chat *chat);
void experience_note_answer(const struct chat *chat);  /* it is complete */
const char *experience_model(const struct chat *chat); /* NULL: unknown */

/* recovery: end what a crash left open. */
void recovery_close_runs(struct chat *chat);

/* head; false, in words: an answer is on its way. */
void chat_move_head(struct chat *chat, uint64_t node_id);
bool chat_is_idle(const struct chat *chat, struct error *err);

/* A run: started for a prompt (the next that waits), sent on its way as soon as
 * that is known, ended. */
void run_start(struct chat *chat, uint64_t node_id);
void run_start_next(struct chat *chat);
void run_route(struct chat *chat);
void run_end(struct chat *chat, const char *outcome,
             const struct answer_result *result);
void run_fail(struct chat *chat, const struct error *err);
/* The server could not be asked for its models: another rung, or the end. */
void run_leave_unreached(struct chat *chat, const struct error *err);
void run_drop(struct chat *chat); /* without an event */

/* The event that ends a run or its attempt; `result` may be NULL. */
void run_append_end(struct chat *chat, enum event_type type,
                    const char *outcome, const struct answer_result *result);

/* climbing: where the prompt of the run under way goes, by the ladder if that
 * decides; what was chosen stands in chat->choice. */
void climbing_decide(struct chat *chat);

/* sight: whether the model of the route takes the pictures of the prompt. If
 * not, the server is being asked about it or the run has ended. */
bool sight_allows(struct chat *chat);
bool sight_fits(struct chat *chat, const struct route *route,
                struct error *err);
bool sight_fits_prompt(struct chat *chat, const struct route *route,
                       uint64_t prompt_id, struct error *err);
/* Pictures of earlier turns go to a model that sees none by their name. */
void sight_adjust(struct chat *chat);

void attempts_begin_target(struct chat *chat); /* it has tries of its own */

void attempts_append_started(struct chat *chat,
                             const struct chat_request *request);
/* Send the next request of the run, as soon as its server may be asked. */
void attempts_start(struct chat *chat);
void attempts_conclude(struct chat *chat); /* one whose answer is complete */

/* Go on with another attempt after a wait; `words` say why. */
void attempts_schedule(struct chat *chat, int64_t delay_ms, const char *words);

void attempts_give_up(struct chat *chat); /* nothing is known of its server */

/* escalation: an answer of the first rung that is complete was to be looked at.
 * True: a better rung is asked, or the user whether it may be. */
bool escalation_starts(struct chat *chat);
/* The better rung failed, or was not to be asked: the run ends with the answer
 * that is there. False: there was none. */
bool escalation_gives_up(struct chat *chat, const char *why);

/* stall: of the exchange; each turn, for it may go on by itself; and before the
 * exchange is freed. */
void stall_begin(void *context);
void stall_turn(struct chat *chat);
void stall_end(struct chat *chat);

/* answer_check: false, in words, if an answer that is complete is not as its
 * schema asks; once its run has ended a repair follows if that is wanted. */
bool answer_check(struct chat *chat, struct error *err);
void answer_repair(struct chat *chat);

/* The request for what leads to a node, by the run's route. */
void chat_write_request(struct chat *chat, uint64_t leaf_id,
                        struct chat_request *request);

#endif
