/* SPDX-License-Identifier: MIT */
/*
 * keys - what the terminal sends, parsed into keys and pastes.
 *
 * Pure: bytes in, keys out, any split gives the same keys. A lone ESC is a key
 * only after a pause: the caller waits keys_pending_ms() and then calls
 * keys_timeout(). Pasted text never becomes a key, nor does the rest of a paste
 * that ended by time and yet went on. Unknown sequences are
 * swallowed whole and counted, never inserted. A byte that is no UTF-8 becomes
 * U+FFFD, so that it is seen.
 */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

enum {
    KEYS_PASTE_MAX = 8 * 1024 * 1024,
    KEYS_SEQUENCE_MAX = 256,  /* bytes; a longer one is dropped */
    KEYS_ESCAPE_MS = 40,      /* after this a lone ESC is the Escape key */
    KEYS_SEQUENCE_MS = 500,   /* a begun sequence is dropped after this */
    KEYS_PASTE_END_MS = 1000, /* a paste without end marker ends after this */
};

enum key_code {
    KEY_CHARACTER, /* a printable character, or Ctrl and a letter */
    KEY_ENTER,
    KEY_TAB,
    KEY_BACKSPACE,
    KEY_ESCAPE,
    KEY_UP,
    KEY_DOWN,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_HOME,
    KEY_END,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_INSERT,
    KEY_DELETE,
    KEY_F1,
    KEY_F2,
    KEY_F3,
    KEY_F4,
    KEY_F5,
    KEY_F6,
    KEY_F7,
    KEY_F8,
    KEY_F9,
    KEY_F10,
    KEY_F11,
    KEY_F12,
    KEY_PASTE, /* text holds what was pasted */
    KEY_FOCUS_IN,
    KEY_FOCUS_OUT,
    KEY_REPLY, /* the terminal answered a query; text holds it, without the
                  first ESC and without the terminator: "[?2026;2$y" */
};

enum key_modifier { KEY_SHIFT = 1, KEY_ALT = 2, KEY_CTRL = 4 };

struct key {
    enum key_code code;
    uint8_t modifiers;  /* enum key_modifier bits */
    uint32_t character; /* KEY_CHARACTER: Ctrl-C is 'c' with KEY_CTRL; Ctrl-J
                           (LF) is 'j' with KEY_CTRL, Enter (CR) KEY_ENTER */
    struct slice text;  /* KEY_PASTE, KEY_REPLY; borrowed for the call */
    bool was_cut;       /* KEY_PASTE: the end marker never came, or the text
                           went over KEYS_PASTE_MAX */
};

typedef void keys_fn(void *context, const struct key *key);

struct keys;

struct keys *keys_new(keys_fn *fn, void *context) RETURNS_NONNULL;
void keys_free(struct keys *keys); /* NULL is fine */

void keys_feed(struct keys *keys, struct slice bytes);

/* How long to wait for more bytes before keys_timeout(); -1: nothing pends. */
int64_t keys_pending_ms(const struct keys *keys);
void keys_timeout(struct keys *keys);

/* Sequences that were not understood. */
uint64_t keys_unknown(const struct keys *keys);

/* Keys that no terminal tells apart get one form (Ctrl-I is Tab, Ctrl-M Enter,
 * Ctrl-[ Escape, Ctrl-H Backspace, Ctrl-@ Ctrl-Space); a letter with Ctrl or
 * Alt is small and carries KEY_SHIFT where it was a capital. Every key that
 * keys_feed() and key_parse() give is in this form. */
struct key key_normalize(struct key key);

/* Append "Ctrl-X", "Alt-Enter", "F5": as written in profiles and help. */
void key_format(struct buf *out, const struct key *key);
/* The reverse, in any case and order of modifiers; false if the name is no
 * key. */
bool key_parse(struct key *key, struct slice name);
bool key_equal(const struct key *a, const struct key *b);

#endif
