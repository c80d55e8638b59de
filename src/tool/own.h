/* SPDX-License-Identifier: MIT */
/*
 * own - tools of the user's, made in the settings (tools.own): a program, with
 * places in its arguments that a call fills in (tool/template).
 */
#ifndef TOOL_OWN_H
#define TOOL_OWN_H

#include <stdbool.h>

#include "base/array.h"
#include "base/error.h"
#include "tool/registry.h"
#include "tool/template.h"

struct settings;

/* Its tool's `own`. */
struct own_tool {
    struct tool tool;
    struct template template;
    char *input; /* what the program reads, a template too; NULL: nothing */
    char *name, *about, *schema;
    ARRAY_OF(char *) variables; /* owned; NULL behind, if there are any */
};

struct own_tools {
    ARRAY_OF(struct own_tool *) items; /* owned */
};

void own_tools_clear(struct own_tools *own);

/* Add those of the settings. One that is no tool is left out, and the first of
 * these is the error (ERROR_CONFIG), which names its file and line; false
 * then. */
bool own_tools_read(struct own_tools *own, const struct settings *settings,
                    struct error *err);

#endif
