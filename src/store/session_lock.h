/* SPDX-License-Identifier: MIT */
/*
 * session_lock - one writer for each session, on whatever file system.
 *
 * On a local file system it is an OFD lock (fcntl(2)) on a file beside the
 * session's, which the kernel takes back however its holder dies. On one that
 * other machines may mount it is a lease: a file that names host, process and
 * boot, touched while it is held, and void once the process is gone or it was
 * not touched for two minutes. Used on the thread of the disk only.
 */
#ifndef STORE_SESSION_LOCK_H
#define STORE_SESSION_LOCK_H

#include <stdbool.h>

#include "base/error.h"

enum {
    LEASE_RENEW_MS = 30 * 1000,
    LEASE_MS = 120 * 1000,
};

struct session_lock;

enum lock_kind {
    LOCK_AS_FITS, /* as the file system asks for it */
    LOCK_BY_KERNEL,
    LOCK_BY_LEASE,
};

enum lock_result {
    LOCK_TAKEN,
    LOCK_HELD, /* by somebody else, whom the error names */
    LOCK_FAILED,
};

/* Take the lock of the file at `path`, which need not be there. *was_left says
 * whether its last holder did not give it back: he crashed. */
enum lock_result session_lock_take(const char *path, enum lock_kind kind,
                                   struct session_lock **lock, bool *was_left,
                                   struct error *err);

/* Whether the kernel locks there, and what kind of file system it is, as far as
 * that is known. Static. */
bool session_lock_is_local(const char *directory, const char **name);

/* Whether a program has the session of this file open, as it looks just now. */
bool session_lock_is_held(const char *path);

/* A lease that others still see; fine for every lock. False: it was lost. */
bool session_lock_renew(struct session_lock *lock);
bool session_lock_is_lease(const struct session_lock *lock);

/* Give it back; NULL is fine. */
void session_lock_free(struct session_lock *lock);

#endif
