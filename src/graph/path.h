/* SPDX-License-Identifier: MIT */
/*
 * path - the active path: the nodes from a root to the head, kept current.
 *
 * What every view of the active path shares. path_catch_up() costs what
 * changed: streamed text touches one node, a moved head the path beyond the
 * common ancestor.
 */
#ifndef GRAPH_PATH_H
#define GRAPH_PATH_H

#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "graph/graph.h"

/* All-zero is a path that has seen nothing. */
struct path {
    ARRAY_OF(uint64_t) nodes; /* ids, items[d] has depth d */
    uint64_t seen_seq;
    size_t steps; /* nodes visited so far: what tests bound */
};

void path_clear(struct path *path);

/* Bring the path up to the graph. Returns the first depth that is no longer
 * what it was: path->nodes.count if nothing changed. Depths below it are
 * untouched; those from it on may have changed their text or their node. A path
 * that became shorter has changed at its new last depth. (One that became empty
 * returns 0: compare with the count that it had.) */
size_t path_catch_up(struct path *path, const struct graph *graph);

/* The same for the path to any node (0: the empty path) instead of the head. */
size_t path_follow(struct path *path, const struct graph *graph,
                   uint64_t leaf_id);

#endif
