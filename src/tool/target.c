/* SPDX-License-Identifier: MIT */
#include "tool/target.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/utf8.h"

enum { NAMES_MAX = 10 * 1000 /* of a directory, when the nearest is sought */ };

/* Names. */

struct target_word target_word(struct slice name)
{
    struct target_word word;
    struct buf quoted = { 0 };
    size_t most = sizeof word.text - 8;
    json_append_quoted(&quoted, name);
    size_t from = quoted.len > most ? quoted.len - most : 0;
    while (from && from < quoted.len && (quoted.ptr[from] & 0xC0) == 0x80)
        from++;
    snprintf(word.text, sizeof word.text, "%s%s", from ? "\"..." : "",
             buf_string(&quoted) + from);
    buf_clear(&quoted);
    return word;
}

/* "/" is a directory, too. */
static bool lies_beneath(const char *path, const char *directory)
{
    size_t len = strlen(directory);
    while (len && directory[len - 1] == '/')
        len--;
    return !strncmp(path, directory, len) &&
           (path[len] == '/' || path[len] == '\0');
}

void target_append_name(struct buf *out, const struct tool_place *place,
                        const char *path)
{
    if (lies_beneath(path, place->directory)) {
        path += strlen(place->directory);
        path += strspn(path, "/");
        path = *path ? path : ".";
    }
    buf_append_string(out, path);
}

struct target_word target_known_as(const struct tool_place *place,
                                   const char *path)
{
    struct buf name = { 0 };
    target_append_name(&name, place, path);
    struct target_word word = target_word(buf_slice(&name));
    buf_clear(&name);
    return word;
}

/* What was written, as the kernel takes it. */
static bool expand(struct buf *out, const struct tool_place *place,
                   struct slice path, enum target_wish wish, struct error *err)
{
    bool is_home =
        path.len && path.ptr[0] == '~' && (path.len == 1 || path.ptr[1] == '/');
    if (path.len == 0 && wish != TARGET_DIRECTORY && wish != TARGET_EITHER)
        return error_set(err, ERROR_TOOL, "the path is empty; name a file");
    if (path.len && memchr(path.ptr, '\0', path.len))
        return error_set(err, ERROR_TOOL, "a path cannot hold a NUL character");
    if (is_home && !place->home[0])
        return error_set(err, ERROR_TOOL,
                         "the home directory is not known; write the whole "
                         "path instead of ~");
    if (is_home)
        buf_append_string(out, place->home);
    buf_append_slice(out, slice_skip(path, is_home));
    if (out->len == 0)
        buf_append_char(out, '.');
    if (out->len >= PATH_MAX)
        return error_set(err, ERROR_TOOL,
                         "the path is longer than %d bytes; nothing can have "
                         "such a name",
                         PATH_MAX - 1);
    return true;
}

/* What is there. */

static const char *kind_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG: return "a file";
    case S_IFDIR: return "a directory";
    case S_IFIFO: return "a FIFO";
    case S_IFSOCK: return "a socket";
    case S_IFLNK: return "a symbolic link";
    default: return "a device";
    }
}

static bool is_wished(const struct stat *status, enum target_wish wish,
                      const char *word, struct error *err)
{
    bool is_file = S_ISREG(status->st_mode);
    bool is_directory = S_ISDIR(status->st_mode);
    if (is_file && wish == TARGET_DIRECTORY)
        return error_set(err, ERROR_TOOL,
                         "%s is a file, not a directory; read_file reads it",
                         word);
    if (is_directory && wish == TARGET_FILE)
        return error_set(err, ERROR_TOOL,
                         "%s is a directory; list_dir lists it", word);
    if (is_directory && wish == TARGET_NEW)
        return error_set(err, ERROR_TOOL,
                         "%s is a directory; name a file in it", word);
    if (!is_file && !is_directory)
        return error_set(err, ERROR_TOOL,
                         "%s is %s; tools read and write regular files only",
                         word, kind_of(status->st_mode));
    return true;
}

/* What the kernel calls a descriptor. */
static bool name_of(int fd, char path[PATH_MAX])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, PATH_MAX);
    if (len <= 0 || len == PATH_MAX || path[0] != '/')
        return false;
    path[len] = '\0';
    return true;
}

