/* SPDX-License-Identifier: MIT */
/*
 * document - the active path as Markdown that one can publish.
 *
 * Pure. What was said stands there as it came, byte for byte; files, thinking,
 * calls and their outputs stand in fences longer than any in them; a fence that
 * an answer left open is closed, so that it ends where the answer does.
 */
#ifndef APP_DOCUMENT_H
#define APP_DOCUMENT_H

#include "base/buf.h"
#include "graph/graph.h"

/* `id` of the session; empty: it is not kept. */
void document_append(struct buf *out, const struct graph *graph,
                     struct slice id);

#endif
