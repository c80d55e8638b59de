/* SPDX-License-Identifier: MIT */
#include "llm/response_input.h"

#include <ctype.h>

#include "base/json.h"
#include "llm/dialect.h"

enum { CALL_ID_MAX = 64 /* bytes: the API's own bound */ };

/* Items by which a server tells what it did by itself. All others want an
 * answer that is not in the conversation. */
static const char *const told_items[] = {
    "web_search_call", "file_search_call", "code_interpreter_call",
    "mcp_list_tools",  "mcp_call",         "compaction",
};

static void begin_item(struct buf *body)
{
    char last = body->ptr[body->len - 1];
    buf_append_string(body, last == '[' ? "{" : ",{");
}

static bool is_call_id(struct slice id)
{
    for (size_t i = 0; i < id.len; i++) {
        if (!isalnum((unsigned char)id.ptr[i]) && id.ptr[i] != '_' &&
            id.ptr[i] != '-')
            return false;
    }
    return id.len > 0 && id.len <= CALL_ID_MAX;
}

/* Ids of other servers may have a form that this one refuses. */
static void append_call_id(struct buf *body, struct slice id, uint32_t call)
{
    dialect_append_name(body, "call_id");
    if (is_call_id(id))
        json_append_quoted(body, id);
    else
        buf_printf(body, "\"call_%u\"", call);
}

static void append_text(struct buf *body, enum message_role role,
                        struct slice text)
{
    begin_item(body);
    dialect_append_text(body, "role", slice_of(dialect_role_name(role)));
    dialect_append_text(body, "content", text);
    buf_append_char(body, '}');
}

/* Typed, and in parts: llama-server knows it in no other form. (OpenAI wants id
 * and status only of what it has stored itself.) */
static void append_answer(struct buf *body, struct slice text)
{
    begin_item(body);
    dialect_append_text(body, "type", slice_of("message"));
    dialect_append_text(body, "role", slice_of("assistant"));
    buf_append_string(body, ",\"content\":[{\"type\":\"output_text\"");
    dialect_append_text(body, "text", text);
    buf_append_string(body, "}]}");
}

static void append_call(struct buf *body, const struct message_call *call)
{
    begin_item(body);
    dialect_append_text(body, "type", slice_of("function_call"));
    append_call_id(body, call->id, call->call);
    dialect_append_tool_name(body, "name", call->name);
    dialect_append_text(body, "arguments", call->arguments);
    buf_append_char(body, '}');
}

static void append_output(struct buf *body, const struct message *message)
{
    begin_item(body);
    dialect_append_text(body, "type", slice_of("function_call_output"));
    append_call_id(body, message->id, message->call);
    dialect_append_text(body, "output", message->text);
    buf_append_char(body, '}');
}

static void append_image(struct buf *body, const struct image *image)
{
    begin_item(body);
    dialect_append_text(body, "type", slice_of("input_image"));
    dialect_append_name(body, "image_url");
    dialect_append_image_url(body, image);
    dialect_append_text(body, "detail", slice_of("auto"));
    buf_append_char(body, '}');
}

static void append_user(struct buf *body, const struct message *message)
{
    if (!message->image_count) {
        append_text(body, message->role, message->text);
        return;
    }
    begin_item(body);
    dialect_append_text(body, "role", slice_of("user"));
    dialect_append_name(body, "content");
    buf_append_char(body, '[');
    if (message->text.len) {
        begin_item(body);
        dialect_append_text(body, "type", slice_of("input_text"));
        dialect_append_text(body, "text", message->text);
        buf_append_char(body, '}');
    }
    for (size_t i = 0; i < message->image_count; i++)
        append_image(body, message->images[i].image);
    buf_append_string(body, "]}");
}

/* Without what only counts where the server has stored the item. */
static void append_opaque(struct buf *body, struct slice text)
{
    struct error ignored = { 0 };
    json_t *item = json_parse(text, &ignored);
    json_object_del(item, "id");
    json_object_del(item, "status");
    if (body->ptr[body->len - 1] != '[')
        buf_append_char(body, ',');
    json_append_value(body, item);
    json_decref(item);
}

static bool is_told(const struct message_part *part)
{
    struct error ignored = { 0 };
    json_t *item = json_parse(part->text, &ignored);
    bool found = false;
    for (size_t i = 0; i < COUNTOF(told_items); i++)
        found |= slice_is(json_slice(item, "type"), told_items[i]);
    json_decref(item);
    return found;
}

static bool is_reasoning(const struct message_part *part)
{
    return part->kind == MESSAGE_OPAQUE &&
           slice_is(part->name, "reasoning-item");
}

static bool is_sent(const struct message *message, size_t index);

/* Reasoning stands only directly before the item that it led to. */
static bool leads_somewhere(const struct message *message, size_t index)
{
    for (size_t i = index + 1; i < message->part_count; i++) {
        if (message->parts[i].kind != MESSAGE_THINKING)
            return is_sent(message, i);
    }
    return false;
}

static bool is_sent(const struct message *message, size_t index)
{
    const struct message_part *part = &message->parts[index];
    switch (part->kind) {
    case MESSAGE_TEXT: return true;
    case MESSAGE_THINKING: return false;
    case MESSAGE_CALL: return part->call_index != MESSAGE_NO_CALL;
    case MESSAGE_OPAQUE: break;
    }
    if (is_reasoning(part))
        return leads_somewhere(message, index);
    return slice_is(part->name, "item") && is_told(part);
}

static void append_parts(struct buf *body, const struct message *message)
{
    for (size_t i = 0; i < message->part_count; i++) {
        const struct message_part *part = &message->parts[i];
        if (!is_sent(message, i))
            continue;
        if (part->kind == MESSAGE_TEXT)
            append_answer(body, part->text);
        else if (part->kind == MESSAGE_CALL)
            append_call(body, &message->calls[part->call_index]);
        else
            append_opaque(body, part->text);
    }
}

static void append_plain(struct buf *body, const struct message *message)
{
    if (message->text.len)
        append_answer(body, message->text);
    for (size_t i = 0; i < message->call_count; i++)
        append_call(body, &message->calls[i]);
}

static void append_message(struct buf *body, const struct chat_request *request,
                           const struct dialect *dialect,
                           const struct message *message)
{
    switch (message->role) {
    case ROLE_SYSTEM:
    case ROLE_USER: append_user(body, message); break;
    case ROLE_TOOL: append_output(body, message); break;
    case ROLE_ASSISTANT:
        if (message->part_count && provider_is_maker(request, dialect, message))
            append_parts(body, message);
        else
            append_plain(body, message);
        break;
    }
}

void response_input_append(struct buf *body, const struct chat_request *request,
                           const struct dialect *dialect)
{
    size_t count = request->messages ? messages_count(request->messages) : 0;
    dialect_append_name(body, "input");
    buf_append_char(body, '[');
    for (size_t i = 0; i < count; i++)
        append_message(body, request, dialect,
                       messages_at(request->messages, i));
    buf_append_char(body, ']');
}
