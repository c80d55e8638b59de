/* SPDX-License-Identifier: MIT */
/*
 * reply - the settings under `reply`, as a request takes them, and in words.
 */
#ifndef CHAT_REPLY_H
#define CHAT_REPLY_H

#include "base/array.h"
#include "chat/endpoint.h"
#include "config/settings.h"
#include "llm/provider.h"

/* The settings of one request, and what they borrow. */
struct reply {
    struct reply_settings settings;
    ARRAY_OF(const char *) stop; /* NULL at its end */
};

/* All-zero at first; read anew as often as wanted. What a role says (NULL:
 * nothing) goes before the settings, but for those of this run of the program:
 * --set and /set. Strings are borrowed from the settings and the endpoint. */
void reply_read(struct reply *reply, const struct settings *settings,
                const struct setting *role, const struct endpoint *endpoint);
void reply_clear(struct reply *reply);

/* Append what of it a request carries, as a JSON object: {"temperature":0.7}.
 * What the server has no name for, or has refused, stands in "left_out". Nothing
 * if nothing was chosen. */
void reply_describe(const struct chat_request *request,
                    const struct dialect *dialect, struct buf *out);

/* Why a setting ("reply.seed") goes nowhere at an endpoint: append a sentence.
 * Nothing if it goes. */
void reply_explain(const struct endpoint *endpoint, const char *model,
                   struct slice key, struct buf *out);

#endif
