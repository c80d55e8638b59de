/* SPDX-License-Identifier: MIT */
/*
 * anthropic_turns - the messages and tools of a request of the Messages API.
 *
 * Private to anthropic_request.c, whose header says what is legal there.
 */
#ifndef LLM_ANTHROPIC_TURNS_H
#define LLM_ANTHROPIC_TURNS_H

#include "llm/provider.h"

struct anthropic_turns {
    bool needs_signature; /* thinking without one is left away */
    bool ends_with_user;  /* an answer cannot be begun for the model */
};

/* Append `"messages":[...]`. */
void anthropic_append_turns(struct buf *body,
                            const struct chat_request *request,
                            const struct anthropic_turns *turns);

/* Append `"tools":[...]`; nothing if there are none. Calls of earlier turns want
 * their tools described: where none is offered any more, those are named and may
 * not be used. */
void anthropic_append_tools(struct buf *body,
                            const struct chat_request *request);

#endif
