/* SPDX-License-Identifier: MIT */
/*
 * preview - the request that a prompt would be sent as, before anything of it
 * is said: on a copy of the conversation.
 */
#include "chat/chat_state.h"
#include "chat/request_text.h"

static void copy(const struct log *log, struct conversation *scratch)
{
    struct event event;
    conversation_init(scratch);
    for (uint64_t seq = 1; log_read(log, seq, &event); seq++)
        conversation_append(scratch, &event);
}

/* Returns the leaf that the request leads to. */
static uint64_t say(struct conversation *scratch, struct slice text,
                    const struct attachments *files)
{
    struct event event = { .type = EVENT_USER_MESSAGE };
    size_t count = files ? files->list.count : 0;
    uint64_t head_id = graph_head(scratch->graph);
    if (!slice_trim(text).len && !count)
        return head_id;
    event_add_number(&event, FIELD_PARENT, head_id);
    event_add_text(&event, FIELD_TEXT, text);
    uint64_t node_id = conversation_append(scratch, &event);
    for (size_t i = 0; i < count; i++)
        waiting_files_say(&files->list.items[i], node_id, scratch);
    return node_id;
}

/* The chat has the copy in its place for as long as the request is written. */
static bool describe(struct chat *chat, const struct conversation *scratch,
                     uint64_t leaf_id, struct buf *out, struct error *err)
{
    struct conversation conversation = chat->conversation;
    struct messages *messages = chat->messages;
    struct chat_request request;
    chat->conversation = *scratch;
    chat->messages = messages_new();
    if (leaf_id == graph_head(conversation.graph))
        messages_expect_prompt(chat->messages);
    chat_write_request(chat, leaf_id, &request);
    bool ok = request_text_write(chat->route.endpoint, &request, out, err);
    messages_free(chat->messages);
    chat->conversation = conversation;
    chat->messages = messages;
    return ok;
}

bool chat_preview(struct chat *chat, struct slice text,
                  const struct attachments *files, struct buf *out,
                  struct error *err)
{
    struct conversation scratch;
    struct route before = chat->route, route;
    if (!chat_is_idle(chat, err))
        return false;
    discovery_decide(&chat->discovery, chat_aim(chat), &route);
    if (route.verdict != ROUTE_TO) {
        *err = route.err;
        return false;
    }
    copy(chat->conversation.log, &scratch);
    chat->route = route;
    bool ok = describe(chat, &scratch, say(&scratch, text, files), out, err);
    chat->route = before;
    conversation_clear(&scratch);
    return ok;
}
