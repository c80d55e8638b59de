/* SPDX-License-Identifier: MIT */
/*
 * session - a conversation that is read from its file, and made to go on there.
 *
 * Reading, checking and folding happen on the thread of the disk; what is
 * handed over is whole. A file that is damaged is read as far as that goes:
 * what is lost leaves a gap in which the seqs stay, so that all else keeps its
 * place. Before something is written to a damaged file it is put aside
 * (ID.db.damaged-TIME) and what could be read begins a new one.
 */
#ifndef STORE_SESSION_H
#define STORE_SESSION_H

#include <stdint.h>

#include "graph/graph.h"
#include "graph/log.h"
#include "store/session_file.h"
#include "store/session_id.h"
#include "store/store.h"

enum { SESSION_BATCH_MAX = 1024 * 1024 }; /* bytes; an event may have more */

struct session {
    struct session_id id;
    struct log *log;
    struct graph *graph;       /* folded from all of it */
    struct session_file *file; /* locked, if it may go on; else NULL */
    uint64_t lost;             /* events that could not be read */
    bool was_left;             /* its last writer crashed */
    enum session_file_result result;
    struct error err; /* why it is not open, or why it may only be read */
};

/* What it owns; the file belongs to the thread: see journal_new(). */
void session_clear(struct session *session);

/* The session is the callee's, who clears it. */
typedef void session_fn(void *context, struct session *session);

struct session_wish {
    const char *id;              /* copied */
    enum session_file_mode mode; /* _READ or _WRITE */
    /* Where it is held by somebody else, or of a newer format, read it all the
     * same. */
    bool or_read;
    uint64_t until; /* fold no event behind this one; 0: all */
    /* Of session_read(): a file that lies elsewhere; NULL: that of the id. */
    const char *path;
};

/* Read one; `fn` is called in a turn of the loop, also where there is none. */
void session_open(struct store *store, const struct session_wish *wish,
                  session_fn *fn, void *context);

/* The same on the thread of the disk: for jobs that read several. */
void session_read(const struct store *store, const struct session_wish *wish,
                  struct session *session);

/* Append one event to a session that nobody has open; on the thread. What the
 * user should know besides (it was damaged) is said in *note. */
bool session_add(const struct store *store, const char *id, struct event *event,
                 struct error *note, struct error *err);

/* A copy of what it holds up to `at` (0: all), as a session of its own that
 * says where it came from: nothing of it is on disk yet. */
void session_fork(const struct session *session, uint64_t at,
                  struct session *fork);

#endif
