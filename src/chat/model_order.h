/* SPDX-License-Identifier: MIT */
/*
 * model_order - a server is told to load or to unload a model, and watched until
 * it has.
 *
 * Who can be told: Ollama (POST /api/chat without messages; keep_alive 0
 * unloads), llama-server's router (POST /models/load and /models/unload, then
 * its list until it says so), LM Studio from 0.4 on (POST /api/v1/models/load
 * and /unload). All others say so by name. Never waits; the endpoint must
 * outlive it.
 */
#ifndef CHAT_MODEL_ORDER_H
#define CHAT_MODEL_ORDER_H

#include "chat/endpoint.h"
#include "net/http.h"

enum {
    MODEL_ORDER_LOAD_MS = 600 * 1000,
    MODEL_ORDER_UNLOAD_MS = 10 * 1000,
    MODEL_ORDER_POLL_MS =
        250, /* of a router, which answers before it is done */
};

/* Of the calls of model_order_fn only the last has an end. */
struct model_order_news {
    bool has_ended;
    const struct error *err; /* NULL: it was done, or still goes on */
    bool is_out_of_memory;   /* the server says that memory did not suffice */
};

/* Never from inside model_order_start(). At its end the order may be freed from
 * here. */
typedef void model_order_fn(void *context, const struct model_order_news *news);

struct model_order;

/* Load with the endpoint's num_ctx and keep_alive, or unload. */
struct model_order *model_order_start(struct loop *loop, struct http *http,
                                      const struct endpoint *endpoint,
                                      const char *model, bool is_unloading,
                                      model_order_fn *fn,
                                      void *context) RETURNS_NONNULL;
void model_order_free(struct model_order *order); /* NULL is fine */

#endif
