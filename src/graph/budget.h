/* SPDX-License-Identifier: MIT */
/*
 * budget - what the next prompt finds in the context window: a view.
 *
 * What is counted is what is sent: the messages of the active path as they are
 * while another prompt is asked behind it (graph/messages), marks and fences of
 * files included. Running sums from the root, so that a head move costs the
 * path beyond the common ancestor and a delta its own bytes: an answer that is
 * still coming is counted by its blocks, and once more when it is whole. Counts
 * are estimates of base/tokens; the server's own count of the last prompt stands
 * beside them.
 */
#ifndef GRAPH_BUDGET_H
#define GRAPH_BUDGET_H

#include "base/tokens.h"
#include "graph/messages.h"

enum budget_part {
    BUDGET_SYSTEM,
    BUDGET_MEMORY,  /* what was recalled */
    BUDGET_SUMMARY, /* in place of turns that are folded */
    BUDGET_HISTORY, /* user and assistant text */
    BUDGET_TOOLS,   /* calls and their output, the user's own, too */
    BUDGET_FILES,   /* attachments, and what is told of now and here */
    BUDGET_PART_COUNT
};

/* What a picture takes, whatever its size: servers count by rules of their own
 * that nobody tells before. Ollama takes 768 as a flat rate (server/prompt.go);
 * OpenAI's four tiles of 512 pixels and a base are 765; Anthropic's
 * width * height / 750 gives so much for 760 by 760 pixels. */
enum { BUDGET_IMAGE_TOKENS = 768 };

struct budget_sum {
    uint64_t tokens[BUDGET_PART_COUNT];
    uint64_t messages; /* that they are in */
};

struct budget;

struct budget *budget_new(void) RETURNS_NONNULL;
void budget_free(struct budget *budget); /* NULL is fine */

/* Count as this family of tokenizers does (at first an unknown one): if it was
 * another before, all is counted anew with the next budget_catch_up(). */
void budget_use(struct budget *budget, enum token_family family);

void budget_catch_up(struct budget *budget, const struct graph *graph);

/* Estimated tokens of the path by part, and in all. */
struct budget_sum budget_parts(const struct budget *budget);
uint64_t budget_total(const struct budget *budget);
uint64_t budget_sum_total(const struct budget_sum *sum);

/* What the server counted for the last attempt on the path that reported
 * usage: input plus output, less reasoning (it does not go back; if an answer
 * has thinking of which nobody told how much it was, or is counted as much less
 * than it can be, the input alone); -1: none
 * yet, or none since what is sent before it has changed (a summary was folded or
 * unfolded, a node left out or taken back in, the system prompt set). The tools
 * of its request are in it (struct attempt: offered). What has come behind it. */
int64_t budget_reported(const struct budget *budget);
uint64_t budget_reported_by(const struct budget *budget); /* its node; 0 */
struct budget_sum budget_behind(const struct budget *budget);

/* Of the total, an answer at the end that is still coming. */
uint64_t budget_coming(const struct budget *budget);

/* The path in pieces without an answer at its end that is still coming, and
 * what one of them takes: what is left out nothing. */
const struct spans *budget_spans(const struct budget *budget);
struct budget_sum budget_span(const struct budget *budget, size_t index);

/* What a node takes where it is sent, counted anew. */
struct budget_sum budget_of_node(const struct budget *budget,
                                 const struct graph *graph,
                                 const struct node *node);

/* Of the path, the tokens in front with which a request that led to a node
 * began too, if it was written right behind the event `seq`: what its server
 * need not read again. */
uint64_t budget_shared(const struct budget *budget, const struct graph *graph,
                       uint64_t leaf_id, uint64_t seq);

/* Bytes counted, and nodes visited, so far: what tests bound. */
uint64_t budget_bytes_counted(const struct budget *budget);
size_t budget_steps(const struct budget *budget);

#endif
