/* SPDX-License-Identifier: MIT */
/*
 * tty - the line to the terminal: its settings, and the bytes that wait for it.
 *
 * For ui/term.c, and for app/linear.c, which needs no more. Knows no terminal
 * type and no ncurses. Writing never blocks: what the line does not take now
 * stays pending.
 */
#ifndef UI_TTY_H
#define UI_TTY_H

#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

#include "base/buf.h"
#include "base/error.h"
#include "ui/pace.h"

enum { TTY_HEIGHT_MAX = 512, TTY_WIDTH_MAX = 1024 };

struct tty {
    int fd;
    bool is_raw;
    bool is_gone; /* hung up: reads and writes fail from now on */
    struct termios found;
    struct buf pending;
    size_t sent; /* bytes of `pending` that are written already */
    uint64_t written;
    struct pace pace;
};

/* ERROR_CONFIG if the terminal belongs to another job. Changes no setting. */
bool tty_open(struct tty *tty, const char *path, struct error *err);

/* Settings as found; frees. An all-zero tty with fd -1 is fine. */
void tty_close(struct tty *tty);

/* Every byte arrives as it is typed (Enter is CR, Ctrl-J LF, Ctrl-C a byte),
 * and every byte is sent as it is written. */
bool tty_set_raw(struct tty *tty, struct error *err);
void tty_set_found(struct tty *tty);

/* As the kernel says, 24 x 80 where it does not know, within the bounds. */
void tty_size(const struct tty *tty, int *height, int *width);

/* 0: nothing now, -1: gone. */
int tty_read(struct tty *tty, char *bytes, int size);

void tty_send_string(struct tty *tty, const char *string);
bool tty_is_pending(const struct tty *tty);

/* Write what the line takes. False: gone. */
bool tty_flush(struct tty *tty);

/* Write everything, for at most so long; then drop the rest. */
void tty_drain(struct tty *tty, int64_t timeout_ms);

/* Read and forget what arrives within so long: answers that nobody awaits. */
void tty_discard_input(struct tty *tty, int64_t timeout_ms);

#endif
