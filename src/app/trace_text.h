/* SPDX-License-Identifier: MIT */
/*
 * trace_text - what was decided and asked in a session, and what changed
 * nothing, as lines of text. Pure.
 *
 * A line for each run, decision and attempt in the order of their events, and
 * one for each event that was rejected, all of them:
 *
 *     2026-11-28T14:02:03.120Z #7 run 1.1 qwen3:8b ollama: complete, ...
 *     2026-11-28T14:02:09.004Z #31 text-delta changed nothing: late
 */
#ifndef APP_TRACE_TEXT_H
#define APP_TRACE_TEXT_H

#include "base/buf.h"
#include "graph/graph.h"
#include "graph/log.h"

/* Up to the last event that the graph was folded from. */
void trace_text_append(struct buf *out, const struct graph *graph,
                       const struct log *log);

#endif
