/* SPDX-License-Identifier: MIT */
#include "chat/recalling.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/tokens.h"
#include "chat/chat_state.h"
#include "graph/draft.h"

enum {
    CANDIDATES = 64,     /* of which some were told before, or are too long */
    WINDOW_USUAL = 8192, /* tokens, where nobody has told another */
};

static size_t wanted(const struct chat *chat)
{
    return (size_t)settings_number(chat->setup.settings, "memory.recall",
                                   MEMORY_RECALL_USUAL);
}

/* No vendor is there, or none may be asked. */
static bool has_no_vendor(const struct chat *chat)
{
    const struct endpoints *endpoints = chat->setup.endpoints;
    for (size_t i = 0; i < endpoints->list.count; i++)
        if (endpoints->list.items[i].is_vendor)
            return chat->tier == ROUTE_LOCAL;
    return true;
}

/* Else what is private would keep the conversation from the vendor that the user
 * means to ask, for the sake of a memory that he did not call for. Once it is
 * told the turn is private: the gate sees to all that follows. */
static bool may_take_private(struct chat *chat, uint64_t node_id)
{
    struct buf why = { 0 };
    bool may = has_no_vendor(chat) || gate_is_private(chat, node_id, &why);
    buf_clear(&why);
    return may;
}

/* What it says is said to the model already. */
static bool is_told(const struct graph *graph, uint64_t node_id,
                    const char *text)
{
    const struct node *node = graph_node(graph, node_id);
    for (; node; node = graph_node(graph, node->parent_id))
        for (size_t i = 0; i < node->blocks.count && !node->is_left_out; i++) {
            const struct block *block = &node->blocks.items[i];
            if (block->kind == BLOCK_MEMORY &&
                slice_is(buf_slice(&block->text), text))
                return true;
        }
    return false;
}

static void day_of(int64_t at_ms, char day[16])
{
    time_t at = (time_t)(at_ms / 1000);
    struct tm local;
    day[0] = '\0';
    if (localtime_r(&at, &local))
        strftime(day, 16, "%Y-%m-%d", &local);
}

/* Of the first one with the words around the list. */
static uint64_t tokens_of(enum token_family family, const char *text,
                          bool is_first)
{
    struct buf line = { 0 };
    buf_printf(&line, "%s\n- 2026-11-28: \"%s\"%s",
               is_first ? draft_memory_mark : "", text, is_first ? "]" : "");
    uint64_t tokens = tokens_estimate_as(family, buf_slice(&line));
    buf_clear(&line);
    return tokens;
}

/* How many tokens may be told, and counted by which tokenizer. */
struct room {
    enum token_family family;
    uint64_t tokens;
};

static struct room room_of(struct chat *chat)
{
    const struct route *next = chat_next(chat);
    uint64_t window = next->verdict == ROUTE_TO ? next->window : 0;
    double share = settings_number(chat->setup.settings, "memory.share",
                                   MEMORY_SHARE_USUAL);
    return (struct room){
        .family = next->verdict == ROUTE_TO
                      ? chat_token_family(chat, next->endpoint, next->model)
                      : TOKENS_UNKNOWN,
        .tokens = (uint64_t)(share * (double)(window ? window : WINDOW_USUAL)),
    };
}

static void tell(struct chat *chat, const struct memory_entry *entry,
                 uint64_t tokens)
{
    char name[MEMORY_NAME_SIZE], day[16];
    struct buf reasons = { 0 };
    struct event event = { .type = EVENT_RECALLED };
    day_of(entry->made_at, day);
    buf_printf(&reasons, "[\"weight %.3f\"]",
               memory_entry_weight(entry, clock_wall_ms(),
                                   chat_memory_half_life(chat)));
    event_add_number(&event, FIELD_NODE, chat->memorising.recalling.node_id);
    event_add_string(&event, FIELD_ID, memory_entry_name(entry, name));
    event_add_string(&event, FIELD_NAME, day);
    event_add_string(&event, FIELD_TEXT, entry->text);
    event_add_real(&event, FIELD_SCORE, entry->relevance);
    event_add_string(&event, FIELD_REASONS, buf_string(&reasons));
    event_add_number(&event, FIELD_INPUT, tokens);
    event_add_number(&event, FIELD_ON, entry->is_private);
    chat_append(chat, &event);
    chat->kept_seq = event.seq;
    if (entry->is_private)
        marking_mark_recalled(chat, chat->memorising.recalling.node_id, name);
    buf_clear(&reasons);
}

/* Rules may have come since it was remembered. */
static bool may_tell(struct chat *chat, const struct memory_entry *entry)
{
    struct recalling *recalling = &chat->memorising.recalling;
    struct buf rule = { 0 };
    bool is_private = entry->is_private || privacy_text(&chat->marking.privacy,
                                                        slice_of(entry->text),
                                                        PRIVACY_LOOK_MS, &rule);
    buf_clear(&rule);
    return (!is_private || recalling->takes_private) &&
           !is_told(chat->conversation.graph, recalling->node_id, entry->text);
}

