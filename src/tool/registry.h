/* SPDX-License-Identifier: MIT */
/*
 * registry - the tools that a model may ask for, and what a call to one that
 * is not there is answered with.
 *
 * A call is always answered: a model that hears nothing, or whose call is
 * silently dropped, makes the next request illegal for most servers.
 */
#ifndef TOOL_REGISTRY_H
#define TOOL_REGISTRY_H

#include "base/array.h"
#include "base/buf.h"
#include "base/slice.h"

struct tool {
    const char *name;
    const char *about; /* for the model */
};

/* All-zero has no tools. The rows are borrowed. */
struct registry {
    ARRAY_OF(const struct tool *) tools;
};

void registry_clear(struct registry *registry);
void registry_add(struct registry *registry, const struct tool *tool);

/* NULL if there is no such tool. */
const struct tool *registry_find(const struct registry *registry,
                                 struct slice name);

/* Append what the model is told when it asks for a tool that is not there:
 * that it was not run, and which tools there are. */
void registry_refuse(const struct registry *registry, struct slice name,
                     struct buf *answer);

#endif
