/* SPDX-License-Identifier: MIT */
/*
 * limiter - how long a server is to be left alone, and why: it failed too often,
 * it asked for it, or its headers said that nothing is left for a model until
 * some time (llm/rate_limit). Private to the parts of a chat (chat_state.h).
 */
#ifndef CHAT_LIMITER_H
#define CHAT_LIMITER_H

#include "chat/retry.h"
#include "chat/router.h"

struct chat;

enum limiter_cause {
    LIMITER_NONE,
    LIMITER_FAILING,
    LIMITER_ASKED,
    LIMITER_USED_UP,
    LIMITER_CAUSES
};

/* 0: a request may go there now. Else the longest of the waits, in ms, and whose
 * it is. */
int64_t limiter_wait_ms(const struct chat *chat, const struct route *route,
                        enum limiter_cause *cause);

/* "it asked to wait"; what it is for routing.fallback.on. */
const char *limiter_words(enum limiter_cause cause);
enum retry_cause limiter_retry_cause(enum limiter_cause cause);

/* So short that also with another rung free it is waited for; so long that the
 * server is asked all the same: a header must not lock anybody out. */
bool limiter_is_short(enum limiter_cause cause, int64_t wait_ms);
bool limiter_is_doubtful(enum limiter_cause cause, int64_t wait_ms);

/* Take in what the server of the attempt under way has told of its limits. */
void limiter_note(struct chat *chat);

#endif
