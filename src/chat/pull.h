/* SPDX-License-Identifier: MIT */
/*
 * pull - an Ollama loads a model down: POST /api/pull, and how far it is.
 *
 * The server tells as NDJSON, with HTTP 200 even where it fails; that it is
 * done says nothing but the word "success". What it has it keeps: the same
 * question again goes on where the last one ended, and where the line drops it
 * is asked again by itself a few times. Never waits.
 */
#ifndef CHAT_PULL_H
#define CHAT_PULL_H

#include "chat/endpoint.h"
#include "net/http.h"

enum {
    PULL_REPEATS = 3, /* in a row, without a byte more */
    PULL_REPEAT_AFTER_MS = 500,
    PULL_LAYERS_MAX = 1000,
    PULL_NAME_MAX = 255, /* bytes */
};

enum pull_state { PULL_RUNNING, PULL_DONE, PULL_FAILED };

/* One file of the model. */
struct pull_layer {
    char *digest;
    uint64_t total, completed; /* bytes */
};

/* Who loads "box/qwen3:4b" down, which is cut to the model: an endpoint that is
 * named, else the first Ollama of one's own. NULL: there is none. */
const struct endpoint *pull_place(const struct endpoints *endpoints,
                                  struct slice *model);

struct pull;

/* `on_change` is called when there is more to tell, never from inside
 * pull_new(). It may free the pull once that is over. The endpoint must outlive it. */
typedef void pull_fn(void *context);

/* NULL: the name or the endpoint's key will not do. */
struct pull *pull_new(struct loop *loop, struct http *http,
                      const struct endpoint *endpoint, const char *model,
                      struct error *err) MUST_USE;
void pull_listen(struct pull *pull, pull_fn *on_change, void *context);
/* Stops what is under way: the server then pauses. NULL is fine. */
void pull_free(struct pull *pull);

enum pull_state pull_state(const struct pull *pull);
const struct error *pull_error(const struct pull *pull); /* PULL_FAILED */
const char *pull_model(const struct pull *pull);
const struct endpoint *pull_endpoint(const struct pull *pull);

/* The server's last word: "verifying sha256 digest". Not cleaned. */
const char *pull_status(const struct pull *pull);

/* Of all layers that the server has named so far. */
uint64_t pull_total(const struct pull *pull);
uint64_t pull_completed(const struct pull *pull);
size_t pull_layer_count(const struct pull *pull);
const struct pull_layer *pull_layer_at(const struct pull *pull, size_t index);

/* "qwen3:4b 48 %, 1.2 of 2.5 GB"; before a size is known the status. */
void pull_format(const struct pull *pull, struct buf *out);

#endif
