/* SPDX-License-Identifier: MIT */
#include "graph/jsonl.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "graph/event_line.h"

static const char format_name[] = "sennit-session";

void jsonl_append_head(struct buf *out, const struct log *log, struct slice id,
                       struct slice title)
{
    struct event first = { 0 };
    log_read(log, 1, &first);
    buf_printf(out, "{\"format\":\"%s\",\"version\":%d,\"id\":", format_name,
               JSONL_VERSION);
    json_append_quoted(out, id);
    buf_append_string(out, ",\"title\":");
    json_append_quoted(out, title);
    buf_printf(out, ",\"created\":%" PRId64 ",\"events\":%" PRIu64 "}\n",
               first.at, log_last_seq(log));
}

void jsonl_append(struct buf *out, const struct log *log, uint64_t seq,
                  struct buf *scratch)
{
    event_line_append(out, log, seq, scratch);
    buf_append_char(out, '\n');
}

/* Reading. */

static void complain(struct jsonl *jsonl, const char *format, ...)
    PRINTF_LIKE(2, 3);

static void complain(struct jsonl *jsonl, const char *format, ...)
{
    va_list arguments;
    if (jsonl->told++ >= JSONL_TOLD_MAX)
        return;
    va_start(arguments, format);
    buf_vprintf(&jsonl->complaints, format, arguments);
    va_end(arguments);
    buf_append_char(&jsonl->complaints, '\n');
}

/* In place of what is lost stand events of no type, as where a session's own
 * file is damaged. */
static void skip(struct jsonl *jsonl, uint64_t last)
{
    while (log_last_seq(jsonl->log) < last) {
        struct event nothing = { .type = EVENT_NONE, .at = 1 };
        log_append(jsonl->log, &nothing);
        jsonl->lost++;
    }
}

static bool read_head(struct jsonl *jsonl, struct slice line, uint64_t *events,
                      struct error *err)
{
    struct error parse_err;
    uint64_t version = 0;
    json_t *head = json_parse_strict(line, &parse_err);
    bool is_ours = slice_is(json_slice(head, "format"), format_name) &&
                   json_count(head, "version", &version);
    if (is_ours) {
        buf_append_slice(&jsonl->id, json_slice(head, "id"));
        json_count(head, "events", events);
    }
    json_decref(head);
    if (!is_ours)
        return error_set(err, ERROR_USAGE,
                         "it is no exported session: its first line would say "
                         "\"format\":\"%s\"; sennit export ID --as jsonl makes "
                         "one",
                         format_name);
    return version == JSONL_VERSION ||
           error_set(err, ERROR_USAGE,
                     "it is of version %" PRIu64 " of the format, and this "
                     "sennit reads version %d; a newer one reads it",
                     version, JSONL_VERSION);
}

/* Where the event of a line belongs. */
static bool find_place(struct jsonl *jsonl, const struct event_line *line,
                       uint64_t number, struct error *err)
{
    uint64_t next = log_last_seq(jsonl->log) + 1;
    if (!line->seq || line->seq == next)
        return true;
    if (line->seq < next || line->seq - next > JSONL_GAP_MAX - jsonl->lost)
        return error_set(err, ERROR_PROTOCOL,
                         "it is event %" PRIu64 ", and %" PRIu64
                         " would be next",
                         line->seq, next);
    complain(jsonl,
             "before line %" PRIu64 " %" PRIu64 " event%s missing: the place "
             "stays empty",
             number, line->seq - next, line->seq - next == 1 ? " is" : "s are");
    skip(jsonl, line->seq - 1);
    return true;
}

static bool take_line(struct jsonl *jsonl, struct event_line *line,
                      struct slice text, uint64_t number, struct error *err)
{
    struct event event;
    if (!event_line_parse(line, text, err) ||
        !find_place(jsonl, line, number, err))
        return false;
    log_append_packed(jsonl->log, buf_slice(&line->packed), &event);
    jsonl->newer += line->is_newer;
    return true;
}

/* A line that cannot be read may have been the next event: the seq of the line
 * after it says so. */
static void read_lines(struct jsonl *jsonl, struct slice rest)
{
    struct slice text;
    struct event_line line = { 0 };
    for (uint64_t number = 2;; number++) {
        struct error err;
        bool is_whole = rest.len && memchr(rest.ptr, '\n', rest.len) != NULL;
        if (!slice_next_line(&rest, &text))
            break;
        if (!slice_trim(text).len ||
            take_line(jsonl, &line, text, number, &err))
            continue;
        if (is_whole)
            complain(jsonl, "line %" PRIu64 " was left out: %s", number,
                     err.text);
        else
            complain(jsonl,
                     "the file ends in the middle of line %" PRIu64
                     ": all before it was read",
                     number);
    }
    event_line_clear(&line);
}

bool jsonl_read(struct jsonl *jsonl, struct slice text, struct error *err)
{
    struct slice rest = text, head = { 0 };
    uint64_t events = 0;
    *jsonl = (struct jsonl){ .log = log_new() };
    slice_next_line(&rest, &head);
    if (!read_head(jsonl, head, &events, err))
        return false;
    read_lines(jsonl, rest);
    uint64_t last = log_last_seq(jsonl->log);
    if (last < events)
        complain(jsonl,
                 "the file has %" PRIu64 " of the %" PRIu64
                 " events that its first line speaks of",
                 last, events);
    if (jsonl->newer)
        complain(jsonl,
                 "%" PRIu64 " events say things that this version of sennit "
                 "does not know: those were left out",
                 jsonl->newer);
    return true;
}

void jsonl_clear(struct jsonl *jsonl)
{
    log_free(jsonl->log);
    buf_clear(&jsonl->id);
    buf_clear(&jsonl->complaints);
    *jsonl = (struct jsonl){ 0 };
}
