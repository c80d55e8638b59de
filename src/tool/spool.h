/* SPDX-License-Identifier: MIT */
/*
 * spool - a whole output in a file of its own, written by a thread: for the user
 * to read, when what the model and the log get of it is only a part.
 *
 * The file is new, 0600, and has a name that nobody can foresee.
 */
#ifndef TOOL_SPOOL_H
#define TOOL_SPOOL_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/slice.h"

struct spool;
struct toolbox;

/* `err`: NULL, or why the file could not be written; there is none then. */
typedef void spool_done_fn(void *context, const struct error *err);

/* In the toolbox's directory for them, which is made. NULL: it has none, or no
 * thread. */
struct spool *spool_new(struct toolbox *toolbox);

/* Where the file is, or will be. */
const char *spool_path(const struct spool *spool);

void spool_add(struct spool *spool, struct slice bytes);

/* Nothing follows: on_done is called through the loop when all of it is in the
 * file, unless spool_free() comes before. */
void spool_finish(struct spool *spool, spool_done_fn *on_done, void *context);

/* The file stays if on_done has told of it, or else is removed. NULL is fine. */
void spool_free(struct spool *spool);

#endif
