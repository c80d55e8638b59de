/* SPDX-License-Identifier: MIT */
#include "app/messages_text.h"

#include <inttypes.h>

#include "base/json.h"
#include "graph/messages.h"

static void put_member(struct buf *out, const char *name, struct slice text)
{
    buf_printf(out, ",\"%s\":", name);
    json_append_quoted(out, text);
}

static void put_id(struct buf *out, const char *name, struct slice id,
                   uint32_t call)
{
    buf_printf(out, "\"%s\":", name);
    if (id.len)
        json_append_quoted(out, id);
    else
        buf_printf(out, "\"call_%" PRIu32 "\"", call);
}

static void put_calls(struct buf *out, const struct message *message)
{
    if (!message->call_count)
        return;
    buf_append_string(out, ",\"tool_calls\":[");
    for (size_t i = 0; i < message->call_count; i++) {
        const struct message_call *call = &message->calls[i];
        buf_append_string(out, i ? ",{" : "{");
        put_id(out, "id", call->id, call->call);
        put_member(out, "name", call->name);
        put_member(out, "arguments", call->arguments);
        buf_append_char(out, '}');
    }
    buf_append_char(out, ']');
}

static void put_images(struct buf *out, const struct message *message)
{
    if (!message->image_count)
        return;
    buf_append_string(out, ",\"images\":[");
    for (size_t i = 0; i < message->image_count; i++) {
        if (i)
            buf_append_char(out, ',');
        json_append_quoted(out, message->images[i].name);
    }
    buf_append_char(out, ']');
}

static void begin(struct buf *out, size_t *count, const char *role)
{
    buf_printf(out, "%s\n{\"role\":\"%s\"", (*count)++ ? "," : "", role);
}

static void put_message(struct buf *out, size_t *count,
                        const struct message *message)
{
    static const char *const roles[] = {
        [ROLE_SYSTEM] = "system",
        [ROLE_USER] = "user",
        [ROLE_ASSISTANT] = "assistant",
        [ROLE_TOOL] = "tool",
    };
    begin(out, count, roles[message->role]);
    if (message->role == ROLE_TOOL) {
        buf_append_char(out, ',');
        put_id(out, "tool_call_id", message->id, message->call);
        put_member(out, "name", message->name);
    }
    put_member(out, "content", message->text);
    put_calls(out, message);
    put_images(out, message);
    buf_append_char(out, '}');
}

void messages_text_append(struct buf *out, const struct graph *graph)
{
    struct messages *messages = messages_new();
    size_t count = 0;
    messages_catch_up(messages, graph, graph_head(graph));
    buf_append_char(out, '[');
    if (graph_system(graph)[0]) {
        begin(out, &count, "system");
        put_member(out, "content", slice_of(graph_system(graph)));
        buf_append_char(out, '}');
    }
    for (size_t i = 0; i < messages_count(messages); i++)
        put_message(out, &count, messages_at(messages, i));
    buf_append_string(out, count ? "\n]\n" : "]\n");
    messages_free(messages);
}
