/* SPDX-License-Identifier: MIT */
#include "tool/shield.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"

enum {
    MARK_MODE = 0555, /* an empty directory like this is one of ours */
    TRIES = 16,       /* times that another program removes it in between */
};

struct stand_in {
    struct stand_in *next;
    char *path;
    int fd; /* of the directory, locked; -1: a file that must not come to be */
};

static char *path_in(const char *directory, const char *name)
{
    struct buf path = { 0 };
    buf_printf(&path, "%s/%s", strcmp(directory, "/") ? directory : "", name);
    return buf_steal(&path);
}

static bool is_there(const char *path, struct stat *status)
{
    return lstat(path, status) == 0;
}

static bool is_empty(int fd)
{
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir(copy);
    const struct dirent *entry;
    size_t count = 0;
    while (directory && (entry = readdir(directory)))
        count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
    if (directory)
        closedir(directory);
    else if (copy >= 0)
        close(copy);
    return directory && !count;
}

static bool is_same(int fd, const char *path)
{
    struct stat ours, found;
    return fstat(fd, &ours) == 0 && is_there(path, &found) &&
           ours.st_ino == found.st_ino && ours.st_dev == found.st_dev;
}

/* A directory of ours that somebody is about to remove is made anew. */
static int hold(const char *path)
{
    for (int i = 0; i < TRIES; i++) {
        if (mkdir(path, MARK_MODE) == 0)
            chmod(path, MARK_MODE);
        else if (errno != EEXIST)
            return -1;
        int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd >= 0 && flock(fd, LOCK_SH) == 0 && is_same(fd, path))
            return fd;
        if (fd >= 0)
            close(fd);
    }
    return -1;
}

static void add_stand_in(struct shield *shield, char *path, int fd)
{
    struct stand_in *stand_in = memory_alloc(sizeof *stand_in);
    *stand_in = (struct stand_in){ shield->stand_ins, path, fd };
    shield->stand_ins = stand_in;
}

static bool is_mark(const struct stat *status)
{
    return S_ISDIR(status->st_mode) && (status->st_mode & 0777) == MARK_MODE;
}

/* A directory that must stay as it is, even if it is not there. */
static void fix_directory(struct shield *shield, const char *directory,
                          const char *name)
{
    struct stat status;
    char *path = path_in(directory, name);
    bool is_found = is_there(path, &status);
    /* Nothing can be mounted on a link. */
    if (is_found && S_ISLNK(status.st_mode)) {
        free(path);
        return;
    }
    int fd = !is_found || is_mark(&status) ? hold(path) : -1;
    if (fd >= 0)
        add_stand_in(shield, memory_string(path), fd);
    if (is_found || fd >= 0)
        *array_add(&shield->fixed) = path;
    else
        free(path);
}

static void fix_if_there(struct shield *shield, const char *directory,
                         const char *name)
{
    struct stat status;
    char *path = path_in(directory, name);
    if (is_there(path, &status) && !S_ISLNK(status.st_mode))
        *array_add(&shield->fixed) = path;
    else
        free(path);
}

/* A place that cannot be held: git would fail on what stood there. */
static void forbid_file(struct shield *shield, const char *directory,
                        const char *name)
{
    struct stat status;
    char *path = path_in(directory, name);
    if (is_there(path, &status)) {
        *array_add(&shield->fixed) = path;
        return;
    }
    add_stand_in(shield, path, -1);
}

static bool is_link(const char *directory, const char *name)
{
    struct stat status;
    char *path = path_in(directory, name);
    bool result = is_there(path, &status) && S_ISLNK(status.st_mode);
    free(path);
    return result;
}

/* `commondir` says where hooks and configuration are instead (gitrepository-
 * layout(5)); modules/ has those of submodules. */
static void shield_repository(struct shield *shield, const char *workspace)
{
    struct stat status;
    char *git = path_in(workspace, ".git");
    bool is_found = is_there(git, &status);
    if (!is_found || is_mark(&status) || !S_ISDIR(status.st_mode)) {
        fix_directory(shield, workspace, ".git");
        free(git);
        return;
    }
    /* A link could be replaced: then all of it stays as it is. */
    if (is_link(git, "hooks") || is_link(git, "config")) {
        *array_add(&shield->fixed) = git;
        return;
    }
    *array_add(&shield->writable) = git;
    fix_directory(shield, git, "hooks");
    fix_if_there(shield, git, "config");
    fix_if_there(shield, git, "config.worktree");
    fix_if_there(shield, git, "modules");
    forbid_file(shield, git, "commondir");
}

void shield_raise(struct shield *shield, const char *workspace)
{
    shield_repository(shield, workspace);
    fix_directory(shield, workspace, ".vscode");
    fix_directory(shield, workspace, ".idea");
    fix_if_there(shield, workspace, ".envrc");
    fix_if_there(shield, workspace, ".mcp.json");
}

void shield_clear(struct shield *shield)
{
    for (size_t i = 0; i < shield->writable.count; i++)
        free(shield->writable.items[i]);
    for (size_t i = 0; i < shield->fixed.count; i++)
        free(shield->fixed.items[i]);
    array_clear(&shield->writable);
    array_clear(&shield->fixed);
    shield_drop(shield->stand_ins);
    shield->stand_ins = NULL;
}

/* Who else holds it removes it. */
static void drop(const struct stand_in *stand_in)
{
    struct stat status;
    if (stand_in->fd < 0) {
        if (is_there(stand_in->path, &status) && !S_ISDIR(status.st_mode))
            unlink(stand_in->path);
        return;
    }
    if (flock(stand_in->fd, LOCK_EX | LOCK_NB) == 0 &&
        is_same(stand_in->fd, stand_in->path) && is_empty(stand_in->fd))
        rmdir(stand_in->path);
    close(stand_in->fd);
}

void shield_drop(struct stand_in *stand_ins)
{
    while (stand_ins) {
        struct stand_in *next = stand_ins->next;
        drop(stand_ins);
        free(stand_ins->path);
        free(stand_ins);
        stand_ins = next;
    }
}
