/* SPDX-License-Identifier: MIT */
/*
 * external_editor - the draft in the user's own editor.
 *
 * Writes the draft to a private file, gives the terminal to $VISUAL, $EDITOR or
 * vi, and hands back what the file holds when that has ended. The caller has
 * suspended its terminal, and does not read or draw until then; everything else
 * goes on.
 */
#ifndef APP_EXTERNAL_EDITOR_H
#define APP_EXTERNAL_EDITOR_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/slice.h"

struct loop;
struct external_editor;

/* `err` is NULL if `text` (valid UTF-8, at most EDITOR_TEXT_MAX bytes, LF or
 * CRLF as the editor wrote it) is the new draft; else it says why the draft
 * stays as it was, and names the file if that holds anything else. `text` lives
 * as long as the editor. May free the editor. */
typedef void external_editor_fn(void *context, struct slice text,
                                const struct error *err);

struct external_editor_setup {
    struct loop *loop;
    const char *tty;    /* path of the terminal; NULL: the controlling one */
    struct slice draft; /* copied */
    external_editor_fn *fn;
    void *context;
};

/* NULL with an error if it cannot be started; then fn is not called. */
struct external_editor *external_editor_begin(
    const struct external_editor_setup *setup, struct error *err) MUST_USE;

/* One that still runs gets SIGTERM, fn is not called, and a file that holds
 * anything but the draft is kept and named on stderr. NULL is fine. */
void external_editor_free(struct external_editor *editor);

#endif
