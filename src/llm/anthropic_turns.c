/* SPDX-License-Identifier: MIT */
#include "llm/anthropic_turns.h"

#include <ctype.h>
#include <string.h>

#include "base/array.h"
#include "base/base64.h"
#include "base/json.h"
#include "llm/anthropic.h"
#include "llm/dialect.h"

struct writer {
    struct buf *body;
    const struct chat_request *request;
    const struct anthropic_turns *turns;
    const char *role;            /* of the turn that is open; NULL: none */
    const struct message *asker; /* whose calls are being answered */
    bool is_trimmed;             /* text has no white space at its end */
};

static void separate(struct buf *body)
{
    if (body->ptr[body->len - 1] != '[')
        buf_append_char(body, ',');
}

static void end_turn(struct writer *writer)
{
    if (writer->role)
        buf_append_string(writer->body, "]}");
    writer->role = NULL;
}

/* Room for a block, in the turn that is open if it is of this role. */
static void open_block(struct writer *writer, const char *role)
{
    struct buf *body = writer->body;
    if (!writer->role || strcmp(writer->role, role) != 0) {
        end_turn(writer);
        separate(body);
        buf_printf(body, "{\"role\":\"%s\",\"content\":[", role);
        writer->role = role;
    }
    separate(body);
}

static void begin_block(struct writer *writer, const char *role,
                        const char *type)
{
    open_block(writer, role);
    buf_append_char(writer->body, '{');
    dialect_append_text(writer->body, "type", slice_of(type));
}

static void end_block(struct writer *writer)
{
    buf_append_char(writer->body, '}');
}

static struct slice trimmed_end(struct slice text)
{
    while (text.len && isspace((unsigned char)text.ptr[text.len - 1]))
        text.len--;
    return text;
}

/* Blank text is refused. */
static void append_text(struct writer *writer, const char *role,
                        struct slice text)
{
    if (!slice_trim(text).len)
        return;
    if (writer->is_trimmed)
        text = trimmed_end(text);
    begin_block(writer, role, "text");
    dialect_append_text(writer->body, "text", text);
    end_block(writer);
}

static bool is_maker(const struct writer *writer, const struct message *message)
{
    return provider_is_maker(writer->request, &dialect_anthropic, message);
}

static bool can_be_id(struct slice id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];
        if (!isalnum((unsigned char)c) && c != '_' && c != '-')
            return false;
    }
    return id.len > 0;
}

/* Ids of other servers may come twice in a conversation, or hold characters
 * that are refused; our own number of a call never does. */
static void append_id(struct writer *writer, const char *name,
                      const struct message *asker, uint32_t call,
                      struct slice id)
{
    dialect_append_name(writer->body, name);
    if (asker && is_maker(writer, asker) && can_be_id(id))
        json_append_quoted(writer->body, id);
    else
        buf_printf(writer->body, "\"toolu_%u\"", call);
}

static void append_call(struct writer *writer, const struct message *message,
                        const struct message_call *call)
{
    struct buf *body = writer->body;
    begin_block(writer, "assistant", "tool_use");
    append_id(writer, "id", message, call->call, call->id);
    dialect_append_tool_name(body, "name", call->name);
    /* In the bytes that the model wrote: numbers keep their form. */
    dialect_append_name(body, "input");
    buf_append_slice(body, slice_trim(call->arguments));
    end_block(writer);
}

/* A JSON text that came as an opaque value. */
static void append_member(struct buf *body, const char *name, struct slice json)
{
    dialect_append_name(body, name);
    buf_append_slice(body, json);
}

static void append_thinking(struct writer *writer, struct slice text,
                            struct slice signature)
{
    if (!signature.len && writer->turns->needs_signature)
        return;
    begin_block(writer, "assistant", "thinking");
    dialect_append_text(writer->body, "thinking", text);
    append_member(writer->body, "signature",
                  signature.len ? signature : slice_of("\"\""));
    end_block(writer);
}

static void append_opaque(struct writer *writer,
                          const struct message_part *part)
{
    if (slice_is(part->name, "signature")) {
        /* Of thinking that was not shown. */
        append_thinking(writer, slice_of(""), part->text);
    } else if (slice_is(part->name, "redacted-thinking")) {
        begin_block(writer, "assistant", "redacted_thinking");
        append_member(writer->body, "data", part->text);
        end_block(writer);
    } else if (slice_is(part->name, "block")) {
        open_block(writer, "assistant");
        buf_append_slice(writer->body, part->text);
    }
}

static bool is_signature(const struct message_part *part)
{
    return part->kind == MESSAGE_OPAQUE && slice_is(part->name, "signature");
}

static void append_parts(struct writer *writer, const struct message *message)
{
    for (size_t i = 0; i < message->part_count; i++) {
        const struct message_part *part = &message->parts[i];
        bool is_signed = i + 1 < message->part_count && is_signature(part + 1);
        switch (part->kind) {
        case MESSAGE_TEXT: append_text(writer, "assistant", part->text); break;
        case MESSAGE_THINKING:
            append_thinking(writer, part->text,
                            is_signed ? part[1].text : slice_of(""));
            i += is_signed;
            break;
        case MESSAGE_CALL:
            append_call(writer, message, &message->calls[part->call_index]);
            break;
        case MESSAGE_OPAQUE: append_opaque(writer, part); break;
        }
    }
}

