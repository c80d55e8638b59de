/* SPDX-License-Identifier: MIT */
/*
 * edited_tokens - the estimate of a text that is being edited: what an edit did
 * not touch is not counted again.
 *
 * The text is counted in pieces of some lines, each for itself. A text of up to
 * EDITED_TOKENS_PIECE_MAX bytes is one piece, so that its count is
 * tokens_estimate(); in a longer one each piece is rounded up.
 */
#ifndef BASE_EDITED_TOKENS_H
#define BASE_EDITED_TOKENS_H

#include <stdint.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/token_family.h"

enum { EDITED_TOKENS_PIECE_MAX = 4096 };

struct edited_piece {
    size_t len;
    uint64_t tokens;
};

/* All-zero is of an empty text. */
struct edited_tokens {
    struct buf text; /* as it was counted last */
    ARRAY_OF(struct edited_piece) pieces;
    enum token_family family;
    uint64_t tokens;
    uint64_t bytes_counted; /* so far: what tests bound */
};

void edited_tokens_clear(struct edited_tokens *edited);

/* The text is this one now, and counted as that tokenizer does; where it is
 * another one than before, all is counted anew. Returns its tokens. */
uint64_t edited_tokens_update(struct edited_tokens *edited,
                              enum token_family family, struct slice text);

#endif
