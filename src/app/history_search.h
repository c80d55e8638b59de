/* SPDX-License-Identifier: MIT */
/*
 * history_search - looking for an earlier prompt while one types (Ctrl-R).
 *
 * Pure state: the query, and the entry of the history that it is in. The draft
 * is not touched, so there is nothing to restore when the search is given up.
 * A query without capitals finds both cases. All-zero is closed.
 */
#ifndef APP_HISTORY_SEARCH_H
#define APP_HISTORY_SEARCH_H

#include <stdbool.h>

#include "app/history.h"
#include "base/slice.h"

enum { HISTORY_QUERY_MAX = 1024 /* bytes */ };

struct history_search {
    bool is_open;
    bool has_failed; /* what was asked for last is not there; the match is of
                        before */
    struct buf query;
    struct buf last_query; /* of the search before */
    bool has_match;
    size_t entry;               /* index in the history */
    size_t match_at, match_len; /* bytes of its text */
};

void history_search_clear(struct history_search *search);

void history_search_begin(struct history_search *search);

/* Lengthen the query by what was typed or pasted (a line break or control is
 * left out), or shorten it by a grapheme; the newest entry that has all of it
 * is shown, while one types none that is newer than the one shown. */
void history_search_type(struct history_search *search,
                         const struct history *history, struct slice text);
void history_search_erase(struct history_search *search,
                          const struct history *history);

/* The next entry before or after the one shown that has another text. With an
 * empty query the search before is taken up again. */
void history_search_older(struct history_search *search,
                          const struct history *history);
void history_search_newer(struct history_search *search,
                          const struct history *history);

/* The text that is shown, NULL if there is none. Borrowed from the history. */
const char *history_search_text(const struct history_search *search,
                                const struct history *history);

/* The entries of the history have moved by so many places. */
void history_search_shift(struct history_search *search, ptrdiff_t moved);

/* Close; the first one gives the text that is shown, for the editor. */
const char *history_search_accept(struct history_search *search,
                                  const struct history *history);
void history_search_cancel(struct history_search *search);

#endif
