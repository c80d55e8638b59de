/* SPDX-License-Identifier: MIT */
#include "app/where.h"

#include <stdlib.h>
#include <unistd.h>

#include <jansson.h>

#include "app/inquiry.h"
#include "app/print.h"
#include "base/buf.h"
#include "store/journal.h"
#include "ui/receipt.h"

/* What is said, once for both forms. NULL and 0: there is none. */
struct where {
    const char *endpoint, *dialect, *url, *trust, *model, *reason, *error;
    const char *key_source, *proxy;
    const char *private_by; /* why nothing goes to a vendor */
    bool has_key, is_clear, is_pinned;
    uint64_t window;
    const struct survey *survey; /* NULL: nothing is kept */
};

static const char *trust_of(const struct route *route)
{
    if (route->endpoint->dialect->is_builtin)
        return "builtin";
    return route->is_vendor ? "vendor" : "own";
}

/* A key is spoken of where one was found or promised. */
static void note_endpoint(struct where *where, const struct route *route,
                          struct buf *proxy)
{
    const struct endpoint *endpoint = route->endpoint;
    where->endpoint = endpoint->name;
    where->dialect = endpoint->dialect->name;
    where->url = *endpoint->shown_url ? endpoint->shown_url : NULL;
    where->trust = trust_of(route);
    where->has_key = endpoint_key(endpoint) != NULL;
    if (where->has_key || !endpoint->is_from_environment)
        where->key_source = endpoint->key_source;
    where->is_clear = endpoint_is_clear(endpoint);
    if (!endpoint->dialect->is_builtin)
        http_proxy_name(endpoint->url, endpoint->proxy, proxy);
    where->proxy = proxy->len ? buf_string(proxy) : NULL;
}

static void note_route(struct where *where, const struct route *route,
                       struct buf *proxy)
{
    bool is_known = route->verdict == ROUTE_TO;
    if (route->endpoint)
        note_endpoint(where, route, proxy);
    where->is_pinned = route->is_pinned;
    where->model = is_known ? route->model : NULL;
    where->reason = is_known ? route->reason : NULL;
    where->error = is_known ? NULL : route->err.text;
    where->window = route->window;
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *key_or_null(const struct where *where)
{
    if (!where->key_source)
        return json_null();
    return json_pack("{s:s, s:b, s:b}", "source", where->key_source, "present",
                     where->has_key, "in_clear", where->is_clear);
}

static json_t *sessions_or_null(const struct survey *survey)
{
    if (!survey || !survey->is_made)
        return json_null();
    json_t *room = survey->has_store && survey->room != UINT64_MAX
                       ? json_integer((json_int_t)survey->room)
                       : json_null();
    json_t *kind =
        survey->has_store ? json_string(survey->file_system) : json_null();
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "count",
                     (json_int_t)survey->sessions.count, "size",
                     (json_int_t)survey->sessions.size, "trash",
                     (json_int_t)survey->trash.count, "trash_size",
                     (json_int_t)survey->trash.size, "damaged",
                     (json_int_t)survey->aside.count, "free", room,
                     "file_system", kind);
}

static void write_json(struct buf *out, const struct where *where)
{
    json_t *root = json_object();
    json_object_set_new(root, "endpoint", text_or_null(where->endpoint));
    json_object_set_new(root, "dialect", text_or_null(where->dialect));
    json_object_set_new(root, "url", text_or_null(where->url));
    json_object_set_new(root, "trust", text_or_null(where->trust));
    json_object_set_new(root, "key", key_or_null(where));
    json_object_set_new(root, "proxy", text_or_null(where->proxy));
    json_object_set_new(root, "model", text_or_null(where->model));
    json_object_set_new(root, "pinned", json_boolean(where->is_pinned));
    json_object_set_new(root, "window",
                        where->window ? json_integer((json_int_t)where->window)
                                      : json_null());
    json_object_set_new(root, "reason", text_or_null(where->reason));
    json_object_set_new(root, "error", text_or_null(where->error));
    json_object_set_new(root, "private", text_or_null(where->private_by));
    json_object_set_new(root, "sessions", sessions_or_null(where->survey));
    json_object_set_new(root, "version", json_string(VERSION));
    char *text = json_dumps(root, JSON_COMPACT);
    buf_printf(out, "%s\n", text);
    free(text);
    json_decref(root);
}

static void write_line(struct buf *out, const char *name, const char *text)
{
    if (text)
        buf_printf(out, "%-9s %s\n", name, text);
}

static void write_sessions(struct buf *out, const struct survey *survey)
{
    if (!survey || !survey->is_made || !survey->has_store)
        return;
    buf_printf(out, "%-9s %zu, ", "sessions", survey->sessions.count);
    receipt_size(out, (size_t)survey->sessions.size);
    if (survey->trash.count)
        buf_printf(out, "; %zu in the trash", survey->trash.count);
    if (survey->aside.count)
        buf_printf(out, "; %zu damaged", survey->aside.count);
    if (survey->room != UINT64_MAX) {
        buf_append_string(out, "; free: ");
        receipt_size(out, (size_t)survey->room);
    }
    if (!survey->is_writable)
        buf_append_string(out, "; NOT WRITABLE, nothing is saved");
    else if (survey->room < JOURNAL_ROOM_MIN)
        buf_append_string(out, ", LITTLE");
    buf_append_char(out, '\n');
}

static void write_lines(struct buf *out, const struct where *where)
{
    write_line(out, "endpoint", where->endpoint);
    write_line(out, "dialect", where->dialect);
    write_line(out, "url", where->url);
    write_line(out, "trust", where->trust);
    if (where->key_source)
        buf_printf(out, "%-9s %s, %s%s\n", "key", where->key_source,
                   where->has_key ? "is there" : "is not there",
                   where->is_clear ? ", sent IN CLEAR" : "");
    write_line(out, "proxy", where->proxy);
    write_line(out, "model", where->model);
    if (where->window)
        buf_printf(out, "%-9s %llu tokens\n", "window",
                   (unsigned long long)where->window);
    write_line(out, "why", where->reason);
    write_line(out, "error", where->error);
    write_line(out, "private", where->private_by);
    write_sessions(out, where->survey);
}

static int print_where(const struct cli *cli, const struct inquiry *inquiry)
{
    const struct route *route = chat_next(inquiry->chat);
    const struct setup *setup = &inquiry->setup;
    struct where where = { .survey = setup->store ? &setup->survey : NULL };
    struct buf text = { 0 }, proxy = { 0 }, why = { 0 };
    struct print out;
    print_init(&out, STDOUT_FILENO);
    note_route(&where, route, &proxy);
    if (chat_is_private(inquiry->chat, &why))
        where.private_by = buf_string(&why);
    if (cli->output == OUTPUT_TEXT)
        write_lines(&text, &where);
    else
        write_json(&text, &where);
    print_text(&out, buf_slice(&text));
    print_end(&out);
    int status = print_status(&out);
    print_clear(&out);
    buf_clear(&text);
    buf_clear(&proxy);
    buf_clear(&why);
    return status ? status : error_exit_status(route->err.kind);
}

int where_run(const struct cli *cli)
{
    struct inquiry inquiry;
    struct error err = { 0 };
    int status;
    if (!inquiry_open(&inquiry, cli, NULL, &err)) {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    } else {
        inquiry_ask_next(&inquiry);
        setup_survey(&inquiry.setup);
        status = inquiry.signal_number ? 128 + inquiry.signal_number
                                       : print_where(cli, &inquiry);
    }
    inquiry_close(&inquiry);
    return status;
}
