/* SPDX-License-Identifier: MIT */
/*
 * spending - what the requests of a chat may cost: private to the parts of a
 * chat (chat_state.h).
 *
 * Where there is no limit of the settings nothing is reckoned.
 */
#ifndef CHAT_SPENDING_H
#define CHAT_SPENDING_H

#include "base/buf.h"
#include "base/error.h"
#include "chat/cap.h"
#include "chat/reserving.h"
#include "chat/router.h"

struct chat;

/* What the user has said of money in this conversation, and is asked. */
struct spending {
    double raised[CAP_SCOPES]; /* limits, in dollars; 0: not */
    double warned[CAP_SCOPES]; /* the limit of which he was told that it is
                                  nearly spent */
    bool takes_unknown;        /* prices */
    uint32_t waived_run;       /* this run may go over a limit there */
    const struct endpoint *waived;
    uint32_t looked_run; /* for it what others spent today was asked for */
    bool is_asking;
    struct cap_judgement asked;
    bool takes_unkept;    /* it goes on where nobody can know what was spent */
    uint32_t reservation; /* in the ledger; 0: none */
    double reserved;      /* by it */
    bool is_reserving;    /* the run waits for the ledger */
    int misfits;          /* times that it said no to what should fit */
};

enum {
    SPENDING_REPLY_TOKENS = 4096, /* without reply.max_tokens, at the worst */
    SPENDING_USUAL_TOKENS = 500,  /* of an answer */
};

/* Whether the next request may cost what it may cost; if not, the user is being
 * asked or the run has ended. */
bool spending_allows(struct chat *chat);

/* True, in words: a rung may not; `input` are the tokens of the request. What
 * can be asked is not barred. */
bool spending_bars(struct chat *chat, const struct route *route, uint64_t input,
                   struct error *err);

/* The same of the rung that a fallback would take, noted in chat->barred. */
bool spending_bars_rung(struct chat *chat, const struct route *route);
/* What all have spent today is known, or nobody wants to know. */
bool spending_is_known(struct chat *chat);
/* About what the next request will cost there; negative: unknown. */
double spending_likely(struct chat *chat, const struct route *route);
/* What the attempt that ends now has cost, where nobody counted; negative: it is
 * counted, costs nothing, or nobody knows. */
double spending_estimate(struct chat *chat);

#endif
