/* SPDX-License-Identifier: MIT */
#include "store/migration.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/buf.h"

static enum migration_result refuse(const char *what, int64_t version,
                                    size_t known, struct error *err)
{
    error_set(err, ERROR_CONFIG,
              "it is %s, but of a newer sennit (format %" PRId64
              ", this one knows %zu): update sennit to write to it",
              what, version, known);
    return MIGRATION_NEWER;
}

static bool is_empty(struct db *db, struct error *err, bool *is_empty)
{
    int64_t count;
    if (!db_number(db, "SELECT count(*) FROM sqlite_master", &count, err))
        return false;
    *is_empty = count == 0;
    return true;
}

enum migration_result migration_check(struct db *db,
                                      const struct migration *migration,
                                      struct error *err)
{
    int64_t id, version;
    bool is_new;
    if (!is_empty(db, err, &is_new) ||
        !db_number(db, "PRAGMA application_id", &id, err) ||
        !db_number(db, "PRAGMA user_version", &version, err))
        return MIGRATION_FAILED;
    if (is_new && !id && !version) {
        error_set(err, ERROR_USAGE, "nothing was kept in it yet");
        return MIGRATION_EMPTY;
    }
    if (version > (int64_t)migration->step_count &&
        id == migration->application_id)
        return refuse(migration->what, version, migration->step_count, err);
    if (id == migration->application_id && version > 0)
        return MIGRATION_CURRENT;
    error_set(err, ERROR_CONFIG, "it is not %s", migration->what);
    return MIGRATION_FOREIGN;
}

/* A backup that is there already is of the same version, made by a run that
 * did not come to its end. */
static bool back_up(struct db *db, const char *path, int64_t version,
                    struct error *err)
{
    struct buf backup = { 0 };
    buf_printf(&backup, "%s.backup-v%" PRId64, path, version);
    unlink(buf_string(&backup));
    bool ok = db_copy(db, buf_string(&backup), err);
    buf_clear(&backup);
    return ok;
}

static bool run_steps(struct db *db, const struct migration *migration,
                      int64_t version, bool leaves_open, struct error *err)
{
    struct buf numbers = { 0 };
    buf_printf(&numbers,
               "PRAGMA application_id=%" PRId32 ";PRAGMA user_version=%zu",
               migration->application_id, migration->step_count);
    bool ok = true;
    for (size_t i = (size_t)version; i < migration->step_count && ok; i++)
        ok = db_run(db, migration->steps[i], err);
    ok = ok && db_run(db, buf_string(&numbers), err) &&
         (leaves_open || db_run(db, "COMMIT", err));
    if (!ok)
        db_rollback(db);
    buf_clear(&numbers);
    return ok;
}

/* Somebody else may have done it while we waited for the lock: look again. */
static enum migration_result migrate(struct db *db, const char *path,
                                     const struct migration *migration,
                                     bool leaves_open, struct error *err)
{
    int64_t before, version = -1;
    if (!db_number(db, "PRAGMA user_version", &before, err) ||
        (before > 0 && !back_up(db, path, before, err)) ||
        !db_run(db, "BEGIN EXCLUSIVE", err))
        return MIGRATION_FAILED;
    if (!db_number(db, "PRAGMA user_version", &version, err) ||
        version != before) {
        db_rollback(db);
        return version == (int64_t)migration->step_count ? MIGRATION_CURRENT
                                                         : MIGRATION_FAILED;
    }
    bool ok =
        run_steps(db, migration, version, leaves_open && version == 0, err);
    return ok ? MIGRATION_CURRENT : MIGRATION_FAILED;
}

static enum migration_result run(struct db *db, const char *path,
                                 const struct migration *migration,
                                 bool leaves_open, struct error *err)
{
    bool is_new;
    int64_t version;
    if (!is_empty(db, err, &is_new) ||
        !db_number(db, "PRAGMA user_version", &version, err))
        return MIGRATION_FAILED;
    if (!is_new) {
        enum migration_result result = migration_check(db, migration, err);
        if (result != MIGRATION_CURRENT ||
            version == (int64_t)migration->step_count)
            return result;
    }
    return migrate(db, path, migration, leaves_open, err);
}

enum migration_result migration_run(struct db *db, const char *path,
                                    const struct migration *migration,
                                    struct error *err)
{
    return run(db, path, migration, false, err);
}

enum migration_result migration_begin(struct db *db, const char *path,
                                      const struct migration *migration,
                                      struct error *err)
{
    return run(db, path, migration, true, err);
}
