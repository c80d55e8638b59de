/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probe/probe.h"

enum { SET_USER = 04755, SET_GROUP = 02755, CALL_FCHMODAT2 = 452 };

static const char *made(void)
{
    return in("work", "made");
}

static int make(void)
{
    return open(made(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
}

/* Whether the bits are there, however it came about; else nothing is left. */
static int has_bits(int result, mode_t bits)
{
    struct stat status;
    int error_number = result < 0 ? errno : EPERM;
    if (result >= 0 && stat(made(), &status) == 0 && status.st_mode & bits)
        return 0;
    unlink(made());
    return no(error_number);
}

static int may_change_mode(void)
{
    int fd = make();
    int result = fchmod(fd, 0700) || chmod(made(), 0755) ||
                         fchmodat(AT_FDCWD, made(), 01755, 0)
                     ? -1
                     : 0;
    return close_after(fd) ? -1 : result;
}

/* Its mode says nothing where no file is made. */
static int may_open_with_any(void)
{
    int fd = (int)syscall(SYS_openat, AT_FDCWD, in("outside", "file"), O_RDONLY,
                          (mode_t)SET_USER);
    return close_after(fd);
}

static int by_chmod(void)
{
    close_after(make());
    return has_bits(chmod(made(), SET_USER), S_ISUID);
}

static int by_fchmod(void)
{
    int fd = make();
    int result = fchmod(fd, SET_USER), error_number = errno;
    close_after(fd);
    errno = error_number;
    return has_bits(result, S_ISUID);
}

static int by_fchmodat(void)
{
    close_after(make());
    return has_bits(fchmodat(AT_FDCWD, made(), SET_USER, 0), S_ISUID);
}

static int by_fchmodat2(void)
{
    close_after(make());
    return has_bits(
        (int)syscall(CALL_FCHMODAT2, AT_FDCWD, made(), (mode_t)SET_USER, 0),
        S_ISUID);
}

static int by_group(void)
{
    close_after(make());
    return has_bits(chmod(made(), SET_GROUP), S_ISGID);
}

static int by_creat(void)
{
    return has_bits(close_after(creat(made(), SET_USER)), S_ISUID);
}

/* Where there is no open(), openat() is. */
static int by_open(void)
{
#ifdef SYS_open
    int fd =
        (int)syscall(SYS_open, made(), O_CREAT | O_WRONLY, (mode_t)SET_USER);
#else
    int fd = open(made(), O_CREAT | O_WRONLY, SET_USER);
#endif
    return has_bits(close_after(fd), S_ISUID);
}

static int by_openat(void)
{
    int fd = (int)syscall(SYS_openat, AT_FDCWD, made(), O_CREAT | O_WRONLY,
                          (mode_t)SET_USER);
    return has_bits(close_after(fd), S_ISUID);
}

static int by_openat2(void)
{
    struct open_how how = { .flags = O_CREAT | O_WRONLY, .mode = SET_USER };
    int fd = (int)syscall(SYS_openat2, AT_FDCWD, made(), &how, sizeof how);
    return has_bits(close_after(fd), S_ISUID);
}

/* It gets its name afterwards. */
static int by_unnamed(void)
{
    int fd = open(value("work"), O_TMPFILE | O_WRONLY, SET_USER);
    struct stat status;
    int result = fd < 0 || fstat(fd, &status) ? -1 : 0;
    if (result == 0 && !(status.st_mode & S_ISUID))
        result = no(EPERM);
    return close_after(fd) ? -1 : result;
}

static int by_mknod(void)
{
    return has_bits(mknod(made(), S_IFREG | SET_USER, 0), S_ISUID);
}

static int by_mknodat(void)
{
    return has_bits((int)syscall(SYS_mknodat, AT_FDCWD, made(),
                                 (mode_t)(S_IFREG | SET_USER), 0),
                    S_ISUID);
}

const struct probe probes_of_modes[] = {
    { "may-change-mode", may_change_mode },
    { "may-open-with-any", may_open_with_any },
    { "set-id-chmod", by_chmod },
    { "set-id-fchmod", by_fchmod },
    { "set-id-fchmodat", by_fchmodat },
    { "set-id-fchmodat2", by_fchmodat2 },
    { "set-id-group", by_group },
    { "set-id-creat", by_creat },
    { "set-id-open", by_open },
    { "set-id-openat", by_openat },
    { "set-id-openat2", by_openat2 },
    { "set-id-unnamed", by_unnamed },
    { "set-id-mknod", by_mknod },
    { "set-id-mknodat", by_mknodat },
    { NULL, NULL },
};
