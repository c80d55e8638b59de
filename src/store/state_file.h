/* SPDX-License-Identifier: MIT */
/*
 * state_file - state.db itself: open for as long as it is there and ours.
 *
 *     prompt(id, at, bytes, text)              the input history
 *     draft(session, at, owner, files, text)   what was not sent yet
 *     note(area, key, at, number, text)        all else that is remembered
 *     usage(day, ...)                          store/ledger_file
 *     reserved(owner, id, ...)                 store/reservation_file
 *
 * Shared by every sennit of the user; each transaction is short. A file that is
 * damaged, or of somebody else, is put aside (state.db.damaged-TIME) and made
 * anew; one of a newer format is left alone. Used on the thread of the disk
 * only.
 */
#ifndef STORE_STATE_FILE_H
#define STORE_STATE_FILE_H

#include "base/array.h"
#include "base/buf.h"
#include "base/db.h"

struct state_file;

struct state_note {
    char *area, *key, *text;
    int64_t number;
    int64_t at; /* Unix ms */
};

/* What it holds, but for the drafts. */
struct state_rows {
    ARRAY_OF(char *) prompts; /* oldest first */
    ARRAY_OF(struct state_note) notes;
};

void state_rows_clear(struct state_rows *rows);
void state_note_clear(struct state_note *note);

/* The path is taken. Nothing is opened yet. */
struct state_file *state_file_new(struct buf *take_path) RETURNS_NONNULL;

/* The same for a file of another kind; borrowed. */
struct migration;
struct state_file *state_file_of(
    struct buf *take_path, const struct migration *format) RETURNS_NONNULL;
void state_file_free(struct state_file *file); /* NULL is fine */
const char *state_file_path(const struct state_file *file);

/* What is done with it; on failure it may be called again with a fresh one. */
typedef bool state_work_fn(struct db *db, void *context, struct error *err);

/* Open it if it is not, and work with it. On failure, *fault says why;
 * DB_DAMAGED only if it could not be put aside. */
bool state_file_write(struct state_file *file, state_work_fn *fn, void *context,
                      enum db_fault *fault, struct error *err);

/* The same where nothing is written: works also with a file that may only be
 * read (*fault is DB_READ_ONLY then, in words), and without one: `fn` is not
 * called then. */
bool state_file_read(struct state_file *file, state_work_fn *fn, void *context,
                     enum db_fault *fault, struct error *err);

/* Append all that it holds to `context`, a struct state_rows. */
state_work_fn state_file_load;

/* Where the last damaged one was put; NULL: there was none. */
const char *state_file_aside(const struct state_file *file);

#endif
