/* SPDX-License-Identifier: MIT */
/*
 * ledger - what was asked of which model, day by day: answers, failures,
 * tokens, money, times. For `sennit stats`, for what a day may cost, and for
 * what a panel says of today.
 *
 * A table of state.db that all sennits of the user share and add to; numbers
 * and names, never a text, so that also a conversation that is not kept counts.
 * Nobody waits for it: it is read and written on the thread of the disk, and
 * where the disk refuses, it counts in memory and tries again. A NULL ledger
 * counts nothing: all functions take it.
 */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include "base/buf.h"
#include "store/ledger_row.h"
#include "store/store.h"

enum { LEDGER_RETRY_MS = 1000 };

struct ledger;

/* `profile` is copied; NULL: none. NULL, in words: there is no home. Nothing is
 * read or made yet. */
struct ledger *ledger_new(struct store *store, const char *profile,
                          struct error *err) MUST_USE;

/* What waits is written, if it can be; the ledger frees itself once that is
 * done: see store_settle(). Nobody gets an answer any more. */
void ledger_close(struct ledger *ledger);

/* What is to be added. */
struct ledger_entry {
    int64_t at; /* Unix ms: the day it belongs to */
    const char *endpoint, *model;
    bool is_vendor;
    int32_t rung;         /* of the ladder, from 1; 0: it stands on none */
    uint32_t reservation; /* that it takes the place of; 0: none */
    struct ledger_sum sum;
};
void ledger_add(struct ledger *ledger, const struct ledger_entry *entry);

/* Read what was added today, by whomever: a turn of the loop later it is in
 * ledger_today(), which until then has only what this process has added. Each
 * time that something is added the same happens. */
void ledger_refresh(struct ledger *ledger);
bool ledger_is_read(const struct ledger *ledger);

/* What was asked for was read since, or could not be. */
bool ledger_is_fresh(const struct ledger *ledger);

/* The rows of today, by all that keeps them apart; NULL for a NULL ledger.
 * Borrowed until the next turn of the loop or ledger_add(). */
const struct ledger_rows *ledger_today(struct ledger *ledger);

/*
 * What a request under way may cost at the worst, in the unit of LEDGER_COST,
 * counts until it has ended; on disk, so that other sennits see it: whether it
 * fits is decided there and taken in one transaction. A negative limit is none.
 * 0 for a NULL ledger.
 */
uint32_t ledger_reserve(struct ledger *ledger, int64_t worst, int64_t limit);

enum ledger_held {
    LEDGER_WAITS,   /* for the disk */
    LEDGER_HOLDS,   /* it is taken */
    LEDGER_EXCEEDS, /* it is not: ledger_today() and ledger_reserved() are as it
                       was found */
    LEDGER_UNKNOWN, /* nobody can know, in words: only this process counts it */
};
enum ledger_held ledger_held(const struct ledger *ledger, uint32_t id,
                             struct error *err);

/* Take it back; 0 is fine. An entry that names it does the same. */
void ledger_release(struct ledger *ledger, uint32_t id);

/* All that is reserved now, but for one: by this process, and by the others when
 * they were read last. */
int64_t ledger_reserved(const struct ledger *ledger, uint32_t but_id);

/* Ask for the rows of the days from `first` to `last` (20261128), oldest first.
 * They are borrowed for the call; NULL: they cannot be read, in words. */
typedef void ledger_rows_fn(void *context, const struct ledger_rows *rows,
                            const struct error *err);
void ledger_ask(struct ledger *ledger, int32_t first, int32_t last,
                ledger_rows_fn *fn, void *context);

/* Append a sentence if it is not kept; else nothing. */
void ledger_describe(const struct ledger *ledger, struct buf *out);

#endif
