/* SPDX-License-Identifier: MIT */
/*
 * findings - words that are looked for in all conversations, and where they were
 * found.
 *
 * All-zero has no index: nothing is found. What is asked is answered in a later
 * turn of the loop; while sessions are still being read for the index the same
 * is asked again.
 */
#ifndef APP_FINDINGS_H
#define APP_FINDINGS_H

#include "store/librarian.h"

enum { FINDINGS_MAX = 100 };

/* Something else is known. */
typedef void findings_fn(void *context);

struct findings {
    struct loop *loop;
    struct librarian *librarian; /* NULL: there is no index */
    findings_fn *fn;
    void *context;
    struct buf words; /* that are looked for */
    struct search_hits hits;
    struct error err; /* why there are none */
    bool is_asking;   /* an answer is to come */
    bool is_stale;    /* other words were asked for meanwhile */
    uint32_t timer;
    /* A place that was chosen: to be shown once its session is. */
    struct session_id goal_session;
    uint64_t goal_id; /* 0: none */
};

/* The store may be NULL. Must not move until findings_clear(). */
void findings_init(struct findings *findings, struct store *store,
                   findings_fn *fn, void *context);

/* Before the store is settled; the answer under way comes to nothing then. */
void findings_clear(struct findings *findings);

/* Look for these words from here on. False, in words, if they are no query. */
bool findings_ask(struct findings *findings, struct slice words,
                  struct error *err);

/* Something was said in a session: it will be found. */
void findings_note(struct findings *findings, const char *id,
                   const struct graph *graph);

#endif
