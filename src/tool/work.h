/* SPDX-License-Identifier: MIT */
/*
 * work - what a call would do and does, on its way to a thread and back.
 *
 * While a thread has it nobody else may look at it. Who gives it up meanwhile
 * leaves it to the thread: it is freed when it comes back.
 */
#ifndef TOOL_WORK_H
#define TOOL_WORK_H

#include "tool/output.h"
#include "tool/plan.h"

struct toolbox;

struct work {
    struct toolbox *toolbox;
    struct tool_plan plan;
    bool ok; /* of what was done last */
    struct error err;
    struct output output; /* of what was done: valid, without keys */
    struct buf whole;     /* where the output is cut: all of it */
    /* Private. */
    int is_cancelled;
    bool is_away;
    struct buf raw;                 /* what is to be kept */
    void (*on_back)(void *context); /* NULL: given up */
    void *context;
};

/* For a call of this tool, with arguments that its schema allows. */
struct work *work_new(struct toolbox *toolbox, const struct tool *tool,
                      json_t *take_arguments) RETURNS_NONNULL;

/* Give it up. NULL is fine. */
void work_free(struct work *work);

/* Here and now. */
void work_plan(struct work *work);

/* Have a thread plan it, or do what is planned; on_back follows through the
 * loop. False: there is no thread, `err` says why. */
bool work_send_to_plan(struct work *work, void (*on_back)(void *context),
                       void *context, struct error *err);
bool work_send_to_do(struct work *work, void (*on_back)(void *context),
                     void *context, struct error *err);

/* Have a thread make its output of this: take the keys out, and so on. What is
 * `ok` and `err` stays. */
bool work_send_to_keep(struct work *work, struct slice text,
                       void (*on_back)(void *context), void *context,
                       struct error *err);

/* It should end soon: see tool_work_is_cancelled(). */
void work_cancel(struct work *work);

#endif
