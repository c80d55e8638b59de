/* SPDX-License-Identifier: MIT */
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_CHUNK = 64 * 1024 };

static const char own_directory[] = "sennit";

/* NULL unless it can be the start of a path from anywhere. */
static const char *absolute(const char *path)
{
    return path && path[0] == '/' ? path : NULL;
}

static const char *home_directory(void)
{
    const char *home = absolute(getenv("HOME"));
    if (home)
        return home;
    const struct passwd *user = getpwuid(getuid());
    return user ? absolute(user->pw_dir) : NULL;
}

/* "/" is a home too: no second slash after it. */
static void append_part(struct buf *path, const char *part)
{
    if (path->len && path->ptr[path->len - 1] != '/')
        buf_append_char(path, '/');
    buf_append_string(path, part);
}

static bool append_own(struct buf *path, const char *variable,
                       const char *fallback, const char *name,
                       struct error *err)
{
    struct buf whole = { 0 };
    const char *base = absolute(getenv(variable));
    const char *home = base ? NULL : home_directory();
    if (!base && !home)
        return error_set(err, ERROR_CONFIG,
                         "neither HOME nor %s is an absolute path", variable);
    buf_append_string(&whole, base ? base : home);
    if (!base)
        append_part(&whole, fallback);
    append_part(&whole, own_directory);
    if (name[0])
        append_part(&whole, name);
    buf_append_slice(path, buf_slice(&whole));
    buf_clear(&whole);
    return true;
}

bool path_config(struct buf *path, const char *name, struct error *err)
{
    return append_own(path, "XDG_CONFIG_HOME", ".config", name, err);
}

bool path_state(struct buf *path, const char *name, struct error *err)
{
    return append_own(path, "XDG_STATE_HOME", ".local/state", name, err);
}

bool path_data_home(struct buf *path, const char *name, struct error *err)
{
    return append_own(path, "XDG_DATA_HOME", ".local/share", name, err);
}

/* False if it cannot be told where the program lies. */
static bool append_own_share(struct buf *path)
{
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program);
    if (len <= 0 || (size_t)len == sizeof program)
        return false;
    for (int parts = 0; parts < 2 && len > 0; parts++) {
        while (len > 0 && program[--len] != '/')
            ;
    }
    buf_append(path, program, (size_t)len);
    buf_append_string(path, "/share/sennit");
    return true;
}

void path_data(struct buf *path, const char *name)
{
    struct buf directory = { 0 };
    if (append_own_share(&directory) &&
        access(buf_string(&directory), X_OK) == 0)
        buf_append_slice(path, buf_slice(&directory));
    else
        buf_append_string(path, DATADIR);
    append_part(path, name);
    buf_clear(&directory);
}

void path_expand(struct buf *out, const char *path)
{
    const char *home = NULL;
    if (path[0] == '~' && (path[1] == '/' || !path[1]))
        home = home_directory();
    buf_append_string(out, home ? home : path);
    if (home && path[1])
        append_part(out, path + 2);
}

static const char *kind_name(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR: return "a directory";
    case S_IFIFO: return "a FIFO";
    case S_IFSOCK: return "a socket";
    case S_IFCHR:
    case S_IFBLK: return "a device";
    default: return "something else";
    }
}

static bool is_readable(const struct stat *status, const char *path, size_t max,
                        struct error *err)
{
    if (!S_ISREG(status->st_mode))
        return error_set(err, ERROR_SYSTEM, "%s is %s, not a file", path,
                         kind_name(status->st_mode));
    if ((uintmax_t)status->st_size > max)
        return error_set(err, ERROR_LIMIT, "%s is larger than %zu bytes", path,
                         max);
    return true;
}

/* Looked at before it is opened, because opening a FIFO or device can have an
 * effect of its own, and after, because it may have been exchanged. */
int path_open_file(const char *path, size_t max, struct error *err)
{
    struct stat status;
    if (stat(path, &status) < 0) {
        error_system(err, "%s", path);
        return -1;
    }
    if (!is_readable(&status, path, max, err))
        return -1;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) < 0)
        error_system(err, "%s", path);
    else if (is_readable(&status, path, max, err))
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

bool path_read_file(struct buf *out, const char *path, size_t max,
                    struct error *err)
{
    int fd = path_open_file(path, max, err);
    if (fd < 0)
        return false;
    bool ok = path_read_fd(out, fd, max, path, err);
    close(fd);
    return ok;
}

/* Bytes read, 0 at the end, -1 with errno. */
static ssize_t read_waiting(int fd, char *ptr, size_t len)
{
    for (;;) {
        ssize_t got = read(fd, ptr, len);
        if (got >= 0)
            return got;
        if (errno == EAGAIN)
            poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, -1);
        else if (errno != EINTR)
            return -1;
    }
}

