/* SPDX-License-Identifier: MIT */
/*
 * folds - parts of a text that are shown as one token, "[pasted 120 lines,
 * 4.2 kB]", and are stepped over and deleted as one.
 *
 * The text itself holds every byte; folds only say where. They never overlap
 * and are never empty; two may touch. Text that merely reads like a token is no
 * fold.
 */
#ifndef UI_FOLDS_H
#define UI_FOLDS_H

#include "base/array.h"
#include "base/buf.h"
#include "base/slice.h"

struct fold {
    size_t start, len; /* bytes of the text */
    size_t lines;
};

/* All-zero is none. */
struct folds {
    ARRAY_OF(struct fold) list; /* by start */
};

/* A text and what is folded in it: what the editor's parts are handed. */
struct folded_text {
    struct slice text;
    const struct folds *folds;
    size_t marked_at, marked_len; /* bytes that are drawn as selected */
};

void folds_clear(struct folds *folds);

/* Put the folds of a piece in, which stands at `offset` now. */
void folds_add(struct folds *folds, const struct folds *piece, size_t offset);

/* `removed` bytes at offset were replaced by `inserted` ones: folds in what is
 * gone go, those behind move. An edit never cuts a fold. */
void folds_edit(struct folds *folds, size_t offset, size_t removed,
                size_t inserted);

/* The fold that this byte is in; the last one that ends at or before offset,
 * and the first one that starts at or after it. NULL: none. Borrowed until the
 * next change. */
const struct fold *folds_at(const struct folds *folds, size_t offset);
const struct fold *folds_before(const struct folds *folds, size_t offset);
const struct fold *folds_after(const struct folds *folds, size_t offset);

/* What stands between two folds: from offset up to the next one, and from the
 * last one up to offset, which is in none. */
struct slice folded_text_after(struct folded_text text, size_t offset);
struct slice folded_text_before(struct folded_text text, size_t offset);

/* A fold of a whole text that is not empty. */
struct fold fold_of(struct slice text);

/* Append the token, in a form of at most `width` cells. */
void fold_format(struct buf *out, const struct fold *fold, int width);

#endif
