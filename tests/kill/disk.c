/* SPDX-License-Identifier: MIT */
/*
 * disk - a library to preload: counts what a program does to the files below a
 * directory, and at one of these calls kills it, lets the call fail, or waits.
 *
 * From the environment:
 *   DISK_ROOT      the directory; calls elsewhere are not counted
 *   DISK_COUNT     a file of 8 bytes that holds the count, for all processes
 *   DISK_KILL      kill the process before this call, the first is 1
 *   DISK_TORN      the first half of it, if it is a write, is done before
 *   DISK_FAIL      this call fails, with DISK_ERRNO (EIO)
 *   DISK_FOR_EVER  and all that follow
 *   DISK_HANG      while this file exists a flush does not return
 *
 * Counted are opening for writing, write, flush, truncate, allocate, rename,
 * link, unlink, mkdir and file locks.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FILES_MAX = 4096, HANG_POLL_MS = 5 };

static struct {
    const char *root, *hang;
    size_t root_len;
    long kill_at, fail_at;
    int number;
    bool is_torn, for_ever;
    _Atomic uint64_t *count, own_count;
    atomic_bool is_ours[FILES_MAX]; /* by descriptor */
} disk;

/* The function that is behind ours. */
#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found)
        abort();
    return found;
}

static long number_of(const char *variable, long otherwise)
{
    const char *text = getenv(variable);
    return text ? strtol(text, NULL, 10) : otherwise;
}

__attribute__((constructor)) static void begin(void)
{
    const char *count = getenv("DISK_COUNT");
    disk.count = &disk.own_count;
    int fd = count ? REAL(open)(count, O_RDWR | O_CLOEXEC) : -1;
    if (fd >= 0) {
        void *shared = mmap(NULL, sizeof *disk.count, PROT_READ | PROT_WRITE,
                            MAP_SHARED, fd, 0);
        disk.count = shared == MAP_FAILED ? &disk.own_count : shared;
        close(fd);
    }
    disk.hang = getenv("DISK_HANG");
    disk.kill_at = number_of("DISK_KILL", 0);
    disk.is_torn = getenv("DISK_TORN") != NULL;
    disk.fail_at = number_of("DISK_FAIL", 0);
    disk.for_ever = getenv("DISK_FOR_EVER") != NULL;
    disk.number = (int)number_of("DISK_ERRNO", EIO);
    disk.root = getenv("DISK_ROOT");
    disk.root_len = disk.root ? strlen(disk.root) : 0;
}

static bool is_below(const char *path)
{
    return disk.root && path && !strncmp(path, disk.root, disk.root_len);
}

static bool is_ours(int fd)
{
    return fd >= 0 && fd < FILES_MAX && disk.is_ours[fd];
}

/* How much of a call is done. */
enum verdict { DO, TEAR, FAIL };

static enum verdict judge(bool is_write)
{
    long now = (long)(atomic_fetch_add(disk.count, 1) + 1);
    if (disk.fail_at &&
        (now == disk.fail_at || (disk.for_ever && now > disk.fail_at))) {
        errno = disk.number;
        return FAIL;
    }
    if (now != disk.kill_at)
        return DO;
    if (is_write && disk.is_torn)
        return TEAR;
    kill(getpid(), SIGKILL);
    return DO;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
}

static void hang(void)
{
    while (disk.hang && access(disk.hang, F_OK) == 0)
        poll(NULL, 0, HANG_POLL_MS);
}

/* ---- Files by name. ---- */

static int opened(int fd, const char *path)
{
    if (fd >= 0 && fd < FILES_MAX)
        disk.is_ours[fd] = is_below(path);
    return fd;
}

#define MODE_OF(flags)                                       \
    mode_t mode = 0;                                         \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                   \
        va_list arguments;                                   \
        va_start(arguments, flags);                          \
        mode = (mode_t)va_arg(arguments, int);               \
        va_end(arguments);                                   \
    }                                                        \
    if (((flags)&O_ACCMODE) != O_RDONLY && is_below(path) && \
        judge(false) == FAIL)                                \
    return -1

int open(const char *path, int flags, ...)
{
    MODE_OF(flags);
    return opened(REAL(open)(path, flags, mode), path);
}

int open64(const char *path, int flags, ...)
{
    MODE_OF(flags);
    return opened(REAL(open64)(path, flags, mode), path);
}

/* What the compiler makes of open() where it checks its arguments. */
int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
    return open(path, flags);
}

int __open64_2(const char *path, int flags);
int __open64_2(const char *path, int flags)
{
    return open64(path, flags);
}

int close(int fd)
{
    if (fd >= 0 && fd < FILES_MAX)
        disk.is_ours[fd] = false;
    return REAL(close)(fd);
}

int rename(const char *from, const char *to)
{
    if (is_below(to) && judge(false) == FAIL)
        return -1;
    return REAL(rename)(from, to);
}

int link(const char *from, const char *to)
{
    if (is_below(to) && judge(false) == FAIL)
        return -1;
    return REAL(link)(from, to);
}

int unlink(const char *path)
{
    if (is_below(path) && judge(false) == FAIL)
        return -1;
    return REAL(unlink)(path);
}

int mkdir(const char *path, mode_t mode)
{
    if (is_below(path) && judge(false) == FAIL)
        return -1;
    return REAL(mkdir)(path, mode);
}

/* ---- Files that are open. ---- */

ssize_t write(int fd, const void *bytes, size_t len)
{
    enum verdict verdict = is_ours(fd) ? judge(true) : DO;
    if (verdict == FAIL)
        return -1;
    ssize_t done = REAL(write)(fd, bytes, verdict == TEAR ? len / 2 : len);
    if (verdict == TEAR)
        die();
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    enum verdict verdict = is_ours(fd) ? judge(true) : DO;
    if (verdict == FAIL)
        return -1;
    ssize_t done = REAL(pwrite)(fd, bytes, verdict == TEAR ? len / 2 : len, at);
    if (verdict == TEAR)
        die();
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    return pwrite(fd, bytes, len, at);
}

int fsync(int fd)
{
    if (is_ours(fd) && judge(false) == FAIL)
        return -1;
    if (is_ours(fd))
        hang();
    return REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    if (is_ours(fd) && judge(false) == FAIL)
        return -1;
    if (is_ours(fd))
        hang();
    return REAL(fdatasync)(fd);
}

int ftruncate(int fd, off_t len)
{
    if (is_ours(fd) && judge(false) == FAIL)
        return -1;
    return REAL(ftruncate)(fd, len);
}

int ftruncate64(int fd, off64_t len)
{
    return ftruncate(fd, len);
}

int posix_fallocate(int fd, off_t from, off_t len)
{
    if (is_ours(fd) && judge(false) == FAIL)
        return disk.number;
    return REAL(posix_fallocate)(fd, from, len);
}

int posix_fallocate64(int fd, off64_t from, off64_t len)
{
    return posix_fallocate(fd, from, len);
}

static bool is_lock(int command)
{
    return command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK;
}

/* All that it takes is one word. */
static int control(int fd, int command, va_list arguments)
{
    void *argument = va_arg(arguments, void *);
    if (is_lock(command) && is_ours(fd) && judge(false) == FAIL)
        return -1;
    return REAL(fcntl64)(fd, command, argument);
}

int fcntl(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    int result = control(fd, command, arguments);
    va_end(arguments);
    return result;
}

int fcntl64(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    int result = control(fd, command, arguments);
    va_end(arguments);
    return result;
}
