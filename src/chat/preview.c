/* SPDX-License-Identifier: MIT */
/*
 * preview - the request that a prompt would be sent as, before anything of it
 * is said: on a copy of the conversation.
 */
#include "chat/chat_state.h"
#include "chat/climbing.h"
#include "chat/consent.h"
#include "chat/request_text.h"

static void copy(const struct log *log, struct conversation *scratch)
{
    struct event event;
    conversation_init(scratch);
    for (uint64_t seq = 1; log_read(log, seq, &event); seq++)
        conversation_append(scratch, &event);
}

/* Returns the leaf that the request leads to. */
static uint64_t say(struct chat *chat, struct slice text,
                    const struct attachments *files)
{
    struct event event = { .type = EVENT_USER_MESSAGE };
    size_t count = files ? files->list.count : 0;
    uint64_t head_id = graph_head(chat->conversation.graph);
    if (!slice_trim(text).len && !count)
        return head_id;
    event_add_number(&event, FIELD_PARENT, head_id);
    event_add_text(&event, FIELD_TEXT, text);
    uint64_t node_id = conversation_append(&chat->conversation, &event);
    for (size_t i = 0; i < count; i++)
        waiting_files_say(&files->list.items[i], node_id,
                          &chat->marking.privacy, &chat->conversation);
    marking_take_prompt(chat, node_id);
    return node_id;
}

/* False: there is nothing to answer. */
static bool begin_run(struct chat *chat, uint64_t leaf_id, struct error *err)
{
    chat->run = graph_run_count(chat->conversation.graph) + 1;
    struct event event = chat_run_event(chat, EVENT_RUN_STARTED);
    event_add_number(&event, FIELD_NODE, leaf_id);
    chat_append(chat, &event);
    return graph_run(chat->conversation.graph, chat->run) ||
           error_set(err, ERROR_USAGE,
                     "no prompt is there, and none is being written: the "
                     "request is shown once there is one");
}

static void append_question(const char *words, struct buf *out)
{
    buf_printf(out, "You will be asked before it is sent: %s\n\n", words);
}

static void append_questions(struct chat *chat, struct buf *out)
{
    const struct route *route = &chat->route;
    struct error err = { 0 };
    struct buf words = { 0 };
    if (chat->choice.asks ||
        consent_decide(route, chat->setup.settings, chat->setup.is_interactive,
                       &err) == CONSENT_ASK) {
        consent_words(route, &words);
        append_question(buf_string(&words), out);
    }
    if (spending_bars(chat, route, counting_tokens(chat, route), &err))
        append_question(err.text, out);
    buf_clear(&words);
}

/* As a run would find out. */
static bool is_allowed(struct chat *chat, struct error *err)
{
    const struct route *route = &chat->route;
    climbing_decide(chat);
    if (route->verdict == ROUTE_ASK)
        return error_set(err, ERROR_NETWORK,
                         "who answers is not known yet: %s is being asked for "
                         "its models",
                         route->endpoint->name);
    if (route->verdict == ROUTE_NONE)
        *err = route->err;
    return route->verdict == ROUTE_TO && gate_allows(chat, route, err) &&
           consent_decide(route, chat->setup.settings,
                          chat->setup.is_interactive, err) != CONSENT_REFUSE &&
           sight_fits(chat, route, err);
}

static bool describe(struct chat *chat, struct slice text,
                     const struct attachments *files, struct buf *out,
                     struct error *err)
{
    struct chat_request request;
    uint64_t head_id = graph_head(chat->conversation.graph);
    uint64_t leaf_id = say(chat, text, files);
    if (leaf_id == head_id)
        messages_expect_prompt(chat->messages);
    if (!begin_run(chat, leaf_id, err) || !is_allowed(chat, err))
        return false;
    chat_write_request(chat, leaf_id, &request);
    append_questions(chat, out);
    return request_text_write(chat->route.endpoint, &request, out, err);
}

/* The chat has the copy in its place for as long as the request is written. */
bool chat_preview(struct chat *chat, struct slice text,
                  const struct attachments *files, struct buf *out,
                  struct error *err)
{
    struct conversation conversation = chat->conversation;
    struct messages *messages = chat->messages;
    struct marking marking = chat->marking;
    struct ladder_choice choice = chat->choice;
    struct route route = chat->route;
    if (!chat_is_idle(chat, err))
        return false;
    copy(conversation.log, &chat->conversation);
    chat->messages = messages_new();
    bool ok = describe(chat, text, files, out, err);
    messages_free(chat->messages);
    conversation_clear(&chat->conversation);
    chat->conversation = conversation;
    chat->messages = messages;
    chat->marking = marking;
    chat->choice = choice;
    chat->route = route;
    chat->run = 0;
    return ok;
}
