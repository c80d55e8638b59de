/* SPDX-License-Identifier: MIT */
/*
 * surroundings - what a program of a tool finds: its environment without
 * secrets, the way to it, the devices of GPUs.
 */
#ifndef TOOL_SURROUNDINGS_H
#define TOOL_SURROUNDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/slice.h"

struct surroundings_wish {
    const char *const *names; /* beside those for all; NULL at its end, or
                                 NULL */
    const char *temporary;    /* becomes TMPDIR */
    bool has_gpu;
};

/* "NAME=value", NULL at its end, free with surroundings_free(). Names that look
 * like those of secrets are left out, though they be listed; of PATH what is
 * relative, and with it what the working directory offers. */
char **surroundings_environment(const struct surroundings_wish *wish);

/* KEY, TOKEN, SECRET, PASS, CREDENTIAL anywhere in it, and what makes programs
 * load other code. */
bool surroundings_refuses(struct slice name);

/* The arguments with the program's absolute path, unless it is named with a
 * slash: found in PATH, but not below `directory` (NULL: wherever). NULL with
 * ERROR_TOOL if there is none. */
char **surroundings_argv(char *const *argv, const char *directory,
                         struct error *err);
/* NULL: none. The caller frees it. */
char *surroundings_find(const char *program, const char *directory);

/* Those that are there, NULL at the end. */
char **surroundings_gpu_devices(void);

typedef void surroundings_thread_fn(void *context, pid_t thread);
/* Each thread of ours. */
void surroundings_each_thread(surroundings_thread_fn *fn, void *context);

/* The strings and the array; NULL is fine. */
void surroundings_free(char **strings);

#endif
