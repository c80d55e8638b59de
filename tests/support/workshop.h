/* SPDX-License-Identifier: MIT */
/*
 * workshop - a toolbox in a directory of its own, and calls in it of which is
 * noted what their handlers were told.
 */
#ifndef TESTS_SUPPORT_WORKSHOP_H
#define TESTS_SUPPORT_WORKSHOP_H

#include "net/loop.h"
#include "tests/support/scratch.h"
#include "tool/job.h"

enum { WORKSHOP_PATIENCE_MS = 60 * 1000 };

struct workshop {
    struct loop *loop;
    struct http *http;
    struct settings *settings;
    struct toolbox *toolbox;
    struct error err; /* of toolbox_new() */
    char directory[SCRATCH_PATH_MAX];
    char spool[SCRATCH_PATH_MAX]; /* not made yet */
};

/* With these settings, a YAML text that is accepted. */
void workshop_open(struct workshop *shop, const char *yaml);
void workshop_close(struct workshop *shop);

/* One call. All-zero is none. */
struct shop_call {
    struct workshop *shop;
    struct job *job; /* NULL once it was freed */
    int readies, dones;
    struct error refusal; /* kind NONE: it could be started */
    enum job_outcome outcome;
    struct buf text, error;
    int status;
    uint64_t bytes;
    char *spool;
    struct buf out, err; /* what came meanwhile, of either stream */
    size_t pieces;
    /* Free the job in this handler. */
    bool frees_when_ready, frees_at_output, frees_when_done;
};

/* Prepare one; the handlers note in `call`. */
void shop_call(struct shop_call *call, struct workshop *shop,
               const struct tool *tool, const char *arguments);
void shop_shell(struct shop_call *call, struct workshop *shop,
                const char *command, bool is_boxed);
void shop_call_clear(struct shop_call *call);

/* Turns of the loop until that has happened; else the test fails. */
void shop_await_ready(struct shop_call *call);
void shop_await_done(struct shop_call *call);
void shop_await_output(struct shop_call *call, const char *words);

/* From its preparation to its end; it must be ready. */
void shop_run(struct shop_call *call, struct workshop *shop,
              const struct tool *tool, const char *arguments);

/* The offered tool of this name, which must be there. */
const struct tool *shop_tool(struct workshop *shop, const char *name);

#endif
