/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/probe/probe.h"

enum { FILES_MOST = 1024, BPF_MAP_CREATE = 0, BPF_MAP_TYPE_ARRAY = 2 };

static int unshare_user_here(void)
{
    return unshare(CLONE_NEWUSER);
}

static int unshare_user(void)
{
    return in_child(unshare_user_here);
}

static int await_clone(long pid)
{
    if (pid == 0)
        _exit(0);
    return pid > 0 && waitpid((pid_t)pid, NULL, __WALL) == pid ? 0 : -1;
}

static int clone_user(void)
{
    return await_clone(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}

static int clone3_user(void)
{
    uint64_t arguments[8] = { CLONE_NEWUSER, 0, 0, 0, SIGCHLD };
    return await_clone(syscall(SYS_clone3, arguments, sizeof arguments));
}

static int join(void)
{
    int fd = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
    return setns(fd, CLONE_NEWUTS);
}

static int mount_something(void)
{
    return mount("none", value("work"), "tmpfs", 0, NULL);
}

static int new_mount(void)
{
    return close_after((int)syscall(SYS_fsopen, "tmpfs", 0));
}

static int change_root_here(void)
{
    return chroot("/");
}

static int change_root(void)
{
    return in_child(change_root_here);
}

static int keyring(void)
{
    /* KEYCTL_GET_KEYRING_ID of the session's */
    return syscall(SYS_keyctl, 0, -3, 1) < 0 ? -1 : 0;
}

static int bpf(void)
{
    uint32_t attributes[32] = { BPF_MAP_TYPE_ARRAY, 4, 4, 1 };
    return close_after(
        (int)syscall(SYS_bpf, BPF_MAP_CREATE, attributes, sizeof attributes));
}

static int perf(void)
{
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_SOFTWARE,
        .size = sizeof attributes,
        .config = PERF_COUNT_SW_TASK_CLOCK,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };
    return close_after(
        (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}

static int userfault(void)
{
    return close_after((int)syscall(SYS_userfaultfd, O_CLOEXEC | 1));
}

static int by_handle(void)
{
    union {
        struct file_handle handle;
        char bytes[sizeof(struct file_handle) + MAX_HANDLE_SZ];
    } file = { .handle.handle_bytes = MAX_HANDLE_SZ };
    int mount_id;
    if (name_to_handle_at(AT_FDCWD, value("outside"), &file.handle, &mount_id,
                          0) < 0)
        return -1;
    int fd = open("/", O_RDONLY | O_CLOEXEC);
    return close_after(open_by_handle_at(fd, &file.handle, O_RDONLY));
}

/* On the user's terminal where it can be had; the filter looks at the number
 * alone. */
static int on_terminal(unsigned long number)
{
    char byte = 'x';
    int fd = open(value("terminal"), O_RDWR | O_NOCTTY | O_CLOEXEC);
    return ioctl(fd < 0 ? 0 : fd, number, &byte);
}

static int tiocsti(void)
{
    return on_terminal(TIOCSTI);
}

static int tioclinux(void)
{
    return on_terminal(TIOCLINUX);
}

static int x32_here(void)
{
    return syscall(0x40000000 | SYS_getpid) < 0 ? -1 : 0;
}

static int x32(void)
{
    return in_child(x32_here);
}

/* getpid() as 32-bit programs call it. */
static int i386_here(void)
{
#if defined __x86_64__
    long result = 20;
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
    return result > 0 ? 0 : no(ENOSYS);
#else
    return no(ENOSYS);
#endif
}

static int i386(void)
{
    return in_child(i386_here);
}

/* The file is this very program, and belongs to somebody else. */
static int become_other(void)
{
    execl(value("setuid"), value("setuid"), "who", (char *)0);
    return -1;
}

static int who(void)
{
    return geteuid() == getuid() ? no(EPERM) : 0;
}

static int run_who(void)
{
    int pipes[2], status;
    char line[32] = "";
    if (pipe(pipes) < 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(pipes[1], 1);
        become_other();
        _exit(1);
    }
    close(pipes[1]);
    ssize_t len = read(pipes[0], line, sizeof line - 1);
    waitpid(pid, &status, 0);
    return len > 0 && !strncmp(line, "escaped", 7) ? 0 : no(EPERM);
}

static int controlling_terminal(void)
{
    return close_after(open("/dev/tty", O_RDWR));
}

static int has_more(int what, rlim_t most)
{
    struct rlimit limit;
    if (getrlimit(what, &limit) < 0)
        return -1;
    return limit.rlim_max > most ? 0 : no(EPERM);
}

static int core(void)
{
    return has_more(RLIMIT_CORE, 0);
}

static int open_files(void)
{
    return has_more(RLIMIT_NOFILE, FILES_MOST);
}

static int tasks(void)
{
    return has_more(RLIMIT_NPROC, RLIM_INFINITY - 1);
}

const struct probe probes_of_kernel[] = {
    { "unshare-user", unshare_user },
    { "clone-user", clone_user },
    { "clone3-user", clone3_user },
    { "setns", join },
    { "mount", mount_something },
    { "new-mount", new_mount },
    { "chroot", change_root },
    { "keyctl", keyring },
    { "bpf", bpf },
    { "perf", perf },
    { "userfaultfd", userfault },
    { "handle", by_handle },
    { "tiocsti", tiocsti },
    { "tioclinux", tioclinux },
    { "x32", x32 },
    { "i386", i386 },
    { "who", who },
    { "setuid", run_who },
    { "controlling-terminal", controlling_terminal },
    { "core", core },
    { "open-files", open_files },
    { "tasks", tasks },
    { NULL, NULL },
};