static void touch(struct chat *chat, struct memory_job *job)
{
    job->deed = MEMORY_TOUCH;
    job->now = clock_wall_ms();
    if (job->ids.count && !memories_is_read_only(chat->setup.memories))
        memories_ask(chat->setup.memories, job, NULL, NULL);
    memory_job_clear(job);
}

/* In their order, as many as fit: a long one leaves room to shorter ones. */
static void tell_all(struct chat *chat, const struct memory_list *found)
{
    struct room room = room_of(chat);
    struct memory_job touched = { 0 };
    size_t left = wanted(chat);
    uint64_t used = 0;
    for (size_t i = 0; i < found->items.count && left > 0; i++) {
        const struct memory_entry *entry = &found->items.items[i];
        uint64_t tokens = tokens_of(room.family, entry->text, used == 0);
        if (used + tokens > room.tokens || !may_tell(chat, entry))
            continue;
        tell(chat, entry, tokens);
        used += tokens;
        left--;
        if (entry->tier == MEMORY_LONG_TERM)
            *array_add(&touched.ids) = entry->id;
    }
    /* The request waits until they are kept: not for the journal's next turn. */
    if (used && chat->conversation.journal)
        journal_barrier(chat->conversation.journal);
    touch(chat, &touched);
}

static void stop_waiting(struct chat *chat)
{
    struct recalling *recalling = &chat->memorising.recalling;
    memories_drop(chat->setup.memories, recalling->number);
    loop_timer_cancel(chat->setup.loop, recalling->timer);
    recalling->number = recalling->timer = 0;
    recalling->node_id = 0;
}

static void on_found(void *context, struct memory_job *job)
{
    struct chat *chat = context;
    if (job->err.kind != ERROR_NONE) {
        free(chat->memorising.recalling.problem);
        chat->memorising.recalling.problem = memory_string(job->err.text);
    }
    tell_all(chat, &job->found);
    stop_waiting(chat);
}

static void on_timer(void *context, uint32_t timer_id)
{
    struct chat *chat = context;
    char words[64];
    (void)timer_id;
    snprintf(words, sizeof words, "the disk did not answer in %d ms",
             RECALL_WAIT_MS);
    free(chat->memorising.recalling.problem);
    chat->memorising.recalling.problem = memory_string(words);
    stop_waiting(chat);
}

static void add_shelf(const struct chat *chat, struct memory_list *list)
{
    const struct memory_list *shelf = graph_shelf(chat->conversation.graph);
    for (size_t i = 0; i < shelf->items.count; i++)
        if (!shelf->items.items[i].is_private ||
            chat->memorising.recalling.takes_private)
            memory_entry_copy(array_add(&list->items), &shelf->items.items[i]);
}

static void add_prompt(const struct node *node, struct buf *out)
{
    for (size_t i = 0; i < node->blocks.count; i++) {
        struct slice text = buf_slice(&node->blocks.items[i].text);
        size_t room = RECALL_PROMPT_MAX - out->len;
        if (node->blocks.items[i].kind != BLOCK_TEXT)
            continue;
        text.len = text.len < room ? text.len : room;
        buf_append_slice(out, text);
    }
}

void recalling_take_vector(struct chat *chat, float *take_vector,
                           size_t dimension)
{
    struct recalling *recalling = &chat->memorising.recalling;
    struct memory_job job = { .deed = MEMORY_FIND,
                              .now = clock_wall_ms(),
                              .half_life_ms = chat_memory_half_life(chat),
                              .most = CANDIDATES,
                              .takes_private = recalling->takes_private };
    job.entry.vector = take_vector;
    job.entry.dimension = take_vector ? dimension : 0;
    buf_append_string(&job.model, embedding_model(chat));
    add_prompt(graph_node(chat->conversation.graph, recalling->node_id),
               &job.text);
    add_shelf(chat, &job.found);
    recalling->number =
        memories_ask(chat->setup.memories, &job, on_found, chat);
    recalling->timer =
        loop_timer_start(chat->setup.loop, RECALL_WAIT_MS, on_timer, chat);
}

void recalling_begin(struct chat *chat, uint64_t node_id)
{
    struct recalling *recalling = &chat->memorising.recalling;
    struct buf prompt = { 0 };
    recalling_end(chat);
    if (!chat->setup.memories || !wanted(chat))
        return;
    recalling->node_id = node_id;
    recalling->takes_private = may_take_private(chat, node_id);
    add_prompt(graph_node(chat->conversation.graph, node_id), &prompt);
    if (!embedding_ask(chat, buf_slice(&prompt)))
        recalling_take_vector(chat, NULL, 0);
    buf_clear(&prompt);
}

void recalling_end(struct chat *chat)
{
    stop_waiting(chat);
    embedding_stop(chat);
    free(chat->memorising.recalling.problem);
    chat->memorising.recalling.problem = NULL;
}

bool recalling_allows(const struct chat *chat)
{
    return chat->memorising.recalling.node_id == 0;
}

void recalling_explain(const struct chat *chat, struct buf *reasons)
{
    if (chat->memorising.recalling.problem)
        buf_printf(reasons, "nothing was recalled: %s\n",
                   chat->memorising.recalling.problem);
}
