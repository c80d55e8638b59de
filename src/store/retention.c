/* SPDX-License-Identifier: MIT */
#include "store/retention.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/path.h"
#include "store/session_list.h"
#include "store/trash.h"

enum { NOTE_MAX = 128 };

void retention_read(const struct store *store, struct retention_note *note)
{
    struct buf path = { 0 }, text = { 0 };
    struct error ignored;
    *note = (struct retention_note){ 0 };
    store_path(store, &path, "retention");
    if (path_read_file(&text, buf_string(&path), NOTE_MAX, &ignored) &&
        sscanf(buf_string(&text), "%" SCNd64 " %" SCNu64 " %" SCNu64,
               &note->time, &note->moved, &note->removed) != 3)
        *note = (struct retention_note){ 0 };
    buf_clear(&path);
    buf_clear(&text);
}

static bool write_note(const struct store *store,
                       const struct retention_note *note)
{
    struct buf path = { 0 }, text = { 0 };
    struct error ignored;
    store_path(store, &path, "retention");
    buf_printf(&text, "%" PRId64 " %" PRIu64 " %" PRIu64 "\n", note->time,
               note->moved, note->removed);
    bool ok = path_write_file(buf_string(&path), buf_slice(&text), &ignored);
    buf_clear(&path);
    buf_clear(&text);
    return ok;
}

/* ctime counts, too: moving a file back from the trash changes nothing else. */
static bool is_old(const struct store *store, const char *id, int64_t before)
{
    struct buf path = { 0 };
    struct stat info;
    store_session_path(store, &path, id);
    bool is = stat(buf_string(&path), &info) == 0 && info.st_mtime < before &&
              info.st_ctime < before;
    buf_clear(&path);
    return is;
}

/* One that is open, or cannot be moved, stays: the next day is soon enough. */
static void move_old(const struct store *store, int64_t keep_s, int64_t now,
                     struct retention_note *note)
{
    struct session_list list = { 0 };
    struct error ignored;
    session_list_read(&list, store, &ignored);
    for (size_t i = 0; i < list.entries.count; i++) {
        const char *id = list.entries.items[i].id.text;
        if (is_old(store, id, now - keep_s))
            note->moved += trash_put(store, id, now, &ignored);
    }
    session_list_clear(&list);
}

static void remove_old(const struct store *store, int64_t keep_s, int64_t now,
                       struct retention_note *note)
{
    struct trash_list list = { 0 };
    struct error ignored;
    trash_list_read(&list, store, &ignored);
    for (size_t i = 0; i < list.entries.count; i++) {
        const struct trash_entry *entry = &list.entries.items[i];
        if (entry->deleted_time < now - keep_s)
            note->removed += trash_remove(store, entry, &ignored);
    }
    trash_list_clear(&list);
}

/* The note is written first: two that start at once, or a disk that refuses it,
 * shall not do it again and again. */
bool retention_run(const struct store *store, int64_t keep_s, int64_t now,
                   struct retention_note *note)
{
    retention_read(store, note);
    if (keep_s < RETENTION_LEAST_S ||
        (note->time <= now && note->time > now - RETENTION_DAY_S))
        return false;
    *note = (struct retention_note){ .time = now };
    if (!write_note(store, note))
        return false;
    move_old(store, keep_s, now, note);
    remove_old(store, keep_s, now, note);
    write_note(store, note);
    return true;
}
