/* SPDX-License-Identifier: MIT */
#include "tool/seccomp.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

enum {
    /* Numbers of x32, which shares the architecture of x86-64. */
    X32_BIT = 0x40000000,
    /* removexattrat(), Linux 6.13: what comes after it is not known here, and a
     * program takes ENOSYS for an older kernel. */
    NEWEST = 466,
    SOCKET_TYPE_MASK = 0xf, /* SOCK_TYPE_MASK of the kernel */
    CLONE_NAMESPACES = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID |
                       CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
                       CLONE_NEWCGROUP,
    NEW_TIME = 0x80, /* CLONE_NEWTIME, which clone() cannot say */
    SET_IDS = S_ISUID | S_ISGID,
    /* __O_TMPFILE of the kernel: O_TMPFILE without the bit of O_DIRECTORY. */
    MAKES_FILE = O_CREAT | 020000000,
};

/* Same on both architectures; some headers do not know them yet. */
enum {
    CALL_IO_URING_SETUP = 425,
    CALL_IO_URING_ENTER,
    CALL_IO_URING_REGISTER,
    CALL_OPEN_TREE,
    CALL_MOVE_MOUNT,
    CALL_FSOPEN,
    CALL_FSCONFIG,
    CALL_FSMOUNT,
    CALL_FSPICK,
    CALL_CLONE3 = 435,
    CALL_OPENAT2 = 437,
    CALL_PIDFD_GETFD,
    CALL_PROCESS_MADVISE = 440,
    CALL_MOUNT_SETATTR = 442,
    CALL_QUOTACTL_FD,
    CALL_PROCESS_MRELEASE = 448,
    CALL_FCHMODAT2 = 452,
};

struct refusal {
    uint32_t call;
    uint16_t error_number;
};

static const struct refusal refusals[] = {
    { CALL_CLONE3, ENOSYS },  /* its flags cannot be seen: clone() is tried */
    { CALL_OPENAT2, ENOSYS }, /* nor can its mode: openat() is tried */
    { CALL_IO_URING_SETUP, ENOSYS },
    { CALL_IO_URING_ENTER, ENOSYS },
    { CALL_IO_URING_REGISTER, ENOSYS },
    /* other processes */
    { SYS_ptrace, EPERM },
    { SYS_process_vm_readv, EPERM },
    { SYS_process_vm_writev, EPERM },
    { CALL_PIDFD_GETFD, EPERM },
    { CALL_PROCESS_MADVISE, EPERM },
    { CALL_PROCESS_MRELEASE, EPERM },
    { SYS_kcmp, EPERM },
    { SYS_migrate_pages, EPERM },
    { SYS_move_pages, EPERM },
    /* namespaces and mounts */
    { SYS_setns, EPERM },
    { SYS_mount, EPERM },
    { SYS_umount2, EPERM },
    { SYS_pivot_root, EPERM },
    { SYS_chroot, EPERM },
    { CALL_OPEN_TREE, EPERM },
    { CALL_MOVE_MOUNT, EPERM },
    { CALL_FSOPEN, EPERM },
    { CALL_FSCONFIG, EPERM },
    { CALL_FSMOUNT, EPERM },
    { CALL_FSPICK, EPERM },
    { CALL_MOUNT_SETATTR, EPERM },
    { SYS_open_by_handle_at, EPERM },
    { SYS_quotactl, EPERM },
    { CALL_QUOTACTL_FD, EPERM },
    { SYS_swapon, EPERM },
    { SYS_swapoff, EPERM },
    /* what much of the kernel can be reached through */
    { SYS_keyctl, EPERM },
    { SYS_add_key, EPERM },
    { SYS_request_key, EPERM },
    { SYS_bpf, EPERM },
    { SYS_perf_event_open, EPERM },
    { SYS_userfaultfd, EPERM },
    { SYS_fanotify_init, EPERM },
    { SYS_syslog, EPERM },
    { SYS_init_module, EPERM },
    { SYS_finit_module, EPERM },
    { SYS_delete_module, EPERM },
    { SYS_kexec_load, EPERM },
#ifdef SYS_kexec_file_load
    { SYS_kexec_file_load, EPERM },
#endif
    { SYS_reboot, EPERM },
    { SYS_acct, EPERM },
    { SYS_settimeofday, EPERM },
    { SYS_clock_settime, EPERM },
    { SYS_vhangup, EPERM },
#ifdef SYS_iopl
    { SYS_iopl, EPERM },
    { SYS_ioperm, EPERM },
#endif
#ifdef SYS_uselib
    { SYS_uselib, EPERM },
#endif
};

