/* SPDX-License-Identifier: MIT */
#include "llm/ollama.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "llm/dialect.h"
#include "llm/failure.h"
#include "llm/tool_schema.h"

static bool is_json_object(struct slice text)
{
    struct error ignored = { 0 };
    json_t *value = json_parse_strict(text, &ignored);
    bool is_object = json_is_object(value);
    json_decref(value);
    return is_object;
}

/* Arguments go as an object, in the bytes that the model wrote: numbers keep
 * their form. One text that is none would spoil the whole request. */
static void append_arguments(struct buf *body, struct slice arguments)
{
    dialect_append_name(body, "arguments");
    if (is_json_object(arguments))
        buf_append_slice(body, slice_trim(arguments));
    else
        buf_append_string(body, "{}");
}

static void append_calls(struct buf *body, const struct message *message)
{
    dialect_append_name(body, "tool_calls");
    buf_append_char(body, '[');
    for (size_t i = 0; i < message->call_count; i++) {
        const struct message_call *call = &message->calls[i];
        buf_append_string(body, i ? ",{" : "{");
        if (call->id.len)
            dialect_append_text(body, "id", call->id);
        dialect_append_name(body, "function");
        buf_append_char(body, '{');
        dialect_append_tool_name(body, "name", call->name);
        append_arguments(body, call->arguments);
        buf_append_string(body, "}}");
    }
    buf_append_char(body, ']');
}

/* Bare base64 beside the text; addresses are not taken. */
static void append_images(struct buf *body, const struct message *message)
{
    bool has_begun = false;
    for (size_t i = 0; i < message->image_count; i++) {
        const struct image *image = message->images[i].image;
        if (image->data.len == 0)
            continue;
        if (!has_begun)
            dialect_append_name(body, "images");
        buf_append_string(body, has_begun ? ",\"" : "[\"");
        base64_append(body, buf_slice(&image->data));
        buf_append_char(body, '"');
        has_begun = true;
    }
    if (has_begun)
        buf_append_char(body, ']');
}

static void append_message(struct buf *body, const struct message *message)
{
    buf_append_char(body, '{');
    dialect_append_text(body, "role",
                        slice_of(dialect_role_name(message->role)));
    dialect_append_text(body, "content", message->text);
    append_images(body, message);
    if (message->call_count)
        append_calls(body, message);
    if (message->role == ROLE_TOOL && message->name.len)
        dialect_append_tool_name(body, "tool_name", message->name);
    if (message->role == ROLE_TOOL && message->id.len)
        dialect_append_text(body, "tool_call_id", message->id);
    buf_append_char(body, '}');
}

static void append_options(struct buf *body, const struct chat_request *request)
{
    const struct reply_settings *reply = &request->reply;
    struct buf options = { 0 };
    buf_append_char(&options, '{');
    if (!isnan(reply->temperature) && !(request->omit & PART_TEMPERATURE))
        dialect_append_real(&options, "temperature", reply->temperature);
    if (!isnan(reply->top_p) && !(request->omit & PART_TOP_P))
        dialect_append_real(&options, "top_p", reply->top_p);
    if (reply->max_tokens >= 0)
        dialect_append_number(&options, "num_predict", reply->max_tokens);
    if (reply->seed >= 0)
        dialect_append_number(&options, "seed", reply->seed);
    if (reply->stop && reply->stop[0] && !(request->omit & PART_STOP))
        dialect_append_texts(&options, "stop", reply->stop);
    if (reply->repeat_penalty > 0 && !(request->omit & PART_REPEAT_PENALTY))
        dialect_append_real(&options, "repeat_penalty", reply->repeat_penalty);
    if (reply->num_ctx > 0)
        dialect_append_number(&options, "num_ctx", reply->num_ctx);
    buf_append_char(&options, '}');
    if (options.len > 2) {
        dialect_append_name(body, "options");
        buf_append_slice(body, buf_slice(&options));
    }
    buf_clear(&options);
}

