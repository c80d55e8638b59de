/* SPDX-License-Identifier: MIT */
#include "store/survey.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/session_list.h"
#include "store/session_lock.h"
#include "store/trash.h"

enum { SECOND_NS = 1000 * 1000 * 1000 };

static void add(struct survey_count *count, int64_t size, int64_t time)
{
    count->count++;
    count->size += size;
    if (time > count->last_time)
        count->last_time = time;
}

static void count_sessions(struct survey *survey, const struct store *store)
{
    struct session_list list = { 0 };
    struct error ignored;
    session_list_read(&list, store, &ignored);
    for (size_t i = 0; i < list.entries.count; i++)
        add(&survey->sessions, list.entries.items[i].size,
            list.entries.items[i].changed_at / SECOND_NS);
    session_list_clear(&list);
}

static void count_trash(struct survey *survey, const struct store *store)
{
    struct trash_list list = { 0 };
    struct error ignored;
    trash_list_read(&list, store, &ignored);
    for (size_t i = 0; i < list.entries.count; i++)
        add(&survey->trash, list.entries.items[i].size,
            list.entries.items[i].deleted_time);
    trash_list_clear(&list);
}

/* What the store calls so: ID.db.backup-v1, ID.db.damaged-TIME. */
static void count_rests(struct survey *survey, const char *path)
{
    const struct dirent *found;
    struct stat info;
    DIR *directory = opendir(path);
    while (directory && (found = readdir(directory))) {
        bool is_backup = strstr(found->d_name, ".db.backup-v") != NULL;
        bool is_aside = strstr(found->d_name, ".db.damaged-") != NULL;
        if ((is_backup || is_aside) &&
            fstatat(dirfd(directory), found->d_name, &info, 0) == 0)
            add(is_backup ? &survey->backups : &survey->aside, info.st_size,
                info.st_mtime);
    }
    if (directory)
        closedir(directory);
}

static void look_at_disk(struct survey *survey, const char *path)
{
    struct statvfs room;
    survey->room = UINT64_MAX;
    if (statvfs(path, &room) == 0)
        survey->room = (uint64_t)room.f_bavail * room.f_frsize;
    survey->is_local = session_lock_is_local(path, &survey->file_system);
    survey->is_writable = access(path, W_OK | X_OK) == 0;
}

void survey_make(struct survey *survey, const struct store *store)
{
    struct buf path = { 0 };
    struct stat info;
    *survey = (struct survey){ .is_made = true, .file_system = "" };
    store_path(store, &path, "");
    survey->has_store = stat(buf_string(&path), &info) == 0;
    if (survey->has_store) {
        look_at_disk(survey, buf_string(&path));
        count_sessions(survey, store);
        count_trash(survey, store);
        retention_read(store, &survey->retention);
        count_rests(survey, buf_string(&path));
    }
    buf_reset(&path);
    store_path(store, &path, "sessions");
    count_rests(survey, buf_string(&path));
    buf_reset(&path);
    store_path(store, &path, "ballast");
    survey->has_ballast = stat(buf_string(&path), &info) == 0;
    buf_clear(&path);
}

struct asking {
    const struct store *store;
    struct survey survey;
    survey_fn *fn;
    void *context;
};

static void work(void *job)
{
    struct asking *asking = job;
    survey_make(&asking->survey, asking->store);
}

static void on_done(void *context, void *job)
{
    struct asking *asking = job;
    (void)context;
    asking->fn(asking->context, &asking->survey);
    free(asking);
}

void survey_ask(struct store *store, survey_fn *fn, void *context)
{
    struct asking *asking = memory_zero(1, sizeof *asking);
    *asking = (struct asking){ .store = store, .fn = fn, .context = context };
    store_post(store, work, on_done, NULL, asking);
}