struct program {
    struct sock_filter *filter;
    size_t count;
};

static void add(struct program *program, uint16_t code, uint32_t k,
                uint8_t if_true, uint8_t if_false)
{
    assert(program->count < SECCOMP_FILTER_MAX);
    program->filter[program->count++] =
        (struct sock_filter){ code, if_true, if_false, k };
}

static void load(struct program *program, size_t offset)
{
    add(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* The low half: all that the kernel looks at, of an int. (Both architectures
 * are little-endian.) */
static void load_argument(struct program *program, size_t index)
{
    load(program,
         offsetof(struct seccomp_data, args) + index * sizeof(uint64_t));
}

static void answer(struct program *program, uint32_t what)
{
    add(program, BPF_RET | BPF_K, what, 0, 0);
}

static void refuse(struct program *program, uint16_t error_number)
{
    answer(program, SECCOMP_RET_ERRNO | error_number);
}

/* The next instruction is for what is equal, or has one of the bits. */
static void when(struct program *program, uint16_t test, uint32_t k)
{
    add(program, (uint16_t)(BPF_JMP | BPF_K | test), k, 0, 1);
}

/* As above, for a part of the program: its end is told by end_part(). */
static size_t begin_part(struct program *program, uint32_t call)
{
    add(program, BPF_JMP | BPF_K | BPF_JEQ, call, 0, 0);
    return program->count - 1;
}

/* What the part has not answered is allowed: the accumulator has changed. */
static void end_part(struct program *program, size_t part)
{
    answer(program, SECCOMP_RET_ALLOW);
    program->filter[part].jf = (uint8_t)(program->count - part - 1);
}

static void add_sockets(struct program *program, bool has_network)
{
    size_t pair = begin_part(program, SYS_socketpair);
    load_argument(program, 0);
    when(program, BPF_JEQ, AF_UNIX);
    answer(program, SECCOMP_RET_ALLOW);
    refuse(program, EPERM);
    end_part(program, pair);
    if (!has_network) {
        when(program, BPF_JEQ, SYS_socket);
        refuse(program, EPERM);
        return;
    }
    size_t one = begin_part(program, SYS_socket);
    load_argument(program, 0);
    /* Over the refusal if it is one of the two. */
    add(program, BPF_JMP | BPF_K | BPF_JEQ, AF_INET, 2, 0);
    add(program, BPF_JMP | BPF_K | BPF_JEQ, AF_INET6, 1, 0);
    refuse(program, EPERM);
    load_argument(program, 1);
    add(program, BPF_ALU | BPF_K | BPF_AND, SOCKET_TYPE_MASK, 0, 0);
    add(program, BPF_JMP | BPF_K | BPF_JEQ, SOCK_STREAM, 2, 0);
    add(program, BPF_JMP | BPF_K | BPF_JEQ, SOCK_DGRAM, 1, 0);
    refuse(program, EPERM);
    end_part(program, one);
}

static void add_namespaces(struct program *program)
{
    size_t unshared = begin_part(program, SYS_unshare);
    load_argument(program, 0);
    when(program, BPF_JSET, (uint32_t)CLONE_NAMESPACES | NEW_TIME);
    refuse(program, EPERM);
    end_part(program, unshared);
    size_t cloned = begin_part(program, SYS_clone);
    load_argument(program, 0);
    when(program, BPF_JSET, (uint32_t)CLONE_NAMESPACES);
    refuse(program, EPERM);
    end_part(program, cloned);
}

/* SIGIO, or any signal, can be had sent to others by those that say who gets
 * it. */
static void add_controls(struct program *program, bool sees_others)
{
    static const uint32_t for_terminals[] = { TIOCSTI, TIOCLINUX, TIOCCONS };
    static const uint32_t for_others[] = { FIOSETOWN, SIOCSPGRP };
    static const uint32_t owners[] = { F_SETOWN, F_SETOWN_EX, F_SETSIG };
    size_t controls = begin_part(program, SYS_ioctl);
    load_argument(program, 1);
    for (size_t i = 0; i < COUNTOF(for_terminals); i++) {
        when(program, BPF_JEQ, for_terminals[i]);
        refuse(program, EPERM);
    }
    for (size_t i = 0; sees_others && i < COUNTOF(for_others); i++) {
        when(program, BPF_JEQ, for_others[i]);
        refuse(program, EPERM);
    }
    end_part(program, controls);
    if (!sees_others)
        return;
    size_t descriptors = begin_part(program, SYS_fcntl);
    load_argument(program, 1);
    for (size_t i = 0; i < COUNTOF(owners); i++) {
        when(program, BPF_JEQ, owners[i]);
        refuse(program, EPERM);
    }
    end_part(program, descriptors);
    when(program, BPF_JEQ, SYS_pidfd_send_signal);
    refuse(program, ENOSYS);
}

/* One's own limits are asked for and set by a process of 0. */
static void add_limits(struct program *program)
{
    size_t limits = begin_part(program, SYS_prlimit64);
    load_argument(program, 0);
    when(program, BPF_JEQ, 0);
    answer(program, SECCOMP_RET_ALLOW);
    refuse(program, EPERM);
    end_part(program, limits);
}

static void refuse_set_ids(struct program *program, size_t mode_at)
{
    load_argument(program, mode_at);
    when(program, BPF_JSET, SET_IDS);
    refuse(program, EPERM);
}

/* A file that gives its owner's rights to whoever runs it would outlive the box
 * and reach beyond it. */
static void add_modes(struct program *program)
{
    static const struct {
        uint32_t call;
        uint8_t mode_at;
    } setting[] = {
#ifdef SYS_chmod
        { SYS_chmod, 1 },   { SYS_creat, 1 },    { SYS_mknod, 1 },
#endif
        { SYS_fchmod, 1 },  { SYS_fchmodat, 2 }, { CALL_FCHMODAT2, 2 },
        { SYS_mknodat, 2 },
    };
    static const struct {
        uint32_t call;
        uint8_t flags_at;
    } opening[] = {
#ifdef SYS_open
        { SYS_open, 1 },
#endif
        { SYS_openat, 2 },
    };
    for (size_t i = 0; i < COUNTOF(setting); i++) {
        size_t part = begin_part(program, setting[i].call);
        refuse_set_ids(program, setting[i].mode_at);
        end_part(program, part);
    }
    /* The mode of one that makes no file may be anything. */
    for (size_t i = 0; i < COUNTOF(opening); i++) {
        size_t part = begin_part(program, opening[i].call);
        load_argument(program, opening[i].flags_at);
        add(program, BPF_JMP | BPF_K | BPF_JSET, MAKES_FILE, 1, 0);
        answer(program, SECCOMP_RET_ALLOW);
        refuse_set_ids(program, opening[i].flags_at + 1);
        end_part(program, part);
    }
}

size_t seccomp_build(struct sock_filter *filter,
                     const struct seccomp_wish *wish)
{
    struct program program = { filter, 0 };
#ifdef ARCHITECTURE
    load(&program, offsetof(struct seccomp_data, arch));
    add(&program, BPF_JMP | BPF_K | BPF_JEQ, ARCHITECTURE, 1, 0);
    answer(&program, SECCOMP_RET_KILL_PROCESS);
    load(&program, offsetof(struct seccomp_data, nr));
    when(&program, BPF_JGT, NEWEST); /* and with it all of X32_BIT */
    refuse(&program, ENOSYS);
    _Static_assert(X32_BIT > NEWEST, "they are refused by their number");
    for (size_t i = 0; i < COUNTOF(refusals); i++) {
        when(&program, BPF_JEQ, refusals[i].call);
        refuse(&program, refusals[i].error_number);
    }
    add_sockets(&program, wish->has_network);
    add_namespaces(&program);
    add_controls(&program, wish->sees_others);
    add_limits(&program);
    add_modes(&program);
#endif
    answer(&program, SECCOMP_RET_ALLOW);
    return program.count;
}

bool seccomp_probe(struct error *err)
{
#ifdef ARCHITECTURE
    const uint32_t action = SECCOMP_RET_ERRNO;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0 ||
           error_system(err, "seccomp");
#else
    return error_set(err, ERROR_SYSTEM,
                     "no filter is known for this architecture");
#endif
}
