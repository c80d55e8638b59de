/* SPDX-License-Identifier: MIT */
/*
 * landlock - which files programs of tools may read and write, as a ruleset of
 * the kernel (landlock(7); from Linux 5.13 on).
 *
 * There are only rules that allow. To keep something from being read, all
 * beside it is allowed, and so is all beside the directories on the way to it;
 * those themselves cannot be listed.
 */
#ifndef TOOL_LANDLOCK_H
#define TOOL_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "tool/hidden.h"

enum {
    LANDLOCK_TRUNCATES = 3, /* versions from which on it knows ... */
    LANDLOCK_CONNECTS = 4,
    LANDLOCK_CONTROLS = 5, /* ioctl() on devices */
    LANDLOCK_SCOPES = 6,   /* signals and abstract sockets */
};

/* Its version; 0 with an error if the kernel has none. */
int landlock_version(struct error *err);

struct landlock_wish {
    const struct hidden *hidden;
    const char *const *writable; /* real paths; NULL at its end */
    const char *readable;        /* the same, though hidden; NULL: none */
    const char *const *devices;  /* the same, to be read and written */
    bool has_network;
};

/* A descriptor, closed by exec(); -1 with an error. */
int landlock_build(const struct landlock_wish *wish, struct error *err);

#endif
