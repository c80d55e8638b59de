/* SPDX-License-Identifier: MIT */
/*
 * state_draft - what was being written when a sennit ended, as state.db has it.
 *
 * A draft belongs to a session, and so to whoever has that open. One of a
 * session that never got a file belongs to nobody once the process that wrote
 * it is gone; then who begins afresh gets it, and nobody else.
 */
#ifndef STORE_STATE_DRAFT_H
#define STORE_STATE_DRAFT_H

#include "base/buf.h"
#include "base/db.h"
#include "store/session_id.h"
#include "store/store.h"

struct state_draft {
    struct session_id session; /* that was asked for */
    bool is_found;
    bool was_unsent; /* of a session in which nothing was sent */
    struct buf text;
    struct buf files; /* as whoever kept it wrote them */
    int64_t at;       /* Unix ms */
};

struct state_draft_search {
    const struct store *store;
    struct session_id session;
    bool takes_left; /* what belongs to nobody may be taken over */
    struct state_draft draft;
};

void state_draft_clear(struct state_draft *draft);

/* On the thread of the disk; see state_file. `search` is a struct
 * state_draft_search. */
bool state_draft_search(struct db *db, void *search, struct error *err);

#endif
