/* SPDX-License-Identifier: MIT */
/*
 * refusals - what a server refused by name once, for a model: it is not sent
 * again.
 */
#ifndef CHAT_REFUSALS_H
#define CHAT_REFUSALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/buf.h"
#include "chat/endpoint.h"

struct refusal {
    const struct endpoint *endpoint;
    char *model;
    uint32_t parts; /* REQUEST_* of llm/provider */
};

/* All-zero is empty. Endpoints are borrowed. */
struct refusals {
    ARRAY_OF(struct refusal) list;
};

void refusals_clear(struct refusals *refusals);

/* The parts of a request that were refused. */
uint32_t refusals_of(const struct refusals *refusals,
                     const struct endpoint *endpoint, const char *model);

/* Remember parts; false if there is nothing new in them. */
bool refusals_add(struct refusals *refusals, const struct endpoint *endpoint,
                  const char *model, uint32_t parts);

/* How a request goes that lacks these parts: "without temperature, seed"; what
 * no setting is behind has no name. */
void refusals_words(uint32_t parts, struct buf *out);

#endif
