/* SPDX-License-Identifier: MIT */
#include "store/commit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include "base/path.h"
#include "store/ballast.h"

void commit_free(struct commit *commit)
{
    for (size_t i = 0; i < commit->batches.count; i++)
        buf_clear(&commit->batches.items[i].bytes);
    array_clear(&commit->batches);
    free(commit);
}

void keeper_free(struct keeper *keeper)
{
    free(keeper->path);
    free(keeper->directory);
    free(keeper);
}

static bool fail(struct commit *commit, enum db_fault fault)
{
    commit->fault = fault;
    return false;
}

static bool open_file(struct commit *commit)
{
    struct keeper *keeper = commit->keeper;
    struct session_opening opening = { .path = keeper->path,
                                       .mode = SESSION_FILE_MAKE };
    errno = 0;
    if (!path_make_way(keeper->path, &commit->err))
        return fail(commit, db_fault_of_errno(errno));
    enum session_file_result result =
        session_file_open(&opening, &keeper->file, &commit->err);
    if (result == SESSION_FILE_OPEN)
        return true;
    return fail(commit, result == SESSION_FILE_HELD ? DB_BUSY : opening.fault);
}

/* The file there is: opened, and the one that was opened. */
static bool have_file(struct commit *commit)
{
    struct keeper *keeper = commit->keeper;
    if (keeper->file && session_file_is_void(keeper->file)) {
        session_file_close(keeper->file);
        keeper->file = NULL;
    } else if (keeper->file && !session_file_is_there(keeper->file)) {
        session_file_close(keeper->file);
        keeper->file = NULL;
        commit->needs_all = !commit->is_anew;
    }
    if (!keeper->file && !open_file(commit))
        return false;
    if (!keeper->was_begun)
        ballast_load(keeper->directory);
    keeper->was_begun = true;
    if (session_file_renew(keeper->file))
        return !commit->needs_all;
    error_set(&commit->err, ERROR_SYSTEM,
              "another sennit has taken the session over");
    return fail(commit, DB_BUSY);
}

static bool write_batches(struct commit *commit)
{
    struct session_file *file = commit->keeper->file;
    bool ok = !commit->is_anew ||
              session_file_begin_anew(file, &commit->fault, &commit->err);
    for (size_t i = 0; i < commit->batches.count && ok; i++) {
        const struct batch *batch = &commit->batches.items[i];
        ok = session_file_append(file, batch->first, batch->last,
                                 buf_slice(&batch->bytes), &commit->fault,
                                 &commit->err);
    }
    return ok && session_file_commit(file, &commit->fault, &commit->err);
}

/* After an error of the disk nobody knows what it holds: the kernel forgets
 * that a page could not be written. So the file is closed, and looked at. */
static bool reopen(struct commit *commit)
{
    struct keeper *keeper = commit->keeper;
    struct buf aside = { 0 };
    session_file_close(keeper->file);
    keeper->file = NULL;
    if (open_file(commit) && session_file_is_sound(keeper->file))
        return true;
    if (!keeper->file && commit->fault != DB_DAMAGED)
        return false;
    session_file_close(keeper->file);
    keeper->file = NULL;
    bool ok = session_file_put_aside(keeper->path, &aside, &commit->err) &&
              open_file(commit);
    commit->needs_all = ok && !commit->is_anew;
    buf_clear(&aside);
    return ok && commit->is_anew;
}

static bool mend(struct commit *commit)
{
    switch (commit->fault) {
    case DB_FULL: return ballast_drop(commit->keeper->directory);
    case DB_DAMAGED:
    case DB_BROKEN: return commit->keeper->file && reopen(commit);
    default: return false;
    }
}

static bool try_commit(struct commit *commit)
{
    return have_file(commit) && write_batches(commit);
}

static uint64_t free_room(const char *directory)
{
    struct statvfs info;
    return statvfs(directory, &info) == 0
               ? (uint64_t)info.f_bavail * info.f_frsize
               : UINT64_MAX;
}

void commit_work(void *context)
{
    struct commit *commit = context;
    struct keeper *keeper = commit->keeper;
    if (commit->batches.count)
        commit->is_kept =
            try_commit(commit) || (mend(commit) && try_commit(commit));
    else
        commit->is_kept = !keeper->file || session_file_renew(keeper->file);
    commit->has_lease = keeper->file && session_file_has_lease(keeper->file);
    commit->room = free_room(keeper->directory);
    if (commit->is_last) {
        session_file_close(keeper->file);
        keeper->file = NULL;
    }
}
