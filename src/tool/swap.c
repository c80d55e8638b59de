/* SPDX-License-Identifier: MIT */
#include "tool/swap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/random.h"
#include "tool/target.h"
#include "tool/way.h"

enum { CHUNK = 64 * 1024, FREE_NAME_SIZE = 32 };

struct swap {
    const struct tool_plan *plan;
    int parent;                  /* O_PATH */
    const char *name;            /* in it */
    char beside[FREE_NAME_SIZE]; /* the name of the other file */
};

static bool refuse_conflict(const struct swap *swap, struct error *err)
{
    return error_set(err, ERROR_TOOL,
                     "%s has changed since this was planned, and nothing was "
                     "written; read it again and make a new edit",
                     target_word(slice_of(swap->name)).text);
}

/* What is there. */

static bool holds(int fd, struct slice text)
{
    char piece[CHUNK];
    for (;;) {
        ssize_t len = read(fd, piece, sizeof piece);
        if (len < 0 && errno == EINTR)
            continue;
        if (len <= 0)
            return len == 0 && text.len == 0;
        if ((size_t)len > text.len || memcmp(piece, text.ptr, (size_t)len) != 0)
            return false;
        text = slice_skip(text, (size_t)len);
    }
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return S_ISREG(a->st_mode) && a->st_dev == b->st_dev &&
           a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Whether what has that name is the file that the plan saw. Once it was moved it
 * may be another to the kernel (overlayfs copies it then): its text decides. */
static bool is_unchanged(const struct swap *swap, const char *name,
                         bool was_moved)
{
    struct stat status;
    int readable = -1;
    int fd = openat(swap->parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    bool ok = fd >= 0 && fstat(fd, &status) == 0 &&
              (was_moved ? S_ISREG(status.st_mode)
                         : is_same_file(&status, &swap->plan->before)) &&
              (readable = way_open_again(fd)) >= 0 &&
              holds(readable, buf_slice(&swap->plan->was));
    if (readable >= 0)
        close(readable);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* The file beside it. */

static void choose_name(struct swap *swap)
{
    struct random random;
    random_init(&random, 0);
    snprintf(swap->beside, sizeof swap->beside, ".sennit-%016" PRIx64,
             (uint64_t)(random_real(&random) * (double)(1LL << 53)));
}

/* Those that a file keeps when its text is replaced in place. */
static bool is_kept(const char *attribute)
{
    return !strncmp(attribute, "user.", 5) ||
           !strcmp(attribute, "system.posix_acl_access");
}

/* As far as the file system has them. */
static void copy_attributes(int from, int to)
{
    enum { MOST = 64 * 1024 };
    struct buf names = { 0 }, value = { 0 };
    ssize_t len = flistxattr(from, buf_reserve(&names, MOST), MOST);
    for (const char *name = names.ptr; len > 0 && name < names.ptr + len;
         name += strlen(name) + 1) {
        ssize_t size =
            is_kept(name)
                ? fgetxattr(from, name, buf_reserve(&value, MOST), MOST)
                : -1;
        if (size >= 0)
            (void)fsetxattr(to, name, value.ptr, (size_t)size, 0);
    }
    buf_clear(&names);
    buf_clear(&value);
}

static bool keep_owner(const struct swap *swap, int fd, struct error *err)
{
    const struct stat *before = &swap->plan->before;
    struct stat status;
    if (fstat(fd, &status) < 0)
        return error_system(err, "fstat");
    if (status.st_uid == before->st_uid && status.st_gid == before->st_gid)
        return true;
    return fchown(fd, before->st_uid, before->st_gid) == 0 ||
           error_set(err, ERROR_TOOL,
                     "%s belongs to another user or group, which it would not "
                     "keep; nothing was written",
                     target_word(slice_of(swap->name)).text);
}

static bool keep_traits(const struct swap *swap, int fd, struct error *err)
{
    const struct stat *before = &swap->plan->before;
    struct stat directory;
    /* As when anybody writes to a file: it no longer runs as somebody else. */
    mode_t mode = before->st_mode & 0777;
    if (!mode && fstat(swap->parent, &directory) == 0)
        mode = 0600 | way_mode(&directory, 0664);
    if (before->st_ino && !keep_owner(swap, fd, err))
        return false;
    if (fchmod(fd, mode) < 0)
        return error_system(err, "fchmod");
    int old = !before->st_ino
                  ? -1
                  : openat(swap->parent, swap->name,
                           O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (old >= 0) {
        copy_attributes(old, fd);
        close(old);
    }
    return true;
}

static bool write_all(int fd, struct slice text)
{
    while (text.len) {
        ssize_t len = write(fd, text.ptr, text.len);
        if (len < 0 && errno != EINTR)
            return false;
        text = slice_skip(text, len > 0 ? (size_t)len : 0);
    }
    return fsync(fd) == 0;
}

static bool write_beside(struct swap *swap, struct error *err)
{
    struct target_word word = target_word(slice_of(swap->name));
    choose_name(swap);
    int fd = openat(swap->parent, swap->beside,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_system(err, "%s cannot be written in its directory",
                            word.text);
    bool ok = keep_traits(swap, fd, err);
    if (ok && !write_all(fd, buf_slice(&swap->plan->after)))
        ok =
            error_system(err, "%s was not written, it is as it was", word.text);
    close(fd);
    if (!ok)
        unlinkat(swap->parent, swap->beside, 0);
    return ok;
}

/* Exchanging. */

static bool rename_it(const struct swap *swap, const char *from, const char *to,
                      unsigned flags)
{
    return renameat2(swap->parent, from, swap->parent, to, flags) == 0;
}

/* Some file systems only know the simple way. */
static bool is_unknown(void)
{
    return errno == EINVAL || errno == ENOSYS || errno == ENOTSUP;
}

/* Where nothing has the name. */
static bool put_there(const struct swap *swap)
{
    if (rename_it(swap, swap->beside, swap->name, RENAME_NOREPLACE))
        return true;
    if (!is_unknown() ||
        linkat(swap->parent, swap->beside, swap->parent, swap->name, 0) < 0)
        return false;
    unlinkat(swap->parent, swap->beside, 0);
    return true;
}

/* Of a file that was not there. */
static bool put_new(const struct swap *swap, struct error *err)
{
    bool ok = put_there(swap);
    int number = errno;
    if (!ok)
        unlinkat(swap->parent, swap->beside, 0);
    if (ok)
        return true;
    if (number == EEXIST)
        return refuse_conflict(swap, err);
    errno = number;
    return error_system(err, "%s", target_word(slice_of(swap->name)).text);
}

static bool put_over(const struct swap *swap, struct error *err)
{
    bool ok = is_unchanged(swap, swap->name, false);
    bool is_exchanged = false;
    if (!ok)
        refuse_conflict(swap, err);
    else if (rename_it(swap, swap->beside, swap->name, RENAME_EXCHANGE))
        is_exchanged = true;
    else if (!is_unknown() || !rename_it(swap, swap->beside, swap->name, 0))
        ok = error_system(err, "%s", target_word(slice_of(swap->name)).text);
    if (is_exchanged && !is_unchanged(swap, swap->beside, true)) {
        (void)rename_it(swap, swap->beside, swap->name, RENAME_EXCHANGE);
        ok = refuse_conflict(swap, err);
    }
    unlinkat(swap->parent, swap->beside, 0);
    return ok;
}

static bool take_away(struct swap *swap, struct error *err)
{
    choose_name(swap);
    if (!is_unchanged(swap, swap->name, false))
        return refuse_conflict(swap, err);
    if (!rename_it(swap, swap->name, swap->beside, RENAME_NOREPLACE) &&
        !(is_unknown() && rename_it(swap, swap->name, swap->beside, 0)))
        return error_system(err, "%s", target_word(slice_of(swap->name)).text);
    if (!is_unchanged(swap, swap->beside, true)) {
        (void)put_there(swap);
        return refuse_conflict(swap, err);
    }
    unlinkat(swap->parent, swap->beside, 0);
    return true;
}

/* Of two programs of ours that edit in one directory one waits for the other, so
 * that none sees what the other may still put back. One that holds the lock for
 * long is not one of ours. */
static void lock(int directory)
{
    enum { TRIES = 200, PAUSE_MS = 10 };
    for (int i = 0; i < TRIES && flock(directory, LOCK_EX | LOCK_NB) < 0; i++) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return;
        poll(NULL, 0, PAUSE_MS);
    }
}

static bool put_in(struct swap *swap, struct error *err)
{
    if (swap->plan->removes)
        return take_away(swap, err);
    if (!write_beside(swap, err))
        return false;
    return swap->plan->before.st_ino ? put_over(swap, err) : put_new(swap, err);
}

bool swap_in(const struct tool_plan *plan, struct error *err)
{
    bool is_new = plan->before.st_ino == 0;
    struct swap swap = { .plan = plan };
    swap.parent = way_open_parent(plan->path, is_new, &swap.name, err);
    if (swap.parent < 0)
        return false;
    /* One that cannot be read cannot be locked or waited for either. */
    int directory = way_open_again(swap.parent);
    if (directory >= 0)
        lock(directory);
    bool ok = put_in(&swap, err);
    if (ok && directory >= 0)
        fsync(directory);
    if (directory >= 0)
        close(directory);
    close(swap.parent);
    return ok;
}
