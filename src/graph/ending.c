/* SPDX-License-Identifier: MIT */
#include "graph/ending.h"

#include <stddef.h>

static bool is_one_of(struct slice reason, const char *const *words)
{
    while (*words && !slice_is(reason, *words))
        words++;
    return *words != NULL;
}

bool ending_is_by_length(struct slice reason)
{
    static const char *const words[] = { "length",
                                         "max_tokens",
                                         "max_output_tokens",
                                         "model_length",
                                         "model_context_window_exceeded",
                                         NULL };
    return is_one_of(reason, words);
}

bool ending_is_by_filter(struct slice reason)
{
    /* OpenAI and Azure, Anthropic, Gemini. */
    static const char *const words[] = { "content_filter", "refusal", "SAFETY",
                                         "safety", NULL };
    return is_one_of(reason, words);
}

const char *ending_shortfall(struct slice reason)
{
    if (ending_is_by_filter(reason))
        return "the server's filter ended the answer";
    if (slice_is(reason, "pause_turn"))
        return "the server paused in the middle of the answer; ask it to go on";
    return ending_is_by_length(reason)
               ? "the answer ends at the most tokens that it may have "
                 "(reply.max_tokens, or the model's window)"
               : NULL;
}
