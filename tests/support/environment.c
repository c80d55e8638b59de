/* SPDX-License-Identifier: MIT */
#include "tests/support/environment.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/memory.h"

void environment_set(struct environment *environment, const char *name,
                     const char *value)
{
    struct buf variable = { 0 };
    size_t len = strlen(name);
    int at = 0;
    while (at < environment->count &&
           (strncmp(environment->variables[at], name, len) != 0 ||
            environment->variables[at][len] != '='))
        at++;
    ck_assert_int_lt(at, ENVIRONMENT_MAX);
    buf_printf(&variable, "%s=%s", name, value);
    if (at == environment->count)
        environment->count++;
    else
        free(environment->variables[at]);
    environment->variables[at] = buf_steal(&variable);
}

static void unset(struct environment *environment, const char *name)
{
    size_t len = strlen(name);
    for (int i = 0; i < environment->count; i++) {
        if (!strncmp(environment->variables[i], name, len) &&
            environment->variables[i][len] == '=') {
            free(environment->variables[i]);
            environment->variables[i] =
                environment->variables[--environment->count];
            environment->variables[environment->count] = NULL;
            return;
        }
    }
}

void environment_put(struct environment *environment, const char *variable)
{
    size_t len = strcspn(variable, "=");
    char *name = memory_copy(variable, len);
    if (variable[len])
        environment_set(environment, name, variable + len + 1);
    else
        unset(environment, name);
    free(name);
}

void environment_clear(struct environment *environment)
{
    for (int i = 0; i < environment->count; i++)
        free(environment->variables[i]);
    *environment = (struct environment){ 0 };
}
