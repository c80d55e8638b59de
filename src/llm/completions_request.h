/* SPDX-License-Identifier: MIT */
/*
 * completions_request - what goes to a server of Chat Completions.
 *
 * The messages of the graph are legal already (graph/messages); what differs
 * from server to server is a row of llm/traits.
 */
#ifndef LLM_COMPLETIONS_REQUEST_H
#define LLM_COMPLETIONS_REQUEST_H

#include "llm/provider.h"

/* As in `struct dialect`. */
bool completions_write_request(const struct chat_request *request,
                               struct wire_request *wire, struct error *err);
void completions_add_key(const struct chat_request *request,
                         struct wire_request *wire);
uint32_t completions_lacks(const struct chat_request *request);

#endif
