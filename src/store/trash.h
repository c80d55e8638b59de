/* SPDX-License-Identifier: MIT */
/*
 * trash - sessions that were deleted, until somebody wants them back or empties
 * it.
 *
 * A session is moved there with all that lies beside its file, and keeps its
 * times: trash/ID-TIME.db, where TIME is that of the deletion in Unix seconds.
 * One that somebody has open stays where it is. A move that fails in the middle
 * is taken back. Used on the thread of the disk only.
 */
#ifndef STORE_TRASH_H
#define STORE_TRASH_H

#include "base/array.h"
#include "store/session_id.h"
#include "store/store.h"

struct trash_entry {
    struct session_id id;
    int64_t deleted_time; /* Unix seconds */
    int64_t changed_at;   /* Unix ns */
    int64_t size;         /* bytes, of all its files */
};

struct trash_list {
    ARRAY_OF(struct trash_entry) entries; /* the last deleted one first */
};

/* A directory that is not there has none. */
bool trash_list_read(struct trash_list *list, const struct store *store,
                     struct error *err);
void trash_list_clear(struct trash_list *list);

/* Append the path of its file. */
void trash_path(const struct store *store, struct buf *path,
                const struct trash_entry *entry);

/* Move a session there. `now`: Unix seconds. */
bool trash_put(const struct store *store, const char *id, int64_t now,
               struct error *err) MUST_USE;

/* Move it back; where its name has been taken meanwhile it gets another one,
 * which is told. */
bool trash_restore(const struct store *store, const struct trash_entry *entry,
                   struct session_id *id, struct error *err) MUST_USE;

/* Remove it for good: its bytes are overwritten, as far as the file system
 * writes them where they were. */
bool trash_remove(const struct store *store, const struct trash_entry *entry,
                  struct error *err) MUST_USE;

#endif
