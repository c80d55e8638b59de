/* SPDX-License-Identifier: MIT */
/*
 * anthropic - the dialect of Anthropic's Messages API, and of servers that
 * imitate it: llama-server, Ollama, vLLM, gateways.
 *
 * Source: the Messages API reference as of version 2023-06-01 with the streaming
 * events and content blocks of 2026, and recorded answers. Blocks are kept
 * apart by index; a server may start one before it has stopped the last. Beside
 * text, thinking and calls an answer may hold what only its maker can read. It
 * becomes opaque events of these kinds, in the order of the blocks:
 *
 *     signature          a string: of the thinking right before it
 *     redacted-thinking  a string: the data of such a block
 *     block              any other block, with what its deltas added
 */
#ifndef LLM_ANTHROPIC_H
#define LLM_ANTHROPIC_H

#include "llm/provider.h"

extern const struct dialect dialect_anthropic;

#endif
