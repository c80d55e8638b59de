/* SPDX-License-Identifier: MIT */
#include "store/session_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "store/owner.h"

struct session_lock {
    char *path; /* of the lock's own file */
    int fd;
    bool is_lease;
    char note[OWNER_SIZE]; /* what the file says: host, process, boot */
};

/* statfs(2). What is not known counts as a network's. */
static const struct file_system {
    unsigned long magic;
    const char *name;
    bool is_local; /* only this machine can have it mounted */
} file_systems[] = {
    { 0xEF53, "ext4", true },         { 0x58465342, "xfs", true },
    { 0x9123683E, "btrfs", true },    { 0x2FC12FC1, "zfs", true },
    { 0xF2F52010, "f2fs", true },     { 0x794C7630, "overlay", true },
    { 0x01021994, "tmpfs", true },    { 0x858458F6, "ramfs", true },
    { 0xCA451A4E, "bcachefs", true }, { 0x3153464A, "jfs", true },
    { 0x52654973, "reiserfs", true }, { 0x4D44, "fat", true },
    { 0x2011BAB0, "exfat", true },    { 0x7366746E, "ntfs3", true },
    { 0x6969, "nfs", false },         { 0xFF534D42, "cifs", false },
    { 0xFE534D42, "smb", false },     { 0x65735546, "fuse", false },
    { 0x01021997, "9p", false },      { 0x00C36400, "ceph", false },
};

bool session_lock_is_local(const char *directory, const char **name)
{
    struct statfs info;
    *name = "unknown";
    if (statfs(directory, &info) < 0)
        return false;
    for (size_t i = 0; i < COUNTOF(file_systems); i++) {
        if ((unsigned long)info.f_type != file_systems[i].magic)
            continue;
        *name = file_systems[i].name;
        return file_systems[i].is_local;
    }
    return false;
}

static bool is_local(const char *path)
{
    struct buf directory = { 0 };
    const char *slash = strrchr(path, '/'), *name;
    buf_append(&directory, path, slash ? (size_t)(slash - path) : 0);
    bool is = session_lock_is_local(
        directory.len ? buf_string(&directory) : ".", &name);
    buf_clear(&directory);
    return is;
}

static void read_note(int fd, char *note, size_t size)
{
    ssize_t len = pread(fd, note, size - 1, 0);
    note[len > 0 ? len : 0] = '\0';
}

static enum lock_result refuse(const char *note, struct error *err)
{
    long process = 0;
    char host[OWNER_HOST_SIZE] = "";
    if (owner_read(note, &process, host))
        error_set(err, ERROR_SYSTEM,
                  "the session is open in another sennit (process %ld on %s)",
                  process, host);
    else
        error_set(err, ERROR_SYSTEM, "the session is open in another sennit");
    return LOCK_HELD;
}

static bool is_same_file(int fd, const char *path)
{
    struct stat ours, there;
    return fstat(fd, &ours) == 0 && stat(path, &there) == 0 &&
           ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

/* Who gives a lock back takes its file away first: the file that was opened may
 * be another than the one that has the name by now. */
static int open_locked(const char *path, bool *is_held)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return -1;
        if (fcntl(fd, F_OFD_SETLK, &whole) < 0) {
            *is_held = errno == EAGAIN || errno == EACCES;
            if (*is_held)
                return fd;
            close(fd);
            return -1;
        }
        if (is_same_file(fd, path))
            return fd;
        close(fd);
    }
}

static bool put_note(struct session_lock *lock)
{
    size_t len = strlen(lock->note);
    return ftruncate(lock->fd, 0) == 0 &&
           pwrite(lock->fd, lock->note, len, 0) == (ssize_t)len;
}

static enum lock_result take_kernel_lock(struct session_lock *lock,
                                         bool *was_left, struct error *err)
{
    char note[OWNER_SIZE];
    bool is_held = false;
    lock->fd = open_locked(lock->path, &is_held);
    if (lock->fd < 0) {
        error_system(err, "%s", lock->path);
        return LOCK_FAILED;
    }
    read_note(lock->fd, note, sizeof note);
    if (is_held)
        return refuse(note, err);
    *was_left = note[0] != '\0';
    /* The note is for people: a full disk does not refuse the lock. */
    put_note(lock);
    return LOCK_TAKEN;
}

