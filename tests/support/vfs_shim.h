/* SPDX-License-Identifier: MIT */
/*
 * vfs_shim - a disk that fails on request: SQLite's own file system with a
 * counter before each call.
 *
 * Once installed it is what sqlite3_open() uses in this process, in any thread.
 * It never sleeps, SQLite's waits for a lock are over at once; and it flushes
 * nothing, which would take most of the time.
 */
#ifndef TESTS_SUPPORT_VFS_SHIM_H
#define TESTS_SUPPORT_VFS_SHIM_H

#include <stdbool.h>

/* Kinds of calls; they may be or-ed. */
enum vfs_call {
    VFS_OPEN = 1 << 0,
    VFS_READ = 1 << 1,
    VFS_WRITE = 1 << 2,
    VFS_SYNC = 1 << 3,
    VFS_TRUNCATE = 1 << 4,
    VFS_SIZE = 1 << 5,
    VFS_LOCK = 1 << 6,
    VFS_DELETE = 1 << 7,
    VFS_ACCESS = 1 << 8,
    VFS_ANY = (1 << 9) - 1,
};

/* What fails. */
struct vfs_fault {
    int calls;     /* of these kinds */
    long nth;      /* the nth from now, from 1 */
    bool for_ever; /* and all of them that follow */
    int code;      /* SQLITE_IOERR... */
    int number;    /* errno as it is then */
    bool is_torn;  /* half of a write is done before it fails */
};

/* In front of SQLite's default. */
void vfs_shim_install(void);

/* From now on; all counts are 0. */
void vfs_shim_fail(struct vfs_fault fault);

/* Nothing fails from now on; counts stay. */
void vfs_shim_heal(void);

/* How many calls of these kinds there were, how many of all failed. */
long vfs_shim_count(int calls);
long vfs_shim_failed(void);

#endif
