/* SPDX-License-Identifier: MIT */
#include "tool/keyless.h"

#include <string.h>

#include "base/key_form.h"
#include "base/redact.h"
#include "base/utf8.h"

enum { TAIL = 4, TAIL_KEY_MIN = 20 }; /* as base/redact leaves them */

static void append_mark(struct buf *out, struct slice key)
{
    bool is_block = memchr(key.ptr, '\n', key.len) != NULL;
    if (key.len < TAIL_KEY_MIN || is_block)
        buf_append_string(out, "<redacted>");
    else
        buf_printf(out, "<redacted:%.*s>", TAIL, key.ptr + key.len - TAIL);
}

void keyless_append(struct buf *out, struct slice text)
{
    struct buf marked = { 0 };
    struct key_found found;
    while (key_form_find(text, &found)) {
        buf_append(&marked, text.ptr, found.start);
        append_mark(&marked,
                    (struct slice){ text.ptr + found.start, found.len });
        text = slice_skip(text, found.start + found.len);
    }
    buf_append_slice(&marked, text);
    redact_append(out, buf_slice(&marked), NULL, 0);
    buf_clear(&marked);
}

void keyless_clear(struct keyless *keyless)
{
    buf_clear(&keyless->held);
}

/* Where a private key block begins whose end is not there; else the length. */
static size_t open_block(struct slice lines)
{
    static const char begin[] = "-----BEGIN ", end[] = "-----END ";
    size_t last = lines.len;
    struct slice rest = lines;
    for (ptrdiff_t at; (at = slice_find(rest, begin)) >= 0;) {
        last = (size_t)(rest.ptr - lines.ptr) + (size_t)at;
        rest = slice_skip(rest, (size_t)at + sizeof begin - 1);
        if (slice_find(rest, end) >= 0)
            last = lines.len;
    }
    return last;
}

/* Bytes at the beginning of the held that are whole; those from `fresh` on were
 * not looked at yet. */
static size_t whole_len(const struct buf *held, size_t fresh)
{
    size_t len = held->len;
    while (len > fresh && held->ptr[len - 1] != '\n' &&
           held->ptr[len - 1] != '\r')
        len--;
    return len == fresh ? 0 : open_block((struct slice){ held->ptr, len });
}

/* A long one is cut where a word ends, if one does, or a character. */
static size_t cut_len(const struct buf *held)
{
    size_t len = held->len;
    while (len > held->len / 2 && held->ptr[len - 1] != ' ')
        len--;
    if (len > held->len / 2)
        return len;
    return held->len - utf8_partial_tail(buf_slice(held));
}

static void hand_on(struct keyless *keyless, struct buf *out, size_t len)
{
    keyless_append(out, (struct slice){ keyless->held.ptr, len });
    buf_consume(&keyless->held, len);
}

void keyless_feed(struct keyless *keyless, struct buf *out, struct slice piece)
{
    while (piece.len) {
        size_t room = KEYLESS_HELD_MAX - keyless->held.len;
        size_t take = piece.len < room ? piece.len : room;
        size_t fresh = keyless->held.len;
        buf_append(&keyless->held, piece.ptr, take);
        piece = slice_skip(piece, take);
        size_t len = whole_len(&keyless->held, fresh);
        if (len == 0 && keyless->held.len == KEYLESS_HELD_MAX)
            len = cut_len(&keyless->held);
        if (len)
            hand_on(keyless, out, len);
    }
}

void keyless_flush(struct keyless *keyless, struct buf *out)
{
    if (keyless->held.len)
        hand_on(keyless, out, keyless->held.len);
}
