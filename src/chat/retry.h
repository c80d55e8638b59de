/* SPDX-License-Identifier: MIT */
/*
 * retry - what follows an attempt that failed: another one, the next rung of
 * the ladder, or nothing. A pure decision.
 *
 * The same target only before the first delta: after it a second try would say
 * things twice, and only another rung may answer anew. 2 more tries of one
 * target, within 90 s, after min(8 s, 1/2 s * 2^n) * U(1/2, 1) or what the server
 * asks for, up to 60 s. With another rung free nobody waits for an own server,
 * nor more than 20 s for any. A model that loads is no failure: it is waited
 * for.
 */
#ifndef CHAT_RETRY_H
#define CHAT_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "llm/retry_wish.h"
#include "net/http.h"

enum {
    RETRY_MOST = 2, /* for one target */
    RETRY_BASE_MS = 500,
    RETRY_DELAY_MOST_MS = 8 * 1000,
    RETRY_WISH_MOST_MS = 60 * 1000,
    RETRY_WISH_PATIENCE_MS = 20 * 1000, /* with another rung free */
    RETRY_ALL_MOST_MS = 90 * 1000,
    RETRY_LOADING_MS = 2 * 1000, /* between tries while a model loads */
    RETRY_LOADING_MOST_MS = 600 * 1000,
    RETRY_WORDS_SIZE = 64,
};

/* As routing.fallback.on names them. */
enum retry_cause {
    RETRY_NO_CAUSE, /* nobody else would fare better: the user's to mend */
    RETRY_REFUSED,  /* no way to the server */
    RETRY_BUSY,     /* it asks to wait, or has no credit for us */
    RETRY_BROKEN,   /* it failed */
    RETRY_SILENT,   /* it said nothing in time */
    RETRY_CAUSE_COUNT
};

/* "refused"; NULL for RETRY_NO_CAUSE. */
const char *retry_cause_name(enum retry_cause cause);

/* All-zero is a failure that nothing mends. */
struct retry_failure {
    bool has_delta;        /* some of the answer had come */
    int status;            /* that the server gave, 0: none */
    enum http_hope hope;   /* where it gave none */
    bool is_unreached;     /* the transport failed before a head came */
    bool is_silent;        /* we gave up waiting for a word */
    bool is_given_up;      /* the user did, who was asked */
    bool is_out_of_credit; /* insufficient_quota, 402 */
    bool does_not_fit;     /* the conversation its model, or that the memory */
    bool is_loading;
    struct retry_wish wish;
};

struct retry_state {
    int retries;        /* of this target so far */
    int64_t elapsed_ms; /* since this target failed first */
    int64_t loading_ms; /* since it was asked first */
    int64_t base_ms;    /* RETRY_BASE_MS, unless a setting says otherwise */
    bool has_rung;      /* another one may answer after such a failure */
    bool is_own;        /* the target is the user's own */
    double random;      /* from 0 to 1 */
};

enum retry_verdict { RETRY_STOP, RETRY_AGAIN, RETRY_FALL_BACK };

struct retry_decision {
    enum retry_verdict verdict;
    int64_t delay_ms;  /* of RETRY_AGAIN */
    bool is_uncounted; /* the model loads: it is no retry */
};

enum retry_cause retry_cause_of(const struct retry_failure *failure);

/* Whether it tells against the server, so that its breaker counts it. */
bool retry_is_fault(const struct retry_failure *failure);

/* What retry_words() says while a model loads. */
#define RETRY_LOADING_WORDS "model is loading"

/* "rate limited (1/2)": why another one follows, and which it is. */
void retry_words(const struct retry_failure *failure, int retry,
                 char words[RETRY_WORDS_SIZE]);

struct retry_decision retry_decide(const struct retry_failure *failure,
                                   const struct retry_state *state);

#endif
