/* SPDX-License-Identifier: MIT */
/*
 * migration - a database file becomes one of this version: all of it, or
 * nothing of it.
 *
 * The version is SQLite's user_version; a new file has 0, whose step makes the
 * tables. An older file is copied beside itself first (FILE.backup-vN) and then
 * changed in one transaction. Used on the thread of the disk only.
 */
#ifndef STORE_MIGRATION_H
#define STORE_MIGRATION_H

#include "base/db.h"

struct migration {
    int32_t application_id;   /* of our files of this kind */
    const char *what;         /* they are: "a session of sennit" */
    const char *const *steps; /* SQL; steps[N] leads from version N to N + 1 */
    size_t step_count;        /* the version of this program */
};

enum migration_result {
    MIGRATION_CURRENT, /* now, if it was not */
    MIGRATION_NEWER,   /* left alone: it may be read, not written */
    MIGRATION_FOREIGN, /* left alone: it is not ours */
    MIGRATION_EMPTY,   /* to be read: whoever made it died before it was ours */
    MIGRATION_FAILED,  /* left as it was; db_fault() says why */
};

/* In words if it is not current. */
enum migration_result migration_run(struct db *db, const char *path,
                                    const struct migration *migration,
                                    struct error *err);

/* The same; of a new file the transaction is left open, so that what it is made
 * for is one commit with it. */
enum migration_result migration_begin(struct db *db, const char *path,
                                      const struct migration *migration,
                                      struct error *err);

/* The same question of a file that is only read: nothing is changed, and an
 * older version is current. */
enum migration_result migration_check(struct db *db,
                                      const struct migration *migration,
                                      struct error *err);

#endif
