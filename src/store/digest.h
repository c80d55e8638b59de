/* SPDX-License-Identifier: MIT */
/*
 * digest - what of a session goes into the index: its title, times and costs,
 * and the text of the nodes that changed. Pure: made from a graph, before the
 * thread of the disk takes it.
 */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include "base/array.h"
#include "graph/graph.h"
#include "store/session_id.h"

/* Bytes of a node's text that are indexed; of a longer one its beginning. */
enum { DIGEST_TEXT_MAX = 1024 * 1024 };

/* A node. */
struct digest_place {
    uint64_t node_id;
    int64_t at; /* Unix ms */
    enum node_kind kind;
    char *model; /* "": nobody was asked */
    /* Names of the tools that it calls, or that it is the answer of. */
    ARRAY_OF(char *) tools;
    struct buf text; /* all blocks, an empty line between them */
};

struct digest {
    struct session_id id;
    char *title;                    /* "" if it has none */
    char *opening;                  /* the first line of its first prompt, "" */
    char *model;                    /* that was asked last, "" */
    int64_t created_at, updated_at; /* Unix ms, 0: nothing was said */
    int64_t turns, nodes;           /* user turns, all nodes; all branches */
    int64_t input, output;          /* tokens, as far as servers counted them */
    double cost;                    /* US dollars; negative: nobody said it */
    uint64_t seq;                   /* that it goes up to */
    bool is_whole; /* what is not in it is not in the session */
    ARRAY_OF(struct digest_place) places;
};

/* Of the nodes that changed behind from_seq; 0: of all. Nodes that are still
 * being written are left for the next time. */
void digest_make(struct digest *digest, const char *id,
                 const struct graph *graph, uint64_t from_seq);
void digest_clear(struct digest *digest);

#endif
