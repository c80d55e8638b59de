/* SPDX-License-Identifier: MIT */
#include "graph/event_line.h"

#include <inttypes.h>
#include <string.h>

#include "base/base64.h"
#include "base/json.h"

/* Reading. */

/* What the texts of an event were read into. */
struct pieces {
    struct buf items[EVENT_FIELDS_MAX];
    size_t count;
};

static void pieces_clear(struct pieces *pieces)
{
    for (size_t i = 0; i < pieces->count; i++)
        buf_clear(&pieces->items[i]);
}

static bool is_wrong(const char *name, const char *what, struct error *err)
{
    return error_set(err, ERROR_PROTOCOL, "its \"%s\" is no %s", name, what);
}

static bool read_textual(struct event *event, enum event_field field,
                         const json_t *value, struct pieces *pieces,
                         struct error *err)
{
    const char *name = event_field_name(field);
    enum field_kind kind = event_field_kind(field);
    struct slice text = json_string_slice(value);
    if (kind != FIELD_KIND_JSON && !json_is_string(value))
        return is_wrong(name, "text", err);
    if (kind != FIELD_KIND_TEXT) {
        struct buf *piece = &pieces->items[pieces->count++];
        if (kind == FIELD_KIND_JSON)
            json_append_value(piece, value);
        else if (!base64_decode(piece, text))
            return is_wrong(name, "base64", err);
        text = buf_slice(piece);
    }
    event_add_text(event, field, text);
    return true;
}

static bool read_field(struct event *event, enum event_field field,
                       const json_t *value, struct pieces *pieces,
                       struct error *err)
{
    const char *name = event_field_name(field);
    switch (event_field_kind(field)) {
    case FIELD_KIND_NUMBER:
        if (!json_is_integer(value) || json_integer_value(value) < 0)
            return is_wrong(name, "whole number", err);
        event_add_number(event, field, (uint64_t)json_integer_value(value));
        return true;
    case FIELD_KIND_REAL:
        if (!json_is_number(value))
            return is_wrong(name, "number", err);
        event_add_real(event, field, json_number_value(value));
        return true;
    case FIELD_KIND_FLAG:
        if (!json_is_boolean(value))
            return is_wrong(name, "true or false", err);
        event_add_number(event, field, json_is_true(value));
        return true;
    default: return read_textual(event, field, value, pieces, err);
    }
}

static enum event_field find_field(enum event_type type, const char *name)
{
    for (enum event_field field = FIELD_NONE + 1; field < FIELD_COUNT; field++)
        if (event_type_carries(type, field) &&
            !strcmp(event_field_name(field), name))
            return field;
    return FIELD_NONE;
}

/* "at" is the stamp, also of those events that have a field of this name: who
 * means that one packs it. */
static bool is_stamp(const char *name)
{
    return !strcmp(name, "type") || !strcmp(name, "seq") ||
           !strcmp(name, "run") || !strcmp(name, "attempt") ||
           !strcmp(name, "at");
}

static bool read_stamp(const json_t *value, const char *name, uint64_t max,
                       uint64_t *stamp, struct error *err)
{
    const json_t *member = json_object_get(value, name);
    *stamp = 0;
    if (!member)
        return true;
    if (!json_is_integer(member) || json_integer_value(member) < 0 ||
        (uint64_t)json_integer_value(member) > max)
        return is_wrong(name, "number that it may be", err);
    *stamp = (uint64_t)json_integer_value(member);
    return true;
}

static bool read_stamps(struct event *event, const json_t *value,
                        struct error *err)
{
    const json_t *at = json_object_get(value, "at");
    uint64_t run, attempt;
    if (!read_stamp(value, "seq", INT64_MAX, &event->seq, err) ||
        !read_stamp(value, "run", UINT32_MAX, &run, err) ||
        !read_stamp(value, "attempt", UINT32_MAX, &attempt, err))
        return false;
    if (at && !json_is_integer(at))
        return is_wrong("at", "time", err);
    event->run = (uint32_t)run;
    event->attempt = (uint32_t)attempt;
    event->at = json_integer_value(at);
    return true;
}

static bool read_fields(struct event *event, json_t *value,
                        struct pieces *pieces, bool *is_newer,
                        struct error *err)
{
    const char *name;
    json_t *member;
    json_object_foreach(value, name, member)
    {
        enum event_field field = find_field(event->type, name);
        if (is_stamp(name))
            continue;
        if (field == FIELD_NONE || event->field_count == EVENT_FIELDS_MAX)
            *is_newer = true;
        else if (!read_field(event, field, member, pieces, err))
            return false;
    }
    return true;
}

