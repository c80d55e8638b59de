/* SPDX-License-Identifier: MIT */
#include "tests/support/probe.h"

#include <string.h>
#include <unistd.h>

#include <check.h>

enum { PATH_SIZE = 4096 };

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
