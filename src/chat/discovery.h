/* SPDX-License-Identifier: MIT */
/*
 * discovery - what is known of every endpoint's models, and what the router
 * makes of it.
 *
 * Each endpoint is asked when somebody wants to know, never twice at a time.
 * Lives inside `struct chat`; must not move between init and clear.
 */
#ifndef CHAT_DISCOVERY_H
#define CHAT_DISCOVERY_H

#include "chat/models.h"
#include "chat/router.h"

struct discovery {
    struct loop *loop;
    struct http *http;
    const struct settings *settings;
    const struct endpoints *endpoints;
    models_fn *on_change; /* a server has told its models; may be NULL */
    void *context;
    struct models **models; /* one for each endpoint, NULL until asked */
    uint64_t free_bytes;    /* of memory, when a server last told */
};

/* The members up to `context` are set by the caller, and borrowed. */
void discovery_init(struct discovery *discovery);
void discovery_clear(struct discovery *discovery);

/* Ask an endpoint (again, or only if it never was); never waits. */
void discovery_ask(struct discovery *discovery,
                   const struct endpoint *endpoint);
void discovery_ask_first(struct discovery *discovery,
                         const struct endpoint *endpoint);

/* It has told its list, or that it cannot; else it is being asked now. */
bool discovery_has_told(struct discovery *discovery,
                        const struct endpoint *endpoint);

/* Ask more about a model, once the server has told which it has; false: not yet,
 * it is asked for that first. What it cannot tell is not waited for. */
bool discovery_look(struct discovery *discovery,
                    const struct endpoint *endpoint, const char *model);
bool discovery_is_looking(const struct discovery *discovery,
                          const struct endpoint *endpoint);

/* More about one model (NULL: about each) of an endpoint that has told its list.
 */
void discovery_ask_about(struct discovery *discovery,
                         const struct endpoint *endpoint, const char *model);

/* What of it is loaded now, and with which window. */
void discovery_ask_loaded(struct discovery *discovery,
                          const struct endpoint *endpoint);

/* Where prompts are to go: what -m or /model named (NULL: nothing), and what
 * the user allows. */
struct aim {
    const char *target;
    enum route_tier tier;
    const char *last; /* [ENDPOINT/]MODEL that answered last; NULL: unknown */
    const char *wish; /* of a role; NULL: none */
};

/* A server that was not there may be there now: ask again those that keep a
 * prompt from going where it should. */
void discovery_ask_missing(struct discovery *discovery, struct aim aim);

/* NULL: never asked. */
const struct models *discovery_models(const struct discovery *discovery,
                                      const struct endpoint *endpoint);

/* The route to a rung of the ladder, or what a rule names (router_take). */
void discovery_take(struct discovery *discovery, struct aim aim,
                    const char *name, struct route *route);

/* Whether the ladder decides (router_climbs). */
bool discovery_climbs(struct discovery *discovery, struct aim aim);

/* Where a prompt would go now. */
void discovery_decide(struct discovery *discovery, struct aim aim,
                      struct route *route);

#endif
