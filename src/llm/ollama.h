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

#endif
