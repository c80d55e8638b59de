/* SPDX-License-Identifier: MIT */
#include "llm/anthropic.h"

#include "base/json.h"
#include "llm/anthropic_pieces.h"
#include "llm/anthropic_request.h"
#include "llm/dialect.h"

/* What is remembered of one answer. */
struct answer {
    struct pieces pieces; /* first: see llm/anthropic_pieces */
    bool has_started;
    struct buf id;
    bool has_usage;
    int64_t input, created, cached; /* tokens: new, and by the cache; -1 */
};

static void forget(void *memory)
{
    struct answer *answer = memory;
    pieces_clear(&answer->pieces);
    buf_clear(&answer->id);
}

static int64_t index_of(const json_t *event)
{
    return json_integer_value(json_object_get(event, "index"));
}

static void read_start(struct intake *intake, const json_t *event)
{
    const json_t *block = json_member_object(event, "content_block");
    struct piece *last = pieces_find(intake->memory, index_of(event));
    if (last)
        pieces_stop(intake, last);
    if (json_slice(block, "type").len)
        pieces_start(intake, index_of(event), block);
}

/* The block of a delta, also if its start never came. */
static struct piece *piece_of(struct intake *intake, const json_t *event,
                              struct slice type)
{
    static const char *const types[][2] = {
        { "text_delta", "text" },
        { "thinking_delta", "thinking" },
        { "signature_delta", "thinking" },
        { "input_json_delta", "tool_use" },
    };
    struct piece *piece = pieces_find(intake->memory, index_of(event));
    for (size_t i = 0; !piece && i < COUNTOF(types); i++) {
        if (!slice_is(type, types[i][0]))
            continue;
        json_t *block = json_pack("{s:s}", "type", types[i][1]);
        piece = pieces_start(intake, index_of(event), block);
        json_decref(block);
    }
    return piece;
}

static void read_delta(struct intake *intake, const json_t *event)
{
    json_t *delta = json_member_object(event, "delta");
    struct piece *piece = piece_of(intake, event, json_slice(delta, "type"));
    if (piece)
        pieces_add(intake, piece, delta);
}

static void read_stop(struct intake *intake, const json_t *event)
{
    struct piece *piece = pieces_find(intake->memory, index_of(event));
    if (piece)
        pieces_stop(intake, piece);
}

/* Counts are of the whole message so far; one that is absent or null leaves
 * what was said before. What was read from or put into the cache is input,
 * too. */
static void read_usage(struct intake *intake, const json_t *report)
{
    struct answer *answer = intake->memory;
    struct intake_usage *usage = &intake->usage;
    if (!answer->has_usage)
        answer->input = answer->created = answer->cached = -1;
    answer->has_usage = true;
    dialect_read_count(report, "input_tokens", &answer->input);
    dialect_read_count(report, "cache_creation_input_tokens", &answer->created);
    dialect_read_count(report, "cache_read_input_tokens", &answer->cached);
    dialect_read_count(report, "output_tokens", &usage->output);
    dialect_read_count(json_member_object(report, "output_tokens_details"),
                       "thinking_tokens", &usage->reasoning);
    const int64_t parts[] = { answer->input, answer->created, answer->cached };
    usage->input = -1;
    for (size_t i = 0; i < COUNTOF(parts); i++) {
        if (parts[i] >= 0)
            usage->input = parts[i] + (usage->input > 0 ? usage->input : 0);
    }
    usage->cached = answer->cached;
    usage->cache_write = answer->created;
}

static void tell_refusal(struct intake *intake, struct slice words)
{
    struct answer *answer = intake->memory;
    struct buf text = { 0 };
    if (words.len && answer->pieces.had_text)
        buf_append_string(&text, "\n\n");
    buf_append_slice(&text, words);
    intake_refusal(intake, buf_slice(&text));
    buf_clear(&text);
}

/* How the message ends: of a whole one, or the delta of a streamed one. */
static void read_end(struct intake *intake, const json_t *message)
{
    const json_t *details = json_member_object(message, "stop_details");
    if (!intake->has_finish_reason)
        tell_refusal(intake, json_slice(details, "explanation"));
    intake_finish_reason(intake, json_slice(message, "stop_reason"));
}