static void append_think(struct buf *body, const struct chat_request *request)
{
    struct slice word = slice_of(request->reply.thinking);
    if (!dialect_is_thinking_set(request))
        return;
    if (slice_is(word, "on") || slice_is(word, "off"))
        dialect_append_flag(body, "think", slice_is(word, "on"));
    else
        dialect_append_text(body, "think", word);
}

/* Seconds as a number, or a duration of Go as text: "-1" as text is an error,
 * it has no unit. */
static void append_keep_alive(struct buf *body, const char *keep_alive)
{
    char *end = NULL;
    if (!keep_alive || !*keep_alive)
        return;
    long long seconds = strtoll(keep_alive, &end, 10);
    if (*end == '\0') {
        dialect_append_number(body, "keep_alive", seconds);
        return;
    }
    struct buf text = { 0 };
    bool has_unit = strspn(keep_alive, "0123456789.") < strlen(keep_alive);
    buf_printf(&text, "%s%s", keep_alive, has_unit ? "" : "s");
    dialect_append_text(body, "keep_alive", buf_slice(&text));
    buf_clear(&text);
}

static void append_tools(struct buf *body, const struct chat_request *request)
{
    if (request->tool_count == 0 || request->omit & PART_TOOLS)
        return;
    dialect_append_name(body, "tools");
    buf_append_char(body, '[');
    for (size_t i = 0; i < request->tool_count; i++) {
        const struct tool_offer *tool = &request->tools[i];
        json_t *schema = tool_schema_simplify(tool->schema);
        buf_append_string(body, i ? ",{" : "{");
        buf_append_string(body, "\"type\":\"function\",\"function\":{");
        dialect_append_tool_name(body, "name", tool->name);
        dialect_append_text(body, "description", tool->about);
        dialect_append_name(body, "parameters");
        json_append_value(body, schema);
        buf_append_string(body, "}}");
        json_decref(schema);
    }
    buf_append_char(body, ']');
}

static void append_format(struct buf *body, const struct chat_request *request)
{
    if (request->schema.len == 0)
        return;
    dialect_append_name(body, "format");
    if (request->omit & PART_SCHEMA)
        buf_append_string(body, "\"json\"");
    else
        buf_append_slice(body, request->schema);
}

static bool write_request(const struct chat_request *request,
                          struct wire_request *wire, struct error *err)
{
    struct buf *body = &wire->body;
    bool is_streamed = !request->reply.unstreamed;
    if (!dialect_start_request(request, wire, err))
        return false;
    wire_request_header(wire, "Accept: %s",
                        is_streamed ? "application/x-ndjson"
                                    : "application/json");
    provider_join_url(&wire->url, request->base_url, "/api/chat");
    buf_append_char(body, '{');
    dialect_append_text(body, "model", slice_of(request->model));
    dialect_append_flag(body, "stream", is_streamed);
    append_think(body, request);
    append_keep_alive(body, request->reply.keep_alive);
    if (dialect_wants_logprobs(request))
        dialect_append_flag(body, "logprobs", true);
    append_options(body, request);
    append_format(body, request);
    append_tools(body, request);
    /* Last: a longer conversation then begins with the bytes of a shorter. */
    dialect_append_messages(body, request, append_message);
    buf_append_char(body, '}');
    return true;
}

void ollama_write_load(struct buf *body, const char *model,
                       const struct reply_settings *reply)
{
    buf_append_char(body, '{');
    dialect_append_text(body, "model", slice_of(model));
    append_keep_alive(body, reply->keep_alive);
    if (reply->num_ctx > 0)
        buf_printf(body, ",\"options\":{\"num_ctx\":%lld}",
                   (long long)reply->num_ctx);
    buf_append_string(body, ",\"messages\":[],\"stream\":false}");
}

