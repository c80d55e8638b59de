/* SPDX-License-Identifier: MIT */
/*
 * gate - what is private goes to no vendor; and the marking before it.
 *
 * The one place that decides. It is asked early, so that the ladder goes round
 * what is barred and a refusal comes before any question, and for the last time
 * by the exchange, when a request is written. Whenever it is asked, what came in
 * since is looked at first: nothing passes that nobody has looked at.
 *
 * Private to chat/, like chat_state.h. Why something is private is appended as
 * words: "builtin:keys (GitHub token): the prompt, turn 3".
 */
#ifndef CHAT_GATE_H
#define CHAT_GATE_H

#include "chat/privacy.h"
#include "chat/router.h"

struct chat;

/* How far a conversation has been looked at. */
struct marking {
    struct privacy privacy;
    uint64_t seen_seq, system_seq;
    uint64_t open_id; /* the node that grows, */
    size_t open_seen; /* and how large it was */
    uint32_t summaries;
    bool clears_next; /* the user has said that the next prompt is harmless */
    uint64_t looks;   /* at nodes, so far: what tests bound */
};

/* What came in since is looked at, and marked; a conversation begins. */
void marking_catch_up(struct chat *chat);
void marking_begin(struct chat *chat);

/* After a redaction: what is no longer there is marked no longer. */
void marking_look_again(struct chat *chat);

/* Before a prompt: the session, where the profile is private. Behind it, by the
 * seq of its turn: it is looked at. */
void marking_note_prompt(struct chat *chat);
void marking_take_prompt(struct chat *chat, uint64_t node_id);

/* By the user's word: the session, by whose (NULL: it is not private); nothing in
 * the system prompt is, nor in a node. */
/* A private memory was told with a turn, which stays with the user's own servers
 * then as it does. */
void marking_mark_recalled(struct chat *chat, uint64_t node_id,
                           const char *name);

void marking_set_session(struct chat *chat, const char *rule);
void marking_clear_system(struct chat *chat);
void marking_clear_node(struct chat *chat, uint64_t node_id);

/* Whether what leads to a node is private, and why; whether that, or a
 * prompt that would follow it, keeps vendors out of the ladder. */
bool gate_is_private(struct chat *chat, uint64_t leaf_id, struct buf *why);
bool gate_bars(struct chat *chat, struct slice prompt, struct buf *why);

/* Whether what the run, or the next prompt, stands on may go there, or what leads
 * to a node. False, in words: it may not. */
bool gate_allows(struct chat *chat, const struct route *route,
                 struct error *err);
bool gate_allows_at(struct chat *chat, const struct route *route,
                    uint64_t leaf_id, struct error *err);

/* The run has failed: that a vendor of its ladder could have answered, but was not
 * asked, is added to the words. */
void gate_explain(struct chat *chat, struct error *err);

/* What would become of a prompt that is not yet said. */
void gate_forecast(struct chat *chat, struct slice prompt, struct route *route);

/* Whether it is known if a model of the user's own server is somebody else's, as
 * far as that matters; else the server is being asked. */
bool gate_knows(struct chat *chat, const struct route *route);

/* Whether the route of the run may be taken. If not, it waits or has ended. */
bool gate_opens(struct chat *chat);

/* agreement: whether the route may be taken now. If not, the user is being asked
 * or the run has ended. */
bool agreement_allows(struct chat *chat);

/* Not sent, and why not: the run ends. Or the user has agreed. */
void agreement_refuse(struct chat *chat, const char *why);
void agreement_refuse_as(struct chat *chat, enum error_kind kind,
                         const char *why);
void agreement_go_on(struct chat *chat);

/* The last look, when a request to a vendor is written; of the exchange. */
bool gate_on_wire(void *context, struct error *err);

#endif
