/* SPDX-License-Identifier: MIT */
#include "tool/obstacle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"

enum { FILE_MAX = 64 * 1024 };

/* The first number of a file; -1 if there is none. */
static long number_in(const char *path)
{
    struct buf text = { 0 };
    struct error err;
    long number = -1;
    char *end;
    if (path_read_file(&text, path, FILE_MAX, &err)) {
        long found = strtol(buf_string(&text), &end, 10);
        if (end != buf_string(&text))
            number = found;
    }
    buf_clear(&text);
    return number;
}

static bool is_in_container(void)
{
    static const char *const marks[] = {
        "/.dockerenv",            /* docker */
        "/run/.containerenv",     /* podman */
        "/run/systemd/container", /* those that run systemd(1) */
        "/run/secrets/kubernetes.io",
    };
    for (size_t i = 0; i < COUNTOF(marks); i++)
        if (access(marks[i], F_OK) == 0)
            return true;
    return false;
}

/* "Seccomp:" of /proc/self/status: 2 is a filter that somebody has set. */
static bool has_filter(void)
{
    struct buf text = { 0 };
    struct error err;
    bool result = path_read_file(&text, "/proc/self/status", FILE_MAX, &err) &&
                  strstr(buf_string(&text), "\nSeccomp:\t2");
    buf_clear(&text);
    return result;
}

static const struct {
    const char *path;
    long value;
    const char *words;
} switches[] = {
    { "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1,
      "AppArmor forbids user namespaces; as root: sysctl "
      "kernel.apparmor_restrict_unprivileged_userns=0, or a profile for bwrap" },
    { "/proc/sys/kernel/unprivileged_userns_clone", 0,
      "user namespaces are switched off; as root: sysctl "
      "kernel.unprivileged_userns_clone=1" },
    { "/proc/sys/user/max_user_namespaces", 0,
      "user namespaces are switched off; as root: sysctl "
      "user.max_user_namespaces=10000" },
};

static void add_reason_of_namespaces(struct buf *out)
{
    for (size_t i = 0; i < COUNTOF(switches); i++)
        if (geteuid() != 0 &&
            number_in(switches[i].path) == switches[i].value) {
            buf_printf(out, ": %s", switches[i].words);
            return;
        }
    if (is_in_container())
        buf_append_string(out, ": this is a container, which would have to be "
                               "started with the right to make namespaces");
    else if (has_filter())
        buf_append_string(out, ": a seccomp filter is set on this process by "
                               "whoever started it");
}

void obstacle_of_bubblewrap(struct buf *out, const char *program,
                            struct slice said)
{
    if (!program) {
        buf_append_string(out, "bubblewrap is not installed: apt install "
                               "bubblewrap, or your system's package");
        return;
    }
    buf_printf(out, "%s does not work here", program);
    add_reason_of_namespaces(out);
    const char *line_end = memchr(said.ptr ? said.ptr : "", '\n', said.len);
    size_t len = line_end ? (size_t)(line_end - said.ptr) : said.len;
    if (len)
        buf_printf(out, " (%.*s)", (int)len, said.ptr);
}

void obstacle_of_landlock(struct buf *out, int error_number)
{
    buf_printf(out, "Landlock: %s: ", strerror(error_number));
    if (error_number == ENOSYS)
        buf_append_string(out, "it needs Linux 5.13 or later, built with it");
    else if (error_number == EOPNOTSUPP)
        buf_append_string(out, "it is not switched on; add landlock to lsm= on "
                               "the kernel's command line");
    else if (is_in_container())
        buf_append_string(out, "this container's filter of system calls "
                               "forbids it; a newer runtime allows it");
    else
        buf_append_string(out, "something forbids it");
}

void obstacle_of_seccomp(struct buf *out, int error_number)
{
    buf_printf(out, "seccomp: %s: ", strerror(error_number));
    buf_append_string(out, error_number == ENOSYS || error_number == EINVAL
                               ? "the kernel is built without it, or the "
                                 "architecture is not known here"
                               : "something forbids it");
}
