/* SPDX-License-Identifier: MIT */
/*
 * toolbox_state - what a toolbox has, for those who do the work with it.
 *
 * Private to tool/.
 */
#ifndef TOOL_TOOLBOX_STATE_H
#define TOOL_TOOLBOX_STATE_H

#include "base/worker.h"
#include "tool/own.h"
#include "tool/toolbox.h"

/* Two, so that what is short does not wait for what is long. */
enum toolbox_thread {
    TOOLBOX_PLANS, /* plans, and whole outputs on their way to the disk */
    TOOLBOX_WORKS,
    TOOLBOX_THREADS
};

struct known_tool {
    const struct tool *tool;
    bool is_offered;
};

struct toolbox {
    struct loop *loop;
    struct http *http;
    const struct settings *settings;
    char *directory, *home;
    char *spool;                    /* NULL: none */
    ARRAY_OF(char *) private_files; /* a NULL is the last */
    struct tool_place place;
    struct registry offered;
    ARRAY_OF(struct known_tool) known;
    ARRAY_OF(const struct tool *) added;
    struct own_tools own;     /* as the settings have them */
    struct own_tools retired; /* before they were read anew */
    size_t room;              /* of answers; 0: not known */
    size_t use_count;         /* of tools that must stay valid */
    struct worker *threads[TOOLBOX_THREADS];
    struct box *box; /* NULL: not asked for yet, or `box_err` says why not */
    struct error box_err;
    char *scrap; /* where programs have what they leave lying about */
};

/* Started when it is first needed; NULL if the kernel refuses. */
struct worker *toolbox_thread(struct toolbox *toolbox,
                              enum toolbox_thread which, struct error *err);

#endif
