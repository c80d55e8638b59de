/* SPDX-License-Identifier: MIT */
/*
 * line_input - what is typed on a terminal in its own line mode, made into
 * whole inputs.
 *
 * An input is one line; or several, where a line ends in a backslash (which
 * goes) or a """ block is open. Pure: bytes in, inputs out.
 */
#ifndef APP_LINE_INPUT_H
#define APP_LINE_INPUT_H

#include "base/buf.h"

/* The kernel throws away what a line has beyond that (N_TTY_BUF_SIZE). */
enum { LINE_INPUT_MAX = 4095 };

enum line_input_kind {
    LINE_INPUT_NONE,     /* no more lines for now */
    LINE_INPUT_GOES_ON,  /* a line was taken, the input is not whole */
    LINE_INPUT_WHOLE,    /* *text is it */
    LINE_INPUT_CUT,      /* it is whole, but a line of it lost its end */
    LINE_INPUT_TOO_LONG, /* it was more than a prompt may be */
};

/* All-zero is empty. */
struct line_input {
    struct buf bytes;          /* read, and not taken yet */
    struct buf text;           /* of the input under way */
    bool is_open;              /* it goes on */
    enum line_input_kind loss; /* CUT or TOO_LONG: what became of it */
};

void line_input_clear(struct line_input *input);

void line_input_feed(struct line_input *input, struct slice bytes);

/* The end of a line that was begun. False: none was. */
bool line_input_end(struct line_input *input);

/* Take the next line. The text is valid UTF-8 without NUL; it lives until the
 * next call. */
enum line_input_kind line_input_next(struct line_input *input,
                                     struct slice *text);

/* Forget the input under way, and what of a line was read. */
void line_input_drop(struct line_input *input);

/* Something of an input is there, but not all. */
bool line_input_is_begun(const struct line_input *input);

#endif
