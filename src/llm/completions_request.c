/* SPDX-License-Identifier: MIT */
#include "llm/completions_request.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "llm/answer_schema.h"
#include "llm/chat_completions.h"
#include "llm/dialect.h"
#include "llm/traits.h"

struct writer {
    struct buf *body;
    const struct chat_request *request;
    const struct traits *traits;
    /* Of the assistant message whose calls are answered: by whom it was. */
    bool is_maker;
};

static bool is_id_character(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte < 0x80 && (isalnum(byte) || c == '_' || c == '-');
}

/* The server's own id is kept for itself: some templates read it. */
static bool is_usable_id(const struct writer *writer, struct slice id)
{
    const struct traits *traits = writer->traits;
    if (id.len == 0)
        return false;
    if (writer->is_maker && !traits->has_fixed_call_id)
        return true;
    for (size_t i = 0; i < id.len; i++) {
        if (!is_id_character(id.ptr[i]) ||
            (traits->has_fixed_call_id && !isalnum((unsigned char)id.ptr[i])))
            return false;
    }
    return traits->has_fixed_call_id ? id.len == traits->call_id_max
                                     : id.len <= traits->call_id_max;
}

static void append_call_id(const struct writer *writer, const char *name,
                           struct slice id, uint32_t call)
{
    dialect_append_name(writer->body, name);
    if (is_usable_id(writer, id))
        json_append_quoted(writer->body, id);
    else if (writer->traits->has_fixed_call_id)
        buf_printf(writer->body, "\"c%0*u\"",
                   (int)writer->traits->call_id_max - 1, call);
    else
        buf_printf(writer->body, "\"call_%u\"", call);
}

/* What came with a call goes back in the same place. */
static void append_call_opaques(const struct writer *writer,
                                const struct message *message, size_t index)
{
    for (size_t i = 0; i < message->part_count && writer->is_maker; i++) {
        const struct message_part *part = &message->parts[i];
        if (part->kind != MESSAGE_OPAQUE || part->call_index != index ||
            !slice_is(part->name, OPAQUE_EXTRA_CONTENT))
            continue;
        dialect_append_name(writer->body, "extra_content");
        buf_append_slice(writer->body, part->text);
    }
}

static void append_calls(const struct writer *writer,
                         const struct message *message)
{
    struct buf *body = writer->body;
    dialect_append_name(body, "tool_calls");
    buf_append_char(body, '[');
    for (size_t i = 0; i < message->call_count; i++) {
        const struct message_call *call = &message->calls[i];
        buf_append_string(body, i ? ",{" : "{");
        append_call_id(writer, "id", call->id, call->call);
        buf_append_string(body, ",\"type\":\"function\",\"function\":{");
        dialect_append_tool_name(body, "name", call->name);
        dialect_append_text(body, "arguments", call->arguments);
        buf_append_char(body, '}');
        append_call_opaques(writer, message, i);
        buf_append_char(body, '}');
    }
    buf_append_char(body, ']');
}

static void append_thoughts(const struct writer *writer,
                            const struct message *message)
{
    struct buf thoughts = { 0 };
    for (size_t i = 0; i < message->part_count; i++) {
        if (message->parts[i].kind == MESSAGE_THINKING)
            buf_append_slice(&thoughts, message->parts[i].text);
    }
    dialect_append_text(writer->body, "reasoning_content",
                        buf_slice(&thoughts));
    buf_clear(&thoughts);
}

/* An array that came in pieces is one array again. */
static void append_details(const struct writer *writer,
                           const struct message *message)
{
    for (size_t i = 0; i < message->part_count; i++) {
        const struct message_part *part = &message->parts[i];
        if (part->kind != MESSAGE_OPAQUE ||
            !slice_is(part->name, OPAQUE_REASONING_DETAILS))
            continue;
        dialect_append_name(writer->body, "reasoning_details");
        buf_append_slice(writer->body, part->text);
        return;
    }
}

static void append_echo(const struct writer *writer,
                        const struct message *message)
{
    bool wants_thoughts =
        writer->traits->thinking_echo == THINKING_ECHO_ALWAYS ||
        writer->request->omit & PART_THINKING_LEFT_OUT;
    if (wants_thoughts)
        append_thoughts(writer, message);
    if (writer->is_maker)
        append_details(writer, message);
}

