/* SPDX-License-Identifier: MIT */
/*
 * graph_fault - what must hold in any graph and in any view of it, whatever was
 * folded: for tests, and for fuzz targets, which have no Check.
 */
#ifndef TESTS_SUPPORT_GRAPH_FAULT_H
#define TESTS_SUPPORT_GRAPH_FAULT_H

#include "graph/graph.h"
#include "graph/messages.h"
#include "graph/thread.h"

/* The property that does not hold, as it stands in the source; NULL: all do. */
const char *graph_fault(const struct graph *graph);

/* No server refuses these messages. */
const char *messages_fault(const struct messages *messages);

/* The entries are the path, cut into nodes and folded summaries, with what was
 * spawned in its place. The view has caught up. */
const char *thread_fault(const struct thread *thread,
                         const struct graph *graph);

#endif
