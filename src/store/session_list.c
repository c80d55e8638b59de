/* SPDX-License-Identifier: MIT */
#include "store/session_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static bool take_name(const char *name, struct session_entry *entry)
{
    struct slice rest = slice_of(name);
    if (rest.len < SESSION_ID_LEN)
        return false;
    struct slice id = { rest.ptr, SESSION_ID_LEN };
    if (!session_id_is_valid(id) ||
        !slice_is(slice_skip(rest, SESSION_ID_LEN), ".db"))
        return false;
    snprintf(entry->id.text, sizeof entry->id.text, "%.*s", SLICE_ARG(id));
    return true;
}

static int compare_times(const void *one, const void *other)
{
    const struct session_entry *a = one, *b = other;
    return (a->changed_at < b->changed_at) - (a->changed_at > b->changed_at);
}

static void read_entries(struct session_list *list, DIR *directory)
{
    const struct dirent *found;
    while ((found = readdir(directory))) {
        struct session_entry entry = { 0 };
        struct stat info;
        if (!take_name(found->d_name, &entry) ||
            fstatat(dirfd(directory), found->d_name, &info, 0) < 0 ||
            !S_ISREG(info.st_mode) || !info.st_size)
            continue; /* of no size: its maker died at once */
        entry.changed_at =
            (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
        entry.size = info.st_size;
        *array_add(&list->entries) = entry;
    }
}

bool session_list_read(struct session_list *list, const struct store *store,
                       struct error *err)
{
    struct buf path = { 0 };
    store_path(store, &path, "sessions");
    DIR *directory = opendir(path.ptr);
    bool ok = directory || errno == ENOENT || error_system(err, "%s", path.ptr);
    if (directory) {
        read_entries(list, directory);
        closedir(directory);
    }
    if (list->entries.count)
        qsort(list->entries.items, list->entries.count,
              sizeof *list->entries.items, compare_times);
    buf_clear(&path);
    return ok;
}

void session_list_clear(struct session_list *list)
{
    array_clear(&list->entries);
}
