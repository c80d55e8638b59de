/* SPDX-License-Identifier: MIT */
#include "base/edited_tokens.h"

#include <string.h>

#include "base/tokens.h"
#include "base/utf8.h"

void edited_tokens_clear(struct edited_tokens *edited)
{
    buf_clear(&edited->text);
    array_clear(&edited->pieces);
    *edited = (struct edited_tokens){ 0 };
}

static size_t common_front(struct slice a, struct slice b)
{
    enum { STEP = 4096 };
    size_t most = a.len < b.len ? a.len : b.len, len = 0;
    while (most - len >= STEP && !memcmp(a.ptr + len, b.ptr + len, STEP))
        len += STEP;
    while (len < most && a.ptr[len] == b.ptr[len])
        len++;
    return len;
}

static size_t common_back(struct slice a, struct slice b, size_t most)
{
    size_t len = 0;
    while (len < most && a.ptr[a.len - 1 - len] == b.ptr[b.len - 1 - len])
        len++;
    return len;
}

/* Behind the last line end of the second half of what a piece may hold, or else
 * where no character is cut. */
static size_t piece_len(struct slice text)
{
    size_t len = EDITED_TOKENS_PIECE_MAX;
    if (text.len <= len)
        return text.len;
    while (len > EDITED_TOKENS_PIECE_MAX / 2 && text.ptr[len - 1] != '\n')
        len--;
    if (len > EDITED_TOKENS_PIECE_MAX / 2)
        return len;
    text.len = EDITED_TOKENS_PIECE_MAX;
    return EDITED_TOKENS_PIECE_MAX - utf8_partial_tail(text);
}

struct pieces {
    ARRAY_OF(struct edited_piece) list;
};

static void add(struct pieces *pieces, struct edited_piece piece)
{
    *array_add(&pieces->list) = piece;
}

/* How many old pieces end in what stays in front; *end is where. A last one may
 * take in what follows. */
static size_t keep_front(const struct edited_tokens *edited, size_t front,
                         size_t *end)
{
    size_t count = 0;
    *end = 0;
    while (count + 1 < edited->pieces.count &&
           *end + edited->pieces.items[count].len <= front)
        *end += edited->pieces.items[count++].len;
    return count;
}

/* The first old piece that begins in what stays at the back, from `next` on;
 * *start is where in the old text. */
static size_t find_back(const struct edited_tokens *edited, size_t next,
                        size_t *start, size_t back)
{
    size_t from = edited->text.len - back;
    while (next < edited->pieces.count && *start < from)
        *start += edited->pieces.items[next++].len;
    return next;
}

static void count_between(struct edited_tokens *edited, struct pieces *pieces,
                          struct slice text)
{
    while (text.len) {
        struct edited_piece piece = { .len = piece_len(text) };
        struct slice whole = { text.ptr, piece.len };
        piece.tokens = tokens_estimate_as(edited->family, whole);
        edited->bytes_counted += piece.len;
        add(pieces, piece);
        text = slice_skip(text, piece.len);
    }
}

/* Of a text that is one piece nothing is kept. */
static void make_pieces(struct edited_tokens *edited, struct slice text,
                        size_t front, struct pieces *pieces)
{
    struct slice old = buf_slice(&edited->text);
    size_t start = 0, kept = 0, next = edited->pieces.count, rest = 0;
    if (text.len > EDITED_TOKENS_PIECE_MAX) {
        size_t shorter = old.len < text.len ? old.len : text.len;
        size_t back = common_back(old, text, shorter - front);
        kept = keep_front(edited, front, &start);
        size_t end = start;
        next = find_back(edited, kept, &end, back);
        rest = next < edited->pieces.count ? old.len - end : 0;
    }
    for (size_t i = 0; i < kept; i++)
        add(pieces, edited->pieces.items[i]);
    count_between(edited, pieces,
                  (struct slice){ text.ptr + start, text.len - rest - start });
    for (; next < edited->pieces.count; next++)
        add(pieces, edited->pieces.items[next]);
}

static void forget(struct edited_tokens *edited, enum token_family family)
{
    buf_reset(&edited->text);
    edited->pieces.count = 0;
    edited->tokens = 0;
    edited->family = family;
}

uint64_t edited_tokens_update(struct edited_tokens *edited,
                              enum token_family family, struct slice text)
{
    if (edited->family != family)
        forget(edited, family);
    struct slice old = buf_slice(&edited->text);
    struct pieces pieces = { 0 };
    size_t front = common_front(old, text);
    if (front == old.len && front == text.len)
        return edited->tokens;
    make_pieces(edited, text, front, &pieces);
    edited->pieces.count = 0;
    edited->tokens = 0;
    for (size_t i = 0; i < pieces.list.count; i++) {
        *array_add(&edited->pieces) = pieces.list.items[i];
        edited->tokens += pieces.list.items[i].tokens;
    }
    array_clear(&pieces.list);
    buf_reset(&edited->text);
    buf_append_slice(&edited->text, text);
    return edited->tokens;
}
