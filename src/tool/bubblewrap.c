/* SPDX-License-Identifier: MIT */
#include "tool/bubblewrap.h"

#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"

/* Where the program gets them: below, in bubblewrap_argv(), as text. */
#define ARGUMENTS_AT "3"
#define FILTER_AT    "4"

static void add(struct buf *args, const char *word)
{
    buf_append(args, word, strlen(word) + 1);
}

static void add_pair(struct buf *args, const char *option, const char *path)
{
    add(args, option);
    add(args, path);
}

static void bind(struct buf *args, const char *option, const char *path)
{
    add_pair(args, option, path);
    add(args, path);
}

static void add_namespaces(struct buf *args, const struct bubblewrap_wish *wish)
{
    add(args, "--unshare-pid");
    add(args, "--unshare-ipc");
    add(args, "--unshare-uts");
    add(args, "--unshare-cgroup-try");
    if (!wish->has_network)
        add(args, "--unshare-net");
    add(args, "--new-session");
    add(args, "--die-with-parent");
    add_pair(args, "--cap-drop", "ALL");
    if (wish->keeps_file_caps) {
        add_pair(args, "--cap-add", "CAP_DAC_OVERRIDE");
        add_pair(args, "--cap-add", "CAP_CHOWN");
        add_pair(args, "--cap-add", "CAP_FOWNER");
    }
}

static void hide(struct buf *args, const char *path, bool holds_workspace)
{
    struct stat status;
    if (stat(path, &status) < 0)
        return;
    if (!S_ISDIR(status.st_mode)) {
        add_pair(args, "--ro-bind", "/dev/null");
        add(args, path);
        return;
    }
    add_pair(args, "--tmpfs", path);
    /* A place for the workspace has yet to be made in the other kind. */
    if (!holds_workspace)
        add_pair(args, "--remount-ro", path);
}

static bool holds(const char *path, const struct bubblewrap_wish *wish)
{
    return hidden_is_in(wish->workspace, path) ||
           (wish->writable && hidden_is_in(wish->writable, path));
}

/* What is below /tmp is gone, unless the workspace has brought it back. */
static bool is_gone(const char *path, const struct bubblewrap_wish *wish)
{
    return hidden_is_in(path, "/tmp") && !hidden_is_in(path, wish->workspace) &&
           !(wish->writable && hidden_is_in(path, wish->writable));
}

/* Much in /proc belongs to root, and asks for no more than that it is he:
 * core_pattern names a program that runs outside. */
static void add_process_files(struct buf *args)
{
    static const char *const fixed[] = { "/proc/sys", "/proc/sysrq-trigger",
                                         "/proc/irq", "/proc/bus",
                                         "/proc/fs",  "/proc/acpi",
                                         "/proc/scsi" };
    add_pair(args, "--proc", "/proc");
    for (size_t i = 0; geteuid() == 0 && i < COUNTOF(fixed); i++)
        bind(args, "--ro-bind-try", fixed[i]);
}

/* In the order in which they are mounted. */
static void add_files(struct buf *args, const struct bubblewrap_wish *wish)
{
    const struct hidden *hidden = wish->hidden;
    bind(args, "--ro-bind", "/");
    add_pair(args, "--dev", "/dev");
    for (size_t i = 0; wish->devices && wish->devices[i]; i++)
        bind(args, "--dev-bind-try", wish->devices[i]);
    add_process_files(args);
    add_pair(args, "--bind", wish->temporary);
    add(args, "/tmp");
    for (size_t i = 0; i < hidden->paths.count; i++)
        if (holds(hidden->paths.items[i], wish))
            hide(args, hidden->paths.items[i], true);
    /* Over all that is mounted by now it would open that again. */
    if (strcmp(wish->workspace, "/"))
        bind(args, wish->is_read_only ? "--ro-bind" : "--bind",
             wish->workspace);
    if (wish->writable)
        bind(args, "--bind", wish->writable);
    for (size_t i = 0; i < hidden->paths.count; i++)
        if (!holds(hidden->paths.items[i], wish) &&
            !is_gone(hidden->paths.items[i], wish))
            hide(args, hidden->paths.items[i], false);
    for (size_t i = 0; i < wish->shield->writable.count; i++)
        bind(args, "--bind", wish->shield->writable.items[i]);
    for (size_t i = 0; i < wish->shield->fixed.count; i++)
        bind(args, "--ro-bind", wish->shield->fixed.items[i]);
}

static int open_bytes(const char *name, const void *bytes, size_t len)
{
    int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd < 0 ||
        (write(fd, bytes, len) == (ssize_t)len && lseek(fd, 0, SEEK_SET) == 0))
        return fd;
    close(fd);
    return -1;
}

bool bubblewrap_prepare(const struct bubblewrap_wish *wish,
                        int descriptors[BUBBLEWRAP_DESCRIPTORS],
                        struct error *err)
{
    struct buf args = { 0 };
    add_namespaces(&args, wish);
    add_files(&args, wish);
    add_pair(&args, "--chdir", wish->directory);
    add_pair(&args, "--seccomp", FILTER_AT);
    descriptors[0] = open_bytes("arguments", args.ptr, args.len);
    descriptors[1] = open_bytes("filter", wish->filter,
                                wish->filter_count * sizeof *wish->filter);
    buf_clear(&args);
    if (descriptors[0] >= 0 && descriptors[1] >= 0)
        return true;
    error_system(err, "preparing bubblewrap");
    for (int i = 0; i < BUBBLEWRAP_DESCRIPTORS; i++)
        if (descriptors[i] >= 0)
            close(descriptors[i]);
    return false;
}

char **bubblewrap_argv(const char *program, char *const *argv)
{
    const char *const own[] = { program, "--args", ARGUMENTS_AT, "--" };
    size_t count = 0, own_count = sizeof own / sizeof *own;
    while (argv[count])
        count++;
    char **all = memory_zero(own_count + count + 1, sizeof *all);
    for (size_t i = 0; i < own_count; i++)
        all[i] = memory_string(own[i]);
    for (size_t i = 0; i < count; i++)
        all[own_count + i] = memory_string(argv[i]);
    return all;
}
