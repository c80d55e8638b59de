/* SPDX-License-Identifier: MIT */
#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char root[SCRATCH_PATH_MAX];

/* Also before the first test runs, where Check takes no assertion. */
static void require(bool condition, const char *path)
{
    if (condition)
        return;
    fprintf(stderr, "no room for tests: %s: %s\n", path, strerror(errno));
    exit(EXIT_FAILURE);
}

/* A template for mkdtemp() and mkstemp(). */
static void name_in(char path[SCRATCH_PATH_MAX], const char *folder,
                    const char *word)
{
    int len = snprintf(path, SCRATCH_PATH_MAX, "%s/%s-XXXXXX", folder, word);
    errno = ENAMETOOLONG;
    require(len >= 0 && len < SCRATCH_PATH_MAX, folder);
}

static const char *folder(void)
{
    const char *outer = getenv("TMPDIR");
    if (root[0])
        return root;
    return outer && outer[0] ? outer : "/tmp";
}

void scratch_begin(void)
{
    char path[SCRATCH_PATH_MAX];
    name_in(path, folder(), "sennit");
    require(mkdtemp(path) != NULL, path);
    memcpy(root, path, sizeof root);
    setenv("TMPDIR", root, 1);
}

static int remove_entry(const char *path, const struct stat *status, int kind,
                        struct FTW *walk)
{
    (void)status, (void)kind, (void)walk;
    return remove(path) != 0 && errno != ENOENT;
}

void scratch_remove(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

void scratch_end(void)
{
    if (getenv("KEEP"))
        printf("kept: %s\n", root);
    else
        scratch_remove(root);
    root[0] = '\0';
}

void scratch_directory(char path[SCRATCH_PATH_MAX], const char *word)
{
    name_in(path, folder(), word);
    require(mkdtemp(path) != NULL, path);
}

int scratch_file(char path[SCRATCH_PATH_MAX], const char *word)
{
    name_in(path, folder(), word);
    int fd = mkostemp(path, O_CLOEXEC);
    require(fd >= 0, path);
    return fd;
}
