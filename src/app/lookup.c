/* SPDX-License-Identifier: MIT */
#include "app/lookup.h"

#include <time.h>
#include <unistd.h>

#include "app/print.h"
#include "app/setup.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/json.h"
#include "base/path.h"
#include "store/librarian.h"

enum {
    LIMIT = 20,       /* hits, where nobody said another number */
    LATER_TRIES = 40, /* while others have the index */
    LATER_MS = 50,
};

/* What the thread of the disk does, and finds. */
struct lookup {
    const struct store *store;
    struct search_query query;
    size_t limit;
    struct search_hits hits;
    enum index_result result;
    struct error stale; /* why something may be missing; no kind: nothing is */
    struct error err;
};

/* Others have it for moments: nothing else waits for this thread. */
static enum index_result read_all(struct lookup *lookup, struct index *index)
{
    struct timespec pause = { .tv_nsec = LATER_MS * 1000 * 1000 };
    enum index_result result = INDEX_LATER;
    for (int i = 0; i < LATER_TRIES && result == INDEX_LATER; i++) {
        if (i)
            nanosleep(&pause, NULL);
        result = librarian_read_all(index, lookup->store, &lookup->stale);
    }
    if (result == INDEX_LATER)
        error_set(&lookup->stale, ERROR_SYSTEM,
                  "others write to the index just now");
    else if (result == INDEX_DONE)
        lookup->stale = (struct error){ 0 };
    return result;
}

static void search(struct lookup *lookup, struct index *index)
{
    struct timespec pause = { .tv_nsec = LATER_MS * 1000 * 1000 };
    lookup->result = INDEX_LATER;
    for (int i = 0; i < LATER_TRIES && lookup->result == INDEX_LATER; i++) {
        if (i)
            nanosleep(&pause, NULL);
        lookup->result = index_search(index, &lookup->query, lookup->limit,
                                      &lookup->hits, &lookup->err);
    }
    if (lookup->result == INDEX_LATER)
        error_set(&lookup->err, ERROR_SYSTEM,
                  "others write to the index just now; try again");
}

static void do_lookup(void *job)
{
    struct lookup *lookup = job;
    struct buf path = { 0 };
    struct index *index = NULL;
    lookup->result = INDEX_FAILED;
    store_path(lookup->store, &path, "index.db");
    if (path_make_way(path.ptr, &lookup->err))
        index = index_open(path.ptr, &lookup->err);
    if (index) {
        read_all(lookup, index);
        search(lookup, index);
    }
    index_close(index);
    buf_clear(&path);
}

/* JSON. */

static json_t *text_json(struct slice text)
{
    struct buf valid = { 0 };
    utf8_append_valid(&valid, text);
    json_t *json = json_stringn(buf_string(&valid), valid.len);
    buf_clear(&valid);
    return json;
}

static json_t *marks_json(const struct snippet *snippet)
{
    json_t *marks = json_array();
    for (size_t i = 0; i < snippet->marks.count; i++) {
        const struct match_span *span = &snippet->marks.items[i];
        json_array_append_new(marks, json_pack("[i,i]", (int)span->begin,
                                               (int)(span->end - span->begin)));
    }
    return marks;
}

static json_t *hit_json(const struct search_hit *hit)
{
    json_t *object = json_object();
    struct buf when = { 0 };
    date_append(&when, hit->at / 1000);
    json_object_set_new(object, "session", json_string(hit->id.text));
    json_object_set_new(object, "node", json_integer((json_int_t)hit->node_id));
    json_object_set_new(object, "title", text_json(slice_of(hit->title)));
    json_object_set_new(object, "kind",
                        json_string(search_kind_name((size_t)hit->kind)));
    json_object_set_new(
        object, "who", *hit->who ? text_json(slice_of(hit->who)) : json_null());
    json_object_set_new(object, "at", json_string(buf_string(&when)));
    json_object_set_new(object, "text",
                        text_json(buf_slice(&hit->snippet.text)));
    json_object_set_new(object, "marks", marks_json(&hit->snippet));
    buf_clear(&when);
    return object;
}

static void append_json(const struct search_hits *hits, bool is_stream,
                        struct buf *out)
{
    json_t *array = json_array();
    for (size_t i = 0; i < hits->items.count; i++) {
        json_t *object = hit_json(&hits->items.items[i]);
        if (is_stream) {
            json_append_value(out, object);
            buf_append_char(out, '\n');
        }
        json_array_append_new(array, object);
    }
    if (!is_stream) {
        json_append_value(out, array);
        buf_append_char(out, '\n');
    }
    json_decref(array);
}

/* Lines. */

static const char *who(const struct search_hit *hit)
{
    return *hit->who ? hit->who : search_kind_name((size_t)hit->kind);
}

