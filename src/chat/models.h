/* SPDX-License-Identifier: MIT */
/*
 * models - what a server has: asked for without waiting, and the model that is
 * taken when the user named none.
 *
 * Which one: loaded now > the largest that fits the free memory > the smallest
 * (Ollama); the only or first one (Chat Completions). Stubs of cloud models
 * and embedding models are never taken by themselves. Nothing is loaded by
 * asking.
 */
#ifndef CHAT_MODELS_H
#define CHAT_MODELS_H

#include <stdbool.h>
#include <stdint.h>

#include "chat/endpoint.h"
#include "llm/model_list.h"
#include "net/http.h"

enum {
    MODELS_WAIT_MS = 5000,
    MODELS_DETAILS_MAX = 256, /* that are asked about one by one */
};

enum models_state {
    MODELS_UNASKED,
    MODELS_ASKING,
    MODELS_KNOWN,       /* the server answered */
    MODELS_UNREACHABLE, /* err says why */
};

struct models;

/* `on_change` is called when the state changed, never from inside
 * models_ask(). */
typedef void models_fn(void *context);
struct models *models_new(struct loop *loop, struct http *http,
                          const struct endpoint *endpoint, models_fn *on_change,
                          void *context) RETURNS_NONNULL;
void models_free(struct models *models); /* NULL is fine */

/* Ask the server; while a question is under way this does nothing. What the
 * server told before stays until it has answered. */
void models_ask(struct models *models);

/* Ask more about the model of a name, or about each (NULL), as far as the server
 * can tell and was not asked: its abilities, what its window takes. The rows
 * change as the answers come. */
void models_ask_about(struct models *models, const char *name);
/* Ask again what is loaded and with which window: less than models_ask(), and
 * the state stays. */
void models_ask_loaded(struct models *models);
bool models_is_asking_about(const struct models *models);

enum models_state models_state(const struct models *models);
enum model_server models_server(const struct models *models);
const struct error *models_error(const struct models *models);
/* What protected the last answer: "TLSv1.3"; "" for plain http. */
const char *models_tls(const struct models *models);
/* Rows are borrowed until on_change is called. */
size_t models_count(const struct models *models);
const struct model_row *models_at(const struct models *models, size_t index);
const struct model_row *models_find(const struct models *models,
                                    const char *name);
/* The same; of a llama-server with one model that one, which answers to any
 * name. */
const struct model_row *models_serving(const struct models *models,
                                       const char *name);
/* The server has told what it has, and nothing of this name. */
bool models_lack(const struct models *models, const char *name);

/* The name of the list that is most like it, or that goes on behind it with a
 * tag ("qwen3:4b" for "qwen3"); NULL: there is none. Borrowed. */
const char *models_nearest(const struct models *models, const char *name);

/* The model to take when none was named; NULL: there is none. Pure. `free` is
 * the free memory in bytes, 0 if unknown. */
const struct model_row *models_choose(const struct models *models,
                                      uint64_t free_bytes);

/* Free memory of this machine in bytes, 0 if unknown. */
uint64_t models_free_memory(void);

#endif
