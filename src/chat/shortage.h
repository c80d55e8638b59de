/* SPDX-License-Identifier: MIT */
/*
 * shortage - memory did not suffice for a model: what would do instead.
 *
 * A smaller window, another model of that server, the next rung of the ladder:
 * each named only where it is known to be there. Pure.
 */
#ifndef CHAT_SHORTAGE_H
#define CHAT_SHORTAGE_H

#include "chat/endpoint.h"
#include "llm/model_list.h"

struct shortage {
    const struct endpoint *endpoint;
    const char *model;
    const struct model_row *rows; /* of the endpoint, as far as it told */
    size_t row_count;
    const struct settings *settings; /* with the ladder */
    uint64_t free_bytes;             /* where it is loaded; 0: unknown */
};

/* Append what would do to the sentence of the error. */
void shortage_offer(const struct shortage *shortage, struct error *err);

#endif
