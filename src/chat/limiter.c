/* SPDX-License-Identifier: MIT */
#include "chat/limiter.h"

#include <assert.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "chat/chat_state.h"
#include "llm/rate_limit.h"

static const struct {
    const char *words;
    enum retry_cause cause;
} causes[] = {
    [LIMITER_NONE] = { "", RETRY_NO_CAUSE },
    [LIMITER_FAILING] = { "it failed too often", RETRY_BROKEN },
    [LIMITER_ASKED] = { "it asked to wait", RETRY_BUSY },
    [LIMITER_USED_UP] = { "its rate limit is used up", RETRY_BUSY },
};
static_assert(COUNTOF(causes) == LIMITER_CAUSES, "a cause has no words");

const char *limiter_words(enum limiter_cause cause)
{
    return causes[cause].words;
}

enum retry_cause limiter_retry_cause(enum limiter_cause cause)
{
    return causes[cause].cause;
}

int64_t limiter_wait_ms(const struct chat *chat, const struct route *route,
                        enum limiter_cause *cause)
{
    int64_t now = loop_now(chat->setup.loop);
    bool is_failing;
    int64_t wait_ms =
        health_wait_ms(&chat->health, route->endpoint, now, &is_failing);
    int64_t limit_ms =
        health_limit_ms(&chat->health, route->endpoint, route->model, now);
    *cause = is_failing    ? LIMITER_FAILING
             : wait_ms > 0 ? LIMITER_ASKED
                           : LIMITER_NONE;
    if (limit_ms <= wait_ms)
        return wait_ms;
    *cause = LIMITER_USED_UP;
    return limit_ms;
}

bool limiter_is_short(enum limiter_cause cause, int64_t wait_ms)
{
    return cause != LIMITER_FAILING && wait_ms <= RETRY_WISH_PATIENCE_MS;
}

bool limiter_is_doubtful(enum limiter_cause cause, int64_t wait_ms)
{
    return cause == LIMITER_USED_UP && wait_ms > RETRY_WISH_MOST_MS;
}

/* The headers came with the first byte, and counted from then on. */
void limiter_note(struct chat *chat)
{
    const struct attempt *attempt =
        graph_attempt(chat->conversation.graph, chat->run, chat->attempt);
    struct rate_limits limits;
    if (!attempt || !*attempt->limits)
        return;
    rate_limits_read(&limits, slice_of(attempt->limits));
    int64_t passed_ms =
        attempt->connected_at ? clock_wall_ms() - attempt->connected_at : 0;
    int64_t rest_ms = rate_limits_rest_ms(&limits);
    health_is_used_up(&chat->health, chat->route.endpoint, chat->route.model,
                      rest_ms - (passed_ms > 0 ? passed_ms : 0),
                      loop_now(chat->setup.loop));
}