bool path_read_fd(struct buf *out, int fd, size_t max, const char *what,
                  struct error *err)
{
    size_t start = out->len;
    for (;;) {
        ssize_t got =
            read_waiting(fd, buf_reserve(out, READ_CHUNK), READ_CHUNK);
        if (got == 0)
            return true;
        if (got < 0) {
            error_system(err, "%s", what);
            break;
        }
        if ((size_t)got > max - (out->len - start)) {
            error_set(err, ERROR_LIMIT, "%s is larger than %zu bytes", what,
                      max);
            break;
        }
        out->len += (size_t)got;
        out->ptr[out->len] = '\0';
    }
    buf_truncate(out, start);
    return false;
}

bool path_make_way(const char *path, struct error *err)
{
    struct buf way = { 0 };
    bool ok = true;
    buf_append_string(&way, path);
    for (size_t i = 1; i < way.len && ok; i++) {
        if (way.ptr[i] != '/')
            continue;
        way.ptr[i] = '\0';
        ok = mkdir(way.ptr, 0700) == 0 || errno == EEXIST;
        if (!ok)
            error_system(err, "making %s", way.ptr);
        way.ptr[i] = '/';
    }
    buf_clear(&way);
    return ok;
}

/* Cut the last part of a path off; false: only a root is left. */
static bool go_up(struct buf *path)
{
    size_t len = path->len;
    while (len > 0 && path->ptr[len - 1] == '/')
        len--;
    while (len > 0 && path->ptr[len - 1] != '/')
        len--;
    if (len == 0)
        return false;
    buf_truncate(path, len);
    return len > 1;
}

bool path_can_make(const char *path, struct error *err)
{
    struct buf at = { 0 };
    struct stat status;
    bool is_there;
    buf_append_string(&at, path);
    while (!(is_there = stat(at.ptr, &status) == 0) && errno == ENOENT &&
           go_up(&at))
        continue;
    bool ok = is_there && S_ISDIR(status.st_mode);
    if (is_there && !ok)
        errno = ENOTDIR;
    ok = ok && access(at.ptr, W_OK | X_OK) == 0;
    if (!ok)
        error_system(err, "%s", path);
    buf_clear(&at);
    return ok;
}

static bool write_all(int fd, struct slice text)
{
    while (text.len) {
        ssize_t len = write(fd, text.ptr, text.len);
        if (len >= 0)
            text = slice_skip(text, (size_t)len);
        else if (errno != EINTR)
            return false;
    }
    return true;
}

bool path_write_new(struct buf *path, size_t suffix_len, struct slice text,
                    struct error *err)
{
    int fd = mkostemps(path->ptr, (int)suffix_len, O_CLOEXEC);
    if (fd < 0)
        return error_system(err, "making %s", path->ptr);
    bool ok = write_all(fd, text);
    int code = errno;
    /* A network file system may say only now that the disk is full. */
    if (close(fd) < 0 && ok) {
        code = errno;
        ok = false;
    }
    if (ok)
        return true;
    unlink(path->ptr);
    errno = code;
    return error_system(err, "writing %s", path->ptr);
}

bool path_write_file(const char *path, struct slice text, struct error *err)
{
    struct buf fresh = { 0 };
    buf_printf(&fresh, "%s.XXXXXX", path);
    bool ok = path_make_way(path, err) && path_write_new(&fresh, 0, text, err);
    if (ok && rename(fresh.ptr, path) < 0) {
        ok = error_system(err, "writing %s", path);
        unlink(fresh.ptr);
    }
    buf_clear(&fresh);
    return ok;
}

/* link(2) gives no name that is taken; a file system without hard links cannot
 * say whether one is, in the same step. */
static bool give_name(const char *fresh, const char *path, struct error *err)
{
    if (link(fresh, path) == 0) {
        unlink(fresh);
        return true;
    }
    bool has_links = errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS;
    if (!has_links && access(path, F_OK) < 0 && rename(fresh, path) == 0)
        return true;
    if (!has_links)
        errno = EEXIST;
    error_system(err, "writing %s", path);
    unlink(fresh);
    return false;
}

bool path_write_absent(const char *path, struct slice text, struct error *err)
{
    struct buf fresh = { 0 };
    buf_printf(&fresh, "%s.XXXXXX", path);
    bool ok = path_write_new(&fresh, 0, text, err)
                  ? give_name(buf_string(&fresh), path, err)
                  : error_system(err, "writing %s", path);
    buf_clear(&fresh);
    return ok;
}
