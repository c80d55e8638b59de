/* SPDX-License-Identifier: MIT */
/*
 * responses - the dialect of OpenAI's Responses API.
 *
 * Spoken by OpenAI and Azure, and in part by llama-server, Ollama, vLLM, LM
 * Studio, OpenRouter and xAI. Always stateless: the server is told to store
 * nothing (`store: false`), so each request holds the whole conversation, with
 * the reasoning that only its maker can read. Item ids mean nothing then and are
 * not sent; a reasoning item goes back only with its encrypted content, and only
 * directly before the item that it led to: OpenAI refuses anything else.
 */
#ifndef LLM_RESPONSES_H
#define LLM_RESPONSES_H

#include "llm/provider.h"

extern const struct dialect dialect_responses;

#endif
