/* SPDX-License-Identifier: MIT */
/*
 * index - index.db: the titles, times and costs of all sessions, and the full
 * text of every node of theirs, all branches.
 *
 * It holds nothing that is not in the sessions' files. One that is damaged, of
 * another version or gone is made anew, empty, and filled again by whoever
 * reads the sessions (store/librarian). Used on the thread of the disk, by many
 * instances at once: who finds it busy comes again later.
 *
 *     session  one row each
 *     name     of models and tools, which tags refer to
 *     place    a node: its session, kind, time, tags, text
 *     found    FTS5 over the terms (store/terms) of text and tags; it keeps no
 *              text itself
 *
 * The rowid of a place is its time in seconds, or a little later where that was
 * taken, so that FTS5, which reads its lists by rowid, gives the newest first
 * and can leave out times that are not asked for. How much later at most is the
 * `drift` in the table state.
 */
#ifndef STORE_INDEX_H
#define STORE_INDEX_H

#include "base/db.h"
#include "store/digest.h"

enum {
    INDEX_VERSION = 1,
    INDEX_BUSY_MS = 50, /* of waiting for others, while journals wait for us */
};

enum index_result {
    INDEX_DONE,
    INDEX_LATER,  /* others have it, or it was made anew just now */
    INDEX_FAILED, /* in words */
};

struct index;

/* `path` is copied. NULL, in words: it cannot be had, which stops nothing else.
 */
struct index *index_open(const char *path, struct error *err) MUST_USE;
void index_close(struct index *index); /* NULL is fine */

struct db *index_db(const struct index *index);

/* What the call that failed before means; a damaged index is made anew. */
enum index_result index_outcome(struct index *index, struct error *err);

/* A session's file when it was read, to see whether it has changed since. */
struct index_stamp {
    int64_t size, changed_at; /* bytes; Unix ns */
};

/* Several calls become one transaction, which is much faster. Without it each
 * call is one. */
enum index_result index_begin(struct index *index, struct error *err);
enum index_result index_commit(struct index *index, struct error *err);

/* Take what a digest holds in place of what is there. */
enum index_result index_put(struct index *index, const struct digest *digest,
                            const struct index_stamp *stamp, struct error *err);

/* A session is gone. */
enum index_result index_forget(struct index *index, const char *id,
                               struct error *err);

/* What is known of a session: false if it is not indexed (or the index cannot
 * be read). */
struct index_mark {
    uint64_t seq;
    struct index_stamp stamp;
};
bool index_find(struct index *index, const char *id, struct index_mark *mark);

/* Bytes of what was replaced or forgotten are still in the lists of terms until
 * this has gone over them, some pages with each call. False: nothing is left to
 * do. */
bool index_tidy(struct index *index);

/* One session each. */
struct index_row {
    struct session_id id;
    char *title;   /* as given, else the first words; "" */
    bool is_named; /* it was given */
    char *model;   /* last asked; "" */
    int64_t created_at, updated_at, turns, nodes, input,
        output;  /* see digest */
    double cost; /* US dollars; negative: unknown */
};

struct index_rows {
    ARRAY_OF(struct index_row) items; /* the last used one first */
};

/* Those whose titles have all these words, or words that begin so; "" is all.
 * At most `limit`; 0: all. */
enum index_result index_list(struct index *index, struct slice words,
                             size_t limit, struct index_rows *rows,
                             struct error *err);
void index_rows_clear(struct index_rows *rows);

#endif
