/* SPDX-License-Identifier: MIT */
/*
 * drafting - what is being written is kept on disk, and comes back after a
 * crash.
 *
 * Kept once 200 bytes of it have changed or a second has passed, with the names
 * of the files that go along; for each session its own. It goes when it was
 * sent and is on disk as what was sent, or when the user cleared it.
 */
#ifndef APP_DRAFTING_H
#define APP_DRAFTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/session_id.h"

enum {
    DRAFTING_CHANGED = 200, /* bytes */
    DRAFTING_MS = 1000,
};

/* All-zero: nothing was written. */
struct drafting {
    struct session_id session; /* that is written to */
    struct buf text, files;    /* as they were kept last */
    bool is_kept;
    bool is_done;      /* the user has sent or cleared it */
    uint64_t sent_seq; /* to be durable before anything is changed; 0: none */
    uint64_t revision; /* of the editor, as it was seen last */
    size_t file_count;
    uint32_t timer;
    bool is_due;
};

struct screen;
struct seat;

/* Each turn, after the chats'. */
void drafting_update(struct screen *screen);

/* The draft was sent; it is at its end (also after it was sent). */
void drafting_sent(struct seat *seat);
void drafting_done(struct seat *seat);

/* The program ends: keep what is there now. False: that cannot be done. */
bool drafting_keep(struct seat *seat);

void drafting_clear(struct seat *seat);

#endif
