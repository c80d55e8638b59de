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

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

struct tool_place;
struct tool_plan;
struct tool_work;

/* What a call can change, at the most. */
enum tool_effect {
    TOOL_READS, /* nothing */
    TOOL_EDITS, /* files, in a way that is shown before and can be undone */
    TOOL_ACTS,  /* anything: programs, the network */
};

/* Who does what a call asks for. */
enum tool_executor {
    TOOL_WORKS, /* a function of ours, on a thread that may wait for a disk */
    TOOL_RUNS,  /* a program, in the box (tool/box) */
    TOOL_GETS,  /* a request (tool/fetch) */
    TOOL_CHATS, /* chat/ does it itself */
};

/* Whether a call asks the user. */
enum tool_asking {
    TOOL_ASKS_BY_MODE, /* as the mode and the rules say */
    TOOL_ASKS_ALWAYS,
    TOOL_ASKS_NEVER, /* the user has said so where he made the tool */
};

/* Find out what a call would do, from arguments that the tool's schema allows:
 * fill in the plan, whose tool and arguments are set. Nothing is changed yet.
 * False, in words for the model: it cannot be done. Of one that works it is
 * called on a thread as well. NULL: there is nothing to find out. */
typedef bool tool_plan_fn(const struct tool_place *place,
                          struct tool_plan *plan, struct error *err);

/* Do what was planned (TOOL_WORKS), on the thread. What the model gets is
 * appended to work->out; false, in words for it: it failed, and nothing is
 * half done. */
typedef bool tool_work_fn(struct tool_work *work, struct error *err);

struct tool {
    const char *name;
    const char *about;  /* for the model */
    const char *schema; /* JSON Schema of its arguments, an object */
    enum tool_effect effect;
    enum tool_executor executor;
    enum tool_asking asking;
    bool is_optional; /* offered only where tools.use names it */
    tool_plan_fn *plan;
    tool_work_fn *work;           /* TOOL_WORKS */
    const void *own;              /* of a tool of the user's: its template */
    const char *const *variables; /* of our environment, that its program gets
                                     besides; NULL behind. NULL: none */
    int64_t wait_ms;     /* one that takes longer is ended; 0: the default */
    uint64_t output_max; /* bytes; a program that prints more is ended; 0: the
                            default */
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