/* Text first: some servers put each part into the prompt as it comes. */
static void append_parts(struct buf *body, const struct message *message)
{
    dialect_append_name(body, "content");
    buf_append_string(body, "[{\"type\":\"text\"");
    dialect_append_text(body, "text", message->text);
    buf_append_char(body, '}');
    for (size_t i = 0; i < message->image_count; i++) {
        buf_append_string(body, ",{\"type\":\"image_url\",\"image_url\":{"
                                "\"url\":");
        dialect_append_image_url(body, message->images[i].image);
        buf_append_string(body, "}}");
    }
    buf_append_char(body, ']');
}

static void append_message(struct writer *writer, const struct message *message)
{
    struct buf *body = writer->body;
    if (message->role != ROLE_TOOL)
        writer->is_maker = provider_is_maker(
            writer->request, &dialect_chat_completions, message);
    buf_append_char(body, '{');
    dialect_append_text(body, "role",
                        slice_of(dialect_role_name(message->role)));
    if (message->role == ROLE_TOOL)
        append_call_id(writer, "tool_call_id", message->id, message->call);
    /* A string even beside calls: templates of local servers want one. */
    if (message->image_count)
        append_parts(body, message);
    else
        dialect_append_text(body, "content", message->text);
    if (message->role == ROLE_ASSISTANT)
        append_echo(writer, message);
    if (message->call_count)
        append_calls(writer, message);
    buf_append_char(body, '}');
}

/* The server is told the schema of the answer in its protocol. */
static bool is_told_schema(const struct writer *writer)
{
    return !writer->traits->has_no_schema &&
           !answer_schema_is_weak(writer->request);
}

static void append_messages(struct writer *writer)
{
    const struct messages *messages = writer->request->messages;
    size_t count = messages ? messages_count(messages) : 0;
    struct buf words = { 0 };
    struct message system = {
        .role = ROLE_SYSTEM,
        .text = answer_schema_system(writer->request, is_told_schema(writer),
                                     &words),
    };
    dialect_append_name(writer->body, "messages");
    buf_append_char(writer->body, '[');
    if (system.text.len)
        append_message(writer, &system);
    for (size_t i = 0; i < count; i++) {
        if (i || system.text.len)
            buf_append_char(writer->body, ',');
        append_message(writer, messages_at(messages, i));
    }
    buf_append_char(writer->body, ']');
    buf_clear(&words);
}

static void append_template(const struct writer *writer, bool is_on)
{
    dialect_append_name(writer->body, "chat_template_kwargs");
    buf_append_char(writer->body, '{');
    dialect_append_flag(writer->body, "enable_thinking", is_on);
    buf_append_char(writer->body, '}');
}

static void append_object(const struct writer *writer, struct slice word)
{
    bool is_switch = slice_is(word, "on") || slice_is(word, "off");
    dialect_append_name(writer->body, "reasoning");
    buf_append_char(writer->body, '{');
    if (is_switch)
        dialect_append_flag(writer->body, "enabled", slice_is(word, "on"));
    else
        dialect_append_text(writer->body, "effort", word);
    buf_append_char(writer->body, '}');
}

static void append_effort(const struct writer *writer, struct slice word)
{
    if (slice_is(word, "on"))
        word = slice_of("medium");
    else if (slice_is(word, "off"))
        word = slice_of(writer->traits->thinking_off);
    dialect_append_text(writer->body, "reasoning_effort", word);
}

static void append_thinking(const struct writer *writer)
{
    struct slice word = slice_of(writer->request->reply.thinking);
    bool is_off = slice_is(word, "off");
    if (!dialect_is_thinking_set(writer->request))
        return;
    switch (writer->traits->thinking) {
    case THINKING_EFFORT: append_effort(writer, word); break;
    case THINKING_OBJECT: append_object(writer, word); break;
    case THINKING_SWITCH:
        dialect_append_name(writer->body, "thinking");
        buf_printf(writer->body, "{\"type\":\"%s\"}",
                   is_off ? "disabled" : "enabled");
        break;
    case THINKING_TEMPLATE:
        if (is_off || slice_is(word, "on"))
            append_template(writer, !is_off);
        else
            append_effort(writer, word);
        break;
    case THINKING_NONE: break;
    }
}

static const char *max_tokens_name(const struct writer *writer)
{
    return writer->request->omit & PART_MAX_TOKENS_RENAMED
               ? "max_completion_tokens"
               : writer->traits->max_tokens;
}

