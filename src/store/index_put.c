/* SPDX-License-Identifier: MIT */
/*
 * index_put - what goes into the index, and out of it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "store/index_state.h"
#include "store/terms.h"

/* A call on its way through: the first failure ends it. */
struct putting {
    struct index *index;
    int64_t session;
    int64_t last_second, last_id; /* of the places that were added */
    struct buf tags, terms;
    struct error *err;
};

/* The one number of the one row; 0: there is none. False: it failed. */
static bool ask(struct putting *putting, struct db_query *query,
                int64_t *number)
{
    enum db_step step = db_step(query, putting->err);
    *number = step == DB_ROW ? db_column_number(query, 0) : 0;
    if (step == DB_ROW)
        db_reset(query);
    return step != DB_FAILED;
}

static struct db_query *query_of(struct putting *putting,
                                 enum index_statement which)
{
    return index_query(putting->index, which, putting->err);
}

/* Terms go with the very words that brought them. */
static bool write_terms(struct putting *putting, enum index_statement which,
                        int64_t id, struct slice text, struct slice tags)
{
    struct db_query *query = query_of(putting, which);
    if (!query)
        return false;
    buf_reset(&putting->terms);
    terms_append(&putting->terms, text);
    db_bind_number(query, 1, id);
    db_bind_text(query, 2, buf_slice(&putting->terms));
    db_bind_text(query, 3, tags);
    return db_do(query, putting->err);
}

static bool raise_state(struct putting *putting, const char *name,
                        int64_t value)
{
    struct db_query *query = query_of(putting, RAISE_STATE);
    if (!query)
        return false;
    db_bind_text(query, 1, slice_of(name));
    db_bind_number(query, 2, value);
    return db_do(query, putting->err);
}

/* `found` stands on its row. */
static bool remove_place(struct putting *putting, struct db_query *found)
{
    struct db_query *query = query_of(putting, REMOVE_PLACE);
    int64_t id = db_column_number(found, 0);
    bool ok = query &&
              write_terms(putting, REMOVE_TERMS, id, db_column_bytes(found, 2),
                          db_column_bytes(found, 1));
    db_reset(found);
    if (!ok)
        return false;
    db_bind_number(query, 1, id);
    return db_do(query, putting->err) && raise_state(putting, "untidy", 1);
}

/* A row id near the time: the next that is free, beginning behind the last one
 * that this call gave to the same second. */
static bool find_id(struct putting *putting, int64_t at, int64_t *id)
{
    struct db_query *query = query_of(putting, FREE_ID);
    int64_t second = at > 0 ? at / 1000 : 0;
    if (!query)
        return false;
    *id = second == putting->last_second ? putting->last_id + 1 : second;
    db_bind_number(query, 1, *id);
    if (!ask(putting, query, id))
        return false;
    putting->last_second = second;
    putting->last_id = *id;
    return *id == second || raise_state(putting, "drift", *id - second);
}

static bool find_name(struct putting *putting, const char *kind,
                      const char *text, int64_t *key)
{
    static const enum index_statement steps[] = { FIND_NAME, ADD_NAME };
    *key = 0;
    for (int i = 0; i < 2 && !*key; i++) {
        struct db_query *query = query_of(putting, steps[i]);
        if (!query)
            return false;
        db_bind_text(query, 1, slice_of(kind));
        db_bind_text(query, 2, slice_of(text));
        if (!ask(putting, query, key))
            return false;
    }
    return true;
}

static bool make_tags(struct putting *putting, const struct digest_place *place)
{
    struct buf *tags = &putting->tags;
    int64_t key;
    buf_reset(tags);
    buf_printf(tags, "k%d s%lld", (int)place->kind,
               (long long)putting->session);
    if (*place->model) {
        if (!find_name(putting, "model", place->model, &key))
            return false;
        buf_printf(tags, " m%lld", (long long)key);
    }
    for (size_t i = 0; i < place->tools.count; i++) {
        if (!find_name(putting, "tool", place->tools.items[i], &key))
            return false;
        buf_printf(tags, " t%lld", (long long)key);
    }
    return true;
}

static bool add_place(struct putting *putting, const struct digest_place *place)
{
    int64_t id = 0;
    struct slice text = buf_slice(&place->text);
    struct slice tags = buf_slice(&putting->tags);
    struct db_query *query = query_of(putting, ADD_PLACE);
    if (!query || !find_id(putting, place->at, &id))
        return false;
    db_bind_number(query, 1, id);
    db_bind_number(query, 2, putting->session);
    db_bind_number(query, 3, (int64_t)place->node_id);
    db_bind_number(query, 4, place->kind);
    db_bind_number(query, 5, place->at);
    db_bind_text(query, 6, tags);
    db_bind_text(query, 7, text);
    return db_do(query, putting->err) &&
           write_terms(putting, ADD_TERMS, id, text, tags);
}

/* Most changes of a node are none of its text. */
static bool put_place(struct putting *putting, const struct digest_place *place)
{
    struct db_query *found = query_of(putting, FIND_PLACE);
    if (!found || !make_tags(putting, place))
        return false;
    db_bind_number(found, 1, putting->session);
    db_bind_number(found, 2, (int64_t)place->node_id);
    enum db_step step = db_step(found, putting->err);
    if (step == DB_FAILED)
        return false;
    if (step == DB_ROW) {
        if (slice_equal(db_column_bytes(found, 1), buf_slice(&putting->tags)) &&
            slice_equal(db_column_bytes(found, 2), buf_slice(&place->text))) {
            db_reset(found);
            return true;
        }
        if (!remove_place(putting, found))
            return false;
    }
    return !place->text.len || add_place(putting, place);
}

