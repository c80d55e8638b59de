/* SPDX-License-Identifier: MIT */
#include "chat/steps.h"

#include "chat/call_loop.h"
#include "chat/chat_state.h"
#include "graph/ending.h"
#include "llm/recovered.h"

enum { ROUNDS_USUAL = 10 };

static const struct node *answer_of(const struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    const struct attempt *attempt =
        graph_attempt(graph, chat->run, chat->attempt);
    return attempt ? graph_node(graph, attempt->node_id) : NULL;
}

static bool has_calls(const struct node *node)
{
    for (size_t i = 0; node && i < node->blocks.count; i++)
        if (node->blocks.items[i].kind == BLOCK_CALL)
            return true;
    return false;
}

/* How many answers of the run have asked for tools. */
static int count_rounds(const struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    const struct run *run = graph_run(graph, chat->run);
    int count = 0;
    for (size_t i = 0; i < run->attempts.count; i++) {
        const struct attempt *attempt = &run->attempts.items[i];
        count += attempt->state == ATTEMPT_COMPLETE &&
                 has_calls(graph_node(graph, attempt->node_id));
    }
    return count;
}

/* Each call of the answer alike. */
static void answer_all(struct chat *chat, const char *outcome,
                       const char *words)
{
    const struct graph *graph = chat->conversation.graph;
    const struct node *node = answer_of(chat);
    for (size_t i = 0; node && i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        const struct call *call =
            block->kind == BLOCK_CALL ? graph_call(graph, block->call) : NULL;
        if (call && !life_is_terminal(LIFE_CALL, (int)call->state))
            works_append_end(chat, call->id, outcome, slice_of(words));
        node = answer_of(chat);
    }
}

/* A call that came as text. */

static struct event answer_event(const struct chat *chat, enum event_type type)
{
    struct event event = chat_run_event(chat, type);
    event.attempt = chat->attempt;
    event_add_number(&event, FIELD_CALL,
                     graph_call_count(chat->conversation.graph) +
                         (type == EVENT_TOOL_CALL_START));
    return event;
}

static void append_recovered(struct chat *chat,
                             const struct recovered_call *call)
{
    struct event start = answer_event(chat, EVENT_TOOL_CALL_START);
    event_add_text(&start, FIELD_NAME, call->tool->name);
    event_add_number(&start, FIELD_RECOVERED, true);
    chat_append(chat, &start);
    struct event end = answer_event(chat, EVENT_TOOL_CALL_END);
    event_add_text(&end, FIELD_ARGUMENTS, buf_slice(&call->arguments));
    chat_append(chat, &end);
}

/* Who asks for JSON gets JSON. */
static bool may_recover(const struct chat *chat, const struct node *node)
{
    return node && !has_calls(node) && chat->offers.list.count &&
           !chat->structured.schema && !chat->failed.is_damaged &&
           !ending_is_by_length(slice_of(chat->failed.finish_reason));
}

void steps_recover(struct chat *chat)
{
    const struct offers *offers = &chat->offers;
    const struct node *node = answer_of(chat);
    struct recovered recovered = { 0 };
    struct buf text = { 0 };
    if (!may_recover(chat, node))
        return;
    for (size_t i = 0; i < node->blocks.count; i++)
        if (node->blocks.items[i].kind == BLOCK_TEXT)
            buf_append_slice(&text, buf_slice(&node->blocks.items[i].text));
    recovered_find(&recovered, buf_slice(&text), offers->list.items,
                   offers->list.count);
    for (size_t i = 0; i < recovered.calls.count; i++)
        append_recovered(chat, &recovered.calls.items[i]);
    recovered_clear(&recovered);
    buf_clear(&text);
}

bool steps_begin(struct chat *chat)
{
    const struct node *node = answer_of(chat);
    const struct attempt *attempt =
        graph_attempt(chat->conversation.graph, chat->run, chat->attempt);
    if (!has_calls(node))
        return false;
    if (chat->works.sums_up) {
        answer_all(chat, "error", "No more calls are made for this prompt.");
        return false;
    }
    if (!chat->offers.list.count) {
        works_begin(chat, node);
        return false;
    }
    if (ending_is_by_length(slice_of(attempt->finish_reason))) {
        answer_all(chat, "error",
                   "The answer had no room left; the call was not run.");
        return false;
    }
    if (chat->failed.is_damaged)
        answer_all(chat, "error",
                   "A part of the answer could not be read; the call was not "
                   "run.");
    else
        works_begin(chat, node);
    chat->works.is_stepping = true;
    return true;
}

/* Where the model reads it next. */
static void tell(struct chat *chat, const char *words)
{
    const struct run *run = graph_run(chat->conversation.graph, chat->run);
    struct event event = { .type = EVENT_NOTED };
    event_add_number(&event, FIELD_NODE, run->leaf_id);
    event_add_string(&event, FIELD_NAME, "note");
    event_add_string(&event, FIELD_TEXT, words);
    chat_append(chat, &event);
}

bool steps_may_sum_up(const struct chat *chat)
{
    return chat->run && !chat->works.sums_up && chat->offers.list.count &&
           count_rounds(chat) > 0;
}

void steps_sum_up(struct chat *chat, const char *why)
{
    struct buf words = { 0 };
    buf_printf(&words,
               "%s; no more are made for this prompt: answer now with what is "
               "known, and say what is missing",
               why);
    tell(chat, buf_string(&words));
    chat->works.sums_up = true;
    buf_clear(&words);
}

static void end_rounds(struct chat *chat)
{
    int most = (int)settings_number(chat->setup.settings, "limits.tool_rounds",
                                    ROUNDS_USUAL);
    struct buf why = { 0 };
    chat->works.sums_up = false;
    if (call_loop_is_found(chat->conversation.graph, chat->run))
        buf_append_string(&why, "these calls go in circles");
    else if (count_rounds(chat) >= most)
        buf_printf(&why, "%d rounds of calls were made (limits.tool_rounds)",
                   most);
    if (why.len)
        steps_sum_up(chat, buf_string(&why));
    buf_clear(&why);
}

void steps_turn(struct chat *chat)
{
    works_turn(chat);
    if (!chat->works.is_stepping || chat->works.list.count)
        return;
    chat->works.is_stepping = false;
    end_rounds(chat);
    chat->tries = 0;
    attempts_begin_target(chat);
    attempts_start(chat);
}
