/* SPDX-License-Identifier: MIT */
/*
 * index_search - look for something in the index.
 *
 * What a search costs is bounded however common its words are: FTS5 gives the
 * newest places that have them all, SEARCH_WINDOW at the most, and only those
 * are weighed: best first by the words in them (store/match), the newer of
 * equals first. So what is much older than the window is found by words that
 * are rarer, or by until:.
 */
#ifndef STORE_INDEX_SEARCH_H
#define STORE_INDEX_SEARCH_H

#include "store/index.h"
#include "store/match.h"

enum {
    SEARCH_WINDOW = 200, /* places that are weighed; the limit, if more */
    SEARCH_WINDOW_MAX = 10000,
    SEARCH_WINDOW_BYTES = 8 * 1024 * 1024, /* of their texts */
};

struct search_hit {
    struct session_id id;
    char *title; /* of the session, see index_list() */
    uint64_t node_id;
    enum node_kind kind;
    int64_t at; /* Unix ms */
    char *who;  /* the model, or the tool; "" for the user */
    struct snippet snippet;
    double score;
};

struct search_hits {
    ARRAY_OF(struct search_hit) items;
    bool has_more; /* the window was full */
};

/* INDEX_FAILED with ERROR_USAGE: a filter names no model, tool or session that
 * there is; with the nearest. */
enum index_result index_search(struct index *index,
                               const struct search_query *query, size_t limit,
                               struct search_hits *hits, struct error *err);
void search_hits_clear(struct search_hits *hits);

#endif
