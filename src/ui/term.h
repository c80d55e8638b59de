/* SPDX-License-Identifier: MIT */
/*
 * term - the terminal. Only door to <curses.h>, and the only file that writes
 * to the tty.
 *
 * Opens the tty itself, sets modes, and hands ncurses a memfd as output and
 * /dev/null as input, because ncurses cannot write bounded, non-blocking
 * frames. A frame goes canvas -> doupdate() into the memfd -> pending bytes ->
 * write(). While bytes pend no new frame is made (term_can_draw()).
 *
 * At most one term at a time: ncurses has one screen.
 */
#ifndef UI_TERM_H
#define UI_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "ui/canvas.h"

struct term;

/* Modes that are left behind by term_close() and by the guard: written to a
 * tty they make it usable again after any death. */
extern const char term_reset_string[];

/* Take over the terminal (`tty`: its path, e.g. "/dev/tty"). ERROR_CONFIG if
 * TERM is unusable; then nothing was changed. */
struct term *term_open(const char *tty, struct error *err);

/* Give it back as it was found. Writes what pends, at most 500 ms. NULL is
 * fine. */
void term_close(struct term *term);

/* For the loop: read keys from here; also write when term_wants_write(). */
int term_fd(const struct term *term);

/* Bytes from the keyboard; 0: nothing now, -1: the terminal is gone. */
int term_read(struct term *term, char *bytes, int size);

int term_height(const struct term *term);
int term_width(const struct term *term);
int term_colors(const struct term *term); /* 0: none, 8, 16, 256 */
bool term_is_utf8(const struct term *term);

/* Ask the kernel for the size; true if it changed. The next frame is whole. */
bool term_update_size(struct term *term);

/* No bytes pend: a frame may be drawn. */
bool term_can_draw(const struct term *term);
bool term_wants_write(const struct term *term);

/* Make the terminal show the canvas, which must have the terminal's size. The
 * bytes are written as far as the tty takes them now. */
void term_draw(struct term *term, const struct canvas *canvas);

/* The next frame repaints everything (Ctrl-L, after another program). */
void term_invalidate(struct term *term);

/* Write what pends, as far as the tty takes it. False: the terminal is gone. */
bool term_flush(struct term *term);

/* Modes off and on again, around Ctrl-Z or another program on the tty. */
void term_suspend(struct term *term);
void term_resume(struct term *term);

/* Ring the bell with the next flush. */
void term_bell(struct term *term);

/* Frames drawn and bytes written so far: what tests bound. */
uint64_t term_frames(const struct term *term);
uint64_t term_bytes(const struct term *term);

#endif
