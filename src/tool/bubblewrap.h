/* SPDX-License-Identifier: MIT */
/*
 * bubblewrap - the command line of bwrap(1) for a program of a tool.
 *
 * Options go through a descriptor (--args), as does the filter (--seccomp):
 * nothing needs quoting, and other users' ps shows the program alone.
 */
#ifndef TOOL_BUBBLEWRAP_H
#define TOOL_BUBBLEWRAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "tool/hidden.h"
#include "tool/shield.h"

struct sock_filter;

/* Paths are absolute and real. */
struct bubblewrap_wish {
    const struct hidden *hidden;
    const struct shield *shield;
    const char *workspace;
    bool is_read_only;          /* the workspace: hidden_forbids() it */
    const char *writable;       /* NULL: nothing else */
    const char *temporary;      /* becomes /tmp */
    const char *directory;      /* where the program starts */
    const char *const *devices; /* NULL at its end */
    bool has_network;
    bool keeps_file_caps; /* of root: he may write others' files */
    const struct sock_filter *filter;
    size_t filter_count;
};

enum { BUBBLEWRAP_DESCRIPTORS = 2 };

/* The two descriptors, in the order in which the program must get them from 3
 * on; the caller closes them. */
bool bubblewrap_prepare(const struct bubblewrap_wish *wish,
                        int descriptors[BUBBLEWRAP_DESCRIPTORS],
                        struct error *err) MUST_USE;

/* What bwrap itself is run with, followed by the program's: `program` is an
 * absolute path. The caller frees the array and its strings. */
char **bubblewrap_argv(const char *program, char *const *argv);

#endif
