/* SPDX-License-Identifier: MIT */
/*
 * state_change - one thing that is to be put into state.db, or taken out.
 *
 * Owns its text, so that it can wait until the disk takes it. Whoever comes
 * last has the last word.
 */
#ifndef STORE_STATE_CHANGE_H
#define STORE_STATE_CHANGE_H

#include "base/array.h"
#include "base/buf.h"
#include "base/db.h"

/* The oldest go; the newest stays, however long it is. */
enum {
    STATE_PROMPTS_MAX = 500,
    STATE_PROMPTS_BYTES_MAX = 16 * 1024 * 1024,
    STATE_DRAFTS_MAX = 500,
    STATE_NOTES_MAX = 500, /* of an area */
};

enum state_change_kind {
    CHANGE_PROMPT,     /* text: the newest of the history */
    CHANGE_DRAFT,      /* key: its session, text, files */
    CHANGE_DRAFT_GONE, /* key */
    CHANGE_NOTE,       /* area, key, text, number */
    CHANGE_NOTE_GONE,  /* area, key */
    CHANGE_FORGET,     /* text: prompts and drafts that hold it go */
};

struct state_change {
    enum state_change_kind kind;
    char *area, *key; /* NULL: it has none */
    struct buf text, files;
    int64_t number;
    int64_t at; /* Unix ms */
};

struct state_changes {
    ARRAY_OF(struct state_change) list;
};

void state_changes_clear(struct state_changes *changes);

/* Take a change; one of the same thing that still waits is void. */
void state_changes_add(struct state_changes *changes,
                       const struct state_change *take);

/* `earlier`, which is empty then, goes before those that are there. */
void state_changes_put_back(struct state_changes *changes,
                            struct state_changes *earlier);

/* On the thread of the disk: all of them in one transaction. */
bool state_changes_apply(const struct state_changes *changes, struct db *db,
                         struct error *err) MUST_USE;

#endif
