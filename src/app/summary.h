/* SPDX-License-Identifier: MIT */
/*
 * summary - a conversation in a few words: its title, how long it is.
 */
#ifndef APP_SUMMARY_H
#define APP_SUMMARY_H

#include "graph/graph.h"

/* Its title, else its first words, else "sennit". Until the graph changes. */
struct slice summary_title(const struct graph *graph);

/* User turns on the active path. */
int summary_turns(const struct graph *graph);

/* The attempt that was made last; NULL: none was. Until the graph changes. */
const struct attempt *summary_last_attempt(const struct graph *graph);

/* What a complete answer lacks, by the word that the server ended it with: a
 * sentence; NULL: nothing. */
const char *summary_shortfall(struct slice finish_reason);

#endif
