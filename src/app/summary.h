/* SPDX-License-Identifier: MIT */
/*
 * summary - a conversation in a few words: its title, how long it is.
 */
#ifndef APP_SUMMARY_H
#define APP_SUMMARY_H

#include "graph/graph.h"

/* Append its title (see graph/title), else "sennit". */
void summary_title(struct buf *out, const struct graph *graph);

/* User turns on the active path. */
int summary_turns(const struct graph *graph);

/* The newest run that has asked anybody; NULL: none has. Until the graph
 * changes. */
const struct run *summary_last_run(const struct graph *graph);

/* How a run stands, in words: "complete", "stopped by you"; that an answer which
 * is whole is not as its schema asks, or lacks its end. Static. */
const char *summary_outcome(const struct run *run);

/* The attempt that was made last; NULL: none was. Until the graph changes. */
const struct attempt *summary_last_attempt(const struct graph *graph);

#endif