static void append_reply(const struct writer *writer)
{
    const struct reply_settings *reply = &writer->request->reply;
    uint32_t set =
        provider_reply_parts(reply) &
        ~(writer->request->omit | completions_lacks(writer->request));
    struct buf *body = writer->body;
    if (set & PART_TEMPERATURE)
        dialect_append_real(body, "temperature", reply->temperature);
    if (set & PART_TOP_P)
        dialect_append_real(body, "top_p", reply->top_p);
    if (set & PART_MAX_TOKENS)
        dialect_append_number(body, max_tokens_name(writer), reply->max_tokens);
    if (set & PART_STOP)
        dialect_append_texts(body, "stop", reply->stop);
    if (set & PART_SEED)
        dialect_append_number(body, writer->traits->seed, reply->seed);
    if (set & PART_REPEAT_PENALTY)
        dialect_append_real(body, writer->traits->repeat_penalty,
                            reply->repeat_penalty);
    /* Of llama-server's twenty others for each token none is needed, and 0
     * asks for nothing there. */
    if (dialect_wants_logprobs(writer->request))
        buf_append_string(body, ",\"logprobs\":true,\"top_logprobs\":1");
    append_thinking(writer);
}

void completions_add_key(const struct chat_request *request,
                         struct wire_request *wire)
{
    const struct traits *traits = traits_of(request->base_url, request->like);
    if (request->key && *request->key)
        wire_request_header(wire, "%s %s", traits->key_header, request->key);
}

uint32_t completions_lacks(const struct chat_request *request)
{
    const struct traits *traits = traits_of(request->base_url, request->like);
    uint32_t lacks = PART_KEEP_ALIVE | PART_NUM_CTX;
    if (!traits->seed)
        lacks |= PART_SEED;
    if (!traits->repeat_penalty)
        lacks |= PART_REPEAT_PENALTY;
    if (traits->thinking == THINKING_NONE)
        lacks |= PART_THINKING;
    return lacks;
}

static void append_tools(const struct writer *writer)
{
    const struct chat_request *request = writer->request;
    if (request->tool_count == 0 || request->omit & PART_TOOLS)
        return;
    dialect_append_name(writer->body, "tools");
    buf_append_char(writer->body, '[');
    for (size_t i = 0; i < request->tool_count; i++) {
        const struct tool_offer *tool = &request->tools[i];
        buf_append_string(writer->body, i ? ",{" : "{");
        buf_append_string(writer->body, "\"type\":\"function\",\"function\":{");
        dialect_append_tool_name(writer->body, "name", tool->name);
        dialect_append_text(writer->body, "description", tool->about);
        dialect_append_name(writer->body, "parameters");
        buf_append_slice(writer->body, tool->schema);
        buf_append_string(writer->body, "}}");
    }
    buf_append_char(writer->body, ']');
}

static void append_schema(const struct writer *writer)
{
    const struct chat_request *request = writer->request;
    if (request->schema.len == 0)
        return;
    dialect_append_name(writer->body, "response_format");
    if (!is_told_schema(writer)) {
        buf_append_string(writer->body, "{\"type\":\"json_object\"}");
        return;
    }
    buf_append_string(writer->body,
                      "{\"type\":\"json_schema\",\"json_schema\":{"
                      "\"name\":\"answer\"");
    dialect_append_flag(writer->body, "strict",
                        answer_schema_is_strict(request->schema));
    dialect_append_name(writer->body, "schema");
    buf_append_slice(writer->body, request->schema);
    buf_append_string(writer->body, "}}");
}

bool completions_write_request(const struct chat_request *request,
                               struct wire_request *wire, struct error *err)
{
    bool is_streamed = !request->reply.unstreamed;
    struct writer writer = {
        .body = &wire->body,
        .request = request,
        .traits = traits_of(request->base_url, request->like),
    };
    if (!dialect_start_request_as(request, writer.traits->key_header, wire,
                                  err))
        return false;
    wire_request_header(wire, "Accept: %s",
                        is_streamed ? "text/event-stream" : "application/json");
    provider_join_url(&wire->url, request->base_url, "/v1/chat/completions");
    buf_append_char(writer.body, '{');
    dialect_append_text(writer.body, "model", slice_of(request->model));
    dialect_append_flag(writer.body, "stream", is_streamed);
    if (is_streamed && !(request->omit & PART_STREAM_OPTIONS))
        buf_append_string(writer.body,
                          ",\"stream_options\":{\"include_usage\":true}");
    append_reply(&writer);
    append_schema(&writer);
    append_tools(&writer);
    /* Last: a longer conversation then begins with the bytes of a shorter. */
    append_messages(&writer);
    buf_append_char(writer.body, '}');
    return true;
}
