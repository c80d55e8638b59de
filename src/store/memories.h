/* SPDX-License-Identifier: MIT */
/*
 * memories - the owner of what is remembered between conversations.
 *
 * All is asked for and answered in a later turn of the loop; memory.db is read
 * and written on the thread of the disk, and made when something is remembered,
 * not before. Nothing in it is an event: who changes it says so in its session.
 */
#ifndef STORE_MEMORIES_H
#define STORE_MEMORIES_H

#include "store/memory_file.h"
#include "store/store.h"

struct memories;

/* `is_read_only`: nothing is changed there, as nothing is kept. */
struct memories *memories_new(struct store *store,
                              bool is_read_only) RETURNS_NONNULL;

/* Frees itself once what was asked for is done: see store_settle(). Nobody gets
 * an answer any more. NULL is fine. */
void memories_close(struct memories *memories);
bool memories_is_read_only(const struct memories *memories);

/* The job is done, or could not be, in words in job->err. Borrowed for the call;
 * what is taken out of it is replaced by nothing. */
typedef void memories_fn(void *context, struct memory_job *job);

/* What the job holds is taken. `fn` may be NULL. Returns a number by which it
 * can be dropped; a job that is refused, is answered in a later turn, too. */
uint32_t memories_ask(struct memories *memories, struct memory_job *take_job,
                      memories_fn *fn, void *context);

/* It is done all the same, but nobody is told. 0 and old numbers are fine. */
void memories_drop(struct memories *memories, uint32_t number);

/* Grows with each change that was made here: for who shows them. */
uint64_t memories_revision(const struct memories *memories);

/* Once: append where a damaged memory.db was put; false: nothing is to be told.
 */
bool memories_take_notice(struct memories *memories, struct buf *out);

#endif
