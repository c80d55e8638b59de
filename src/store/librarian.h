/* SPDX-License-Identifier: MIT */
/*
 * librarian - keeps the index, and looks things up in it, on the thread of the
 * disk.
 *
 * What is said here is indexed when a run ends (librarian_note); what other
 * programs said, or was said while nobody indexed it, is found by its files
 * (librarian_look), one session with each job, so that journals wait for none.
 * All of it is for convenience: what fails is tried again another time, and
 * said only to who searches.
 */
#ifndef STORE_LIBRARIAN_H
#define STORE_LIBRARIAN_H

#include "graph/graph.h"
#include "store/index_search.h"
#include "store/store.h"

struct librarian;

struct librarian *librarian_new(struct store *store) RETURNS_NONNULL;

/* Frees itself once the jobs before are done: see store_settle(). NULL is fine.
 */
void librarian_close(struct librarian *librarian);

/* Take what changed in a session since it was noted last. */
void librarian_note(struct librarian *librarian, const char *id,
                    const struct graph *graph);

/* The session was deleted or is about to be redacted: its words go, and will be
 * taken anew if its file is there. */
void librarian_forget(struct librarian *librarian, const char *id);

/* The same for who has no librarian. */
void librarian_forget_once(struct store *store, const char *id);

/* Begin to read the sessions whose files are newer than what is indexed. */
void librarian_look(struct librarian *librarian);

/* Sessions are being read. */
bool librarian_is_looking(const struct librarian *librarian);

/* What was found is the callee's to clear; INDEX_DONE, or in words. Called in a
 * turn of the loop; not after librarian_close(). */
typedef void librarian_hits_fn(void *context, enum index_result result,
                               struct search_hits *hits,
                               const struct error *err);

/* The query is taken, and empty then. */
void librarian_search(struct librarian *librarian, struct search_query *query,
                      size_t limit, librarian_hits_fn *fn, void *context);

/* On the thread of the disk. */

/* Read all sessions that are newer than what is indexed, and forget what is
 * gone. */
enum index_result librarian_read_all(struct index *index,
                                     const struct store *store,
                                     struct error *err);

#endif
