/* SPDX-License-Identifier: MIT */
/*
 * panel_paths - the files that complete a path, as rows. The key of a row is
 * what is typed so far with the path in it: a directory goes on, a file ends.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/attach.h"
#include "app/mention.h"
#include "app/panel.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/utf8.h"
#include "ui/receipt.h"

enum {
    ENTRIES_MAX = 20000, /* of a directory that are looked at */
    ROWS_MAX = 200,
};

struct names {
    ARRAY_OF(char *) list;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What can be typed; hidden ones only for who types the point. */
static bool is_offered(const char *name, struct slice start)
{
    struct slice whole = slice_of(name);
    if (!strcmp(name, ".") || !strcmp(name, "..") ||
        (name[0] == '.' && !start.len))
        return false;
    for (const char *c = name; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            return false;
    }
    return whole.len >= start.len &&
           slice_equal((struct slice){ name, start.len }, start) &&
           utf8_is_valid(whole);
}

static void read_names(struct names *names, const char *path,
                       struct slice start)
{
    const struct dirent *entry;
    DIR *directory = opendir(path);
    size_t looked_at = 0;
    if (!directory)
        return;
    while (looked_at++ < ENTRIES_MAX && (entry = readdir(directory))) {
        if (is_offered(entry->d_name, start))
            *array_add(&names->list) = memory_string(entry->d_name);
    }
    closedir(directory);
    if (names->list.count)
        qsort(names->list.items, names->list.count, sizeof *names->list.items,
              compare_names);
}

static void add_path(struct list *list, const char *before, const char *after,
                     struct slice directory, const char *name)
{
    struct buf place = { 0 }, path = { 0 };
    struct stat status;
    buf_append_slice(&place, directory);
    buf_append_string(&place, name);
    path_expand(&path, buf_string(&place));
    bool is_there = stat(buf_string(&path), &status) == 0;
    bool is_directory = is_there && S_ISDIR(status.st_mode);
    if (is_directory || (is_there && S_ISREG(status.st_mode))) {
        struct list_row *row = list_add(list, before);
        mention_quote(&row->key, buf_slice(&place));
        buf_append_string(&row->key, is_directory ? "/" : after);
        buf_printf(&row->head, "%s%s", name, is_directory ? "/" : "");
        if (!is_directory)
            receipt_size(&row->text, (size_t)status.st_size);
    }
    buf_clear(&place);
    buf_clear(&path);
}

void panel_complete_paths(struct list *list, struct slice typed,
                          const char *before, const char *after)
{
    struct buf place = { 0 }, path = { 0 };
    struct names names = { 0 };
    mention_unquote(&place, typed);
    const char *slash = strrchr(buf_string(&place), '/');
    size_t len = slash ? (size_t)(slash + 1 - place.ptr) : 0;
    struct slice start = slice_skip(buf_slice(&place), len);
    char *directory = memory_copy(buf_string(&place), len);
    path_expand(&path, len ? directory : ".");
    read_names(&names, buf_string(&path), start);
    /* A whole name that begins no other needs no help; a directory goes on. */
    bool is_whole = names.list.count == 1 &&
                    slice_is(start, names.list.items[0]) &&
                    attach_find(buf_string(&place), NULL);
    for (size_t i = 0; i < names.list.count; i++) {
        if (list->count < ROWS_MAX && !is_whole)
            add_path(list, before, after, slice_of(directory),
                     names.list.items[i]);
        free(names.list.items[i]);
    }
    array_clear(&names.list);
    free(directory);
    buf_clear(&place);
    buf_clear(&path);
}
