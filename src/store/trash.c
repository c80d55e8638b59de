/* SPDX-License-Identifier: MIT */
#include "store/trash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/db.h"
#include "base/memory.h"
#include "base/path.h"
#include "store/session_lock.h"

/* Files of one session: their names are the stem and an ending, which is empty
 * for the first. */
struct files {
    struct buf directory;
    struct buf stem; /* "ID.db" */
    ARRAY_OF(char *) endings;
};

static void files_clear(struct files *files)
{
    for (size_t i = 0; i < files->endings.count; i++)
        free(files->endings.items[i]);
    array_clear(&files->endings);
    buf_clear(&files->directory);
    buf_clear(&files->stem);
}

static void files_path(const struct files *files, const char *ending,
                       struct buf *path)
{
    buf_reset(path);
    buf_printf(path, "%s/%s%s", buf_string(&files->directory),
               buf_string(&files->stem), ending);
}

static bool is_lock(const char *ending)
{
    return !strncmp(ending, ".lock", strlen(".lock")) ||
           !strncmp(ending, ".lease", strlen(".lease"));
}

/* The session's own file comes first; what lies beside it, after: its journal,
 * backups, and what was put aside. */
static bool files_find(struct files *files, struct error *err)
{
    const struct dirent *found;
    DIR *directory = opendir(buf_string(&files->directory));
    if (!directory)
        return error_system(err, "%s", buf_string(&files->directory));
    *array_add(&files->endings) = memory_string("");
    while ((found = readdir(directory))) {
        const char *ending = found->d_name + files->stem.len;
        if (strncmp(found->d_name, files->stem.ptr, files->stem.len) == 0 &&
            *ending && !is_lock(ending))
            *array_add(&files->endings) = memory_string(ending);
    }
    closedir(directory);
    return true;
}

static bool move(const struct files *from, const struct files *to,
                 const char *ending, struct error *err)
{
    struct buf source = { 0 }, target = { 0 };
    files_path(from, ending, &source);
    files_path(to, ending, &target);
    bool ok = rename(buf_string(&source), buf_string(&target)) == 0 ||
              error_system(err, "%s cannot be moved to %s", buf_string(&source),
                           buf_string(&target));
    buf_clear(&source);
    buf_clear(&target);
    return ok;
}

/* So that a power failure does not take it back; where a directory cannot be
 * flushed, that is all that can happen. */
