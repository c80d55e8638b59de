/* SPDX-License-Identifier: MIT */
/*
 * modes - what we ask of a terminal besides showing text: its second screen,
 * to tell pastes and the focus, no arrow keys from the wheel, frames in one
 * piece; and how it is all undone.
 *
 * Private to ui/term.c. Strings of our own, xterm's, which the other terminals
 * know or ignore: no terminal type is asked, and no ncurses. They are put
 * behind what pends on the tty; nothing here writes.
 */
#ifndef UI_MODES_H
#define UI_MODES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "ui/tty.h"

enum cursor_state { CURSOR_UNKNOWN, CURSOR_HIDDEN, CURSOR_SHOWN };

/* All-zero is a terminal that was not entered. */
struct modes {
    struct tty *tty; /* borrowed */
    bool is_entered;
    bool has_sync;       /* it knows frames in one piece */
    bool has_wheel_keys; /* they were on when we came */
    enum cursor_state cursor;
    int unanswered; /* queries */
    int64_t asked_at;
};

/* Entering twice sets everything once more. */
void modes_enter(struct modes *modes);
void modes_leave(struct modes *modes);

/* Ask what it knows. The answers come from the keyboard. */
void modes_ask(struct modes *modes);
void modes_on_reply(struct modes *modes, struct slice reply);

/* An answer may still be under way. */
bool modes_await_reply(const struct modes *modes);

/* Around the bytes of a frame. In one piece only if the terminal said that it
 * can. */
void modes_begin_frame(struct modes *modes, bool in_one_piece, bool has_cursor);
void modes_end_frame(struct modes *modes, bool in_one_piece, bool has_cursor);

#endif