/* Whether who wrote the note can be gone. */
static bool is_void(const char *note, const struct stat *info)
{
    return clock_wall_ms() / 1000 - info->st_mtime > LEASE_MS / 1000 ||
           owner_is_gone(note);
}

/* Take a void lease out of the way; who renames it first may go on. */
static bool discard(struct session_lock *lock, const char *note)
{
    struct buf aside = { 0 };
    char there[OWNER_SIZE];
    buf_printf(&aside, "%s.%ld", lock->path, (long)getpid());
    bool ok = rename(lock->path, buf_string(&aside)) == 0;
    int fd = ok ? open(buf_string(&aside), O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        read_note(fd, there, sizeof there);
        ok = !strcmp(there, note);
        close(fd);
    }
    /* It was somebody else's new one: it gets its name back. */
    bool is_back =
        fd >= 0 && !ok && rename(buf_string(&aside), lock->path) == 0;
    if (!is_back)
        unlink(buf_string(&aside));
    buf_clear(&aside);
    return ok;
}

static enum lock_result take_lease(struct session_lock *lock, bool *was_left,
                                   struct error *err)
{
    char note[OWNER_SIZE] = "";
    struct stat info;
    for (int tries = 0; tries < 2; tries++) {
        lock->fd =
            open(lock->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (lock->fd >= 0)
            return put_note(lock)
                       ? LOCK_TAKEN
                       : (error_system(err, "%s", lock->path), LOCK_FAILED);
        int fd = errno == EEXIST ? open(lock->path, O_RDONLY | O_CLOEXEC) : -1;
        if (fd < 0 || fstat(fd, &info) < 0) {
            error_system(err, "%s", lock->path);
            if (fd >= 0)
                close(fd);
            return LOCK_FAILED;
        }
        read_note(fd, note, sizeof note);
        close(fd);
        if (!is_void(note, &info) || !discard(lock, note))
            break;
        *was_left = true;
    }
    return refuse(note, err);
}

static void drop(struct session_lock *lock)
{
    if (lock->fd >= 0)
        close(lock->fd);
    free(lock->path);
    free(lock);
}

enum lock_result session_lock_take(const char *path, enum lock_kind kind,
                                   struct session_lock **lock, bool *was_left,
                                   struct error *err)
{
    struct session_lock *taken = memory_zero(1, sizeof *taken);
    struct buf own = { 0 };
    taken->fd = -1;
    taken->is_lease =
        kind == LOCK_BY_LEASE || (kind == LOCK_AS_FITS && !is_local(path));
    buf_printf(&own, "%s.%s", path, taken->is_lease ? "lease" : "lock");
    taken->path = buf_steal(&own);
    owner_write(taken->note);
    *was_left = false;
    enum lock_result result = taken->is_lease
                                  ? take_lease(taken, was_left, err)
                                  : take_kernel_lock(taken, was_left, err);
    *lock = result == LOCK_TAKEN ? taken : NULL;
    if (result != LOCK_TAKEN)
        drop(taken);
    return result;
}

static bool is_locked(const char *path)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    bool is_held =
        fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    close(fd);
    return is_held;
}

static bool is_leased(const char *path)
{
    char note[OWNER_SIZE];
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    bool is_there = fstat(fd, &info) == 0;
    read_note(fd, note, sizeof note);
    close(fd);
    return is_there && !is_void(note, &info);
}

bool session_lock_is_held(const char *path)
{
    struct buf own = { 0 };
    buf_printf(&own, "%s.lock", path);
    bool is_held = is_locked(buf_string(&own));
    buf_reset(&own);
    buf_printf(&own, "%s.lease", path);
    is_held = is_held || is_leased(buf_string(&own));
    buf_clear(&own);
    return is_held;
}

bool session_lock_is_lease(const struct session_lock *lock)
{
    return lock->is_lease;
}

bool session_lock_renew(struct session_lock *lock)
{
    char note[OWNER_SIZE];
    if (!lock->is_lease)
        return true;
    int fd = open(lock->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    read_note(fd, note, sizeof note);
    bool is_ours =
        !strcmp(note, lock->note) && is_same_file(lock->fd, lock->path);
    close(fd);
    return is_ours && futimens(lock->fd, NULL) == 0;
}

void session_lock_free(struct session_lock *lock)
{
    if (!lock)
        return;
    if (is_same_file(lock->fd, lock->path))
        unlink(lock->path);
    drop(lock);
}
