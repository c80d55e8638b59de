/* SPDX-License-Identifier: MIT */
/*
 * graph_dump - a graph and its views as text, for tests that compare them.
 */
#ifndef TESTS_SUPPORT_GRAPH_DUMP_H
#define TESTS_SUPPORT_GRAPH_DUMP_H

#include "graph/graph.h"
#include "graph/messages.h"
#include "graph/thread.h"

/* Everything that a reader of the graph can see. */
void graph_dump(struct buf *out, const struct graph *graph);

/* The nodes from a root to `id`: "user 'hi' / assistant 'Hello' call 1". */
void graph_dump_path(struct buf *out, const struct graph *graph, uint64_t id);

/* One line for each message: "user 'hi'", "assistant '' 1 ls {}", "tool 1 'x'".
 */
void graph_dump_messages(struct buf *out, const struct messages *messages);

/* Maker and parts of an assistant's message, in one line:
 * "e/d/m: thinking 'x' opaque signature '\"s\"' text 'y' call 1". */
void graph_dump_parts(struct buf *out, const struct message *message);

#endif
