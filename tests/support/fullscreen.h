/* SPDX-License-Identifier: MIT */
/*
 * fullscreen - the real program on a terminal of its own, and whether what it
 * shows is what it would draw anew.
 */
#ifndef TESTS_SUPPORT_FULLSCREEN_H
#define TESTS_SUPPORT_FULLSCREEN_H

#include "tests/support/pty.h"
#include "tests/support/server.h"

/* A terminal for it; `server` (or NULL: nothing listens) is its Ollama. Of the
 * options at most three variables. */
struct pty *fullscreen_new(struct server *server,
                           const struct pty_options *options);

/* Start it there, and wait until it has the screen; or both in one. */
void fullscreen_run(struct pty *pty);
struct pty *fullscreen_start(struct server *server,
                             const struct pty_options *options);

/* Wait until a key that was typed after everything else is answered: by the
 * editor, which must be empty and at least 4 columns wide, and again empty
 * when this returns. */
void fullscreen_settle(struct pty *pty);

/* All cells and the cursor are the same before and after Ctrl-L. */
void fullscreen_expect_fresh(struct pty *pty);

/* Ctrl-D, status 0, and the terminal as it was. The pty stays. */
void fullscreen_quit(struct pty *pty);

/* The process behind the guard. */
int fullscreen_client(const struct pty *pty);

#endif
