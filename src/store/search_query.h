/* SPDX-License-Identifier: MIT */
/*
 * search_query - what a user looks for, as typed, taken apart. Pure but for the
 * time zone.
 *
 *     tide "spring tide" harb* -ferry model:qwen since:2w
 *
 * Each word, "phrase" and beginning* must be found, what has a - before it must
 * not; filters narrow it down: kind: model: tool: session: since: until:, twice
 * the same means either, and - excludes. What only looks like a filter
 * ("localhost:8080") is words. No text is a syntax error; refused are filters
 * that are misspelt or have no such value.
 */
#ifndef STORE_SEARCH_QUERY_H
#define STORE_SEARCH_QUERY_H

#include <stdint.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/error.h"

enum {
    SEARCH_TEXT_MAX = 4096, /* bytes of a query */
    SEARCH_WORDS_MAX = 32,
    SEARCH_PREFIX_MIN = 3, /* characters before a *: fewer begin too many */
};

/* One or more terms (store/terms), that stand behind one another. */
struct search_word {
    struct buf terms; /* each with a blank behind it */
    size_t count;     /* of terms; never 0 */
    bool is_prefix;   /* the last term only begins so */
    bool is_excluded;
};

enum search_filter {
    SEARCH_KIND,
    SEARCH_MODEL,
    SEARCH_SESSION,
    SEARCH_SINCE,
    SEARCH_TOOL,
    SEARCH_UNTIL,
    SEARCH_FILTER_COUNT
};

/* One of those that name something: kind, model, tool, session. */
struct search_narrowing {
    enum search_filter filter;
    char *value;
    bool is_excluded;
};

struct search_query {
    ARRAY_OF(struct search_word) words;
    ARRAY_OF(struct search_narrowing) narrowings;
    int64_t since, until; /* Unix ms, both included */
};

/* `is_being_typed`: the last word may go on, and a filter without a value is
 * none yet. False (ERROR_USAGE, ERROR_LIMIT): the query is empty. `now_ms`:
 * Unix. */
bool search_query_parse(struct search_query *query, struct slice text,
                        int64_t now_ms, bool is_being_typed, struct error *err);
void search_query_clear(struct search_query *query);

/* Nothing is looked for. */
bool search_query_is_empty(const struct search_query *query);

/* The words that a node's kind is given with: index of a node_kind; NULL past
 * the last. */
const char *search_kind_name(size_t kind);

#endif
