/* SPDX-License-Identifier: MIT */
/*
 * chat_completions - OpenAI's Chat Completions and those who imitate it:
 * POST {base}/chat/completions, server-sent events.
 */
#ifndef LLM_CHAT_COMPLETIONS_H
#define LLM_CHAT_COMPLETIONS_H

#include "llm/provider.h"

extern const struct dialect dialect_chat_completions;

#endif
