/* SPDX-License-Identifier: MIT */
/*
 * compacting - room is made in a request before it is sent: private to the parts
 * of a chat (chat_state.h).
 */
#ifndef CHAT_COMPACTING_H
#define CHAT_COMPACTING_H

#include "chat/chat_context.h"
#include "chat/recap.h"

struct compacting {
    struct budget *budget; /* NULL until it is needed */
    enum context_stage stage;
    bool is_by_hand;     /* no run waits for it */
    bool has_warned;     /* of the window as full as it is now */
    bool has_told_tools; /* that they take half of it */
    bool has_put_off;    /* the user has, until it does not fit */
    struct context_plan plan;
    uint64_t planned_seq; /* of the graph */
    struct recap recap;
    struct buf summary;  /* to be taken */
    struct buf wish;     /* what it is to hold besides */
    struct error failed; /* why the last one is none */
    /* The last summary that nobody was asked about was for this request. */
    uint32_t summed_run, summed_attempt;
    struct buf notes; /* to be told, a line each */
};

/* Whether the request of the run may go as it is. If not the user is being
 * asked, a summary comes, the server is asked for its window, or the run has
 * ended. */
bool compacting_allows(struct chat *chat);

/* Tokens of the run's window that neither its next request fills nor its reply;
 * 0, too, where the window is not known. */
uint64_t compacting_free(struct chat *chat);

/* Each turn; whether prompts wait for it. */
void compacting_turn(struct chat *chat);
bool compacting_holds(const struct chat *chat);

/* The summary has come, or does not; the model that answers here. */
void compacting_on_recap(struct chat *chat);
const struct route *compacting_usual(struct chat *chat);

/* Stop a summary that comes: what was offered is offered again. False: none
 * does. */
bool compacting_stop(struct chat *chat);

/* Its run ends; the conversation is closed. */
void compacting_end(struct chat *chat);
void compacting_clear(struct chat *chat);

/* Tell a line. */
void compacting_note(struct chat *chat, const char *format, ...)
    PRINTF_LIKE(2, 3);

#endif