/* /proc/1/environ and its kin, wherever that file system is mounted. */
static bool is_of_process(int fd, const char *path)
{
    struct statfs system;
    if (fstatfs(fd, &system) < 0 || system.f_type != PROC_SUPER_MAGIC)
        return false;
    while ((path = strchr(path, '/'))) {
        path++;
        size_t digits = strspn(path, "0123456789");
        if (digits && (path[digits] == '/' || path[digits] == '\0'))
            return true;
    }
    return false;
}

static bool look_at(struct target *target, int fd,
                    const struct tool_place *place, const char *word,
                    struct error *err)
{
    char path[PATH_MAX];
    if (fstat(fd, &target->status) < 0)
        return error_system(err, "%s", word);
    if (!name_of(fd, path) || target->status.st_nlink == 0)
        return error_set(err, ERROR_TOOL,
                         "%s has no path; it may have been deleted just now",
                         word);
    if (is_of_process(fd, path))
        return error_set(err, ERROR_TOOL,
                         "%s belongs to a running process; such files are not "
                         "given to tools",
                         word);
    target->path = memory_string(path);
    target->is_beneath = lies_beneath(path, place->directory);
    target->is_there = true;
    return true;
}

/* What is not there. */

/* Cut the path before its last part; what is cut off begins at the offset that
 * is returned. "" and "/" have none: 0. */
static size_t cut_last(struct buf *path)
{
    size_t end = path->len, start;
    while (end && path->ptr[end - 1] == '/')
        end--;
    for (start = end; start && path->ptr[start - 1] != '/'; start--)
        ;
    buf_truncate(path, start);
    return start == end ? 0 : start;
}

/* The nearest directory on the way that is there (O_PATH), and where in the path
 * the first part begins that is not. -1: none can be opened. */
