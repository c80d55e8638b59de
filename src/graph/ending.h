/* SPDX-License-Identifier: MIT */
/*
 * ending - what the word means that a server ended a complete answer with.
 *
 * Pure. The words are those of finish_reason (OpenAI, Azure, Mistral),
 * done_reason (Ollama), stop_reason (Anthropic), incomplete_details.reason
 * (Responses) and Gemini's imitation.
 */
#ifndef GRAPH_ENDING_H
#define GRAPH_ENDING_H

#include <stdbool.h>

#include "base/slice.h"

/* The answer had no room left. */
bool ending_is_by_length(struct slice reason);

/* The server held back what comes next. */
bool ending_is_by_filter(struct slice reason);

/* What the answer lacks: a sentence, static; NULL: nothing. */
const char *ending_shortfall(struct slice reason);

#endif
