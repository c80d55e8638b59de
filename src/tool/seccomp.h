/* SPDX-License-Identifier: MIT */
/*
 * seccomp - the filter of system calls that programs of tools have.
 *
 * Written by hand as BPF, for x86-64 and aarch64; elsewhere there is none. What
 * is refused: sockets of every family (but for pairs, and for TCP and UDP where
 * the network is allowed), a look into other processes, namespaces and mounts,
 * io_uring (which would go around the filter), keyrings, BPF, perf, userfaultfd,
 * typing on a terminal (TIOCSTI), files with the bits of set-user-ID and
 * set-group-ID (and openat2(), whose mode cannot be seen), calls that are newer
 * than this list. Calls of another architecture end the program.
 */
#ifndef TOOL_SECCOMP_H
#define TOOL_SECCOMP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct sock_filter;

enum { SECCOMP_FILTER_MAX = 256 };

struct seccomp_wish {
    bool has_network;
    bool sees_others; /* is in our process namespace */
};

/* Whether the kernel takes filters; false with the reason. */
bool seccomp_probe(struct error *err) MUST_USE;

/* The number of instructions, at most SECCOMP_FILTER_MAX. */
size_t seccomp_build(struct sock_filter *filter,
                     const struct seccomp_wish *wish);

#endif
