/* SPDX-License-Identifier: MIT */
/*
 * retention - where the user wants it, and only there: sessions that nobody
 * touched for so long go to the trash, and what has been there for as long
 * again, for good.
 *
 * Once a day at the most, whichever sennit is the first; a file `retention`
 * beside the sessions says when, and what was done. A session that is open
 * stays, and one whose file was touched in any way: one that was restored is not
 * old. Used on the thread of the disk only.
 */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "store/store.h"

enum { RETENTION_DAY_S = 24 * 60 * 60, RETENTION_LEAST_S = RETENTION_DAY_S };

/* What was done last; time 0: nothing yet. */
struct retention_note {
    int64_t time; /* Unix seconds */
    uint64_t moved, removed;
};

/* False: it is not yet a day since it was done. `keep_s`: at least
 * RETENTION_LEAST_S; `now`: Unix seconds. */
bool retention_run(const struct store *store, int64_t keep_s, int64_t now,
                   struct retention_note *note);

void retention_read(const struct store *store, struct retention_note *note);

#endif
