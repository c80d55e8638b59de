/* SPDX-License-Identifier: MIT */
/*
 * anthropic_request - a request of the Messages API, legal by construction.
 *
 * Private to anthropic.c. What the API asks for beyond graph/messages: the
 * first turn is the user's, turns of one role that follow each other are one,
 * the results of all calls stand first in the turn behind them, no text is
 * blank, ids of calls that another server made up are replaced, and thinking
 * goes back to its maker only.
 *
 * A longer conversation begins with the bytes of a shorter one: what changes
 * from turn to turn stands behind the messages.
 */
#ifndef LLM_ANTHROPIC_REQUEST_H
#define LLM_ANTHROPIC_REQUEST_H

#include "llm/provider.h"

/* As dialect.write_request. */
bool anthropic_write_request(const struct chat_request *request,
                             struct wire_request *wire, struct error *err);

/* As dialect.add_key. Anthropic's own hosts take the key as x-api-key.
 * Elsewhere it goes as a bearer token, too: gateways look for the one or the
 * other. */
void anthropic_add_key(const struct chat_request *request,
                       struct wire_request *wire);

/* As dialect.lacks. */
uint32_t anthropic_lacks(const struct chat_request *request);

/* 406 for claude-opus-4-6, 300 for claude-3-haiku-20240307, a large number for
 * one of Anthropic's without a number in its name; 0: it is none of theirs. */
int anthropic_model_version(struct slice model);

#endif
