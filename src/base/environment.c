/* SPDX-License-Identifier: MIT */
#include "base/environment.h"

#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/compiler.h"
#include "base/slice.h"

/* The last two are for programs that use a GPU. LC_* count too. */
static const char *const for_all[] = {
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "TERM",
    "TZ",
    "TMPDIR",
    "CUDA_VISIBLE_DEVICES",
    "LD_LIBRARY_PATH",
    NULL,
};

static bool has_name(const char *const *names, struct slice name)
{
    while (names && *names && !slice_is(name, *names))
        names++;
    return names && *names;
}

char **environment_allowed(const char *const *names)
{
    ARRAY_OF(char *) allowed = { 0 };
    for (char **pair = environ; *pair; pair++) {
        struct slice name = { *pair, strcspn(*pair, "=") };
        if (slice_starts(name, "LC_") || has_name(for_all, name) ||
            has_name(names, name))
            *array_add(&allowed) = *pair;
    }
    *array_add(&allowed) = NULL;
    return allowed.items;
}