bool ollama_read_load(struct slice body, struct error *err,
                      bool *is_out_of_memory)
{
    struct answer_result result = { 0 };
    struct failure_site site = { .status = 200, .can_pull = true };
    json_t *root = json_parse(body, err);
    bool ok = root && !failure_is_in(root);
    if (root && !ok) {
        failure_of_json(&result, &site, root);
        *err = result.err;
        *is_out_of_memory = result.is_out_of_memory;
    }
    json_decref(root);
    return ok;
}

/* Nanoseconds on the wire. What is zero is left away. */
static void read_duration(const json_t *chunk, const char *name, int64_t *ms)
{
    uint64_t nanoseconds = 0;
    if (json_count(chunk, name, &nanoseconds))
        *ms = (int64_t)((nanoseconds + 500 * 1000) / (1000 * 1000));
}

/* A zero says no more than an absent member: the server leaves zeros away. */
static void read_tokens(const json_t *chunk, const char *name, int64_t *tokens)
{
    int64_t count = 0;
    dialect_read_count(chunk, name, &count);
    if (count > 0)
        *tokens = count;
}

static void read_usage(struct intake_usage *usage, const json_t *chunk)
{
    read_tokens(chunk, "prompt_eval_count", &usage->input);
    read_tokens(chunk, "eval_count", &usage->output);
    read_duration(chunk, "prompt_eval_duration", &usage->prompt_ms);
    read_duration(chunk, "eval_duration", &usage->eval_ms);
    read_duration(chunk, "load_duration", &usage->load_ms);
}

/* Calls always come whole, whatever their index says. */
static void read_call(struct intake *intake, const json_t *item)
{
    struct buf arguments = { 0 };
    const json_t *function = json_member_object(item, "function");
    const json_t *value = json_member_object(function, "arguments");
    struct call_fragment fragment = {
        .id = json_slice(item, "id"),
        .name = json_slice(function, "name"),
        /* As text: servers that imitate Ollama. */
        .arguments = json_slice(function, "arguments"),
    };
    if (value) {
        json_append_value(&arguments, value);
        fragment.arguments = buf_slice(&arguments);
    } else if (function && !fragment.arguments.len) {
        fragment.arguments = slice_of("{}");
    }
    intake_whole_call(intake, &fragment);
    buf_clear(&arguments);
}

/* Anthropic's first event has a message too, and a type. */
static bool has_form(const json_t *chunk)
{
    return json_object_get(chunk, "done") ||
           (json_member_object(chunk, "message") &&
            !json_object_get(chunk, "type"));
}

static void read_chunk(struct intake *intake, const json_t *chunk)
{
    size_t index;
    json_t *item;
    intake_model(intake, json_slice(chunk, "model"));
    read_usage(&intake->usage, chunk);
    if (intake_take_failure(intake, chunk))
        return;
    const json_t *message = json_member_object(chunk, "message");
    intake->has_begun |= has_form(chunk);
    /* An answer of /api/generate has no message but the same members. */
    const json_t *source = message ? message : chunk;
    struct slice thinking = json_slice(source, "thinking");
    intake_thinking(intake, thinking);
    if (!thinking.len)
        confidence_read(&intake->result.confidence,
                        json_member_array(chunk, "logprobs"));
    intake_text(intake, json_slice(source, message ? "content" : "response"));
    json_array_foreach(json_member_array(source, "tool_calls"), index, item)
        read_call(intake, item);
    if (!json_is_truthy(chunk, "done"))
        return;
    intake_finish_reason(intake, json_slice(chunk, "done_reason"));
    intake->has_end_marker = true;
    intake->has_progress = true;
}

static const struct dialect_reader reader = {
    .can_pull = true,
    .has_own_end = true,
    .protocol = "Ollama's native API",
    .has_form = has_form,
    .read = read_chunk,
};

const struct dialect dialect_ollama = {
    .name = "ollama",
    .about = "Ollama's native API",
    .write_request = write_request,
    .reader = &reader,
};
