/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/probe/probe.h"

/* Signal 0 is checked as any other and does no harm. */

static int trace(const char *who)
{
    return (int)ptrace(PTRACE_SEIZE, pid_value(who), NULL, NULL);
}

static int client_ptrace(void)
{
    return trace("client");
}

static int client_kill(void)
{
    return kill(pid_value("client"), 0);
}

static int client_tkill(void)
{
    return (int)syscall(SYS_tkill, pid_value("client"), 0);
}

static int client_tgkill(void)
{
    return (int)syscall(SYS_tgkill, pid_value("client"), pid_value("client"),
                        0);
}

static int client_queue(void)
{
    siginfo_t info = { .si_code = SI_QUEUE };
    return (int)syscall(SYS_rt_sigqueueinfo, pid_value("client"), 0, &info);
}

static int client_pidfd(void)
{
    int fd = (int)syscall(SYS_pidfd_open, pid_value("client"), 0);
    return fd < 0 ? -1 : (int)syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0);
}

static int client_group(void)
{
    return kill(-pid_value("client_group"), 0);
}

/* It would get SIGIO, or what F_SETSIG says, for bytes that we write. */
static int client_sigio(void)
{
    int pipes[2];
    return pipe(pipes) || fcntl(pipes[0], F_SETOWN, pid_value("client")) ? -1
                                                                         : 0;
}

static int guard_kill(void)
{
    return kill(pid_value("guard"), 0);
}

static int minder_kill(void)
{
    return getppid() > 1 ? kill(getppid(), 0) : no(ESRCH);
}

static int kill_all(void)
{
    return kill(-1, 0);
}

static int victim_kill(void)
{
    return kill(pid_value("victim"), 0);
}

static int victim_ptrace(void)
{
    return trace("victim");
}

static int victim_vm(void)
{
    char bytes[8];
    uintptr_t address = (uintptr_t)strtoull(value("address"), NULL, 16);
    struct iovec here = { bytes, sizeof bytes };
    struct iovec there = { 0 };
    memcpy(&there.iov_base, &address, sizeof address);
    there.iov_len = sizeof bytes;
    return process_vm_readv(pid_value("victim"), &here, 1, &there, 1, 0) > 0
               ? 0
               : -1;
}

static int victim_getfd(void)
{
    int fd = (int)syscall(SYS_pidfd_open, pid_value("victim"), 0);
    int number = (int)strtol(value("victim_fd"), NULL, 10);
    return fd < 0 ? -1
                  : close_after((int)syscall(SYS_pidfd_getfd, fd, number, 0));
}

static int victim_limit(void)
{
    const struct rlimit none = { 0, 0 };
    return prlimit(pid_value("victim"), RLIMIT_CORE, &none, NULL);
}

static int victim_shm(void)
{
    int id = (int)strtol(value("shm"), NULL, 10);
    const void *memory = shmat(id, NULL, 0);
    return (intptr_t)memory == -1 ? -1 : 0;
}

/* Another program of the user's: it has a secret in its memory, in a file that
 * only it has open, and in its environment; it prints where, and stays. */
static int be_victim(void)
{
    static char memory[64];
    int fd = memfd_create("victim", 0);
    int id = shmget(IPC_PRIVATE, sizeof memory, IPC_CREAT | 0600);
    strncpy(memory, value("secret"), sizeof memory - 1);
    if (fd < 0 || id < 0 || write(fd, memory, strlen(memory)) < 0 ||
        chdir(value("home")) < 0)
        return -1;
    /* It goes when nobody is attached any more. */
    if ((intptr_t)shmat(id, NULL, 0) == -1)
        return -1;
    shmctl(id, IPC_RMID, NULL);
    printf("%d %p %d\n", fd, (void *)memory, id);
    fflush(stdout);
    for (;;)
        pause();
}

const struct probe probes_of_processes[] = {
    { "victim", be_victim },
    { "client-ptrace", client_ptrace },
    { "client-kill", client_kill },
    { "client-tkill", client_tkill },
    { "client-tgkill", client_tgkill },
    { "client-queue", client_queue },
    { "client-pidfd", client_pidfd },
    { "client-group", client_group },
    { "client-sigio", client_sigio },
    { "guard-kill", guard_kill },
    { "minder-kill", minder_kill },
    { "kill-all", kill_all },
    { "victim-kill", victim_kill },
    { "victim-ptrace", victim_ptrace },
    { "victim-vm", victim_vm },
    { "victim-getfd", victim_getfd },
    { "victim-limit", victim_limit },
    { "victim-shm", victim_shm },
    { NULL, NULL },
};
