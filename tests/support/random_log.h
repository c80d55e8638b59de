/* SPDX-License-Identifier: MIT */
/*
 * random_log - conversations that nobody would write: events in any order, most
 * of them plausible, some of them wild. The same seed gives the same log.
 */
#ifndef TESTS_SUPPORT_RANDOM_LOG_H
#define TESTS_SUPPORT_RANDOM_LOG_H

#include "graph/graph.h"

struct random_log {
    uint64_t state;      /* the seed, not 0 */
    unsigned wild_share; /* of 100 events, how many ignore the graph */
    struct slice source; /* bytes that decide in place of the seed, while there
                            are any */
    char name[MEMORY_NAME_SIZE]; /* of the entry that was picked last */
};

/* A number below `bound`, which is more than 0. */
uint32_t random_below(struct random_log *random, uint32_t bound);

/* Fill an event that may come next in this graph. */
void random_event(struct random_log *random, const struct graph *graph,
                  struct event *event);

#endif
