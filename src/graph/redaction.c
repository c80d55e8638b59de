/* SPDX-License-Identifier: MIT */
#include "graph/redaction.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/json.h"
#include "base/json_string.h"
#include "graph/needle.h"

const char redaction_mark[] = "[redacted]";

/* A text that comes in pieces, one for each event. */
struct piece {
    uint64_t seq;
    size_t offset;
};

struct stream {
    enum event_type type;
    uint32_t run, attempt;
    uint64_t call;
    bool has_ended; /* its server began the answer anew */
    struct buf text;
    ARRAY_OF(struct piece) pieces;
};

/* What a piece is to hold now. */
struct change {
    uint64_t seq;
    struct buf text;
};

struct answer {
    uint32_t run, attempt;
};

struct redaction {
    struct needle needle;
    ARRAY_OF(struct stream) streams;
    ARRAY_OF(struct change) changes; /* by seq */
    ARRAY_OF(struct answer) answers; /* that are not as they were */
    uint64_t places;
};

/* Texts. */

/* Append the part [start, end) of a text whose matches are replaced; the mark
 * belongs to where a match begins. */
static void append_part(struct buf *out, struct slice text,
                        const struct needle_matches *matches, size_t start,
                        size_t end)
{
    size_t at = start;
    for (size_t i = 0; i < matches->list.count && at < end; i++) {
        const struct needle_match *match = &matches->list.items[i];
        size_t match_end = match->start + match->len;
        if (match_end <= at)
            continue;
        if (match->start >= end)
            break;
        if (match->start >= at) {
            buf_append(out, text.ptr + at, match->start - at);
            buf_append_string(out, redaction_mark);
        }
        at = match_end < end ? match_end : end;
    }
    buf_append(out, text.ptr + at, end - at);
}

static size_t replace(struct buf *out, struct slice text,
                      const struct needle *needle)
{
    struct needle_matches matches = { 0 };
    needle_find(needle, text, &matches);
    append_part(out, text, &matches, 0, text.len);
    size_t count = matches.list.count;
    array_clear(&matches.list);
    return count;
}

uint64_t redaction_append(struct buf *out, struct slice bytes,
                          struct slice text)
{
    struct needle needle;
    needle_init(&needle, text);
    uint64_t count = replace(out, bytes, &needle);
    needle_clear(&needle);
    return count;
}

/* JSON: what its strings say, however they are written, and numbers. */

static struct slice take_string(struct buf *out, struct slice json,
                                const struct needle *needle, size_t *count)
{
    struct json_string string = { 0 };
    struct buf text = { 0 }, clean = { 0 };
    size_t len = 1 + json_string_feed(&string, slice_skip(json, 1));
    json_string_append(&text, &string);
    size_t found = replace(&clean, buf_slice(&text), needle);
    if (found)
        json_append_quoted(out, buf_slice(&clean));
    else
        buf_append(out, json.ptr, len);
    *count += found;
    json_string_clear(&string);
    buf_clear(&text);
    buf_clear(&clean);
    return slice_skip(json, len);
}

static struct slice take_word(struct buf *out, struct slice json,
                              const struct needle *needle, size_t *count)
{
    struct slice word = { json.ptr, 1 };
    if (!strchr("{}[]:, \t\r\n", json.ptr[0]))
        while (word.len < json.len &&
               !memchr("{}[]:, \t\r\n\"", json.ptr[word.len], 11))
            word.len++;
    if (needle_is_in(needle, word)) {
        json_append_quoted(out, slice_of(redaction_mark));
        ++*count;
    } else {
        buf_append_slice(out, word);
    }
    return slice_skip(json, word.len);
}

/* A text that holds quotes may lie across what JSON is made of: then nothing of
 * the value is left. */
static size_t replace_json(struct buf *out, struct slice json,
                           const struct needle *needle)
{
    size_t count = 0, start = out->len;
    for (struct slice rest = json; rest.len;)
        rest = rest.ptr[0] == '"' ? take_string(out, rest, needle, &count)
                                  : take_word(out, rest, needle, &count);
    struct slice made = { out->ptr + start, out->len - start };
    if (made.len && needle_is_in(needle, made)) {
        buf_truncate(out, start);
        json_append_quoted(out, slice_of(redaction_mark));
        count++;
    }
    return count;
}

/* Streams. */

static enum event_field stream_field(enum event_type type)
{
    switch (type) {
    case EVENT_TEXT_DELTA:
    case EVENT_THINKING_DELTA:
    case EVENT_TOOL_OUTPUT: return FIELD_TEXT;
    case EVENT_TOOL_CALL_DELTA: return FIELD_ARGUMENTS;
    default: return FIELD_NONE;
    }
}

