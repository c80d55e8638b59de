/* SPDX-License-Identifier: MIT */
/*
 * key_sequence - what one finished escape sequence of a terminal means.
 *
 * Private to ui/keys.c, which cuts the sequences out of the bytes. Knows the
 * forms of xterm, rxvt, the Linux console, the VT220 and `CSI u`.
 */
#ifndef UI_KEY_SEQUENCE_H
#define UI_KEY_SEQUENCE_H

#include "base/slice.h"
#include "ui/keys.h"

enum key_sequence_kind {
    KEY_SEQUENCE_UNKNOWN,
    KEY_SEQUENCE_KEY,     /* *key is set, its modifiers included */
    KEY_SEQUENCE_REPLY,   /* the terminal answered a query */
    KEY_SEQUENCE_IGNORED, /* understood and of no use: mouse, key release */
    KEY_SEQUENCE_PASTE,   /* bracketed text follows */
};

/* `sequence` begins after ESC: "[1;5A", "OP", "[[A". */
enum key_sequence_kind key_sequence_decode(struct slice sequence,
                                           struct key *key);

#endif
