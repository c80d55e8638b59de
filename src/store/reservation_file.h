/* SPDX-License-Identifier: MIT */
/*
 * reservation_file - what requests under way may cost at the worst, as a table
 * of state.db, so that sennits that ask at once do not pass a limit together:
 *
 *     reserved(owner, id, at, worst)
 *
 * A row is there from before its request is sent until what it did cost stands
 * in `usage` (store/ledger_file). Those of a process that is gone count no more,
 * nor, for who cannot tell, those older than the longest answer. Made as that
 * table is. On the thread of the disk.
 */
#ifndef STORE_RESERVATION_FILE_H
#define STORE_RESERVATION_FILE_H

#include "base/db.h"

struct reservation_claim {
    const char *owner; /* begins as store/owner writes it */
    uint32_t id;       /* his own */
    int32_t day;       /* whose cost counts: 20261128 */
    int64_t now;       /* Unix ms */
    int64_t worst;     /* billionths of a dollar */
    int64_t limit;     /* of the day; negative: it is taken in any case */
};

/* Look and take in one transaction; *fits says whether it was taken. */
bool reservation_file_take(struct db *db, const struct reservation_claim *claim,
                           bool *fits, struct error *err) MUST_USE;

/* In a transaction of the caller's; what is not there is gone. */
bool reservation_file_drop(struct db *db, const char *owner, uint32_t id,
                           struct error *err) MUST_USE;

/* The sum of what all but one owner hold. */
bool reservation_file_others(struct db *db, const char *owner, int64_t now,
                             int64_t *sum, struct error *err) MUST_USE;

#endif
