/* SPDX-License-Identifier: MIT */
/*
 * match - where the words of a query stand in a text, how well they fit it, and
 * the part of it that shows them. Pure.
 */
#ifndef STORE_MATCH_H
#define STORE_MATCH_H

#include "base/array.h"
#include "base/buf.h"
#include "store/search_query.h"

enum {
    MATCH_TEXT_MAX = 64 * 1024, /* bytes of a text that are looked at first */
    MATCH_SPANS_MAX = 1000,
    SNIPPET_MAX = 200, /* bytes of text around the words, about */
};

struct match_span {
    size_t begin, end; /* bytes of the text */
    size_t word;       /* of the query */
};

/* All-zero is empty. */
struct match {
    ARRAY_OF(struct match_span) spans; /* by where they begin */
    size_t best;  /* the span at which most of the words stand together */
    double score; /* 0: no word was found */
};

/* Look for the words that must be found. What stood in *match goes. */
void match_text(struct match *match, const struct search_query *query,
                struct slice text);
void match_clear(struct match *match);

/* A piece of one line, and the words in it. */
struct snippet {
    struct buf text; /* valid UTF-8; "..." where the text goes on */
    ARRAY_OF(struct match_span) marks; /* bytes of `text` */
};

/* Of the text that was matched: what stands around the best place, else its
 * beginning. */
void snippet_make(struct snippet *snippet, const struct match *match,
                  struct slice text);
void snippet_clear(struct snippet *snippet);

#endif
