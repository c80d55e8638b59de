/* SPDX-License-Identifier: MIT */
#include "tests/support/skip.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "tests/support/scratch.h"

static char notes_path[SCRATCH_PATH_MAX];

void skip_begin(void)
{
    close(scratch_file(notes_path, "skips"));
}

void skip_note(const char *reason)
{
    int fd = open(notes_path, O_WRONLY | O_APPEND | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_gt(dprintf(fd, "%s\n", reason), 0);
    close(fd);
}

static bool is_listed(const char *reason)
{
    FILE *file = fopen("tests/SKIPS", "r");
    char line[512];
    size_t len = strlen(reason);
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file))
        found = !strncmp(line, reason, len) && line[len] == ':';
    if (file)
        fclose(file);
    return found;
}

bool skip_report(void)
{
    FILE *file = fopen(notes_path, "r");
    char line[512];
    int count = 0;
    bool listed = true;
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        count++;
        if (!is_listed(line)) {
            fprintf(stderr, "skip without a listed reason: %s\n", line);
            listed = false;
        }
    }
    if (file)
        fclose(file);
    unlink(notes_path);
    printf("skipped: %d\n", count);
    return listed;
}

const char *shared_path(const char *relative)
{
    static char path[1024];
    const char *root = getenv("SENNIT_SHARED");
    snprintf(path, sizeof path, "%s/%s", root ? root : "../shared", relative);
    if (access(path, R_OK) == 0)
        return path;
    skip_note("shared");
    return NULL;
}
