/* SPDX-License-Identifier: MIT */
#include "llm/events.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/memory.h"
#include "llm/dialect.h"

static void begin_object(struct buf *body)
{
    bool is_first = body->ptr[body->len - 1] == '[';
    buf_append_string(body, is_first ? "{" : ",{");
}

static void append_call_number(struct buf *body, uint32_t call, struct slice id,
                               struct slice name)
{
    dialect_append_number(body, "call", call);
    if (id.len)
        dialect_append_text(body, "id", id);
    dialect_append_text(body, "name", name);
}

static void append_calls(struct buf *body, const struct message *message)
{
    dialect_append_name(body, "calls");
    buf_append_char(body, '[');
    for (size_t i = 0; i < message->call_count; i++) {
        const struct message_call *call = &message->calls[i];
        begin_object(body);
        append_call_number(body, call->call, call->id, call->name);
        dialect_append_text(body, "arguments", call->arguments);
        buf_append_char(body, '}');
    }
    buf_append_char(body, ']');
}

static void append_images(struct buf *body, const struct message *message)
{
    dialect_append_name(body, "images");
    buf_append_char(body, '[');
    for (size_t i = 0; i < message->image_count; i++) {
        const struct image *image = message->images[i].image;
        begin_object(body);
        dialect_append_text(body, "name", message->images[i].name);
        dialect_append_text(body, "media_type", slice_of(image->media_type));
        if (*image->url) {
            dialect_append_text(body, "url", slice_of(image->url));
        } else {
            buf_append_string(body, ",\"data\":\"");
            base64_append(body, buf_slice(&image->data));
            buf_append_char(body, '"');
        }
        buf_append_char(body, '}');
    }
    buf_append_char(body, ']');
}

static void append_part(struct buf *body, const struct message *message,
                        const struct message_part *part)
{
    static const char *const kinds[] = {
        [MESSAGE_TEXT] = "text",
        [MESSAGE_THINKING] = "thinking",
        [MESSAGE_CALL] = "call",
        [MESSAGE_OPAQUE] = "opaque",
    };
    begin_object(body);
    dialect_append_text(body, "type", slice_of(kinds[part->kind]));
    if (part->call_index != MESSAGE_NO_CALL)
        dialect_append_number(body, "call",
                              message->calls[part->call_index].call);
    if (part->kind == MESSAGE_OPAQUE) {
        dialect_append_text(body, "kind", part->name);
        dialect_append_name(body, "json");
        buf_append_slice(body, part->text);
    } else if (part->kind != MESSAGE_CALL) {
        dialect_append_text(body, "text", part->text);
    }
    buf_append_char(body, '}');
}

static void append_parts(struct buf *body, const struct message *message)
{
    dialect_append_name(body, "parts");
    buf_append_char(body, '[');
    for (size_t i = 0; i < message->part_count; i++)
        append_part(body, message, &message->parts[i]);
    buf_append_char(body, ']');
}

static void append_message(struct buf *body, const struct chat_request *request,
                           const struct message *message)
{
    begin_object(body);
    dialect_append_text(body, "role",
                        slice_of(dialect_role_name(message->role)));
    if (message->role == ROLE_TOOL)
        append_call_number(body, message->call, message->id, message->name);
    dialect_append_text(body, "content", message->text);
    if (message->image_count)
        append_images(body, message);
    if (message->call_count)
        append_calls(body, message);
    if (message->part_count &&
        provider_is_maker(request, &dialect_events, message))
        append_parts(body, message);
    buf_append_char(body, '}');
}

static void append_reply(struct buf *body, const struct chat_request *request)
{
    const struct reply_settings *reply = &request->reply;
    uint32_t set = provider_reply_parts(reply);
    if (!set)
        return;
    dialect_append_name(body, "reply");
    buf_append_char(body, '{');
    if (set & PART_TEMPERATURE)
        dialect_append_real(body, "temperature", reply->temperature);
    if (set & PART_TOP_P)
        dialect_append_real(body, "top_p", reply->top_p);
    if (set & PART_MAX_TOKENS)
        dialect_append_number(body, "max_tokens", reply->max_tokens);
    if (set & PART_STOP)
        dialect_append_texts(body, "stop", reply->stop);
    if (set & PART_SEED)
        dialect_append_number(body, "seed", reply->seed);
    if (set & PART_REPEAT_PENALTY)
        dialect_append_real(body, "repeat_penalty", reply->repeat_penalty);
    if (set & PART_THINKING)
        dialect_append_text(body, "thinking", slice_of(reply->thinking));
    buf_append_char(body, '}');
}

