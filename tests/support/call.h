/* SPDX-License-Identifier: MIT */
/*
 * call - one call of a tool that works with files, without a toolbox: planned,
 * then done, in a directory of its own.
 */
#ifndef TESTS_SUPPORT_CALL_H
#define TESTS_SUPPORT_CALL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "tests/support/scratch.h"
#include "tool/plan.h"

struct call {
    char directory[SCRATCH_PATH_MAX]; /* as the kernel names it */
    char home[SCRATCH_PATH_MAX + 8];  /* "outside" beside it, made */
    char root[SCRATCH_PATH_MAX];      /* holds both */
    struct tool_place place;
    struct tool_plan plan; /* of the last call */
    struct buf out;        /* what it said */
    struct error err;      /* why it failed */
    int is_cancelled;
    size_t room; /* as in struct tool_plan */
};

void call_begin(struct call *call);
void call_end(struct call *call);

/* Plan a call; the arguments are JSON with ' for ". They must be what the schema
 * of the tool allows. */
bool call_plan(struct call *call, const struct tool *tool,
               const char *arguments);
/* Do what was planned. */
bool call_work(struct call *call);
/* Both. */
bool call_do(struct call *call, const struct tool *tool, const char *arguments);

/* A file in the directory, and what stands in it ("(none)": it is not there),
 * until the next call. Directories on the way are made. */
void call_put(struct call *call, const char *name, const char *text);
void call_put_bytes(struct call *call, const char *name, struct slice bytes);
const char *call_get(struct call *call, const char *name);

/* The path of a name, until the next call. */
const char *call_path(struct call *call, const char *name);

/* From now on permissions hold for root as well: what it may beyond them is given
 * up by this process (of one test). */
void call_obey(void);

/* Assertions that show what was said. */
#define call_says(call, part)                                     \
    ck_assert_msg(strstr(buf_string(&(call)->out), part) != NULL, \
                  "said: %s%s", buf_string(&(call)->out), (call)->err.text)
#define call_fails(call, part)                                          \
    ck_assert_msg(strstr((call)->err.text, part) != NULL, "failed: %s", \
                  (call)->err.text)

#endif
