/* SPDX-License-Identifier: MIT */
/*
 * catalogue - the sessions that are kept, as one chooses among them.
 *
 * They are read on the thread of the disk, some at a time, so that commits come
 * in between and the loop never waits; what was read is read again only when
 * its file has changed. Meanwhile a session has its name and time.
 */
#ifndef APP_CATALOGUE_H
#define APP_CATALOGUE_H

#include "app/session_row.h"
#include "store/store.h"

enum { CATALOGUE_EXCERPT_MAX = 400 /* bytes of a prompt or answer */ };

struct catalogue_entry {
    struct session_row row;
    int64_t changed_at; /* Unix ns */
    bool is_read;       /* else title and all that is in it are not known yet */
    bool is_held;       /* a program has it open, which may be this one */
    struct buf prompt, answer; /* of the last turn: how they begin */
};

struct catalogue;

/* More is known. */
typedef void catalogue_fn(void *context);

/* Empty. The store may be NULL: then there are none. */
struct catalogue *catalogue_new(struct store *store, catalogue_fn *fn,
                                void *context) RETURNS_NONNULL;

/* What is under way on the thread comes to nothing. NULL is fine. */
void catalogue_free(struct catalogue *catalogue);

/* Look which there are, and read what is new. */
void catalogue_refresh(struct catalogue *catalogue);

/* All are there and read, as of the last catalogue_refresh(). */
bool catalogue_is_complete(const struct catalogue *catalogue);

/* Why they could not be listed; kind ERROR_NONE: they were. */
const struct error *catalogue_error(const struct catalogue *catalogue);

/* The last changed one first. Until the loop turns. */
size_t catalogue_count(const struct catalogue *catalogue);
const struct catalogue_entry *catalogue_at(const struct catalogue *catalogue,
                                           size_t index);
const struct catalogue_entry *catalogue_find(const struct catalogue *catalogue,
                                             const char *id);

/* All words are in its title, its model or its name, in any case. Index of the
 * next such entry from `from` on; catalogue_count(): none. */
size_t catalogue_match(const struct catalogue *catalogue, struct slice words,
                       size_t from);

/* How the last prompt of a conversation and its answer begin, a line each. */
void catalogue_excerpts(const struct graph *graph, struct buf *prompt,
                        struct buf *answer);

#endif