static void append_assistant(struct writer *writer,
                             const struct message *message)
{
    writer->asker = message;
    /* A conversation that was cut may begin with an answer. */
    if (!writer->role)
        append_text(writer, "user", slice_of("[Earlier turns are left out.]"));
    if (message->part_count && is_maker(writer, message)) {
        append_parts(writer, message);
        return;
    }
    append_text(writer, "assistant", message->text);
    for (size_t i = 0; i < message->call_count; i++)
        append_call(writer, message, &message->calls[i]);
}

static void append_result(struct writer *writer, const struct message *message)
{
    begin_block(writer, "user", "tool_result");
    append_id(writer, "tool_use_id", writer->asker, message->call, message->id);
    if (slice_trim(message->text).len)
        dialect_append_text(writer->body, "content", message->text);
    end_block(writer);
}

static void append_image(struct writer *writer, const struct image *image)
{
    struct buf *body = writer->body;
    begin_block(writer, "user", "image");
    dialect_append_name(body, "source");
    if (image->data.len) {
        buf_append_string(body, "{\"type\":\"base64\"");
        dialect_append_text(body, "media_type", slice_of(image->media_type));
        dialect_append_name(body, "data");
        buf_append_char(body, '"');
        base64_append(body, buf_slice(&image->data));
        buf_append_char(body, '"');
    } else {
        buf_append_string(body, "{\"type\":\"url\"");
        dialect_append_text(body, "url", slice_of(image->url));
    }
    buf_append_char(body, '}');
    end_block(writer);
}

static void append_message(struct writer *writer, const struct message *message)
{
    switch (message->role) {
    case ROLE_ASSISTANT: append_assistant(writer, message); return;
    case ROLE_TOOL: append_result(writer, message); return;
    case ROLE_SYSTEM:
    case ROLE_USER: break;
    }
    for (size_t i = 0; i < message->image_count; i++)
        append_image(writer, message->images[i].image);
    append_text(writer, "user", message->text);
}

/* The last message is an answer that the server has paused: it wants it back as
 * it came, and nothing behind it. */
static bool ends_paused(const struct writer *writer, size_t count)
{
    const struct message *last =
        count ? messages_at(writer->request->messages, count - 1) : NULL;
    return last && last->is_paused && is_maker(writer, last);
}

void anthropic_append_turns(struct buf *body,
                            const struct chat_request *request,
                            const struct anthropic_turns *turns)
{
    struct writer writer = { body, request, turns, NULL, NULL, false };
    size_t count = request->messages ? messages_count(request->messages) : 0;
    bool is_paused = ends_paused(&writer, count);
    dialect_append_name(body, "messages");
    buf_append_char(body, '[');
    for (size_t i = 0; i < count; i++) {
        /* An answer that the model shall go on with. */
        const struct message *message = messages_at(request->messages, i);
        writer.is_trimmed =
            i + 1 == count && !is_paused && message->role == ROLE_ASSISTANT;
        append_message(&writer, message);
    }
    if (turns->ends_with_user && !is_paused && writer.role &&
        !strcmp(writer.role, "assistant"))
        append_text(&writer, "user", slice_of("Continue."));
    end_turn(&writer);
    buf_append_char(body, ']');
}

static void append_tool(struct buf *body, const struct tool_offer *tool)
{
    separate(body);
    buf_append_char(body, '{');
    dialect_append_tool_name(body, "name", tool->name);
    if (slice_trim(tool->about).len)
        dialect_append_text(body, "description", tool->about);
    dialect_append_name(body, "input_schema");
    if (tool->schema.len)
        buf_append_slice(body, slice_trim(tool->schema));
    else
        buf_append_string(body, "{\"type\":\"object\"}");
    buf_append_char(body, '}');
}

struct names {
    ARRAY_OF(struct slice) list;
};

static bool has_name(const struct names *names, struct slice name)
{
    for (size_t i = 0; i < names->list.count; i++) {
        if (slice_equal(names->list.items[i], name))
            return true;
    }
    return false;
}

/* The tools of all calls, each once, in the order in which they came. */
static void collect_names(struct names *names,
                          const struct chat_request *request)
{
    size_t count = request->messages ? messages_count(request->messages) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct message *message = messages_at(request->messages, i);
        for (size_t j = 0; j < message->call_count; j++) {
            if (!has_name(names, message->calls[j].name))
                *array_add(&names->list) = message->calls[j].name;
        }
    }
}

void anthropic_append_tools(struct buf *body,
                            const struct chat_request *request)
{
    struct names names = { 0 };
    bool has_offer = request->tool_count && !(request->omit & PART_TOOLS);
    if (!has_offer)
        collect_names(&names, request);
    if (!has_offer && !names.list.count)
        return;
    dialect_append_name(body, "tools");
    buf_append_char(body, '[');
    for (size_t i = 0; has_offer && i < request->tool_count; i++)
        append_tool(body, &request->tools[i]);
    for (size_t i = 0; i < names.list.count; i++)
        append_tool(body, &(struct tool_offer){ .name = names.list.items[i] });
    buf_append_char(body, ']');
    if (!has_offer)
        buf_append_string(body, ",\"tool_choice\":{\"type\":\"none\"}");
    array_clear(&names.list);
}
