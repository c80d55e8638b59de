/* SPDX-License-Identifier: MIT */
#include "store/index_search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "store/index_state.h"
#include "store/terms.h"

enum { NAMES_MAX = 500 /* that one filter may mean */ };

/* The query as FTS5 reads it. All that comes from outside is terms, which have
 * no sign that would mean something there, or numbers of ours. */

static void append_word(struct buf *out, const struct search_word *word)
{
    struct slice terms = buf_slice(&word->terms);
    terms.len--; /* the blank behind the last */
    buf_printf(out, "(text : \"%.*s\"%s)", SLICE_ARG(terms),
               word->is_prefix ? " *" : "");
}

/* Whether a value stands in a name, by its terms: "qwen" and "8B" do in
 * "qwen3:8b". */
static bool is_named(struct slice name, struct slice value)
{
    struct buf names = { 0 }, values = { 0 };
    terms_append(&names, name);
    if (terms_append(&values, value))
        buf_truncate(&values, values.len - 1);
    bool is_it = values.len && slice_find(buf_slice(&names), values.ptr) >= 0;
    buf_clear(&names);
    buf_clear(&values);
    return is_it;
}

struct naming {
    struct buf *out;
    const struct search_narrowing *narrowing;
    char letter; /* of the tag */
    size_t count;
    char *nearest; /* name of another; NULL: none is near */
};

static void take_name(struct naming *naming, int64_t key, struct slice id,
                      struct slice name)
{
    struct slice value = slice_of(naming->narrowing->value);
    bool is_it = is_named(name, value) ||
                 (id.len && slice_starts(id, naming->narrowing->value));
    if (is_it && naming->count < NAMES_MAX) {
        buf_printf(naming->out, "%s\"%c%lld\"", naming->count ? " OR " : "",
                   naming->letter, (long long)key);
        naming->count++;
    } else if (!is_it && !naming->nearest) {
        char *other = memory_copy(name.ptr, name.len);
        const char *const names[] = { other };
        if (name.len <= NEAREST_LEN_MAX &&
            nearest_name(naming->narrowing->value, names, 1))
            naming->nearest = other;
        else
            free(other);
    }
}

static bool refuse_name(const struct naming *naming, const char *what,
                        struct error *err)
{
    if (naming->nearest)
        return error_set(err, ERROR_USAGE,
                         "no %s here is called \"%s\"; did you mean \"%s\"?",
                         what, naming->narrowing->value, naming->nearest);
    return error_set(err, ERROR_USAGE, "no %s here is called \"%s\"", what,
                     naming->narrowing->value);
}

/* Append the tags of all that a value may mean: "m3" OR "m7". False, in words:
 * there is none, or they cannot be read. */
static bool append_names(struct index *index, struct naming *naming,
                         const char *what, bool is_session, struct error *err)
{
    enum db_step step = DB_FAILED;
    struct db_query *query = db_prepare(
        index->db,
        is_session ? "SELECT key, iif(title = '', opening, title), id"
                     " FROM session ORDER BY updated_at DESC"
                   : "SELECT key, text, '' FROM name WHERE kind=?1",
        err);
    if (query && !is_session)
        db_bind_text(query, 1, slice_of(what));
    while (query && (step = db_step(query, err)) == DB_ROW)
        take_name(naming, db_column_number(query, 0), db_column_bytes(query, 2),
                  db_column_bytes(query, 1));
    db_query_free(query);
    bool ok =
        step == DB_DONE && (naming->count || refuse_name(naming, what, err));
    free(naming->nearest);
    return ok;
}

static bool append_kind(struct buf *out, const char *value)
{
    size_t kind = 0;
    while (search_kind_name(kind) && strcmp(search_kind_name(kind), value) != 0)
        kind++;
    buf_printf(out, "\"k%zu\"", kind);
    return true;
}

static bool append_value(struct index *index, struct buf *out,
                         const struct search_narrowing *narrowing,
                         struct error *err)
{
    struct naming naming = { .out = out, .narrowing = narrowing };
    switch (narrowing->filter) {
    case SEARCH_MODEL:
        naming.letter = 'm';
        return append_names(index, &naming, "model", false, err);
    case SEARCH_TOOL:
        naming.letter = 't';
        return append_names(index, &naming, "tool", false, err);
    case SEARCH_SESSION:
        naming.letter = 's';
        return append_names(index, &naming, "session", true, err);
    default: return append_kind(out, narrowing->value);
    }
}