/* The newest ones are those that go on. */
static struct stream *find_stream(struct redaction *redaction,
                                  const struct event *event)
{
    uint64_t call = event_type_carries(event->type, FIELD_CALL)
                        ? event_number(event, FIELD_CALL)
                        : 0;
    for (size_t i = redaction->streams.count; i-- > 0;) {
        struct stream *stream = &redaction->streams.items[i];
        if (!stream->has_ended && stream->type == event->type &&
            stream->run == event->run && stream->attempt == event->attempt &&
            stream->call == call)
            return stream;
    }
    struct stream *stream = array_add(&redaction->streams);
    *stream = (struct stream){ .type = event->type,
                               .run = event->run,
                               .attempt = event->attempt,
                               .call = call };
    return stream;
}

static void end_streams(struct redaction *redaction, const struct event *event)
{
    for (size_t i = 0; i < redaction->streams.count; i++) {
        struct stream *stream = &redaction->streams.items[i];
        if (stream->run == event->run && stream->attempt == event->attempt)
            stream->has_ended = true;
    }
}

static void read_streams(struct redaction *redaction, const struct log *log)
{
    struct event event;
    for (uint64_t seq = 1; log_read(log, seq, &event); seq++) {
        enum event_field field = stream_field(event.type);
        if (event.type == EVENT_SUPERSEDED && event.attempt)
            end_streams(redaction, &event);
        if (field == FIELD_NONE || !event_has(&event, field))
            continue;
        struct stream *stream = find_stream(redaction, &event);
        *array_add(&stream->pieces) =
            (struct piece){ .seq = seq, .offset = stream->text.len };
        buf_append_slice(&stream->text, event_text(&event, field));
    }
}

static bool is_touched(const struct needle_matches *matches, size_t start,
                       size_t end, size_t *match)
{
    while (*match < matches->list.count &&
           matches->list.items[*match].start +
                   matches->list.items[*match].len <=
               start)
        ++*match;
    return *match < matches->list.count &&
           matches->list.items[*match].start < end;
}

static void mark_answer(struct redaction *redaction, uint32_t run,
                        uint32_t attempt)
{
    if (attempt)
        *array_add(&redaction->answers) = (struct answer){ run, attempt };
}

static void change_stream(struct redaction *redaction,
                          const struct stream *stream)
{
    struct needle_matches matches = { 0 };
    size_t match = 0;
    needle_find(&redaction->needle, buf_slice(&stream->text), &matches);
    redaction->places += matches.list.count;
    for (size_t i = 0; i < stream->pieces.count; i++) {
        const struct piece *piece = &stream->pieces.items[i];
        size_t end =
            i + 1 < stream->pieces.count ? piece[1].offset : stream->text.len;
        if (!is_touched(&matches, piece->offset, end, &match))
            continue;
        struct change *change = array_add(&redaction->changes);
        *change = (struct change){ .seq = piece->seq };
        append_part(&change->text, buf_slice(&stream->text), &matches,
                    piece->offset, end);
    }
    if (matches.list.count)
        mark_answer(redaction, stream->run, stream->attempt);
    array_clear(&matches.list);
}

static int by_seq(const void *a, const void *b)
{
    uint64_t x = ((const struct change *)a)->seq;
    uint64_t y = ((const struct change *)b)->seq;
    return x < y ? -1 : x > y;
}

static void change_streams(struct redaction *redaction)
{
    for (size_t i = 0; i < redaction->streams.count; i++)
        change_stream(redaction, &redaction->streams.items[i]);
    if (redaction->changes.count)
        qsort(redaction->changes.items, redaction->changes.count,
              sizeof *redaction->changes.items, by_seq);
}

/* Events. */

static const struct change *change_of(const struct redaction *redaction,
                                      uint64_t seq)
{
    const struct change key = { .seq = seq };
    return redaction->changes.count
               ? bsearch(&key, redaction->changes.items,
                         redaction->changes.count, sizeof key, by_seq)
               : NULL;
}

static bool is_textual(enum event_field field)
{
    enum field_kind kind = event_field_kind(field);
    return kind == FIELD_KIND_TEXT || kind == FIELD_KIND_JSON ||
           kind == FIELD_KIND_BYTES;
}

/* What is not said by anybody, but by the program and protocols in their own
 * words: "complete" is no secret, and without it nothing would be complete. */
static bool is_word(enum event_field field)
{
    switch (field) {
    case FIELD_OUTCOME:
    case FIELD_FINISH_REASON:
    case FIELD_STATE:
    case FIELD_TIER:
    case FIELD_TRUST:
    case FIELD_DIALECT:
    case FIELD_KIND:
    case FIELD_MEDIA_TYPE: return true;
    default: return false;
    }
}