struct node_ids {
    ARRAY_OF(int64_t) items;
};

static int compare_ids(const void *one, const void *other)
{
    const int64_t *a = one, *b = other;
    return (*a > *b) - (*a < *b);
}

static bool read_ids(struct putting *putting, struct node_ids *ids)
{
    struct db_query *query = query_of(putting, EACH_PLACE);
    enum db_step step = DB_FAILED;
    if (query)
        db_bind_number(query, 1, putting->session);
    while (query && (step = db_step(query, putting->err)) == DB_ROW)
        *array_add(&ids->items) = db_column_number(query, 0);
    return step == DB_DONE;
}

static bool remove_node(struct putting *putting, int64_t node)
{
    struct db_query *found = query_of(putting, FIND_PLACE);
    if (!found)
        return false;
    db_bind_number(found, 1, putting->session);
    db_bind_number(found, 2, node);
    enum db_step step = db_step(found, putting->err);
    return step == DB_DONE || (step == DB_ROW && remove_place(putting, found));
}

/* What is in the index, and not in the session any more. */
static bool remove_others(struct putting *putting, const struct digest *digest)
{
    struct node_ids here = { 0 }, there = { 0 };
    bool ok = read_ids(putting, &there);
    for (size_t i = 0; i < digest->places.count; i++)
        *array_add(&here.items) = (int64_t)digest->places.items[i].node_id;
    if (here.items.count)
        qsort(here.items.items, here.items.count, sizeof *here.items.items,
              compare_ids);
    for (size_t i = 0; ok && i < there.items.count; i++) {
        int64_t *node = &there.items.items[i];
        if (!here.items.count ||
            !bsearch(node, here.items.items, here.items.count, sizeof *node,
                     compare_ids))
            ok = remove_node(putting, *node);
    }
    array_clear(&here.items);
    array_clear(&there.items);
    return ok;
}

static bool find_session(struct putting *putting, const char *id, bool makes)
{
    static const enum index_statement steps[] = { FIND_SESSION, ADD_SESSION };
    for (int i = 0; i < 1 + makes && !putting->session; i++) {
        struct db_query *query = query_of(putting, steps[i]);
        if (!query)
            return false;
        db_bind_text(query, 1, slice_of(id));
        if (!ask(putting, query, &putting->session))
            return false;
    }
    return true;
}

static bool set_session(struct putting *putting, const struct digest *digest,
                        const struct index_stamp *stamp)
{
    struct db_query *query = query_of(putting, SET_SESSION);
    if (!query)
        return false;
    db_bind_number(query, 1, putting->session);
    db_bind_text(query, 2, slice_of(digest->title));
    db_bind_text(query, 3, slice_of(digest->opening));
    db_bind_text(query, 4, slice_of(digest->model));
    db_bind_number(query, 5, digest->created_at);
    db_bind_number(query, 6, digest->updated_at);
    db_bind_number(query, 7, digest->turns);
    db_bind_number(query, 8, digest->nodes);
    db_bind_number(query, 9, digest->input);
    db_bind_number(query, 10, digest->output);
    db_bind_real(query, 11, digest->cost);
    db_bind_number(query, 12, (int64_t)digest->seq);
    db_bind_number(query, 13, stamp->size);
    db_bind_number(query, 14, stamp->changed_at);
    return db_do(query, putting->err);
}

static bool put(struct putting *putting, const struct digest *digest,
                const struct index_stamp *stamp)
{
    bool ok = find_session(putting, digest->id.text, true) &&
              (!digest->is_whole || remove_others(putting, digest));
    for (size_t i = digest->places.count; ok && i > 0; i--)
        ok = put_place(putting, &digest->places.items[i - 1]);
    return ok && set_session(putting, digest, stamp);
}

static bool forget(struct putting *putting)
{
    struct node_ids ids = { 0 };
    bool ok = read_ids(putting, &ids);
    for (size_t i = 0; ok && i < ids.items.count; i++)
        ok = remove_node(putting, ids.items.items[i]);
    array_clear(&ids.items);
    struct db_query *query = ok ? query_of(putting, REMOVE_SESSION) : NULL;
    if (!query)
        return false;
    db_bind_number(query, 1, putting->session);
    return db_do(query, putting->err);
}

static enum index_result finish(struct putting *putting, bool ok, bool is_alone)
{
    buf_clear(&putting->tags);
    buf_clear(&putting->terms);
    if (!ok)
        return index_outcome(putting->index, putting->err);
    return is_alone ? index_commit(putting->index, putting->err) : INDEX_DONE;
}

enum index_result index_put(struct index *index, const struct digest *digest,
                            const struct index_stamp *stamp, struct error *err)
{
    struct putting putting = { .index = index, .err = err };
    bool is_alone = !index->is_in_batch;
    enum index_result result = INDEX_DONE;
    if (is_alone)
        result = index_begin(index, err);
    return result != INDEX_DONE
               ? result
               : finish(&putting, put(&putting, digest, stamp), is_alone);
}

enum index_result index_forget(struct index *index, const char *id,
                               struct error *err)
{
    struct putting putting = { .index = index, .err = err };
    bool is_alone = !index->is_in_batch;
    enum index_result result = INDEX_DONE;
    if (is_alone)
        result = index_begin(index, err);
    if (result != INDEX_DONE)
        return result;
    bool ok = find_session(&putting, id, false) &&
              (!putting.session || forget(&putting));
    return finish(&putting, ok, is_alone);
}
