/* SPDX-License-Identifier: MIT */
/*
 * failed_calls - calls of tools that an answer had to do without: they failed
 * or were refused, and no later call of the same tool succeeded.
 */
#ifndef APP_FAILED_CALLS_H
#define APP_FAILED_CALLS_H

#include "graph/graph.h"

/* Append a line for each of a run: which it was and why. Returns how many. */
size_t failed_calls_append(const struct graph *graph, uint32_t run,
                           struct buf *lines);

#endif
