/* SPDX-License-Identifier: MIT */
/*
 * foreground - a program of the user's, with a file, that has the terminal until
 * it ends: the editor, the pager.
 *
 * The caller has suspended its terminal, and does not read or draw until then;
 * everything else goes on.
 */
#ifndef APP_FOREGROUND_H
#define APP_FOREGROUND_H

#include "base/compiler.h"
#include "net/child.h"

struct foreground;

struct foreground_setup {
    struct loop *loop;
    const char *command; /* words at blanks. No shell, so no quotes either: who
                            needs them writes a script */
    const char *path;    /* of the file: the last word */
    const char *tty;     /* of the terminal; NULL: the controlling one */
    child_done_fn *on_done; /* may free it */
    void *context;
};

/* NULL with an error if it cannot be started. Strings are copied. */
struct foreground *foreground_start(const struct foreground_setup *setup,
                                    struct error *err) MUST_USE;

/* One that still runs is ended, without on_done. NULL is fine. */
void foreground_free(struct foreground *foreground);

/* Write a private file for such a program, where those belong; *path is its
 * name. */
bool foreground_write(struct buf *path, const char *suffix, struct slice text,
                      struct error *err) MUST_USE;

/* The first word of the command. */
const char *foreground_name(const struct foreground *foreground);

#endif
