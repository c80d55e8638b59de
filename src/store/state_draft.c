/* SPDX-License-Identifier: MIT */
#include "store/state_draft.h"

#include <stdio.h>
#include <unistd.h>

#include "store/owner.h"

void state_draft_clear(struct state_draft *draft)
{
    buf_clear(&draft->text);
    buf_clear(&draft->files);
    *draft = (struct state_draft){ 0 };
}

/* Columns 0 to 2: text, files, at. */
static void take_row(struct db_query *query, struct state_draft *draft)
{
    state_draft_clear(draft);
    draft->is_found = true;
    buf_append_slice(&draft->text, db_column_bytes(query, 0));
    buf_append_slice(&draft->files, db_column_bytes(query, 1));
    draft->at = db_column_number(query, 2);
}

static bool find_own(struct db *db, struct state_draft_search *search,
                     struct error *err)
{
    struct db_query *query = db_prepare(
        db, "SELECT text, files, at FROM draft WHERE session = ?1", err);
    enum db_step step = DB_FAILED;
    if (query) {
        db_bind_text(query, 1, slice_of(search->session.text));
        step = db_step(query, err);
    }
    if (step == DB_ROW)
        take_row(query, &search->draft);
    db_query_free(query);
    return step != DB_FAILED;
}

static bool has_file(const struct store *store, const char *session)
{
    struct buf path = { 0 };
    store_session_path(store, &path, session);
    bool has = access(path.ptr, F_OK) == 0;
    buf_clear(&path);
    return has;
}

/* The newest that nobody has; its session. False: none, or a failure. */
static bool find_left(struct db *db, struct state_draft_search *search,
                      struct buf *session, struct error *err)
{
    struct buf owner = { 0 };
    struct db_query *query =
        db_prepare(db,
                   "SELECT text, files, at, session, owner FROM draft "
                   "ORDER BY at DESC",
                   err);
    bool is_found = false;
    while (query && !is_found && db_step(query, err) == DB_ROW) {
        buf_reset(session);
        buf_reset(&owner);
        buf_append_slice(session, db_column_bytes(query, 3));
        buf_append_slice(&owner, db_column_bytes(query, 4));
        is_found = owner_is_gone(buf_string(&owner)) &&
                   !has_file(search->store, buf_string(session));
        if (is_found)
            take_row(query, &search->draft);
    }
    db_query_free(query);
    buf_clear(&owner);
    search->draft.was_unsent = is_found;
    return is_found;
}

/* It is ours from here on: the next one to look finds it taken. */
static bool take_over(struct db *db, const struct state_draft_search *search,
                      struct slice session, struct error *err)
{
    char owner[OWNER_SIZE];
    struct db_query *query = db_prepare(
        db, "UPDATE draft SET session = ?1, owner = ?2 WHERE session = ?3",
        err);
    if (!query)
        return false;
    owner_write(owner);
    db_bind_text(query, 1, slice_of(search->session.text));
    db_bind_text(query, 2, slice_of(owner));
    db_bind_text(query, 3, session);
    bool ok = db_do(query, err);
    db_query_free(query);
    return ok;
}

bool state_draft_search(struct db *db, void *context, struct error *err)
{
    struct state_draft_search *search = context;
    struct buf session = { 0 };
    state_draft_clear(&search->draft);
    if (!find_own(db, search, err))
        return false;
    if (search->draft.is_found || !search->takes_left)
        return true;
    *err = (struct error){ 0 };
    bool ok = db_run(db, "BEGIN IMMEDIATE", err);
    if (ok && find_left(db, search, &session, err))
        ok = take_over(db, search, buf_slice(&session), err);
    ok = ok && err->kind == ERROR_NONE && db_run(db, "COMMIT", err);
    if (!ok) {
        db_rollback(db);
        state_draft_clear(&search->draft);
    }
    buf_clear(&session);
    return ok;
}
