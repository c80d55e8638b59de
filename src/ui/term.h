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
 * The modes that it sets are those of term_reset_string, by strings of our own:
 * xterm's, which the other terminals know or ignore. The keypad's and the
 * cursor keys' mode is left alone, ui/keys reads both. The locale must be set
 * before term_open(); where it is not UTF-8, ui/ascii says what is shown.
 *
 * At most one term at a time: ncurses has one screen.
 */
#ifndef UI_TERM_H
#define UI_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "ui/canvas.h"
#include "ui/osc52.h"

struct term;

/* Modes that are left behind by term_close() and by the guard: written to a
 * tty they make it usable again after any death. */
extern const char term_reset_string[];

/* Whether TERM names a terminal that can show a full screen; else the error
 * (ERROR_CONFIG) says why it cannot. */
bool term_has_screen(struct error *err);

/* Take over the terminal (`tty`: its path, e.g. "/dev/tty"). ERROR_CONFIG if
 * TERM is unusable, or if we are in the background; then nothing was changed.
 * Leaves signal handlers as they are. Colours: those of TERM, none if NO_COLOR
 * is set. */
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
int term_colors(const struct term *term);    /* 0: none, 8, 16, 256 */
bool term_has_sync(const struct term *term); /* it said: frames in one piece */
const char *term_library(void);              /* name and version of ncurses */
bool term_is_utf8(const struct term *term);

/* How styles look from now on; at first the theme "auto". */
void term_set_theme(struct term *term, const struct theme *theme);

/* Ask the kernel for the size; true if it changed. The next frame is whole. */
bool term_update_size(struct term *term);

/* No bytes pend: a frame may be drawn. */
bool term_can_draw(const struct term *term);
bool term_wants_write(const struct term *term);

/* Make the terminal show the canvas, which must have the terminal's size. The
 * bytes are written as far as the tty takes them now. Only if
 * term_can_draw().
 * On a slow line only what a tenth of a second takes: the row of the caret,
 * then rows from the bottom up. The others stay as they are shown, and
 * term_is_behind() asks for another frame, a tenth of a second later. */
void term_draw(struct term *term, const struct canvas *canvas);
bool term_is_behind(const struct term *term);

/* How many bytes a second the line takes; 0: measure it, if it ever falls
 * behind. */
void term_limit(struct term *term, int rate);

/* The next frame repaints everything (Ctrl-L, after another program). */
void term_invalidate(struct term *term);

/* Write what pends, as far as the tty takes it. False: the terminal is gone. */
bool term_flush(struct term *term);

/* Modes off and on again, around Ctrl-Z or another program on the tty. What
 * pends is written or dropped within 500 ms. Resuming reads the size again;
 * after SIGCONT call it even if nothing was suspended. Calling either twice is
 * fine. */
void term_suspend(struct term *term);
void term_resume(struct term *term);

/* What a KEY_REPLY said: the terminal answers the queries of term_open(). */
void term_on_reply(struct term *term, struct slice reply);

/* Ring the bell with the next flush. */
void term_bell(struct term *term);

/* Frames drawn and bytes written so far: what tests bound. */
uint64_t term_frames(const struct term *term);
uint64_t term_bytes(const struct term *term);

/* Put text of at most OSC52_TEXT_MAX bytes on the terminal's clipboard. */
void term_copy(struct term *term, struct slice text, enum osc52_wrap wrap);

#endif
