/* SPDX-License-Identifier: MIT */
/*
 * preference - what the user has said about two answers to the same prompt.
 *
 * Read-only for all but the reducer; owned by the graph.
 */
#ifndef GRAPH_PREFERENCE_H
#define GRAPH_PREFERENCE_H

#include <stdbool.h>
#include <stdint.h>

struct preference {
    uint64_t seq;
    int64_t at;                 /* Unix ms */
    uint64_t node_id, other_id; /* the first is the better one */
    bool is_same;               /* there is no difference */
    char *profile, *vote;       /* what it counted for, and as; "" */
};

#endif
