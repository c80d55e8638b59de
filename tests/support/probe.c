/* SPDX-License-Identifier: MIT */
#include "tests/support/probe.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/path.h"

enum { PATH_SIZE = 4096, PROGRAM_MAX = 16 * 1024 * 1024 };

char *probe_path(void)
{
    static char path[PATH_SIZE];
    const char name[] = "/probe";
    ssize_t len = readlink("/proc/self/exe", path, PATH_SIZE - sizeof name);
    ck_assert_int_gt(len, 0);
    path[len] = '\0';
    memcpy(strrchr(path, '/'), name, sizeof name);
    return path;
}

void probe_copy(const char *path, mode_t mode)
{
    struct buf program = { 0 };
    struct error err = { 0 };
    ck_assert_msg(path_read_file(&program, probe_path(), PROGRAM_MAX, &err),
                  "%s", err.text);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    ck_assert_int_eq(write(fd, program.ptr, program.len), (ssize_t)program.len);
    ck_assert_int_eq(fchmod(fd, mode), 0);
    close(fd);
    buf_clear(&program);
}
