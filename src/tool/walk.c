/* SPDX-License-Identifier: MIT */
#include "tool/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/memory.h"

struct walker {
    walk_fn *visit;
    walk_refused_fn *refused;
    void *context;
    struct buf path;
    int depth;
    bool is_over;
};

struct names {
    ARRAY_OF(char *) list;
};

bool walk_is_virtual(int fd)
{
    struct statfs system;
    return fstatfs(fd, &system) == 0 &&
           (system.f_type == PROC_SUPER_MAGIC || system.f_type == SYSFS_MAGIC);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_self_or_parent(const char *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

static bool read_names(int fd, struct names *names)
{
    const struct dirent *entry;
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir(copy);
    if (!directory)
        return false;
    while (names->list.count < WALK_NAMES_MAX && (entry = readdir(directory))) {
        if (!is_self_or_parent(entry->d_name))
            *array_add(&names->list) = memory_string(entry->d_name);
    }
    closedir(directory);
    if (names->list.count)
        qsort(names->list.items, names->list.count, sizeof *names->list.items,
              by_name);
    return true;
}

static void clear_names(struct names *names)
{
    for (size_t i = 0; i < names->list.count; i++)
        free(names->list.items[i]);
    array_clear(&names->list);
}

static bool visit_all(struct walker *walker, int fd, dev_t device);

/* Into a directory, unless that is refused. */
static void enter(struct walker *walker, const struct walk_entry *entry,
                  dev_t device)
{
    int number = 0, fd = -1;
    if (walker->depth < WALK_DEPTH_MAX) {
        fd = openat(entry->parent, entry->name,
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        number = fd < 0 ? errno : 0;
    }
    bool is_virtual =
        fd >= 0 && entry->status.st_dev != device && walk_is_virtual(fd);
    if (fd < 0 || is_virtual)
        walker->refused(walker->context, entry, number);
    else if (!visit_all(walker, fd, entry->status.st_dev))
        walker->refused(walker->context, entry, errno);
    if (fd >= 0)
        close(fd);
}

/* False: go to no other of this directory. */
static bool visit_one(struct walker *walker, struct walk_entry *entry,
                      dev_t device)
{
    if (fstatat(entry->parent, entry->name, &entry->status,
                AT_SYMLINK_NOFOLLOW) < 0)
        return true;
    enum walk_next next = walker->visit(walker->context, entry);
    walker->is_over |= next == WALK_END;
    if (next == WALK_ON && S_ISDIR(entry->status.st_mode))
        enter(walker, entry, device);
    return next != WALK_UP && !walker->is_over;
}

/* False with errno: it cannot be read. */
static bool visit_all(struct walker *walker, int fd, dev_t device)
{
    struct names names = { 0 };
    size_t len = walker->path.len;
    bool is_going = true;
    if (!read_names(fd, &names))
        return false;
    walker->depth++;
    for (size_t i = 0; is_going && i < names.list.count; i++) {
        if (len)
            buf_append_char(&walker->path, '/');
        buf_append_string(&walker->path, names.list.items[i]);
        struct walk_entry entry = { .parent = fd,
                                    .name = names.list.items[i],
                                    .path = buf_string(&walker->path),
                                    .depth = walker->depth,
                                    .index = i,
                                    .count = names.list.count };
        is_going = visit_one(walker, &entry, device);
        buf_truncate(&walker->path, len);
    }
    walker->depth--;
    clear_names(&names);
    return true;
}

bool walk(int fd, walk_fn *visit, walk_refused_fn *refused, void *context,
          struct error *err)
{
    struct stat status;
    struct walker walker = { .visit = visit,
                             .refused = refused,
                             .context = context };
    bool ok = fstat(fd, &status) == 0 && visit_all(&walker, fd, status.st_dev);
    buf_clear(&walker.path);
    return ok || error_system(err, "the directory cannot be read");
}
