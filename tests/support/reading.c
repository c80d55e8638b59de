/* SPDX-License-Identifier: MIT */
#include "tests/support/reading.h"

#include <string.h>

#include <check.h>

#include "base/utf8.h"

enum {
    READING_PIECE = 256,
    /* Bytes decoded for one recording: of the largest not every place is cut,
     * and each of their bytes is fed alone once anyway. */
    READING_BUDGET = 1024 * 1024,
};

/* Check notes every assertion in a file: too slow for each event of each
 * split. */
#define require(condition)                         \
    do {                                           \
        if (!(condition))                          \
            ck_abort_msg("not true: " #condition); \
    } while (0)

static void add_field(struct reading *reading, const struct event *event,
                      enum event_field field, const char *prefix)
{
    struct slice text = event_text(event, field);
    require(utf8_is_valid(text));
    if (text.len == 0)
        return;
    buf_append_string(&reading->script, prefix);
    buf_append_slice(&reading->script, text);
}

static void add_delta(struct reading *reading, const struct event *event)
{
    bool is_thinking = event->type == EVENT_THINKING_DELTA;
    require(event_text(event, FIELD_TEXT).len > 0);
    buf_append_slice(is_thinking ? &reading->thinking : &reading->text,
                     event_text(event, FIELD_TEXT));
    buf_append_string(&reading->script, is_thinking ? "thinking"
                                        : event_has(event, FIELD_REFUSAL)
                                            ? "refusal"
                                            : "text");
    add_field(reading, event, FIELD_TEXT, " ");
}

static struct reading_call *call_of(struct reading *reading,
                                    const struct event *event)
{
    uint64_t number = event_number(event, FIELD_CALL);
    if (event->type == EVENT_TOOL_CALL_START) {
        *array_add(&reading->calls) = (struct reading_call){ 0 };
        require(number == reading->calls.count);
    }
    require(number >= 1 && number <= reading->calls.count);
    buf_printf(&reading->script, " %d", (int)number);
    return &reading->calls.items[number - 1];
}

static void add_call(struct reading *reading, const struct event *event,
                     const char *word)
{
    buf_append_string(&reading->script, word);
    struct reading_call *call = call_of(reading, event);
    struct slice arguments = event_text(event, FIELD_ARGUMENTS);
    if (event->type == EVENT_TOOL_CALL_DELTA)
        buf_append_slice(&call->joined, arguments);
    /* What came in pieces is what the end says. */
    if (event->type == EVENT_TOOL_CALL_END && call->joined.len &&
        !reading->has_replaced)
        require(slice_equal(buf_slice(&call->joined), arguments));
    add_field(reading, event, FIELD_ID, " id=");
    add_field(reading, event, FIELD_NAME, " name=");
    add_field(reading, event, FIELD_ARGUMENTS, " ");
}

static void add_usage(struct reading *reading, const struct event *event)
{
    buf_append_string(&reading->script, "usage");
    for (uint32_t i = 0; i < event->field_count; i++) {
        const struct event_value *value = &event->fields[i];
        buf_printf(&reading->script, " %s=", event_field_name(value->field));
        if (event_field_kind(value->field) == FIELD_KIND_REAL)
            buf_printf(&reading->script, "%g", value->real);
        else
            buf_printf(&reading->script, "%llu",
                       (unsigned long long)value->number);
    }
}

static void on_event(void *context, struct event *event)
{
    struct reading *reading = context;
    event_to_json(&reading->json, event);
    buf_append_char(&reading->json, '\n');
    switch (event->type) {
    case EVENT_TEXT_DELTA:
    case EVENT_THINKING_DELTA: add_delta(reading, event); break;
    case EVENT_TOOL_CALL_START: add_call(reading, event, "start"); break;
    case EVENT_TOOL_CALL_DELTA: add_call(reading, event, "piece"); break;
    case EVENT_TOOL_CALL_END: add_call(reading, event, "end"); break;
    case EVENT_USAGE: add_usage(reading, event); break;
    case EVENT_MODEL_REPORTED:
        buf_append_string(&reading->script, "model");
        add_field(reading, event, FIELD_MODEL, " ");
        break;
    case EVENT_OPAQUE:
        buf_append_string(&reading->script, "opaque");
        if (event_has(event, FIELD_CALL))
            buf_printf(&reading->script, " %u",
                       (unsigned)event_number(event, FIELD_CALL));
        if (event_has(event, FIELD_PLACE))
            buf_printf(&reading->script, " at %u",
                       (unsigned)event_number(event, FIELD_PLACE));
        add_field(reading, event, FIELD_KIND, " ");
        add_field(reading, event, FIELD_JSON, " ");
        break;
    case EVENT_SUPERSEDED:
        buf_append_string(&reading->script, "superseded");
        break;
    default: ck_abort_msg("%s", event_type_name(event->type));
    }
    buf_append_char(&reading->script, '\n');
}

static struct decoder *start(struct reading *reading,
                             const struct reading_source *source)
{
    *reading = (struct reading){ .has_replaced = source->replaces };
    struct decoder *decoder = decoder_new(source->dialect, on_event, reading);
    if (source->status)
        decoder_head(decoder, source->status, source->content_type,
                     "http://h:1/v1/chat");
    return decoder;
}

static void feed(struct decoder *decoder, struct reading *reading,
                 struct slice bytes)
{
    size_t before = reading->json.len;
    if (!decoder_feed(decoder, bytes))
        reading->has_stopped = true;
    bool has_progress = decoder_take_progress(decoder);
    if (reading->json.len > before && !has_progress)
        reading->events_without_progress++;
}

static void finish(struct decoder *decoder, struct reading *reading,
                   const struct reading_source *source)
{
    reading->was_complete = decoder_is_complete(decoder);
    decoder_finish(decoder, source->transport, &reading->result);
    decoder_free(decoder);
    require(reading->events_without_progress == 0);
    require((reading->result.err.kind == ERROR_NONE) ==
            (reading->result.outcome == ANSWER_COMPLETE));
}

void reading_whole(struct reading *reading, const struct reading_source *source)
{
    struct decoder *decoder = start(reading, source);
    feed(decoder, reading, source->body);
    finish(decoder, reading, source);
}

void reading_bytes(struct reading *reading, const struct reading_source *source)
{
    struct decoder *decoder = start(reading, source);
    for (size_t i = 0; i < source->body.len; i++)
        feed(decoder, reading, (struct slice){ source->body.ptr + i, 1 });
    finish(decoder, reading, source);
}

void reading_clear(struct reading *reading)
{
    for (size_t i = 0; i < reading->calls.count; i++)
        buf_clear(&reading->calls.items[i].joined);
    array_clear(&reading->calls);
    buf_clear(&reading->script);
    buf_clear(&reading->json);
    buf_clear(&reading->text);
    buf_clear(&reading->thinking);
}

/* Both from the first line that differs: Check takes no long messages. */
static void ck_same_events(const struct buf *whole, const struct buf *other,
                           size_t at)
{
    struct slice expected = buf_slice(whole), got = buf_slice(other);
    size_t line = 0, i = 0;
    if (slice_equal(expected, got))
        return;
    for (; i < expected.len && i < got.len && expected.ptr[i] == got.ptr[i];
         i++)
        line = expected.ptr[i] == '\n' ? i + 1 : line;
    ck_abort_msg("cut at %zu gives\n%.1000s\nand not\n%.1000s", at,
                 buf_string(other) + line, buf_string(whole) + line);
}

static void ck_same(const struct reading *whole, struct reading *other,
                    size_t at)
{
    const struct answer_result *a = &whole->result;
    const struct answer_result *b = &other->result;
    ck_same_events(&whole->json, &other->json, at);
    require(a->outcome == b->outcome);
    require(!strcmp(a->finish_reason, b->finish_reason));
    require(!strcmp(a->err.text, b->err.text));
    require(a->err.kind == b->err.kind && a->refused == b->refused);
    require(a->is_damaged == b->is_damaged && a->skipped == b->skipped);
    require(a->was_unstreamed == b->was_unstreamed);
    require(whole->was_complete == other->was_complete);
    require(whole->has_stopped == other->has_stopped);
    reading_clear(other);
}

/* The first piece ends at `first`, and from there on all are of one length. Over
 * all values of `first` below it each place is cut once. */
static void reading_pieces(struct reading *reading,
                           const struct reading_source *source, size_t first)
{
    struct decoder *decoder = start(reading, source);
    size_t len = source->body.len;
    size_t at = first < len ? first : len;
    feed(decoder, reading, (struct slice){ source->body.ptr, at });
    for (size_t piece; at < len; at += piece) {
        piece = len - at < READING_PIECE ? len - at : READING_PIECE;
        feed(decoder, reading, (struct slice){ source->body.ptr + at, piece });
    }
    finish(decoder, reading, source);
}

/* How far the cuts of one reading are from those of the next. */
static size_t cut_step(size_t len)
{
    size_t step = len * READING_PIECE / READING_BUDGET;
    return step ? step : 1;
}

void reading_every_split(struct reading *reading,
                         const struct reading_source *source)
{
    struct reading other;
    size_t len = source->body.len;
    reading_whole(reading, source);
    reading_bytes(&other, source);
    ck_same(reading, &other, 0);
    for (size_t at = 0; at < len && at < READING_PIECE; at += cut_step(len)) {
        reading_pieces(&other, source, at);
        ck_same(reading, &other, at);
    }
}

struct reading_source reading_source_of(const struct dialect *dialect,
                                        const char *body)
{
    return (struct reading_source){ .dialect = dialect,
                                    .body = slice_of(body) };
}

void ck_reads_as(const struct dialect *dialect, const char *body,
                 enum answer_outcome outcome, const char *script)
{
    struct reading reading;
    struct reading_source source = reading_source_of(dialect, body);
    reading_every_split(&reading, &source);
    ck_assert_msg(reading.result.outcome == outcome, "outcome %d: %s",
                  (int)reading.result.outcome, reading.result.err.text);
    ck_assert_str_eq(buf_string(&reading.script), script);
    reading_clear(&reading);
}
