/* SPDX-License-Identifier: MIT */
/*
 * call_words - a tool call in words: what it is about, its arguments as one
 * reads them, how long it has taken and how much it gave back.
 *
 * Pure: every function appends to a buf. Text of models is not yet harmless.
 */
#ifndef UI_CALL_WORDS_H
#define UI_CALL_WORDS_H

#include <stdint.h>

#include "base/buf.h"
#include "graph/graph.h"

/* What a call is about, in a line: "train/loader.py", "pytest -q timeout=60".
 * Of arguments that still arrive what is there; of others than an object their
 * text. Looks at their beginning only: a row has room for no more. */
void call_words_about(struct buf *out, struct slice arguments);

/* The arguments to be read: a line for each member, "path: train/loader.py",
 * the lines of a longer text below its name, four blanks before each. What is no object
 * stays as it is. */
void call_words_arguments(struct buf *out, struct slice arguments);

/* Its arguments as they came; until the graph changes. */
struct slice call_words_asked(const struct graph *graph,
                              const struct call *call);

/* How long it has waited for the user, run, or taken; nothing if none of
 * these. `now` is Unix ms. */
void call_words_time(struct buf *out, const struct call *call, int64_t now);

/* Bytes that it has given back so far. */
size_t call_words_size(const struct graph *graph, const struct call *call);

/* What it has given back so far; until the graph changes. */
struct slice call_words_output(const struct graph *graph,
                               const struct call *call);

/* The last `count` lines of a text, but no more than 64 KiB of it; blank ones
 * at its end do not count. */
struct slice call_words_tail(struct slice text, size_t count);

/* Of a text that is long the beginning and the end, and between them in a line
 * how much there is besides. */
void call_words_excerpt(struct buf *out, struct slice text,
                        const char *ellipsis);

#endif
