/* SPDX-License-Identifier: MIT */
/*
 * chat_completions - OpenAI's Chat Completions and those who imitate it:
 * POST {base}/chat/completions, server-sent events.
 */
#ifndef LLM_CHAT_COMPLETIONS_H
#define LLM_CHAT_COMPLETIONS_H

#include "llm/provider.h"

extern const struct dialect dialect_chat_completions;

/* Read the body of {base}/models: append each id, owned, to *ids. */
struct model_ids {
    ARRAY_OF(char *) list;
};
void model_ids_clear(struct model_ids *ids);
bool chat_completions_read_models(struct model_ids *ids, struct slice body,
                                  struct error *err);

#endif
