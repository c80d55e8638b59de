/* SPDX-License-Identifier: MIT */
/*
 * lensing - the keys of the context lens, and the tokens of the draft.
 *
 * Private to the parts of the screen (app/screen_state.h).
 */
#ifndef APP_LENSING_H
#define APP_LENSING_H

#include "base/edited_tokens.h"

struct screen;

/* What the draft takes, as it was counted last; all-zero: nothing was. */
struct draft_size {
    struct edited_tokens text;
    size_t file_count, file_bytes;
    enum token_family file_family;
    uint64_t file_tokens;
};

/* As it was counted last. */
uint64_t draft_size_tokens(const struct draft_size *size);

/* The tokens of what is being written and of its files, estimated: what an edit
 * did not touch is not counted again. */
uint64_t lensing_draft(struct screen *screen, enum token_family family);

/* Leave the chosen turn of the lens out, or pin it; or the other way round. */
void lensing_leave_row(struct screen *screen);
void lensing_pin_row(struct screen *screen);

#endif
