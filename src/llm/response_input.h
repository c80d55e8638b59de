/* SPDX-License-Identifier: MIT */
/*
 * response_input - a conversation as the input items of the Responses API.
 * Private to llm/.
 */
#ifndef LLM_RESPONSE_INPUT_H
#define LLM_RESPONSE_INPUT_H

#include "llm/provider.h"

/* Append `"input":[...]`, without the system prompt. Of answers that were made
 * by `dialect` and the very model asked, their own items go back. */
void response_input_append(struct buf *body, const struct chat_request *request,
                           const struct dialect *dialect);

#endif
