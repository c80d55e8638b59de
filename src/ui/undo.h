/* SPDX-License-Identifier: MIT */
/*
 * undo - the changes of a text, to be taken back and made again.
 *
 * Owns what was removed and inserted, not the text. Changes that follow each
 * other while one types are one change. The oldest are forgotten beyond a cap.
 */
#ifndef UI_UNDO_H
#define UI_UNDO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "ui/fragment.h"

enum {
    UNDO_CHANGES_MAX = 10 * 1000,
    UNDO_BYTES_MAX = 32 * 1024 * 1024,
    UNDO_GROUP_MAX = 1024, /* bytes of one group of typing */
};

struct change {
    size_t offset;
    struct fragment removed, inserted;
    size_t caret; /* where the caret stood before */
};

/* All-zero is a text that never changed. */
struct undo {
    ARRAY_OF(struct change) changes;
    size_t done;  /* changes that are made; those after were taken back */
    size_t bytes; /* of all changes */
    bool is_open; /* the next change may join the last one */
};

void undo_clear(struct undo *undo);

/* Record a change that is about to be made, and take what it owns. `may_join`:
 * it is one step of typing or of erasing. */
void undo_record(struct undo *undo, struct change *change, bool may_join);

/* What the last change took out that took out exactly this text, with the folds
 * it had then; NULL if none is remembered. Lives until the next call. */
const struct fragment *undo_find(const struct undo *undo, struct slice text);

/* The next change joins nothing. */
void undo_close(struct undo *undo);

/* The change to take back, or to make again; NULL if there is none. Lives
 * until the next call. */
const struct change *undo_back(struct undo *undo);
const struct change *undo_forth(struct undo *undo);

#endif
