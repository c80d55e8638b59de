/* SPDX-License-Identifier: MIT */
/*
 * editing_client - a client that does nothing but lend its terminal to an
 * editor, made of what the real one is made of: guard, loop, terminal, external
 * editor.
 *
 * It shows "at the prompt". Ctrl-G starts the editor, Ctrl-D and Ctrl-C Ctrl-C
 * quit, Ctrl-Z stops it; what else is typed it keeps.
 */
#ifndef TESTS_SUPPORT_EDITING_CLIENT_H
#define TESTS_SUPPORT_EDITING_CLIENT_H

struct pty;

/* The editor, a script below the terminal's home directory: it shows "in the
 * editor" on a screen of its own, with modes of its own, and ends after a line
 * of input. It does not tidy up when it is killed. */
void editing_client_prepare(const struct pty *pty);

/* The whole client; returns its exit status. $EDITOR and $HOME are those of the
 * terminal. */
int editing_client_run(void);

#endif