static void append_tools(struct buf *body, const struct chat_request *request)
{
    if (!request->tool_count)
        return;
    dialect_append_name(body, "tools");
    buf_append_char(body, '[');
    for (size_t i = 0; i < request->tool_count; i++) {
        const struct tool_offer *tool = &request->tools[i];
        begin_object(body);
        dialect_append_text(body, "name", tool->name);
        dialect_append_text(body, "description", tool->about);
        dialect_append_name(body, "schema");
        buf_append_slice(body, tool->schema);
        buf_append_char(body, '}');
    }
    buf_append_char(body, ']');
}

static void append_body(struct buf *body, const struct chat_request *request)
{
    size_t count = request->messages ? messages_count(request->messages) : 0;
    buf_append_char(body, '{');
    dialect_append_text(body, "model", slice_of(request->model));
    append_reply(body, request);
    if (request->schema.len) {
        dialect_append_name(body, "schema");
        buf_append_slice(body, request->schema);
    }
    append_tools(body, request);
    if (request->system && *request->system)
        dialect_append_text(body, "system", slice_of(request->system));
    /* Last: a longer conversation then begins with the bytes of a shorter. */
    dialect_append_name(body, "messages");
    buf_append_char(body, '[');
    for (size_t i = 0; i < count; i++)
        append_message(body, request, messages_at(request->messages, i));
    buf_append_string(body, "]}");
}

static bool write_request(const struct chat_request *request,
                          struct wire_request *wire, struct error *err)
{
    if (!dialect_start_request(request, wire, err))
        return false;
    wire_request_header(wire, "Accept: application/x-ndjson");
    buf_append_string(&wire->url, request->base_url);
    append_body(&wire->body, request);
    return true;
}

static uint32_t lacks(const struct chat_request *request)
{
    (void)request;
    return PART_KEEP_ALIVE | PART_NUM_CTX;
}

/* Reading. */

enum { NO_CALL = -1 /* an index that no event names */ };

static void replace(struct buf *told, struct slice whole)
{
    if (!whole.len)
        return;
    buf_reset(told);
    buf_append_slice(told, whole);
}

/* What is remembered from event to event. */
struct seen {
    bool has_step; /* a step of the run is complete */
};

/* What of a call is new: a name and an id count once, and as its end has them;
 * of the whole arguments what did not come in fragments. */
static void read_call(struct intake *intake, const json_t *event, bool is_end)
{
    uint64_t number = 0;
    if (!json_count(event, "call", &number) || number > INT64_MAX)
        return;
    struct open_call *call = calls_find(&intake->calls, (int64_t)number);
    struct call_fragment fragment = {
        .has_index = true,
        .index = (int64_t)number,
        .arguments = json_slice(event, "arguments"),
    };
    if (!call || !call->id.len)
        fragment.id = json_slice(event, "id");
    if (!call || !call->name.len)
        fragment.name = json_slice(event, "name");
    if (is_end && call) {
        replace(&call->id, json_slice(event, "id"));
        replace(&call->name, json_slice(event, "name"));
        struct slice came = buf_slice(&call->arguments);
        struct slice start = fragment.arguments;
        if (start.len > came.len)
            start.len = came.len;
        fragment.is_object = !slice_equal(start, came);
        if (!fragment.is_object)
            fragment.arguments = slice_skip(fragment.arguments, came.len);
    }
    intake_call(intake, &fragment);
    /* A call that does not end is none. */
    struct open_call *told = calls_find(&intake->calls, (int64_t)number);
    if (told)
        told->is_dropped = !is_end;
}

static void read_start(struct intake *intake, const json_t *event)
{
    read_call(intake, event, false);
}

static void read_end(struct intake *intake, const json_t *event)
{
    read_call(intake, event, true);
}

static void read_text(struct intake *intake, const json_t *event)
{
    /* Thinking has events of its own: a tag is text. */
    intake->think.state = THINK_OUTSIDE;
    if (json_is_true(json_object_get(event, "refusal")))
        intake_refusal(intake, json_slice(event, "text"));
    else
        intake_text(intake, json_slice(event, "text"));
}

static void read_thinking(struct intake *intake, const json_t *event)
{
    intake_thinking(intake, json_slice(event, "text"));
}

static void read_usage(struct intake *intake, const json_t *event)
{
    struct intake_usage *usage = &intake->usage;
    dialect_read_count(event, "input", &usage->input);
    dialect_read_count(event, "output", &usage->output);
    dialect_read_count(event, "reasoning", &usage->reasoning);
    dialect_read_count(event, "cached", &usage->cached);
    dialect_read_count(event, "cache_write", &usage->cache_write);
    dialect_read_count(event, "eval_ms", &usage->eval_ms);
    dialect_read_count(event, "prompt_ms", &usage->prompt_ms);
    dialect_read_count(event, "load_ms", &usage->load_ms);
    json_number(event, "cost", &usage->cost);
}