/* All values of one filter, either of which will do. */
static bool append_filter(struct index *index, struct buf *out,
                          const struct search_query *query,
                          enum search_filter filter, struct error *err)
{
    bool is_first = true;
    for (size_t i = 0; i < query->narrowings.count; i++) {
        const struct search_narrowing *narrowing = &query->narrowings.items[i];
        if (narrowing->filter != filter || narrowing->is_excluded)
            continue;
        buf_append_string(out, is_first ? " AND (tags : (" : " OR ");
        if (!append_value(index, out, narrowing, err))
            return false;
        is_first = false;
    }
    if (!is_first)
        buf_append_string(out, "))");
    return true;
}

static bool append_excluded(struct index *index, struct buf *out,
                            const struct search_query *query, struct error *err)
{
    for (size_t i = 0; i < query->words.count; i++) {
        if (!query->words.items[i].is_excluded)
            continue;
        buf_append_string(out, " NOT ");
        append_word(out, &query->words.items[i]);
    }
    for (size_t i = 0; i < query->narrowings.count; i++) {
        if (!query->narrowings.items[i].is_excluded)
            continue;
        buf_append_string(out, " NOT (tags : (");
        if (!append_value(index, out, &query->narrowings.items[i], err))
            return false;
        buf_append_string(out, "))");
    }
    return true;
}

/* ((words AND filters) NOT ... NOT ...); where only is said what must not be
 * there, what must be is a node of any kind. */
static bool make_expression(struct index *index, struct buf *out,
                            const struct search_query *query, struct error *err)
{
    bool is_first = true, ok = true;
    buf_append_string(out, "(");
    for (size_t i = 0; i < query->words.count; i++) {
        if (query->words.items[i].is_excluded)
            continue;
        if (!is_first)
            buf_append_string(out, " AND ");
        append_word(out, &query->words.items[i]);
        is_first = false;
    }
    if (is_first)
        buf_append_string(out,
                          "(tags : (\"k0\" OR \"k1\" OR \"k2\" OR \"k3\"))");
    for (int i = 0; ok && i < SEARCH_FILTER_COUNT; i++)
        ok = append_filter(index, out, query, (enum search_filter)i, err);
    buf_append_string(out, ")");
    return ok && append_excluded(index, out, query, err);
}

/* The window. */

struct window {
    ARRAY_OF(int64_t) ids;
    size_t max;
};

static int64_t seconds(int64_t unix_ms)
{
    return unix_ms > 0 ? unix_ms / 1000 : 0;
}

static bool read_window(struct index *index, const struct search_query *query,
                        struct slice expression, struct window *window,
                        struct error *err)
{
    int64_t drift = 0;
    struct db_query *search = index_query(index, SEARCH, err);
    if (!search ||
        !db_number(index->db, "SELECT value FROM state WHERE name='drift'",
                   &drift, err))
        return false;
    int64_t last =
        query->until == INT64_MAX ? INT64_MAX : seconds(query->until) + drift;
    db_bind_text(search, 1, expression);
    db_bind_number(search, 2, seconds(query->since));
    db_bind_number(search, 3, last);
    enum db_step step = DB_DONE;
    while (window->ids.count < window->max &&
           (step = db_step(search, err)) == DB_ROW)
        *array_add(&window->ids) = db_column_number(search, 0);
    db_reset(search);
    return step != DB_FAILED;
}

/* Hits. */

/* What of a candidate is kept until it is known which are shown. */
struct candidate {
    int64_t id, at;
    double score;
};

struct weighing {
    struct index *index;
    const struct search_query *query;
    ARRAY_OF(struct candidate) candidates;
    struct match match;
    size_t bytes; /* of texts that were read */
    struct error *err;
};

static struct db_query *read_place(struct weighing *weighing, int64_t id)
{
    struct db_query *query =
        index_query(weighing->index, READ_PLACE, weighing->err);
    if (!query)
        return NULL;
    db_bind_number(query, 1, id);
    return db_step(query, weighing->err) == DB_ROW ? query : NULL;
}

/* A long text is looked at as far as its beginning goes, unless the words are
 * further on. */
static void match_place(struct weighing *weighing, struct slice text,
                        bool is_shown)
{
    struct slice head = text;
    if (head.len > MATCH_TEXT_MAX)
        head.len = MATCH_TEXT_MAX;
    match_text(&weighing->match, weighing->query, head);
    if (is_shown && !weighing->match.spans.count && head.len < text.len)
        match_text(&weighing->match, weighing->query, text);
    weighing->bytes += text.len;
}

static bool weigh(struct weighing *weighing, int64_t id)
{
    struct db_query *query = read_place(weighing, id);
    if (!query)
        return false;
    struct candidate candidate = { .id = id, .at = db_column_number(query, 2) };
    match_place(weighing, db_column_bytes(query, 4), false);
    candidate.score = weighing->match.score;
    db_reset(query);
    if (candidate.at >= weighing->query->since &&
        candidate.at <= weighing->query->until)
        *array_add(&weighing->candidates) = candidate;
    return true;
}

