/* SPDX-License-Identifier: MIT */
/*
 * ledger_file - the ledger as a table of state.db:
 *
 *     usage(day, profile, endpoint, model, vendor, rung, FIGURES, TIMES)
 *
 * Who adds says how much, never how much it is then: any number of sennits may
 * do so at once. The table is made when something is first added, not by a step
 * of the file's format: a step would leave a copy of the file behind, which
 * what the user wants forgotten would survive in. On the thread of the disk.
 */
#ifndef STORE_LEDGER_FILE_H
#define STORE_LEDGER_FILE_H

#include "base/db.h"
#include "store/ledger_row.h"

/* Years, for most. The oldest days go. */
enum { LEDGER_ROWS_MAX = 50000 };

/* Make the table if it is not there; in a transaction of the caller's. */
bool ledger_file_make(struct db *db, struct error *err) MUST_USE;

/* Add all rows, in a transaction of the caller's. */
bool ledger_file_add(struct db *db, const struct ledger_rows *rows,
                     struct error *err) MUST_USE;

/* Append those of the days from `first` to `last`, in their order. */
bool ledger_file_read(struct db *db, int32_t first, int32_t last,
                      struct ledger_rows *rows, struct error *err) MUST_USE;

#endif
