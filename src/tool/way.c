/* SPDX-License-Identifier: MIT */
#include "tool/way.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "tool/target.h"

static int refuse(const char *word, struct error *err)
{
    error_set(err, ERROR_TOOL,
              "%s has become a symbolic link or something else just now; "
              "nothing was done, look again with list_dir",
              word);
    return -1;
}

/* As open as the directory that it is made in, whatever our own umask says, but
 * not to everybody. */
static void make_directory(int fd, const char *name)
{
    struct stat status;
    if (fstat(fd, &status) < 0 || mkdirat(fd, name, 0700) < 0)
        return;
    int made =
        openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (made < 0)
        return;
    fchmod(made, 0700 | way_mode(&status, 0775));
    close(made);
}

mode_t way_mode(const struct stat *directory, mode_t most)
{
    /* In one for everybody (/tmp) nothing is for others to write. */
    if (directory->st_mode & S_ISVTX)
        most &= (mode_t)~022;
    return directory->st_mode & most;
}

static int step_into(int fd, const char *part, size_t len, bool makes,
                     struct error *err)
{
    enum { FLAGS = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };
    struct target_word word = target_word((struct slice){ part, len });
    char *name = memory_copy(part, len);
    int next = openat(fd, name, FLAGS);
    if (next < 0 && errno == ENOENT && makes) {
        make_directory(fd, name);
        next = openat(fd, name, FLAGS);
    }
    int number = errno;
    free(name);
    if (next < 0 && (number == ENOTDIR || number == ELOOP))
        return refuse(word.text, err);
    errno = number;
    if (next < 0)
        error_system(err, "%s", word.text);
    return next;
}

int way_open_parent(const char *path, bool makes, const char **name,
                    struct error *err)
{
    int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        error_system(err, "/");
    *name = path + strspn(path, "/");
    for (const char *slash; fd >= 0 && (slash = strchr(*name, '/'));
         *name = slash + strspn(slash, "/")) {
        int next = step_into(fd, *name, (size_t)(slash - *name), makes, err);
        close(fd);
        fd = next;
    }
    return fd;
}

/* By its own number: what was looked at, and nothing else, is read. */
int way_open_again(int fd)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return open(link, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int way_open(const char *path, bool is_directory, struct error *err)
{
    const char *name;
    struct stat status;
    int readable = -1, parent = way_open_parent(path, false, &name, err);
    if (parent < 0)
        return -1;
    struct target_word word = target_word(slice_of(*name ? name : "/"));
    int fd =
        openat(parent, *name ? name : ".", O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) < 0)
        error_system(err, "%s", word.text);
    else if (is_directory ? !S_ISDIR(status.st_mode) : !S_ISREG(status.st_mode))
        refuse(word.text, err);
    else if ((readable = way_open_again(fd)) < 0)
        error_system(err, "%s", word.text);
    if (fd >= 0)
        close(fd);
    close(parent);
    return readable;
}
