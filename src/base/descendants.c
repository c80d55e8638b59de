/* SPDX-License-Identifier: MIT */
#include "base/descendants.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    PIDS_MAX = 4096, /* at once; the others come closer when these are gone */
    PATH_SIZE = 64,
    READ_SIZE = 4096,
    DEPTH_MAX = 4096, /* of the tree of processes */
};

/* Paths in /proc, without stdio. */

struct path {
    char text[PATH_SIZE];
    size_t len;
};

static void add_string(struct path *path, const char *string)
{
    for (; *string && path->len < PATH_SIZE - 1; string++)
        path->text[path->len++] = *string;
    path->text[path->len] = '\0';
}

static void add_number(struct path *path, pid_t number)
{
    char digits[16];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + number % 10);
    } while ((number /= 10) > 0 && at > 0);
    add_string(path, digits + at);
}

static int open_path(const struct path *path, int flags)
{
    return open(path->text, O_RDONLY | O_CLOEXEC | flags);
}

static pid_t parse_number(const char *text)
{
    pid_t number = 0;
    while (*text >= '0' && *text <= '9')
        number = number * 10 + (*text++ - '0');
    return number;
}

/* Entries of a directory that are numbers. */
typedef void number_fn(void *context, pid_t number);

static bool each_number(const struct path *path, number_fn *fn, void *context)
{
    _Alignas(struct dirent64) char bytes[READ_SIZE];
    int fd = open_path(path, O_DIRECTORY);
    if (fd < 0)
        return false;
    long len;
    while ((len = syscall(SYS_getdents64, fd, bytes, sizeof bytes)) > 0)
        for (long at = 0; at < len;) {
            const struct dirent64 *entry = (const void *)(bytes + at);
            pid_t number = parse_number(entry->d_name);
            if (number > 0)
                fn(context, number);
            at += entry->d_reclen;
        }
    close(fd);
    return true;
}

/* From parents to children, where the kernel tells (CONFIG_PROC_CHILDREN). */

struct family {
    pid_t pids[PIDS_MAX];
    size_t count;
    pid_t parent; /* whose children are added */
    bool is_told;
};

static void add(struct family *family, pid_t pid)
{
    if (pid > 0 && family->count < PIDS_MAX)
        family->pids[family->count++] = pid;
}

/* "12 345 ", in pieces. */
static void add_children_of_task(void *context, pid_t task)
{
    struct family *family = context;
    struct path path = { .len = 0 };
    char bytes[READ_SIZE];
    add_string(&path, "/proc/");
    add_number(&path, family->parent);
    add_string(&path, "/task/");
    add_number(&path, task);
    add_string(&path, "/children");
    int fd = open_path(&path, 0);
    if (fd < 0)
        return;
    family->is_told = true;
    pid_t number = 0;
    ssize_t len;
    while ((len = read(fd, bytes, sizeof bytes)) > 0)
        for (ssize_t i = 0; i < len; i++) {
            if (bytes[i] >= '0' && bytes[i] <= '9') {
                number = number * 10 + (bytes[i] - '0');
                continue;
            }
            add(family, number);
            number = 0;
        }
    add(family, number);
    close(fd);
}

static void add_children(struct family *family, pid_t parent)
{
    struct path path = { .len = 0 };
    family->parent = parent;
    add_string(&path, "/proc/");
    add_number(&path, parent);
    add_string(&path, "/task");
    each_number(&path, add_children_of_task, family);
}

/* From children to parents, elsewhere. */

/* From /proc/PID/stat: "PID (any name) S PPID ..."; 0 if there is none. */
static pid_t parent_of(pid_t pid)
{
    struct path path = { .len = 0 };
    char text[256];
    add_string(&path, "/proc/");
    add_number(&path, pid);
    add_string(&path, "/stat");
    int fd = open_path(&path, 0);
    if (fd < 0)
        return 0;
    ssize_t len = read(fd, text, sizeof text - 1);
    close(fd);
    text[len > 0 ? len : 0] = '\0';
    const char *name_end = strrchr(text, ')');
    return name_end && strlen(name_end) > 4 ? parse_number(name_end + 4) : 0;
}

/* How many generations below us; 0: it is no descendant. */
static int depth_of(pid_t pid)
{
    pid_t self = getpid();
    for (int depth = 1; depth < DEPTH_MAX && pid > 1; depth++) {
        pid = parent_of(pid);
        if (pid == self)
            return depth;
    }
    return 0;
}

bool descendants_has(pid_t pid)
{
    return depth_of(pid) > 0;
}

struct wish {
    int signal_number, spared;
};

static void send(pid_t pid, int signal_number)
{
    kill(pid, signal_number);
    if (signal_number != SIGSTOP)
        kill(pid, SIGCONT);
}

static void send_if_deep(void *context, pid_t pid)
{
    const struct wish *wish = context;
    if (depth_of(pid) > wish->spared)
        send(pid, wish->signal_number);
}

/* Generation by generation. */
void descendants_signal(int signal_number, int spared)
{
    struct family family = { .count = 0 };
    add_children(&family, getpid());
    if (!family.is_told) {
        struct wish wish = { signal_number, spared };
        struct path path = { .len = 0 };
        add_string(&path, "/proc");
        each_number(&path, send_if_deep, &wish);
        return;
    }
    size_t level_end = family.count;
    for (size_t i = 0; i < family.count; i++) {
        if (i == level_end) {
            level_end = family.count;
            spared--;
        }
        /* Asked first: one that ends loses its children. */
        add_children(&family, family.pids[i]);
        if (spared <= 0)
            send(family.pids[i], signal_number);
    }
}
