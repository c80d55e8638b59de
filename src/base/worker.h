/* SPDX-License-Identifier: MIT */
/*
 * worker - a thread that does one job after another, so that the loop never
 * waits for a disk.
 *
 * Jobs are done in the order in which they were posted. A job belongs to the
 * thread from worker_post() on until its `done` is called, which happens in the
 * thread that calls worker_collect(). All signals are blocked in the thread.
 */
#ifndef BASE_WORKER_H
#define BASE_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct worker;

/* What is done, by the thread. */
typedef void worker_job_fn(void *job);
/* What follows, by the caller of worker_collect(); it frees the job. */
typedef void worker_done_fn(void *context, void *job);

/* NULL if the kernel refuses. */
struct worker *worker_new(struct error *err) MUST_USE;

/* Waits at most `patience_ms` (-1: for ever) for what was posted. Jobs that were
 * done are handed over as by worker_collect(). False: the thread hangs in a job;
 * it keeps what is its own, and the process can only be ended. NULL is fine. */
bool worker_free(struct worker *worker, int64_t patience_ms);

void worker_post(struct worker *worker, worker_job_fn *work,
                 worker_done_fn *done, void *context, void *job);

/* Readable when jobs are done: for the loop. */
int worker_fd(const struct worker *worker);

/* Call `done` of every job that is done. */
void worker_collect(struct worker *worker);

/* Jobs that were posted and are not yet handed back. */
size_t worker_pending(const struct worker *worker);

#endif