static void read_model(struct intake *intake, const json_t *event)
{
    intake_model(intake, json_slice(event, "model"));
}

static void read_opaque(struct intake *intake, const json_t *event)
{
    uint64_t number = 0, place = 0;
    struct slice kind = json_slice(event, "kind");
    const json_t *value = json_object_get(event, "json");
    const struct open_call *call =
        json_count(event, "call", &number) && number <= INT64_MAX
            ? calls_find(&intake->calls, (int64_t)number)
            : NULL;
    char *name = memory_copy(kind.ptr, kind.len);
    if (value && json_count(event, "place", &place))
        intake_late_opaque(intake, name, value, place);
    else if (value)
        intake_opaque(intake, name, value, call ? call->number : 0);
    free(name);
}

static void cut(struct intake *intake, const char *words)
{
    error_set(&intake->result.err, ERROR_CUT, "%s", words);
    intake->is_cut = true;
    intake->has_end_marker = true;
}

/* By the outcome that the stream itself tells. */
static void read_outcome(struct intake *intake, const json_t *event)
{
    struct slice outcome = json_slice(event, "outcome");
    struct slice why =
        failure_excerpt(json_slice(event, "error"), ERROR_TEXT_SIZE - 1);
    struct buf words = { 0 };
    struct error err = { 0 };
    buf_append_slice(&words, why);
    intake_finish_reason(intake, json_slice(event, "finish_reason"));
    intake->has_progress = true;
    if (slice_is(outcome, "complete") || !outcome.len) {
        intake->has_end_marker = true;
    } else if (slice_is(outcome, "error")) {
        error_set(&err, ERROR_SERVER, "%s",
                  why.len ? buf_string(&words)
                          : "the stream ended in an error that it does not "
                            "name");
        intake_fail(intake, &err);
    } else {
        cut(intake, why.len ? buf_string(&words)
                            : "the stream says that its answer was broken "
                              "off");
    }
    buf_clear(&words);
}

/* A step that is complete is an answer; one that is not is tried again. */
static void read_step_end(struct intake *intake, const json_t *event)
{
    struct seen *seen = intake->memory;
    if (!slice_is(json_slice(event, "outcome"), "complete"))
        return;
    seen->has_step = true;
    intake_finish_reason(intake, json_slice(event, "finish_reason"));
    intake->has_finish_reason = false;
}

static void read_step(struct intake *intake, const json_t *event)
{
    const struct seen *seen = intake->memory;
    (void)event;
    intake->has_end_marker = seen->has_step;
}

/* Nothing that was said before counts. */
static void read_superseded(struct intake *intake, const json_t *event)
{
    (void)event;
    intake_restart(intake);
    for (size_t i = 0; i < intake->calls.list.count; i++)
        intake->calls.list.items[i].index = NO_CALL;
}

static const struct {
    enum event_type type;
    void (*read)(struct intake *intake, const json_t *event);
} readers[] = {
    { EVENT_TEXT_DELTA, read_text },
    { EVENT_THINKING_DELTA, read_thinking },
    { EVENT_TOOL_CALL_START, read_start },
    { EVENT_TOOL_CALL_DELTA, read_start },
    { EVENT_TOOL_CALL_END, read_end },
    { EVENT_USAGE, read_usage },
    { EVENT_MODEL_REPORTED, read_model },
    { EVENT_OPAQUE, read_opaque },
    { EVENT_SUPERSEDED, read_superseded },
    { EVENT_ATTEMPT_STARTED, read_step },
    { EVENT_ATTEMPT_FINISHED, read_step_end },
    { EVENT_RUN_FINISHED, read_outcome },
};

static void read_chunk(struct intake *intake, const json_t *chunk)
{
    struct slice name = json_slice(chunk, "type");
    enum event_type type = event_type_parse(name);
    if (!name.len && intake_take_failure(intake, chunk))
        return;
    if (type == EVENT_NONE) {
        intake->result.skipped++;
        return;
    }
    intake->has_begun = true;
    for (size_t i = 0; i < COUNTOF(readers); i++) {
        if (readers[i].type == type)
            readers[i].read(intake, chunk);
    }
}

static const struct dialect_reader reader = {
    .has_own_end = true,
    .memory_size = sizeof(struct seen),
    .read = read_chunk,
};

const struct dialect dialect_events = {
    .name = "events",
    .about = "a program, file or server that gives our own events",
    .has_no_list = true,
    .write_request = write_request,
    .lacks = lacks,
    .images = { .takes_addresses = true },
    .reader = &reader,
};