/* Mostly there are no blocks yet, and no reason to end. */
static void begin(struct intake *intake, const json_t *message)
{
    struct answer *answer = intake->memory;
    size_t index;
    json_t *block;
    answer->has_started = true;
    buf_reset(&answer->id);
    buf_append_slice(&answer->id, json_slice(message, "id"));
    intake_model(intake, json_slice(message, "model"));
    read_usage(intake, json_member_object(message, "usage"));
    json_array_foreach(json_member_array(message, "content"), index, block)
    {
        if (json_slice(block, "type").len && !intake->has_failed)
            pieces_start(intake, (int64_t)index, block);
        pieces_stop_all(intake);
    }
    read_end(intake, message);
}

/* Proxies that try again put a second message into the stream: the same one is
 * a repeat, another one takes the place of the first. */
static void read_message_start(struct intake *intake, const json_t *event)
{
    struct answer *answer = intake->memory;
    const json_t *message = json_member_object(event, "message");
    intake->has_begun = intake->has_delta = true;
    if (answer->has_started &&
        slice_equal(buf_slice(&answer->id), json_slice(message, "id")))
        return;
    if (answer->has_started) {
        pieces_drop(&answer->pieces);
        answer->has_usage = false;
        answer->pieces.had_text = answer->pieces.needs_gap = false;
        intake_restart(intake);
    }
    begin(intake, message);
}

/* The whole answer in one piece. One that holds nothing and does not say why
 * is none. */
static void read_message(struct intake *intake, const json_t *message)
{
    if (!json_member_array(message, "content") &&
        !json_slice(message, "stop_reason").len)
        return;
    intake->has_end_marker = true;
    if (intake->has_delta || intake->has_message)
        return;
    intake->has_begun = intake->has_message = true;
    begin(intake, message);
}

static void read_message_delta(struct intake *intake, const json_t *event)
{
    intake->has_begun = true;
    read_usage(intake, json_member_object(event, "usage"));
    read_end(intake, json_member_object(event, "delta"));
}

static void read_message_stop(struct intake *intake, const json_t *event)
{
    (void)event;
    pieces_stop_all(intake);
    intake->has_begun = intake->has_end_marker = intake->has_progress = true;
}

typedef void event_reader(struct intake *intake, const json_t *event);

/* NULL: an answer has no such event. */
static event_reader *find_reader(const json_t *event)
{
    static const struct {
        const char *type;
        event_reader *read;
    } events[] = {
        { "content_block_delta", read_delta },
        { "content_block_start", read_start },
        { "content_block_stop", read_stop },
        { "message_start", read_message_start },
        { "message_delta", read_message_delta },
        { "message_stop", read_message_stop },
        { "message", read_message },
    };
    struct slice type = json_slice(event, "type");
    for (size_t i = 0; i < COUNTOF(events); i++) {
        if (slice_is(type, events[i].type))
            return events[i].read;
    }
    return NULL;
}

static bool has_form(const json_t *chunk)
{
    return find_reader(chunk) != NULL;
}

static void read_chunk(struct intake *intake, const json_t *chunk)
{
    event_reader *read = find_reader(chunk);
    if (!intake_take_failure(intake, chunk) && read)
        read(intake, chunk);
}

/* The stream ended without its last event. A block that has not stopped may
 * have been a call, or half of one. */
static void finish(struct intake *intake)
{
    struct answer *answer = intake->memory;
    if (intake->has_end_marker || !answer->pieces.list.count)
        return;
    intake_drop_calls(intake);
    pieces_stop_all(intake);
}

static const struct dialect_reader reader = {
    .is_sse = true,
    .has_own_end = true,
    .protocol = "Anthropic's Messages API",
    .has_form = has_form,
    .memory_size = sizeof(struct answer),
    .forget = forget,
    .read = read_chunk,
    .finish = finish,
};

const struct dialect dialect_anthropic = {
    .name = "anthropic",
    .about = "Anthropic's Messages API, and servers that imitate it",
    .write_request = anthropic_write_request,
    .lacks = anthropic_lacks,
    .images = { .takes_addresses = true,
                .size_max = 5 * 1024 * 1024,
                .side_max = 8000 },
    .add_key = anthropic_add_key,
    .reader = &reader,
};