static void append_local(struct buf *out, int64_t unix_ms)
{
    char words[32];
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm calendar;
    if (localtime_r(&seconds, &calendar))
        buf_append(out, words,
                   strftime(words, sizeof words, "%Y-%m-%d %H:%M", &calendar));
}

static void print_snippet(struct print *out, const struct snippet *snippet)
{
    struct slice text = buf_slice(&snippet->text);
    size_t at = 0;
    for (size_t i = 0; i < snippet->marks.count; i++) {
        const struct match_span *span = &snippet->marks.items[i];
        print_text(out, (struct slice){ text.ptr + at, span->begin - at });
        print_strong(out, (struct slice){ text.ptr + span->begin,
                                          span->end - span->begin });
        at = span->end;
    }
    print_text(out, slice_skip(text, at));
}

static void print_hit(struct print *out, const struct search_hit *hit)
{
    struct buf line = { 0 };
    buf_printf(&line, "%s  ", hit->id.text);
    append_local(&line, hit->at);
    buf_append_string(&line, "  ");
    filter_line(&line, slice_of(who(hit)));
    buf_append_string(&line, "  ");
    filter_line(&line, slice_of(hit->title));
    buf_append_string(&line, "\n    ");
    print_text(out, buf_slice(&line));
    print_snippet(out, &hit->snippet);
    print_text(out, slice_of("\n"));
    buf_clear(&line);
}

static void append_tabs(struct buf *out, const struct search_hit *hit)
{
    buf_printf(out, "%s\t%llu\t", hit->id.text,
               (unsigned long long)hit->node_id);
    date_append(out, hit->at / 1000);
    buf_append_char(out, '\t');
    filter_line(out, slice_of(who(hit)));
    buf_append_char(out, '\t');
    filter_line(out, slice_of(hit->title));
    buf_append_char(out, '\t');
    filter_line(out, buf_slice(&hit->snippet.text));
    buf_append_char(out, '\n');
}

static void print_lines(struct print *out, const struct search_hits *hits)
{
    struct buf lines = { 0 };
    for (size_t i = 0; i < hits->items.count; i++) {
        if (out->is_terminal)
            print_hit(out, &hits->items.items[i]);
        else
            append_tabs(&lines, &hits->items.items[i]);
    }
    print_text(out, buf_slice(&lines));
    buf_clear(&lines);
}

static void tell(const struct lookup *lookup, bool is_terminal)
{
    size_t count = lookup->hits.items.count;
    if (lookup->stale.kind != ERROR_NONE)
        print_notice("%s; the newest may be missing", lookup->stale.text);
    if (!count)
        print_notice("nothing is found");
    else if (lookup->hits.has_more && is_terminal)
        print_notice("there may be more: --limit, a further word or since: "
                     "and until: show them");
}

static int print_hits(const struct lookup *lookup, const struct cli *cli)
{
    struct print out;
    struct buf text = { 0 };
    print_init(&out, STDOUT_FILENO);
    if (cli->output != OUTPUT_TEXT) {
        append_json(&lookup->hits, cli->output == OUTPUT_STREAM_JSON, &text);
        print_text(&out, buf_slice(&text));
    } else {
        print_lines(&out, &lookup->hits);
    }
    print_end(&out);
    int status = print_status(&out);
    tell(lookup, out.is_terminal);
    print_clear(&out);
    buf_clear(&text);
    return status ? status : !lookup->hits.items.count;
}

/* An argument that the shell has kept in one piece may be words, a phrase in
 * quotes of its own, anything. */
static bool parse_words(struct lookup *lookup, const struct cli *cli)
{
    struct buf text = { 0 };
    for (size_t i = 0; i < cli->words.count; i++)
        buf_printf(&text, "%s%s", i ? " " : "", cli->words.items[i]);
    bool ok = search_query_parse(&lookup->query, buf_slice(&text),
                                 clock_wall_ms(), false, &lookup->err);
    buf_clear(&text);
    return ok;
}

int lookup_run(const struct cli *cli)
{
    struct setup setup = { 0 };
    struct lookup lookup = { .limit = cli->limit ? cli->limit : LIMIT,
                             .result = INDEX_FAILED };
    int status;
    if (parse_words(&lookup, cli) && setup_open_store(&setup, &lookup.err)) {
        lookup.store = setup.store;
        setup_do(&setup, do_lookup, &lookup);
    }
    if (lookup.result == INDEX_DONE) {
        status = print_hits(&lookup, cli);
    } else {
        print_notice("%s", lookup.err.text);
        /* 1 is "nothing found". */
        status = error_exit_status(
            lookup.err.kind == ERROR_LIMIT ? ERROR_USAGE : lookup.err.kind);
    }
    search_hits_clear(&lookup.hits);
    search_query_clear(&lookup.query);
    setup_clear(&setup);
    return status;
}
