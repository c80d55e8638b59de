/* SPDX-License-Identifier: MIT */
/*
 * state - what is remembered from one run to the next: drafts, the input
 * history, what servers have taught us, how high panels are.
 *
 * It is a comfort: state.db can be lost without harm, all sennits of the user
 * share it, and the last word counts. Nobody waits for it: what it held comes
 * by a turn of the loop, what is to be kept goes on the thread of the disk, one
 * transaction at a time, and is tried again where the disk refuses. A NULL
 * state is one that keeps nothing (--no-save): all functions take it.
 */
#ifndef STORE_STATE_H
#define STORE_STATE_H

#include "store/state_change.h"
#include "store/state_draft.h"
#include "store/state_file.h"

enum { STATE_RETRY_MS = 1000 };

struct state;

/* Begins to read. NULL, in words: there is no home. */
struct state *state_new(struct store *store, struct error *err) MUST_USE;

/* What waits is written, if it can be; the state frees itself once that is
 * done: see store_settle(). */
void state_close(struct state *state);

/* Is called once it is read, also if nothing could be, and once it turns out
 * that nothing is kept: in a turn of the loop, or at once. NULL: nobody any
 * more. */
typedef void state_fn(void *context);
void state_on_read(struct state *state, state_fn *fn, void *context);
bool state_is_read(const struct state *state);

/* Append a sentence if it is not kept, or was put aside; else nothing. */
void state_describe(const struct state *state, struct buf *out);

/* Whether all that was to be kept is on disk. */
bool state_is_kept(const struct state *state);

/* The changes that the disk does not have yet. */
size_t state_unsaved(const struct state *state);

/* Append the path of the file; false: there is no home. */
bool state_path(struct buf *path, struct error *err);

/* The input history as it was read, oldest first; handed over once. */
typedef void state_prompt_fn(void *context, struct slice text);
void state_take_prompts(struct state *state, state_prompt_fn *fn,
                        void *context);
void state_add_prompt(struct state *state, struct slice text);

/* Of a session. `files` are the caller's own bytes. */
void state_set_draft(struct state *state, const char *session,
                     struct slice text, struct slice files);
void state_drop_draft(struct state *state, const char *session);

/* Look for the draft of a session; `takes_left`: it is a fresh one, which takes
 * what belongs to nobody. Is told also that there is none. Borrowed for the
 * call. */
typedef void state_draft_fn(void *context, const struct state_draft *draft);
void state_find_draft(struct state *state, const char *session, bool takes_left,
                      state_draft_fn *fn, void *context);

/* Remember something small by area and key; NULL: it is not known (yet).
 * Borrowed until the next change. */
const struct state_note *state_note(const struct state *state, const char *area,
                                    const char *key);
void state_set_note(struct state *state, const char *area, const char *key,
                    int64_t number, const char *text);
void state_drop_note(struct state *state, const char *area, const char *key);

/* All prompts and drafts that hold this text go, from the disk, too. */
void state_forget_text(struct state *state, struct slice needle);

#endif
