/* SPDX-License-Identifier: MIT */
/*
 * token_count - how a server is asked for the exact number of tokens of a text:
 * the question and its answer, pure.
 *
 * llama-server and vLLM have POST /tokenize, beside /v1 and not below it (the
 * READMEs of both). Ollama has none; vendors that have one count messages, not
 * texts, and would have to be sent the text.
 */
#ifndef LLM_TOKEN_COUNT_H
#define LLM_TOKEN_COUNT_H

#include "base/buf.h"
#include "llm/model_list.h"

#define TOKEN_COUNT_PATH "/tokenize"

enum { TOKEN_COUNT_TEXT_MAX = 1024 * 1024 /* bytes that are asked about */ };

bool token_count_is_told(enum model_server server);

/* Append the body of the question. */
void token_count_ask(enum model_server server, const char *model,
                     struct slice text, struct buf *body);

/* False: ERROR_PROTOCOL. */
bool token_count_read(struct slice body, uint64_t *tokens, struct error *err);

#endif
