/* SPDX-License-Identifier: MIT */
/*
 * clipboard - text copied by the best way that leads out of the terminal.
 *
 * Inside of tmux: to tmux, which hands it on. Else through the terminal (OSC
 * 52). Where that leads nowhere, or for more than it takes: to a private file
 * that is named. The result is a sentence that says which; whether a terminal
 * took what it was sent, nobody can know.
 */
#ifndef APP_CLIPBOARD_H
#define APP_CLIPBOARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/slice.h"

struct clipboard;
struct loop;
struct term;

/* The sentence lives until fn returns. */
typedef void clipboard_fn(void *context, const char *sentence);

/* fn is called once for each copy, perhaps before clipboard_copy() returns. */
struct clipboard *clipboard_new(struct loop *loop, struct term *term,
                                clipboard_fn *fn,
                                void *context) RETURNS_NONNULL;
void clipboard_free(struct clipboard *clipboard); /* NULL is fine */

/* Copy source bytes as they are. A copy under way is given up for it. */
void clipboard_copy(struct clipboard *clipboard, struct slice text);

/* The way that is taken, of what the environment says: pure, for tests. */
enum clipboard_route {
    CLIPBOARD_TERMINAL,
    CLIPBOARD_TMUX,
    CLIPBOARD_SCREEN,
    CLIPBOARD_FILE,
};

struct clipboard_place {
    const char *term, *tmux, *sty; /* the variables' values, NULL: unset */
};

enum clipboard_route clipboard_route(const struct clipboard_place *place,
                                     size_t len);

#endif
