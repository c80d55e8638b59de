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

/* Append the body of a POST /api/chat that says nothing: it loads the model
 * with the keep_alive and num_ctx of `reply`, or unloads it (keep_alive "0").
 * Its answer: false if it failed after all, in words. */
void ollama_write_load(struct buf *body, const char *model,
                       const struct reply_settings *reply);
bool ollama_read_load(struct slice body, struct error *err,
                      bool *is_out_of_memory);

#endif
