/* SPDX-License-Identifier: MIT */
/*
 * pty - a program on a terminal of its own: what it shows, and what it is sent.
 *
 * The terminal is libvterm. It is read only inside of the pty_wait_*()
 * functions, so a test decides when the program finds its tty full. Every wait
 * has a deadline and ends as soon as what it waits for is there; nothing
 * sleeps. HOME and the XDG directories lie below a temporary directory that
 * pty_free() removes; of the environment only PATH and the sanitizers' options
 * are passed on.
 */
#ifndef TESTS_SUPPORT_PTY_H
#define TESTS_SUPPORT_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "base/slice.h"

struct pty;

/* Generous: it is only ever used up by a test that fails. */
enum { PTY_DEADLINE_MS = 45000 };

struct pty_options {
    int height, width; /* 24 x 80 if 0 */
    const char *term;  /* xterm-256color if NULL */
    const char *const
        *variables; /* "NAME=value" or "NAME" (unset); then NULL */
};

/* A terminal on which nothing runs yet. `options` may be NULL. */
struct pty *pty_new(const struct pty_options *options);

/* Kills what was started (not its children). NULL is fine. */
void pty_free(struct pty *pty);

/* The private home directory, and a path below it (static storage). */
const char *pty_home(const struct pty *pty);
const char *pty_path(const struct pty *pty, const char *relative);
/* Write a file below it; directories on the way are made. */
void pty_write_file(const struct pty *pty, const char *relative,
                    const char *text);

/* Start a program as leader of a new session with this controlling terminal,
 * or run a function in such a process (its result is the exit status). When it
 * has ended another may be started. */
void pty_start(struct pty *pty, const char *const argv[]);
typedef int pty_fn(void *context);
void pty_call(struct pty *pty, pty_fn *fn, void *context);
int pty_pid(const struct pty *pty);

/* The path of the terminal, for code under test in the test's own process. */
const char *pty_slave(const struct pty *pty);

/* To the keyboard. */
void pty_send(struct pty *pty, const char *text);
void pty_send_bytes(struct pty *pty, struct slice bytes);

/* SIGWINCH comes from the kernel. */
void pty_resize(struct pty *pty, int height, int width);
void pty_signal(struct pty *pty, int signal_number);
/* The line drops: the master side is closed. */
void pty_hang_up(struct pty *pty);

/* Wait until the screen shows the text within one row; until it does not; until
 * a condition holds. False when the deadline passed first. */
bool pty_wait_for(struct pty *pty, const char *text, int deadline_ms);
bool pty_wait_gone(struct pty *pty, const char *text, int deadline_ms);
typedef bool pty_condition_fn(struct pty *pty, void *context);
bool pty_wait_until(struct pty *pty, pty_condition_fn *fn, void *context,
                    int deadline_ms);

/* The same, and fail the test with a picture of the screen. */
void pty_expect(struct pty *pty, const char *text);
void pty_expect_gone(struct pty *pty, const char *text);

/* Wait for the end of what was started: its exit status, 128 + n if signal n
 * ended it, -1 at the deadline. Its last output has been read then. */
int pty_wait_exit(struct pty *pty, int deadline_ms);

/* Ctrl-D, which is refused while an answer is on its way: again until the
 * program has ended. Its status, or -1. */
int pty_quit(struct pty *pty);

/* The screen: rows ended by LF, trailing blanks cut. Until the next call. */
const char *pty_screen(struct pty *pty);
const char *pty_row(struct pty *pty, int row);

struct pty_cell {
    char text[32]; /* "" for a blank, and for the right half of a wide one */
    int width;     /* 1 or 2 */
    bool bold, dim, italic, underline, reverse;
    int foreground, background; /* palette number, -1: the default */
};

struct pty_cell pty_cell(struct pty *pty, int row, int col);
void pty_size(const struct pty *pty, int *height, int *width);
void pty_cursor(const struct pty *pty, int *row, int *col);
bool pty_cursor_is_visible(const struct pty *pty);
bool pty_is_alternate(const struct pty *pty); /* screen */
int pty_bells(const struct pty *pty);

/* As last set or reset by CSI ? mode h or l. */
bool pty_mode(const struct pty *pty, int mode);
void pty_termios(const struct pty *pty, struct termios *termios);
/* Without the padding that memcmp() would see. */
bool pty_termios_equal(const struct termios *a, const struct termios *b);

/* Everything that was written to the terminal, and how much of it. */
struct slice pty_output(const struct pty *pty);
size_t pty_output_len(const struct pty *pty);

#endif