/* The event's fields with what they are to hold; the texts lie in `storage`.
 * Returns in how many places the needle was. */
static size_t change_fields(const struct redaction *redaction,
                            struct event *event, struct buf *storage)
{
    const struct change *change = change_of(redaction, event->seq);
    size_t count = 0;
    for (uint32_t i = 0; i < event->field_count; i++) {
        struct event_value *value = &event->fields[i];
        if (!is_textual(value->field) || is_word(value->field))
            continue;
        if (value->field == stream_field(event->type)) {
            if (change)
                value->text = buf_slice(&change->text);
            continue;
        }
        size_t found =
            event_field_kind(value->field) == FIELD_KIND_JSON
                ? replace_json(&storage[i], value->text, &redaction->needle)
                : replace(&storage[i], value->text, &redaction->needle);
        if (found)
            value->text = buf_slice(&storage[i]);
        count += found;
    }
    return count;
}

static bool is_changed_answer(const struct redaction *redaction,
                              const struct event *event)
{
    for (size_t i = 0; i < redaction->answers.count; i++)
        if (redaction->answers.items[i].run == event->run &&
            redaction->answers.items[i].attempt == event->attempt)
            return true;
    return false;
}

/* A text that is empty now is none. */
static void append_fields(struct buf *packed, const struct event *event)
{
    struct event kept = *event;
    kept.field_count = 0;
    for (uint32_t i = 0; i < event->field_count; i++)
        if (!is_textual(event->fields[i].field) || event->fields[i].text.len)
            kept.fields[kept.field_count++] = event->fields[i];
    event_pack(packed, &kept, 0);
}

static void append_mark(struct buf *packed, int64_t at)
{
    struct event event = { .type = EVENT_REDACTED, .at = at };
    event_add_string(&event, FIELD_TEXT,
                     "what a provider wanted back with an answer that was "
                     "redacted");
    event_pack(packed, &event, 0);
}

/* The packed event as it is to be. What a newer version wrote, and this one
 * cannot read, goes where it holds the text. */
static void change_event(struct redaction *redaction, struct event *event,
                         struct buf *packed)
{
    struct buf storage[EVENT_FIELDS_MAX] = { 0 };
    size_t count = change_fields(redaction, event, storage);
    bool is_hidden = needle_is_in(&redaction->needle, buf_slice(packed));
    if (event->type == EVENT_OPAQUE && is_changed_answer(redaction, event)) {
        buf_reset(packed);
        append_mark(packed, event->at);
    } else if (count || is_hidden || change_of(redaction, event->seq)) {
        buf_reset(packed);
        append_fields(packed, event);
        count += is_hidden && event->type == EVENT_NONE;
    }
    redaction->places += count;
    for (size_t i = 0; i < EVENT_FIELDS_MAX; i++)
        buf_clear(&storage[i]);
}

/* The end of a call repeats its arguments, and may be all that has them. */
static void read_answers(struct redaction *redaction, const struct log *log)
{
    struct event event;
    for (uint64_t seq = 1; log_read(log, seq, &event); seq++)
        if (event.type == EVENT_TOOL_CALL_END && event.attempt &&
            needle_is_in(&redaction->needle,
                         event_text(&event, FIELD_ARGUMENTS)))
            mark_answer(redaction, event.run, event.attempt);
}

static void redaction_clear(struct redaction *redaction)
{
    for (size_t i = 0; i < redaction->streams.count; i++) {
        buf_clear(&redaction->streams.items[i].text);
        array_clear(&redaction->streams.items[i].pieces);
    }
    for (size_t i = 0; i < redaction->changes.count; i++)
        buf_clear(&redaction->changes.items[i].text);
    array_clear(&redaction->streams);
    array_clear(&redaction->changes);
    array_clear(&redaction->answers);
    needle_clear(&redaction->needle);
}

struct log *redaction_make(const struct log *log, struct slice text,
                           uint64_t *places)
{
    struct redaction redaction = { 0 };
    struct log *made = log_new();
    struct buf packed = { 0 };
    struct event event;
    assert(text.len >= REDACTION_MIN);
    needle_init(&redaction.needle, text);
    read_streams(&redaction, log);
    change_streams(&redaction);
    read_answers(&redaction, log);
    for (uint64_t seq = 1; log_read(log, seq, &event); seq++) {
        struct event appended;
        buf_reset(&packed);
        log_packed(log, seq, &packed);
        change_event(&redaction, &event, &packed);
        bool is_event = log_append_packed(made, buf_slice(&packed), &appended);
        assert(is_event);
        (void)is_event;
    }
    *places = redaction.places;
    buf_clear(&packed);
    redaction_clear(&redaction);
    return made;
}
