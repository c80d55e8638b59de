/* SPDX-License-Identifier: MIT */
/*
 * terminal - ui/term in the test's own process, with libvterm at the other end
 * of the line, and canvases for it.
 */
#ifndef TESTS_SUPPORT_TERMINAL_H
#define TESTS_SUPPORT_TERMINAL_H

#include <stdbool.h>
#include <termios.h>

#include "tests/support/noise.h"
#include "tests/support/pty.h"
#include "ui/canvas.h"
#include "ui/term.h"

struct terminal {
    struct pty *pty;
    struct term *term;
    struct canvas canvas; /* what shall be shown */
    struct termios found;
};

/* Of the test's own environment; NULL unsets it. */
void terminal_set_variable(const char *name, const char *value);

struct terminal terminal_open(const char *type, int height, int width);

/* Everything that was written must be in the grammar. `term` may be closed
 * already, and NULL. */
void terminal_close(struct terminal *terminal);

/* One cell; one row of ASCII; a row of all kinds of cells; a canvas that has
 * something in common with the one before. */
void terminal_put(struct canvas *canvas, int row, int col, const char *text,
                  int width, enum style style);
void terminal_put_text(struct canvas *canvas, int row, const char *text,
                       enum style style);
void terminal_fill_row(struct canvas *canvas, int row, struct noise *noise);
void terminal_change(struct canvas *canvas, struct noise *noise);

/* Draw the canvas once the last frame is through. */
void terminal_draw(struct terminal *terminal);

/* Wait until canvas and cursor are shown, or until this was written. */
void terminal_expect_canvas(struct terminal *terminal);
void terminal_expect_output(struct terminal *terminal, const char *bytes);

/* The same as conditions for pty_wait_until(); the context is the terminal.
 * Both flush. */
bool terminal_shows_canvas(struct pty *pty, void *context);
bool terminal_can_draw(struct pty *pty, void *context);

/* A cell that is shown looks as the theme says. */
void terminal_check_look(struct terminal *terminal, int row, int col);

#endif
