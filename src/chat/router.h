/* SPDX-License-Identifier: MIT */
/*
 * router - where the next prompt goes, and why: a pure decision.
 *
 * A target is [ENDPOINT/]MODEL, as -m, /model and `model:` take it. Without one
 * the first of these that is there decides: the profile's `model`, the first
 * rung of its ladder, the user's own server that answered last (if no models
 * of it are set), its first endpoint, an Ollama that answers, a vendor that
 * stands in the environment (whoever sends asks first: chat/consent), the guide.
 * What was named is never substituted: if it cannot be had that is an error.
 * Where only a model is named it goes to the server that has it (chat/holder).
 */
#ifndef CHAT_ROUTER_H
#define CHAT_ROUTER_H

#include "chat/endpoint.h"
#include "chat/models.h"

enum { ROUTE_NAME_SIZE = 256, ROUTE_REASON_SIZE = 384 };

enum route_verdict {
    ROUTE_TO,   /* endpoint and model are known */
    ROUTE_ASK,  /* the endpoint must be asked for its models first */
    ROUTE_NONE, /* impossible; err says why and what to do */
};

/* What the user allows or wants: --local, --cloud. */
enum route_tier {
    ROUTE_ANY,
    ROUTE_LOCAL, /* nothing leaves for a vendor, whoever names one */
    ROUTE_CLOUD, /* the first vendor, by the user's own word */
};

struct route {
    enum route_verdict verdict;
    const struct endpoint *endpoint; /* set for ROUTE_TO and ROUTE_ASK */
    char model[ROUTE_NAME_SIZE];     /* "" for ROUTE_ASK */
    char reason[ROUTE_REASON_SIZE];  /* one sentence */
    char doubt[ROUTE_NAME_SIZE];     /* why the user is asked about it besides:
                                        "shell has run"; "" */
    double likely;   /* about what the request costs that the user is asked
                      about, in dollars; 0: unknown, or nothing */
    bool is_vendor;  /* leaves what the user calls his own */
    bool is_pinned;  /* the user named it, or its tier; of a
                                        vendor's model: and the vendor */
    uint64_t window; /* loaded context window in tokens, 0: unknown */
    struct error err;
};

/* What is known about each endpoint's models; NULL if it was never asked. */
typedef const struct models *router_models_fn(void *context,
                                              const struct endpoint *endpoint);

struct route_question {
    const struct endpoints *endpoints;
    const struct settings *settings;
    const char *target; /* from -m or /model; NULL: none */
    enum route_tier tier;
    const char *wish; /* in place of the settings' `model`, of a role; NULL */
    const char *last; /* that answered last, as a target; NULL: none */
    router_models_fn *models;
    void *context;
    uint64_t free_bytes; /* free memory, 0: unknown */
};

void router_decide(const struct route_question *question, struct route *route);

/* The rungs of the ladder that the settings name. */
size_t router_rung_count(const struct settings *settings);
const char *router_rung(const struct settings *settings, size_t rung);

/* The route to a rung, or to what a rule names: not pinned, and never to a
 * server that would have to be asked for its models first (ROUTE_NONE then). The
 * question's target does not count. */
void router_take(const struct route_question *question, const char *name,
                 struct route *route);

/* Whether the ladder decides, for nobody has named what is to answer. */
bool router_climbs(const struct route_question *question);

#endif