static int open_nearest(int base, const char *path, size_t *rest)
{
    struct buf way = { 0 };
    int fd = -1;
    bool has_more = true;
    buf_append_string(&way, path);
    while (has_more && fd < 0) {
        *rest = cut_last(&way);
        has_more = way.len != 0;
        fd = openat(base, has_more ? buf_string(&way) : ".",
                    O_PATH | O_DIRECTORY | O_CLOEXEC);
    }
    buf_clear(&way);
    return fd;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Append the name in the directory that is nearest to the part. */
static bool append_nearest(struct buf *out, int fd, const char *part)
{
    ARRAY_OF(char *) names = { 0 };
    int readable = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = readable < 0 ? NULL : fdopendir(readable);
    const struct dirent *entry;
    while (directory && names.count < NAMES_MAX && (entry = readdir(directory)))
        *array_add(&names) = memory_string(entry->d_name);
    if (names.count)
        qsort(names.items, names.count, sizeof *names.items, by_name);
    const char *nearest =
        nearest_name(part, (const char *const *)names.items, names.count);
    if (nearest)
        buf_append_string(out, nearest);
    for (size_t i = 0; i < names.count; i++)
        free(names.items[i]);
    array_clear(&names);
    if (directory)
        closedir(directory);
    return nearest != NULL;
}

/* The path that was probably meant, if it lies in the place. */
static bool append_guess(struct buf *out, const struct tool_place *place,
                         int base, const char *path)
{
    struct target parent = { 0 };
    struct error ignored;
    size_t rest;
    size_t slashes = strspn(path, "/");
    if (slashes && path[slashes] && !strstr(path, "..") &&
        faccessat(base, path + slashes, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        buf_append_string(out, path + slashes);
        return true;
    }
    int fd = open_nearest(base, path, &rest);
    bool found = false;
    if (fd >= 0 && look_at(&parent, fd, place, "", &ignored) &&
        parent.is_beneath) {
        const char *end = strchrnul(path + rest, '/');
        char *part = memory_copy(path + rest, (size_t)(end - path) - rest);
        buf_append(out, path, rest);
        found = append_nearest(out, fd, part);
        if (found)
            buf_append_string(out, end);
        free(part);
    }
    if (fd >= 0)
        close(fd);
    target_clear(&parent);
    return found;
}

static bool refuse_missing(const struct tool_place *place, int base,
                           const char *path, const char *word,
                           struct error *err)
{
    int number = errno;
    struct buf guess = { 0 };
    if (number != ENOENT && number != ENOTDIR) {
        errno = number;
        return error_system(err, "%s", word);
    }
    if (append_guess(&guess, place, base, path))
        error_set(err, ERROR_TOOL, "there is no %s; did you mean %s?", word,
                  target_word(buf_slice(&guess)).text);
    else
        error_set(err, ERROR_TOOL,
                  "there is no %s; paths begin in the working directory, and "
                  "list_dir shows what is there",
                  word);
    buf_clear(&guess);
    return false;
}

/* Parts that lead up again, or are links to nothing, cannot be made. */
static bool is_good_rest(int fd, const char *rest, const char *word,
                         struct error *err)
{
    struct stat status;
    size_t first = strcspn(rest, "/");
    char *part = memory_copy(rest, first);
    bool is_there = fstatat(fd, part, &status, AT_SYMLINK_NOFOLLOW) == 0;
    free(part);
    if (is_there)
        return error_set(err, ERROR_TOOL,
                         "%s: %s is in the way; name another path", word,
                         S_ISLNK(status.st_mode) ? "a symbolic link to nothing"
                                                 : kind_of(status.st_mode));
    if (!*rest || rest[strlen(rest) - 1] == '/')
        return error_set(err, ERROR_TOOL,
                         "%s names a directory; name a file in it", word);
    for (; *rest; rest += first, rest += strspn(rest, "/")) {
        first = strcspn(rest, "/");
        if (first > NAME_MAX)
            return error_set(err, ERROR_TOOL,
                             "%s: a name may have %d bytes at the most", word,
                             NAME_MAX);
        if (rest[0] == '.' && (first == 1 || (first == 2 && rest[1] == '.')))
            return error_set(err, ERROR_TOOL,
                             "%s leads through a directory that is not there",
                             word);
    }
    return true;
}

static void append_rest(struct buf *path, const char *rest)
{
    while (*rest) {
        size_t len = strcspn(rest, "/");
        if (buf_string(path)[path->len - 1] != '/')
            buf_append_char(path, '/');
        buf_append(path, rest, len);
        rest += len;
        rest += strspn(rest, "/");
    }
}

/* A file to be made. */
static bool find_new(struct target *target, const struct tool_place *place,
                     int base, const char *path, struct error *err)
{
    struct target_word word = target_word(slice_of(path));
    struct buf whole = { 0 };
    size_t rest;
    int fd = open_nearest(base, path, &rest);
    if (fd < 0)
        return error_system(err, "%s", word.text);
    bool ok = is_good_rest(fd, path + rest, word.text, err) &&
              look_at(target, fd, place, word.text, err);
    if (ok) {
        buf_append_string(&whole, target->path);
        append_rest(&whole, path + rest);
        free(target->path);
        target->path = buf_steal(&whole);
        target->is_there = false;
        target->status = (struct stat){ 0 };
    }
    close(fd);
    return ok;
}

/* Finding. */

static bool find(struct target *target, const struct tool_place *place,
                 const char *path, enum target_wish wish, struct error *err)
{
    struct target_word word = target_word(slice_of(path));
    int base = open(place->directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (base < 0)
        return error_system(err, "the working directory %s", place->directory);
    int fd = openat(base, path, O_PATH | O_CLOEXEC);
    bool ok;
    if (fd >= 0)
        ok = look_at(target, fd, place, word.text, err) &&
             is_wished(&target->status, wish, word.text, err);
    else if (wish == TARGET_NEW && errno == ENOENT)
        ok = find_new(target, place, base, path, err);
    else
        ok = refuse_missing(place, base, path, word.text, err);
    if (fd >= 0)
        close(fd);
    close(base);
    return ok;
}

bool target_find(struct target *target, const struct tool_place *place,
                 struct slice path, enum target_wish wish, struct error *err)
{
    struct buf whole = { 0 };
    *target = (struct target){ 0 };
    bool ok = expand(&whole, place, path, wish, err) &&
              find(target, place, buf_string(&whole), wish, err);
    if (!ok)
        target_clear(target);
    buf_clear(&whole);
    return ok;
}

void target_clear(struct target *target)
{
    free(target->path);
    *target = (struct target){ 0 };
}

bool target_plan(struct tool_plan *plan, const struct tool_place *place,
                 enum target_wish wish, struct error *err)
{
    struct target target;
    if (!target_find(&target, place, json_slice(plan->arguments, "path"), wish,
                     err))
        return false;
    free(plan->path);
    plan->path = target.path;
    plan->is_beneath = target.is_beneath;
    plan->before = target.status;
    return true;
}
