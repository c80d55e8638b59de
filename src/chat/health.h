/* SPDX-License-Identifier: MIT */
/*
 * health - how the servers have behaved of late: who must be left alone, and
 * for how long.
 *
 * One record for an origin (scheme, host, port), so that endpoints, models and
 * chats that share a server share its breaker and its wish to be left alone.
 * Times are monotonic milliseconds.
 */
#ifndef CHAT_HEALTH_H
#define CHAT_HEALTH_H

#include "chat/breaker.h"
#include "chat/endpoint.h"

/* A model for which nothing is left until then. */
struct used_up {
    char *model;
    int64_t until;
};

struct server_health {
    char *origin;
    struct breaker breaker;
    int64_t busy_until; /* it said how long it wants no request */
    ARRAY_OF(struct used_up) limits;
};

/* All-zero is empty. */
struct health {
    ARRAY_OF(struct server_health) list;
};

void health_clear(struct health *health);

/* The record of its server; NULL: nothing is known. */
const struct server_health *health_of(const struct health *health,
                                      const struct endpoint *endpoint);

/* An earlier run left it alone for `open_ms`, and that is not over. */
void health_reopen(struct health *health, const struct endpoint *endpoint,
                   int64_t open_ms, int64_t until);

/* 0: a request may go there now. Else after how long to ask again; *is_failing
 * tells why: it failed too often, else it asked for it. */
int64_t health_wait_ms(const struct health *health,
                       const struct endpoint *endpoint, int64_t now,
                       bool *is_failing);

/* An attempt starts; it ended; the user stopped it. */
void health_start(struct health *health, const struct endpoint *endpoint);
void health_note(struct health *health, const struct endpoint *endpoint,
                 bool has_failed, int64_t now);
void health_give_up(struct health *health, const struct endpoint *endpoint);

/* The server asked for no more requests for so long. */
void health_is_busy(struct health *health, const struct endpoint *endpoint,
                    int64_t for_ms, int64_t now);

/* Its rate limit leaves nothing for a model for so long (none: 0 or less); how
 * long still. Models of one server have limits of their own. */
void health_is_used_up(struct health *health, const struct endpoint *endpoint,
                       const char *model, int64_t for_ms, int64_t now);
int64_t health_limit_ms(const struct health *health,
                        const struct endpoint *endpoint, const char *model,
                        int64_t now);

#endif
