/* SPDX-License-Identifier: MIT */
/*
 * recovered - tool calls that a model wrote as text, where its server's template
 * or parser did not make calls of them.
 *
 * A text holds calls if it is nothing else, or ends in them behind other words:
 * as the templates of the models write them -
 *
 *     <tool_call>{"name": N, "arguments": {...}}</tool_call>     Hermes, Qwen
 *     <tool_call><function=N><parameter=K>V</parameter>...       Qwen 3 Coder
 *     <function=N>{...}</function>                               Llama 3.1
 *     <|python_tag|>{"name": N, "parameters": {...}}             Llama 3.1
 *     [TOOL_CALLS][{"name": N, "arguments": {...}}]              Mistral
 *     [TOOL_CALLS]N[ARGS]{...}                                   Mistral, later
 *
 * - or as the same JSON, bare at the start of a line or in a fence ("```json").
 * Calls must all be of tools that were offered. What stands in the middle of
 * other words, in a block of code among them, or in quotes, is text that
 * explains a call. Whoever takes one for a call asks the user first.
 *
 * Pure. Sources: the chat templates in llama.cpp's models/templates, and its
 * common/chat.cpp.
 */
#ifndef LLM_RECOVERED_H
#define LLM_RECOVERED_H

#include "base/array.h"
#include "llm/provider.h"

enum {
    RECOVERED_CALLS_MAX = 32,
    RECOVERED_TEXT_MAX = 256 * 1024, /* of a text's end that is looked at */
};

struct recovered_call {
    const struct tool_offer *tool; /* borrowed from the offers */
    struct buf arguments;          /* a JSON object */
};

/* All-zero is none. */
struct recovered {
    ARRAY_OF(struct recovered_call) calls;
};

void recovered_clear(struct recovered *recovered);

/* The calls in a text that is finished, in their order; none of them is there if
 * one cannot be read. */
void recovered_find(struct recovered *recovered, struct slice text,
                    const struct tool_offer *tools, size_t count);

#endif
