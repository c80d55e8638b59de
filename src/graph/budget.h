/* SPDX-License-Identifier: MIT */
/*
 * budget - what the active path takes of the context window: a view.
 *
 * Running sums from the root, so that a head move costs the path beyond the
 * common ancestor and a delta costs its own bytes. Counts are estimates of
 * base/tokens; the server's own count of the last prompt stands beside them. A
 * folded summary takes what its text does, in place of its nodes.
 */
#ifndef GRAPH_BUDGET_H
#define GRAPH_BUDGET_H

#include "base/tokens.h"
#include "graph/spans.h"

enum budget_part {
    BUDGET_SYSTEM,
    BUDGET_HISTORY, /* user and assistant text */
    BUDGET_TOOLS,   /* calls and their output */
    BUDGET_FILES,   /* attachments */
    BUDGET_PART_COUNT
};

/* What a picture takes, whatever its size: servers count by rules of their own
 * that nobody tells before. Ollama takes 768 as a flat rate (server/prompt.go);
 * OpenAI's four tiles of 512 pixels and a base are 765; Anthropic's
 * width * height / 750 gives so much for 760 by 760 pixels. */
enum { BUDGET_IMAGE_TOKENS = 768 };

struct budget_sum {
    uint64_t tokens[BUDGET_PART_COUNT];
};

struct budget;

struct budget *budget_new(void) RETURNS_NONNULL;
void budget_free(struct budget *budget); /* NULL is fine */

void budget_catch_up(struct budget *budget, const struct graph *graph);

/* Estimated tokens of the path by part, and in all. */
struct budget_sum budget_parts(const struct budget *budget);
uint64_t budget_total(const struct budget *budget);

/* What the server counted for the last attempt on the path that reported
 * usage: input plus output, less reasoning (it does not go back); -1: none
 * yet, or none since a summary on the path was folded or unfolded. */
int64_t budget_reported(const struct budget *budget);

/* Bytes counted so far: what tests bound. */
uint64_t budget_bytes_counted(const struct budget *budget);

#endif
