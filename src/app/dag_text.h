/* SPDX-License-Identifier: MIT */
/*
 * dag_text - the whole graph of a session as text that programs draw. Pure.
 *
 * The same graph gives the same bytes. Labels are what was said first in a
 * turn, on one line, made harmless and then escaped as each language wants it:
 * nothing that was said can end a label early or become syntax.
 */
#ifndef APP_DAG_TEXT_H
#define APP_DAG_TEXT_H

#include "base/buf.h"
#include "graph/graph.h"

/* One JSON object {"nodes":[...],"edges":[...]}, an item a line. */
void dag_text_json(struct buf *out, const struct graph *graph);

/* A flowchart of Mermaid; the language DOT of Graphviz. */
void dag_text_mermaid(struct buf *out, const struct graph *graph);
void dag_text_dot(struct buf *out, const struct graph *graph);

#endif
