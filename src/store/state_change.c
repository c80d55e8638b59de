/* SPDX-License-Identifier: MIT */
#include "store/state_change.h"

#include <stdlib.h>
#include <string.h>

#include "store/owner.h"

static void clear(struct state_change *change)
{
    free(change->area);
    free(change->key);
    buf_clear(&change->text);
    buf_clear(&change->files);
}

void state_changes_clear(struct state_changes *changes)
{
    for (size_t i = 0; i < changes->list.count; i++)
        clear(&changes->list.items[i]);
    array_clear(&changes->list);
}

static bool is_draft(const struct state_change *change)
{
    return change->kind == CHANGE_DRAFT || change->kind == CHANGE_DRAFT_GONE;
}

static bool is_note(const struct state_change *change)
{
    return change->kind == CHANGE_NOTE || change->kind == CHANGE_NOTE_GONE;
}

static bool is_same_thing(const struct state_change *one,
                          const struct state_change *other)
{
    if (is_draft(one))
        return is_draft(other) && !strcmp(one->key, other->key);
    return is_note(one) && is_note(other) && !strcmp(one->area, other->area) &&
           !strcmp(one->key, other->key);
}

static void drop_same(struct state_changes *changes,
                      const struct state_change *change)
{
    struct state_change *items = changes->list.items;
    for (size_t i = changes->list.count; i-- > 0;) {
        if (!is_same_thing(&items[i], change))
            continue;
        clear(&items[i]);
        changes->list.count--;
        memmove(&items[i], &items[i + 1],
                (changes->list.count - i) * sizeof *items);
    }
}

void state_changes_add(struct state_changes *changes,
                       const struct state_change *take)
{
    drop_same(changes, take);
    *array_add(&changes->list) = *take;
}

void state_changes_put_back(struct state_changes *changes,
                            struct state_changes *earlier)
{
    for (size_t i = 0; i < changes->list.count; i++)
        state_changes_add(earlier, &changes->list.items[i]);
    array_clear(&changes->list);
    *changes = *earlier;
    *earlier = (struct state_changes){ 0 };
}

/* What each kind does. The letters are its parameters: a(rea), k(ey), t(ext),
 * f(iles), n(umber), o(wner), @ (time). */
static const struct {
    const char *sql, *parameters;
} statements[][2] = {
    [CHANGE_PROMPT] = {
        { "INSERT INTO prompt(at, bytes, text) "
          "SELECT ?1, length(CAST(?2 AS BLOB)), ?2 WHERE ?2 IS NOT "
          "(SELECT text FROM prompt ORDER BY id DESC LIMIT 1)", "@t" },
        { "DELETE FROM prompt WHERE id < (SELECT max(id) FROM prompt) "
          "AND id IN "
          "(SELECT id FROM (SELECT id, row_number() OVER newest AS place, "
          "sum(bytes) OVER newest AS total FROM prompt "
          "WINDOW newest AS (ORDER BY id DESC)) "
          "WHERE place > ?1 OR total > ?2)", "pb" },
    },
    [CHANGE_DRAFT] = {
        { "INSERT OR REPLACE INTO draft(session, at, owner, files, text) "
          "VALUES(?1, ?2, ?3, ?4, ?5)", "k@oft" },
        { "DELETE FROM draft WHERE session IN (SELECT session FROM draft "
          "ORDER BY at DESC LIMIT -1 OFFSET ?1)", "d" },
    },
    [CHANGE_DRAFT_GONE] = {
        { "DELETE FROM draft WHERE session = ?1", "k" },
    },
    [CHANGE_NOTE] = {
        { "INSERT OR REPLACE INTO note(area, key, at, number, text) "
          "VALUES(?1, ?2, ?3, ?4, ?5)", "ak@nt" },
        { "DELETE FROM note WHERE area = ?1 AND key IN (SELECT key FROM note "
          "WHERE area = ?1 ORDER BY at DESC LIMIT -1 OFFSET ?2)", "am" },
    },
    [CHANGE_NOTE_GONE] = {
        { "DELETE FROM note WHERE area = ?1 AND key = ?2", "ak" },
    },
    [CHANGE_FORGET] = {
        { "DELETE FROM prompt WHERE instr(text, ?1)", "t" },
        { "DELETE FROM draft WHERE instr(text, ?1)", "t" },
    },
};

static void bind(struct db_query *query, int index, char letter,
                 const struct state_change *change)
{
    switch (letter) {
    case 'a': db_bind_text(query, index, slice_of(change->area)); break;
    case 'k': db_bind_text(query, index, slice_of(change->key)); break;
    case 't': db_bind_text(query, index, buf_slice(&change->text)); break;
    case 'f': db_bind_bytes(query, index, buf_slice(&change->files)); break;
    case 'n': db_bind_number(query, index, change->number); break;
    case '@': db_bind_number(query, index, change->at); break;
    case 'p': db_bind_number(query, index, STATE_PROMPTS_MAX); break;
    case 'b': db_bind_number(query, index, STATE_PROMPTS_BYTES_MAX); break;
    case 'd': db_bind_number(query, index, STATE_DRAFTS_MAX); break;
    case 'm': db_bind_number(query, index, STATE_NOTES_MAX); break;
    default: break;
    }
}

static bool run(const struct state_change *change, size_t place, struct db *db,
                struct error *err)
{
    const char *sql = statements[change->kind][place].sql;
    const char *parameters = statements[change->kind][place].parameters;
    char owner[OWNER_SIZE];
    struct db_query *query = db_prepare(db, sql, err);
    if (!query)
        return false;
    for (int i = 0; parameters[i]; i++) {
        if (parameters[i] == 'o') {
            owner_write(owner);
            db_bind_text(query, i + 1, slice_of(owner));
        } else {
            bind(query, i + 1, parameters[i], change);
        }
    }
    bool ok = db_do(query, err);
    db_query_free(query);
    return ok;
}

bool state_changes_apply(const struct state_changes *changes, struct db *db,
                         struct error *err)
{
    bool ok = db_run(db, "BEGIN IMMEDIATE", err);
    for (size_t i = 0; i < changes->list.count && ok; i++) {
        const struct state_change *change = &changes->list.items[i];
        for (size_t place = 0; place < COUNTOF(statements[0]) && ok; place++)
            ok = !statements[change->kind][place].sql ||
                 run(change, place, db, err);
    }
    ok = ok && db_run(db, "COMMIT", err);
    if (!ok)
        db_rollback(db);
    return ok;
}
