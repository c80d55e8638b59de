/* SPDX-License-Identifier: MIT */
/*
 * model_list - what servers tell about their models, each in its own words.
 *
 * What a server does not tell stays unknown, which is never "none". Texts are
 * the server's own and not cleaned. Pure: bodies in, rows out.
 *
 * Where what stands: Ollama's /api/tags, /api/ps and /api/show (docs/api.md of
 * Ollama); llama-server's /v1/models and /props (its README); vLLM's
 * max_model_len; LM Studio's /api/v0/models; context_length of OpenRouter,
 * context_window of Groq, max_context_length of Mistral.
 */
#ifndef LLM_MODEL_LIST_H
#define LLM_MODEL_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/token_family.h"

enum ability { ABILITY_UNKNOWN, ABILITY_NO, ABILITY_YES };

enum model_presence {
    PRESENCE_UNKNOWN,
    PRESENCE_UNLOADED,
    PRESENCE_LOADING,
    PRESENCE_LOADED,
    PRESENCE_ASLEEP, /* its next prompt loads it again */
    PRESENCE_FAILED, /* it was to be loaded and was not */
};

/* Who answers, as far as it matters for what it can be asked. */
enum model_server {
    SERVER_PLAIN,
    SERVER_OLLAMA,
    SERVER_LLAMA, /* llama-server with one model */
    SERVER_LLAMA_ROUTER,
    SERVER_VLLM,
    SERVER_LM_STUDIO,
};

#define MODEL_NEVER_EXPIRES INT64_MAX

/* Sizes in bytes, lengths in tokens; 0: unknown. */
struct model_row {
    char *name;
    uint64_t size;           /* on disk */
    uint64_t memory;         /* where it is loaded */
    uint64_t gpu_memory;     /* of that; meaningful with `memory` */
    uint64_t context_length; /* the window that is loaded, or served */
    uint64_t trained_length; /* the longest that it was made for */
    uint64_t cache_size;     /* of the KV cache, for each token */
    int64_t expires_time;    /* Unix s; 0: unknown */
    char parameters[16], quantization[24]; /* "8.2B", "Q4_K_M"; "" */
    enum token_family family; /* of its tokenizer, as far as it was told */
    enum model_presence presence;
    enum ability tools, vision, thinking;
    bool knows_gpu;
    bool can_chat;    /* no embedding model, as far as the server tells */
    bool is_remote;   /* a stub of a cloud model: leaves the machine */
    bool is_detailed; /* the server was asked about this one */
};

/* All-zero is empty. */
struct model_list {
    ARRAY_OF(struct model_row) rows;
    enum model_server server;
};

void model_list_clear(struct model_list *list);

/* A row that is borrowed until the next one is added. */
struct model_row *model_list_add(struct model_list *list,
                                 struct slice name) RETURNS_NONNULL;
struct model_row *model_list_find(const struct model_list *list,
                                  struct slice name);

/* Keep a short text of a server, cut to whole characters where there is no room
 * for all. */
void model_list_copy(char *to, size_t size, struct slice text);

/* What only ollama_read_show() and model_list_read_props() tell, of the row of the same
 * name (and size) in an older list. */
void model_list_keep_details(struct model_list *list,
                             const struct model_list *older);

/* Read {base}/models of anybody who imitates OpenAI: adds rows and tells the
 * server. The same of LM Studio's /api/v0/models: fills in rows. */
bool model_list_read(struct model_list *list, struct slice body,
                     struct error *err);

/* Read llama-server's /props about a model that is loaded. */
bool model_list_read_props(struct model_row *row, struct slice body,
                           struct error *err);

/* Ollama: the body of /api/tags (adds models), of /api/ps (tells which are
 * loaded, and that the others are not), of /api/show about one. */
bool ollama_read_tags(struct model_list *list, struct slice body,
                      struct error *err);
bool ollama_read_ps(struct model_list *list, struct slice body,
                    struct error *err);
bool ollama_read_show(struct model_row *row, struct slice body,
                      struct error *err);

#endif