static int compare_candidates(const void *one, const void *other)
{
    const struct candidate *a = one, *b = other;
    if (a->score > b->score || a->score < b->score)
        return a->score > b->score ? -1 : 1;
    if (a->at != b->at)
        return a->at > b->at ? -1 : 1;
    return (a->id < b->id) - (a->id > b->id);
}

static char *copy(struct slice text)
{
    return memory_copy(text.ptr, text.len);
}

/* The first tag of a letter names the model or the tool. */
static char *name_of(struct weighing *weighing, struct slice tags, char letter)
{
    char needle[] = { ' ', letter, '\0' };
    ptrdiff_t at = slice_find(tags, needle);
    struct db_query *query =
        at < 0 ? NULL : index_query(weighing->index, NAME_OF, weighing->err);
    char *name = NULL;
    if (query) {
        char *digits = copy(slice_skip(tags, (size_t)at + 2));
        db_bind_number(query, 1, strtoll(digits, NULL, 10));
        free(digits);
        if (db_step(query, weighing->err) == DB_ROW) {
            name = copy(db_column_bytes(query, 0));
            db_reset(query);
        }
    }
    return name ? name : memory_string("");
}

static bool add_hit(struct weighing *weighing,
                    const struct candidate *candidate, struct search_hits *hits)
{
    struct db_query *query = read_place(weighing, candidate->id);
    if (!query)
        return false;
    struct search_hit *hit = array_add(&hits->items);
    struct slice text = db_column_bytes(query, 4);
    *hit = (struct search_hit){
        .node_id = (uint64_t)db_column_number(query, 0),
        .kind = (enum node_kind)db_column_number(query, 1),
        .at = candidate->at,
        .title = copy(db_column_bytes(query, 6)),
        .score = candidate->score,
    };
    snprintf(hit->id.text, sizeof hit->id.text, "%.*s",
             SLICE_ARG(db_column_bytes(query, 5)));
    hit->who = name_of(weighing, db_column_bytes(query, 3),
                       hit->kind == NODE_TOOL_RESULT ? 't' : 'm');
    match_place(weighing, text, true);
    snippet_make(&hit->snippet, &weighing->match, text);
    db_reset(query);
    return true;
}

static bool weigh_all(struct weighing *weighing, const struct window *window,
                      size_t limit, struct search_hits *hits)
{
    bool ok = true;
    size_t i = 0;
    for (; ok && i < window->ids.count && weighing->bytes < SEARCH_WINDOW_BYTES;
         i++)
        ok = weigh(weighing, window->ids.items[i]);
    size_t count = weighing->candidates.count;
    hits->has_more = i < window->ids.count || i == window->max || count > limit;
    if (count)
        qsort(weighing->candidates.items, count,
              sizeof *weighing->candidates.items, compare_candidates);
    for (size_t j = 0; ok && j < count && j < limit; j++)
        ok = add_hit(weighing, &weighing->candidates.items[j], hits);
    return ok;
}

static bool search(struct weighing *weighing, size_t limit,
                   struct search_hits *hits)
{
    struct buf expression = { 0 };
    struct window window = { .max = SEARCH_WINDOW };
    if (window.max < limit)
        window.max = limit < SEARCH_WINDOW_MAX ? limit : SEARCH_WINDOW_MAX;
    bool ok = make_expression(weighing->index, &expression, weighing->query,
                              weighing->err) &&
              read_window(weighing->index, weighing->query,
                          buf_slice(&expression), &window, weighing->err) &&
              weigh_all(weighing, &window, limit, hits);
    buf_clear(&expression);
    array_clear(&window.ids);
    return ok;
}

enum index_result index_search(struct index *index,
                               const struct search_query *query, size_t limit,
                               struct search_hits *hits, struct error *err)
{
    struct weighing weighing = { .index = index, .query = query, .err = err };
    *hits = (struct search_hits){ 0 };
    *err = (struct error){ 0 };
    /* All reads see the same state. */
    bool ok = db_run(index->db, "BEGIN", err) && search(&weighing, limit, hits);
    array_clear(&weighing.candidates);
    match_clear(&weighing.match);
    if (ok) {
        db_rollback(index->db);
        return INDEX_DONE;
    }
    search_hits_clear(hits);
    if (err->kind == ERROR_USAGE) {
        db_rollback(index->db);
        return INDEX_FAILED;
    }
    return index_outcome(index, err);
}

void search_hits_clear(struct search_hits *hits)
{
    for (size_t i = 0; i < hits->items.count; i++) {
        struct search_hit *hit = &hits->items.items[i];
        free(hit->title);
        free(hit->who);
        snippet_clear(&hit->snippet);
    }
    array_clear(&hits->items);
    hits->has_more = false;
}
