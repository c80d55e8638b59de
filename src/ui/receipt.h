/* SPDX-License-Identifier: MIT */
/*
 * receipt - what an answer took and how it stands, in words.
 *
 * Pure: every function appends to a buf.
 */
#ifndef UI_RECEIPT_H
#define UI_RECEIPT_H

#include <stdint.h>

#include "base/buf.h"
#include "graph/graph.h"
#include "ui/theme.h"

enum {
    RECEIPT_TTFT,
    RECEIPT_RATE,
    RECEIPT_TOKENS,
    RECEIPT_COST,
    RECEIPT_LEFT_OUT,
    RECEIPT_WHY,
    RECEIPT_SETTINGS,
    RECEIPT_PARTS
};

/* "0.8 s", "12 s", "3 min 20 s"; "38 kB"; "$.006"; "14:02" in local time. */
void receipt_duration(struct buf *out, int64_t ms);
void receipt_size(struct buf *out, size_t size);
/* "1024x768, 212 kB", or that it is named by its address. */
void receipt_image(struct buf *out, const struct image *image);
void receipt_cost(struct buf *out, double dollars); /* more than 0 */
void receipt_clock(struct buf *out, int64_t time);

/* "214 words". */
void receipt_words(struct buf *out, uint64_t words);

/* Append "remembered 3, 84 tokens", of what was recalled for a turn; nothing if
 * nothing was. */
void receipt_recalled(struct buf *out, const struct node *node);

/* What became of the thinking in a block: "thought 9 s, 214 words". */
void receipt_thought(struct buf *out, const struct node *node, size_t block,
                     uint64_t words);

/* How an attempt stands: "connecting 3 s", "loading model 12 s", "cut". `now`
 * is Unix ms; 0: without how long. */
void receipt_state(struct buf *out, const struct attempt *attempt, int64_t now);

/* Tokens a second of an attempt that wrote so many: by the server's own time
 * where it told, else from the first delta to the end; 0: unknown. */
double receipt_rate(const struct attempt *attempt, double tokens);

/* Tokens of a node's text, where no server counted them. */
uint64_t receipt_estimate(const struct node *node);

/* "1 piece of the answer could not be read and is missing"; nothing if none is.
 */
void receipt_skipped(struct buf *out, const struct attempt *attempt);

/* "no seed, no thinking": what was set and did not go along. */
void receipt_left_out(struct buf *out, const struct attempt *attempt);

/* The parts of the receipt of an attempt that ended, most important first: time
 * to the first token, tokens a second, tokens, cost, what of the reply the user
 * chose in vain ("no seed"), why it was asked ("score .31 < .55"), what of the
 * reply he chose ("temperature 0.2"). What is not known is empty; a count that is
 * only `estimate` has a "~". */
void receipt_parts(struct buf parts[RECEIPT_PARTS],
                   const struct attempt *attempt, uint64_t estimate);

/* How long each step of an attempt took, by its place in the run: "waited 0.5 s,
 * connected after 0.1 s, model loaded in 3.2 s, first token after 4.0 s, ended
 * after 9.3 s". */
void receipt_times(struct buf *out, const struct run *run, size_t index);

/* "312 tok", as a receipt has it. */
void receipt_tokens(struct buf *out, const struct attempt *attempt,
                    uint64_t estimate);

/* The model that answers: "asked -> reported" where they differ. */
void receipt_model(struct buf *out, const struct attempt *attempt,
                   const char *arrow);

/* The same in brief, by what tells most: "-> reported", the end of a path. */
void receipt_brief_model(struct buf *out, const struct attempt *attempt,
                         const struct glyphs *glyphs);

/* How the state of a tool call looks. */
enum style receipt_call_style(enum call_state state);

#endif
