/* SPDX-License-Identifier: MIT */
#include "chat/chat.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "chat/casting.h"
#include "chat/chat_state.h"

void chat_append(struct chat *chat, struct event *event)
{
    conversation_append(&chat->conversation, event);
}

struct event chat_run_event(const struct chat *chat, enum event_type type)
{
    return (struct event){ .type = type, .run = chat->run };
}

static void on_event(void *context, const struct event *event)
{
    struct chat *chat = context;
    loading_take(chat, event);
    if (chat->setup.on_event)
        chat->setup.on_event(chat->setup.context, event);
}

static void listen(struct chat *chat)
{
    chat->generation++;
    chat->conversation.on_event = on_event;
    chat->conversation.context = chat;
    chat->messages = messages_new();
}

/* The first events of a session. */
static void say_opened(struct chat *chat)
{
    struct event opened = { .type = EVENT_SESSION_OPENED };
    chat_append(chat, &opened);
    if (chat->system && *chat->system) {
        struct event event = { .type = EVENT_SYSTEM_SET };
        event_add_string(&event, FIELD_TEXT, chat->system);
        chat_append(chat, &event);
    }
    chat_say_settings(chat);
}

static void open_conversation(struct chat *chat)
{
    conversation_init(&chat->conversation);
    listen(chat);
    keeping_open(chat, NULL);
    marking_begin(chat);
    tool_use_begin(chat);
    say_opened(chat);
}

struct chat *chat_new(const struct chat_setup *setup)
{
    struct chat *chat = memory_zero(1, sizeof *chat);
    chat->setup = *setup;
    chat->target = memory_string(setup->target);
    chat->tier = setup->tier;
    chat->role = memory_string(
        setup->role ? setup->role : settings_text(setup->settings, "role", ""));
    chat->system = memory_string(
        setup->system ? setup->system
                      : settings_text(setup->settings, "system", ""));
    chat_begin_role(chat);
    chat->discovery = (struct discovery){
        .loop = setup->loop,
        .http = setup->http,
        .settings = setup->settings,
        .endpoints = setup->endpoints,
        .on_change = chat_on_models,
        .context = chat,
    };
    discovery_init(&chat->discovery);
    random_init(&chat->random, setup->seed);
    /* Rules that cannot be read make everything private, and were told. */
    privacy_load(&chat->marking.privacy, setup->settings, &(struct error){ 0 });
    loading_open(chat);
    open_conversation(chat);
    return chat;
}

static void take_schema(struct chat *chat, const struct chat *other)
{
    struct error none = { 0 };
    const struct structured *schema = &other->structured;
    /* It was one before. */
    bool ok =
        structured_set(&chat->structured,
                       schema->schema ? buf_slice(&schema->text) : slice_of(""),
                       schema->name ? schema->name : "", &none);
    assert(ok);
}

struct chat *chat_beside(const struct chat *chat, void *context)
{
    struct chat_setup setup = chat->setup;
    setup.target = chat->target;
    setup.tier = chat->tier;
    setup.system = chat->system;
    setup.role = chat->role;
    setup.context = context;
    struct chat *beside = chat_new(&setup);
    take_schema(beside, chat);
    return beside;
}

static void close_conversation(struct chat *chat)
{
    run_drop(chat);
    waiting_files_clear(&chat->files);
    structured_forget(&chat->structured);
    counting_clear(chat);
    compacting_clear(chat);
    chat->spending = (struct spending){ 0 };
    memorising_leave(chat);
    messages_free(chat->messages);
    conversation_clear(&chat->conversation);
}

void chat_free(struct chat *chat)
{
    if (!chat)
        return;
    close_conversation(chat);
    loading_close(chat);
    discovery_clear(&chat->discovery);
    refusals_clear(&chat->refusals);
    reply_clear(&chat->reply);
    structured_clear(&chat->structured);
    health_clear(&chat->health);
    privacy_clear(&chat->marking.privacy);
    memorising_clear(chat);
    embedding_clear(chat);
    counting_clear(chat);
    calibrating_clear(chat);
    buf_clear(&chat->reasons);
    buf_clear(&chat->barred);
    offers_clear(&chat->offers);
    permission_free(chat->permission);
    free(chat->target);
    free(chat->role);
    free(chat->system);
    free(chat);
}

const struct conversation *chat_conversation(const struct chat *chat)
{
    return &chat->conversation;
}

uint32_t chat_generation(const struct chat *chat)
{
    return chat->generation;
}

const struct error *chat_last_error(const struct chat *chat)
{
    return &chat->last_error;
}

int64_t chat_silence_ms(const struct chat *chat)
{
    return chat->exchange ? exchange_silence_ms(chat->exchange) : -1;
}

bool chat_has_question(const struct chat *chat)
{
    return chat_question(chat) || chat_is_stalled(chat) ||
           chat_is_over_limit(chat) || chat_context_stage(chat) != CONTEXT_IDLE;
}

int64_t chat_dead_ms(const struct chat *chat)
{
    return chat->exchange ? exchange_dead_ms(chat->exchange) : -1;
}

void chat_set_system(struct chat *chat, const char *system)
{
    free(chat->system);
    chat->system = memory_string(system);
    struct event event = { .type = EVENT_SYSTEM_SET };
    event_add_string(&event, FIELD_TEXT, system);
    chat_append(chat, &event);
}

