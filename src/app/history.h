/* SPDX-License-Identifier: MIT */
/*
 * history - prompts that were sent or cleared, to be had back with Up.
 *
 * All-zero is empty. While somebody leafs through it, the draft that he left
 * is kept.
 */
#ifndef APP_HISTORY_H
#define APP_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "base/buf.h"
#include "store/state_change.h"

/* The oldest go, but the newest stays. */
enum {
    HISTORY_MAX = STATE_PROMPTS_MAX,             /* entries */
    HISTORY_BYTES_MAX = STATE_PROMPTS_BYTES_MAX, /* of all */
};

struct history {
    ARRAY_OF(char *) entries; /* oldest first */
    size_t at;                /* entry shown; entries.count: the draft */
    size_t bytes;
    struct buf draft;
};

void history_clear(struct history *history);

/* Put older entries before all others; they are taken. Returns by how many
 * places those that were there have moved. */
ptrdiff_t history_put_before(struct history *history, struct history *earlier);

/* Add at the end and stop leafing. The same text twice in a row is one. */
void history_add(struct history *history, struct slice text);

/* Nothing of it holds the text any more; entries that did are gone. Stop
 * leafing. */
void history_forget(struct history *history, struct slice text);

/* The entry before or after the one shown, NULL if there is none; `current` is
 * what the editor holds. Behind the last entry comes the draft. Borrowed until
 * the next call. */
const char *history_earlier(struct history *history, struct slice current);
const char *history_later(struct history *history);

#endif
