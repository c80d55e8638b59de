/* SPDX-License-Identifier: MIT */
/*
 * index_state - what the parts of the index share: private to store/index,
 * store/index_put and store/index_search.
 */
#ifndef STORE_INDEX_STATE_H
#define STORE_INDEX_STATE_H

#include "store/index.h"

/* Prepared when they are used first. */
enum index_statement {
    FIND_SESSION,
    ADD_SESSION,
    SET_SESSION,
    REMOVE_SESSION,
    FIND_NAME,
    ADD_NAME,
    FIND_PLACE,
    EACH_PLACE,
    FREE_ID,
    ADD_PLACE,
    REMOVE_PLACE,
    ADD_TERMS,
    REMOVE_TERMS,
    RAISE_STATE,
    READ_PLACE,
    NAME_OF,
    SEARCH,
    STATEMENT_COUNT
};

struct index {
    char *path;
    struct db *db;
    struct db_query *queries[STATEMENT_COUNT];
    bool is_in_batch;
    enum db_fault fault; /* of the last opening */
};

/* NULL, in words: it cannot be prepared. */
struct db_query *index_query(struct index *index, enum index_statement which,
                             struct error *err);

#endif