void chat_set_title(struct chat *chat, const char *title)
{
    struct event event = { .type = EVENT_TITLE };
    event_add_string(&event, FIELD_TEXT, title);
    chat_append(chat, &event);
}

/* Prompts. */

/* What it will follow; NULL: what is the head when its run starts. */
static bool queue(struct chat *chat, struct slice text,
                  struct attachments *take_files, const uint64_t *parent_id,
                  struct error *err)
{
    if (text.len > CHAT_PROMPT_MAX)
        return error_set(err, ERROR_LIMIT,
                         "the prompt is larger than %d MiB; attach it in parts",
                         CHAT_PROMPT_MAX / 1024 / 1024);
    struct event event = { .type = EVENT_PROMPT_QUEUED };
    if (parent_id)
        event_add_number(&event, FIELD_PARENT, *parent_id);
    event_add_text(&event, FIELD_TEXT, text);
    chat_append(chat, &event);
    if (take_files)
        waiting_files_add(&chat->files, event.seq, take_files);
    loading_go_on(chat);
    return true;
}

bool chat_prompt(struct chat *chat, struct slice text,
                 struct attachments *take_files, struct error *err)
{
    return queue(chat, text, take_files, NULL, err);
}

bool chat_edit(struct chat *chat, uint64_t node_id, struct slice text,
               struct attachments *take_files, struct error *err)
{
    const struct node *node = graph_node(chat->conversation.graph, node_id);
    if (!node || node->kind != NODE_USER || node->edge != EDGE_FOLLOWS)
        return error_set(err, ERROR_USAGE, "there is no such prompt to edit");
    if (!chat_is_idle(chat, err))
        return false;
    uint64_t parent_id = node->parent_id;
    return queue(chat, text, take_files, &parent_id, err);
}

bool chat_withdraw(struct chat *chat, struct buf *text,
                   struct attachments *files)
{
    size_t count = graph_queue_count(chat->conversation.graph);
    if (count == 0)
        return false;
    const struct queued_prompt *prompt =
        graph_queued(chat->conversation.graph, count - 1);
    buf_append_string(text, prompt->text);
    struct event event = { .type = EVENT_PROMPT_WITHDRAWN };
    event_add_number(&event, FIELD_PROMPT, prompt->id);
    waiting_files_withdraw(&chat->files, prompt->id, files);
    chat_append(chat, &event);
    return true;
}

/* Runs. */

void chat_turn(struct chat *chat)
{
    marking_catch_up(chat);
    reserving_turn(chat);
    compacting_turn(chat);
    if (loading_holds(chat) || compacting_holds(chat))
        return;
    if (!chat->run && graph_queue_count(chat->conversation.graph)) {
        discovery_ask_missing(&chat->discovery, chat_aim(chat));
        if (chat->setup.waits_for_lists && !chat_knows_next(chat))
            return;
        run_start_next(chat);
    }
    if (chat->run && chat->attempt == 0 && chat->route.verdict == ROUTE_ASK &&
        recalling_allows(chat) && keeping_allows(chat))
        run_route(chat);
    steps_turn(chat);
    deadline_turn(chat);
    stall_turn(chat);
    keeping_turn(chat);
}

bool chat_is_busy(const struct chat *chat)
{
    return chat->run || chat->works.list.count || compacting_holds(chat) ||
           graph_queue_count(chat->conversation.graph) > 0;
}

bool chat_stop(struct chat *chat)
{
    if (compacting_stop(chat) && (chat->setup.is_interactive || !chat->run))
        return true;
    if (!chat->run && chat->works.list.count) {
        works_cancel(chat);
        return true;
    }
    if (!chat->run) {
        loading_go_on(chat);
        return model_life_abort(chat->life);
    }
    if (chat_countdown_stay(chat))
        return true;
    struct answer_result result = { .outcome = ANSWER_CUT };
    error_set(&result.err, ERROR_CANCELLED, "stopped by you");
    attempts_give_up(chat);
    if (chat->exchange || chat->counting.is_waiting)
        run_append_end(chat, EVENT_ATTEMPT_FINISHED, "aborted", &result);
    run_end(chat, "aborted", &result);
    return true;
}

static void leave_conversation(struct chat *chat)
{
    chat_stop(chat);
    if (!model_life_is_moving(chat->life))
        model_life_abort(chat->life);
    loading_go_on(chat);
    close_conversation(chat);
}

void chat_clear(struct chat *chat)
{
    leave_conversation(chat);
    open_conversation(chat);
}

void chat_clear_like(struct chat *chat, const struct chat *other)
{
    leave_conversation(chat);
    free(chat->target);
    free(chat->system);
    free(chat->role);
    chat->target = memory_string(other->target);
    chat->system = memory_string(other->system);
    chat->role = memory_string(other->role);
    chat->tier = other->tier;
    open_conversation(chat);
    take_schema(chat, other);
}

void chat_resume(struct chat *chat, struct session *session)
{
    leave_conversation(chat);
    conversation_take(&chat->conversation, session);
    tool_use_begin(chat);
    listen(chat);
    keeping_open(chat, session);
    marking_begin(chat);
    session_clear(session);
    /* Whoever made its file died before anything was in it. */
    if (!log_last_seq(chat->conversation.log)) {
        say_opened(chat);
        return;
    }
    recovery_close_runs(chat);
    marking_catch_up(chat);
    free(chat->system);
    chat->system = memory_string(graph_system(chat->conversation.graph));
    chat_resume_settings(chat);
}