static void flush_directory(const struct files *files)
{
    int fd =
        open(buf_string(&files->directory), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

/* A journal follows its file: were this to end in between, it would still lie
 * where it is looked for once the file is back. */
static bool files_move(const struct files *from, const struct files *to,
                       struct error *err)
{
    struct error ignored = { 0 };
    size_t moved = 0;
    while (moved < from->endings.count &&
           move(from, to, from->endings.items[moved], err))
        moved++;
    bool ok = moved == from->endings.count;
    while (!ok && moved > 0)
        move(to, from, from->endings.items[--moved], &ignored);
    flush_directory(to);
    flush_directory(from);
    return ok;
}

static void at_session(const struct store *store, const char *id,
                       struct files *files)
{
    *files = (struct files){ 0 };
    store_path(store, &files->directory, "sessions");
    buf_printf(&files->stem, "%s.db", id);
}

static void at_entry(const struct store *store, const struct trash_entry *entry,
                     struct files *files)
{
    *files = (struct files){ 0 };
    store_path(store, &files->directory, "trash");
    buf_printf(&files->stem, "%s-%" PRId64 ".db", entry->id.text,
               entry->deleted_time);
}

void trash_path(const struct store *store, struct buf *path,
                const struct trash_entry *entry)
{
    struct files files;
    struct buf own = { 0 };
    at_entry(store, entry, &files);
    files_path(&files, "", &own);
    buf_append_slice(path, buf_slice(&own));
    buf_clear(&own);
    files_clear(&files);
}

static bool is_there(const struct files *files)
{
    struct buf path = { 0 };
    struct stat info;
    files_path(files, "", &path);
    bool is_found = lstat(buf_string(&path), &info) == 0 || errno != ENOENT;
    buf_clear(&path);
    return is_found;
}

static struct session_lock *lock(const struct files *files, struct error *err)
{
    struct buf path = { 0 };
    struct session_lock *taken = NULL;
    bool was_left;
    files_path(files, "", &path);
    session_lock_take(buf_string(&path), LOCK_AS_FITS, &taken, &was_left, err);
    buf_clear(&path);
    return taken;
}

/* What a crash left half-written is taken back while its journal is beside it.
 * A file that cannot be opened is moved as it is. */
static void tidy(const struct files *files)
{
    struct buf path = { 0 };
    struct error ignored;
    files_path(files, "", &path);
    db_close(db_open(buf_string(&path), DB_WRITE, NULL, &ignored));
    buf_clear(&path);
}

/* Whoever else would take the same name holds the same lock. */
static bool find_place(const struct store *store, const char *id, int64_t now,
                       struct files *files, struct error *err)
{
    struct trash_entry entry = { .deleted_time = now };
    struct buf path = { 0 };
    snprintf(entry.id.text, sizeof entry.id.text, "%s", id);
    at_entry(store, &entry, files);
    while (is_there(files)) {
        files_clear(files);
        entry.deleted_time++;
        at_entry(store, &entry, files);
    }
    files_path(files, "", &path);
    bool ok = path_make_way(buf_string(&path), err);
    buf_clear(&path);
    return ok;
}

static bool put_away(const struct store *store, struct files *from,
                     const char *id, int64_t now, struct error *err)
{
    struct files to = { 0 };
    tidy(from);
    bool ok = find_place(store, id, now, &to, err) && files_find(from, err) &&
              files_move(from, &to, err);
    files_clear(&to);
    return ok;
}

static bool no_session(const char *id, struct error *err)
{
    return error_set(err, ERROR_USAGE, "there is no session %s", id);
}

bool trash_put(const struct store *store, const char *id, int64_t now,
               struct error *err)
{
    struct files from;
    at_session(store, id, &from);
    struct session_lock *held = NULL;
    bool ok = is_there(&from) || no_session(id, err);
    if (ok)
        held = lock(&from, err);
    ok = held && (is_there(&from) || no_session(id, err)) &&
         put_away(store, &from, id, now, err);
    session_lock_free(held);
    files_clear(&from);
    return ok;
}

/* Under its own name, else under another. */
static struct session_lock *find_name(const struct store *store,
                                      struct files *to, struct session_id *id,
                                      struct error *err)
{
    struct buf path = { 0 };
    struct session_lock *held = NULL;
    at_session(store, id->text, to);
    while (is_there(to)) {
        files_clear(to);
        *id = session_id_new();
        at_session(store, id->text, to);
    }
    files_path(to, "", &path);
    if (path_make_way(buf_string(&path), err))
        held = lock(to, err);
    if (held && is_there(to)) {
        error_set(err, ERROR_SYSTEM, "%s was made this moment; try again",
                  buf_string(&path));
        session_lock_free(held);
        held = NULL;
    }
    buf_clear(&path);
    return held;
}

bool trash_restore(const struct store *store, const struct trash_entry *entry,
                   struct session_id *id, struct error *err)
{
    struct files from, to;
    at_entry(store, entry, &from);
    *id = entry->id;
    struct session_lock *held = find_name(store, &to, id, err);
    bool ok = held && files_find(&from, err) && files_move(&from, &to, err);
    session_lock_free(held);
    files_clear(&from);
    files_clear(&to);
    return ok;
}

/* A disk that is too full to be overwritten, as one that copies on each write
 * may be, shall not keep the user from making room. */
static void overwrite(const char *path)
{
    static const char zeros[64 * 1024];
    struct stat info;
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return;
    off_t left =
        fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_nlink == 1
            ? info.st_size
            : 0;
    ssize_t written = 1;
    while (left > 0 && written > 0) {
        size_t len = left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros;
        written = write(fd, zeros, len);
        left -= written;
    }
    fsync(fd);
    close(fd);
}

/* Its own file goes last: until then the session is still there to be removed
 * once more. */
bool trash_remove(const struct store *store, const struct trash_entry *entry,
                  struct error *err)
{
    struct files files;
    struct buf path = { 0 };
    at_entry(store, entry, &files);
    bool ok = files_find(&files, err);
    for (size_t i = files.endings.count; i > 0 && ok; i--) {
        files_path(&files, files.endings.items[i - 1], &path);
        overwrite(buf_string(&path));
        ok = unlink(buf_string(&path)) == 0 ||
             error_system(err, "%s", buf_string(&path));
    }
    if (ok)
        flush_directory(&files);
    buf_clear(&path);
    files_clear(&files);
    return ok;
}

/* ID-TIME.db and what lies beside it. */
static bool read_name(const char *name, struct trash_entry *entry, bool *is_own)
{
    struct slice id = { name, SESSION_ID_LEN };
    if (strlen(name) <= SESSION_ID_LEN || name[SESSION_ID_LEN] != '-' ||
        !session_id_is_valid(id))
        return false;
    const char *digits = name + SESSION_ID_LEN + 1;
    size_t count = strspn(digits, "0123456789");
    const char *ending = digits + count;
    if (!count || count > 18 || strncmp(ending, ".db", strlen(".db")) != 0)
        return false;
    snprintf(entry->id.text, sizeof entry->id.text, "%.*s", SLICE_ARG(id));
    entry->deleted_time = strtoll(digits, NULL, 10);
    *is_own = !ending[strlen(".db")];
    return true;
}

/* In the order of names, in which a session's files stand together, its own
 * first. */
static void take_file(struct trash_list *list, const char *directory,
                      const char *name)
{
    struct trash_entry entry = { 0 };
    struct stat info;
    bool is_own;
    struct buf path = { 0 };
    buf_printf(&path, "%s/%s", directory, name);
    bool is_file = read_name(name, &entry, &is_own) &&
                   lstat(buf_string(&path), &info) == 0 &&
                   S_ISREG(info.st_mode);
    buf_clear(&path);
    if (!is_file)
        return;
    struct trash_entry *last =
        list->entries.count ? array_last(&list->entries) : NULL;
    if (is_own) {
        entry.changed_at =
            (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
        entry.size = info.st_size;
        *array_add(&list->entries) = entry;
    } else if (last && !strcmp(last->id.text, entry.id.text) &&
               last->deleted_time == entry.deleted_time) {
        last->size += info.st_size;
    }
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int compare_times(const void *one, const void *other)
{
    const struct trash_entry *a = one, *b = other;
    return (a->deleted_time < b->deleted_time) -
           (a->deleted_time > b->deleted_time);
}

bool trash_list_read(struct trash_list *list, const struct store *store,
                     struct error *err)
{
    struct buf path = { 0 };
    struct dirent **found;
    store_path(store, &path, "trash");
    int count = scandir(buf_string(&path), &found, NULL, compare_names);
    bool ok = count >= 0 || errno == ENOENT ||
              error_system(err, "%s", buf_string(&path));
    for (int i = 0; i < count; i++) {
        take_file(list, buf_string(&path), found[i]->d_name);
        free(found[i]);
    }
    if (count >= 0)
        free(found);
    if (list->entries.count)
        qsort(list->entries.items, list->entries.count,
              sizeof *list->entries.items, compare_times);
    buf_clear(&path);
    return ok;
}

void trash_list_clear(struct trash_list *list)
{
    array_clear(&list->entries);
}
