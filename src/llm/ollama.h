/* SPDX-License-Identifier: MIT */
/*
 * ollama - Ollama's native API: POST /api/chat, NDJSON.
 */
#ifndef LLM_OLLAMA_H
#define LLM_OLLAMA_H

#include "base/array.h"
#include "llm/provider.h"

extern const struct dialect dialect_ollama;

/* Append the address that a value of OLLAMA_HOST means, by the table of
 * Ollama's envconfig: scheme and port optional, 11434 without scheme, 80 and
 * 443 with one, bind addresses made loopback. "" or NULL: the usual address. */
void ollama_host_url(struct buf *out, const char *value);

/* One installed or loaded model. Strings are owned by the list. */
struct ollama_model {
    char *name;
    uint64_t size;           /* bytes on disk */
    bool is_loaded;          /* listed by /api/ps */
    uint64_t context_length; /* loaded window, 0: unknown */
    bool can_chat;  /* no embedding model, as far as the server tells */
    bool is_remote; /* a stub of a cloud model: leaves the machine */
};
struct ollama_models {
    ARRAY_OF(struct ollama_model) list;
};
void ollama_models_clear(struct ollama_models *models);

/* Read the body of /api/tags (adds models) or /api/ps (marks loaded ones). */
bool ollama_read_tags(struct ollama_models *models, struct slice body,
                      struct error *err);
bool ollama_read_ps(struct ollama_models *models, struct slice body,
                    struct error *err);

#endif