static bool read_object(struct event_line *line, json_t *value,
                        struct error *err)
{
    struct event event = { 0 };
    struct pieces pieces = { 0 };
    struct slice type = json_slice(value, "type");
    if (!type.len)
        return error_set(err, ERROR_PROTOCOL, "it has no \"type\"");
    event.type = event_type_parse(type);
    line->is_newer = event.type == EVENT_NONE &&
                     !slice_is(type, event_type_name(EVENT_NONE));
    bool ok = read_stamps(&event, value, err) &&
              read_fields(&event, value, &pieces, &line->is_newer, err);
    if (ok) {
        line->seq = event.seq;
        event_pack(&line->packed, &event, 0);
    }
    pieces_clear(&pieces);
    return ok;
}

static bool parse_object(struct event_line *line, struct slice text,
                         struct error *err)
{
    json_t *value = json_parse_strict(text, err);
    if (!value)
        return false;
    bool ok = json_is_object(value)
                  ? read_object(line, value, err)
                  : error_set(err, ERROR_PROTOCOL, "it is no JSON object");
    json_decref(value);
    return ok;
}

static const char packed_start[] = ",\"packed\":\"";
static const char packed_end[] = "\"}";

/* Take a last member "packed" off. No quote inside of a string stands bare, so
 * that no text can look like one. */
static bool split_packed(struct slice *text, struct slice *letters)
{
    size_t start_len = strlen(packed_start), end_len = strlen(packed_end);
    if (text->len < start_len + end_len ||
        memcmp(text->ptr + text->len - end_len, packed_end, end_len) != 0)
        return false;
    size_t end = text->len - end_len, start = end;
    while (start > 0 && text->ptr[start - 1] != '"')
        start--;
    if (start < start_len ||
        memcmp(text->ptr + start - start_len, packed_start, start_len) != 0)
        return false;
    *letters = (struct slice){ text->ptr + start, end - start };
    text->len = start - start_len;
    return true;
}

/* What stands before it says no more than the seq, and must be an event. */
static bool take_packed(struct event_line *line, struct slice letters,
                        struct error *err)
{
    struct event event;
    buf_reset(&line->packed);
    line->is_newer = false;
    if (base64_decode(&line->packed, letters) && line->packed.len &&
        event_unpack(&event, buf_slice(&line->packed), 0) == line->packed.len)
        return true;
    return error_set(err, ERROR_PROTOCOL, "its \"packed\" is no event");
}

bool event_line_parse(struct event_line *line, struct slice text,
                      struct error *err)
{
    struct slice letters;
    struct buf head = { 0 };
    line->seq = 0;
    line->is_newer = false;
    buf_reset(&line->packed);
    text = slice_trim(text);
    if (!split_packed(&text, &letters))
        return parse_object(line, text, err);
    buf_append_slice(&head, text);
    buf_append_char(&head, '}');
    bool ok = parse_object(line, buf_slice(&head), err) &&
              take_packed(line, letters, err);
    buf_clear(&head);
    return ok;
}

void event_line_clear(struct event_line *line)
{
    buf_clear(&line->packed);
}

/* Writing. */

/* Larger events are not said in JSON: escaped, one could be more than
 * JSON_TEXT_MAX. */
enum { SAID_MAX = JSON_TEXT_MAX / 8 };

/* Whether reading the line gives these very bytes; *is_legible: it can be
 * read. */
static bool is_enough(struct slice text, struct slice packed, bool *is_legible)
{
    struct event_line line = { 0 };
    struct error err;
    *is_legible = parse_object(&line, text, &err);
    bool is_same = *is_legible && slice_equal(buf_slice(&line.packed), packed);
    event_line_clear(&line);
    return is_same;
}

static void append_packed(struct buf *out, struct slice packed)
{
    buf_truncate(out, out->len - 1); /* the closing bracket */
    buf_append_string(out, packed_start);
    base64_append(out, packed);
    buf_append_string(out, packed_end);
}

void event_line_append(struct buf *out, const struct log *log, uint64_t seq,
                       struct buf *scratch)
{
    struct event event;
    size_t start = out->len;
    bool is_legible = false;
    buf_reset(scratch);
    if (!log_read(log, seq, &event) || !log_packed(log, seq, scratch))
        return;
    struct slice packed = buf_slice(scratch);
    if (packed.len <= SAID_MAX) {
        event_to_json(out, &event);
        struct slice text = { out->ptr + start, out->len - start };
        if (is_enough(text, packed, &is_legible))
            return;
    }
    if (!is_legible) {
        buf_truncate(out, start);
        buf_printf(out, "{\"type\":\"%s\",\"seq\":%" PRIu64 "}",
                   event_type_name(event.type), seq);
    }
    append_packed(out, packed);
}
