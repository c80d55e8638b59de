/* SPDX-License-Identifier: MIT */
#include "app/answer_text.h"

#include <jansson.h>

#include "base/json.h"

static bool is_held_back(const struct answer_text *text)
{
    return (text->has_schema || text->has_tools || text->is_replaceable) &&
           !text->out->is_terminal;
}

/* What the attempt under way has said is no part of the answer. */
static void leave(struct answer_text *text)
{
    text->now = text->before;
    buf_truncate(&text->held, text->now.held);
    text->is_replaced = false;
}

/* What is printed cannot be taken back. */
static void say_cut(const struct answer_text *text, const struct event *event)
{
    bool is_printed = !text->is_silent && !is_held_back(text) &&
                      text->now.len > text->before.len;
    if (!is_printed)
        return;
    print_end(text->out);
    print_fresh_line(text->out);
    print_notice("%.*s; what was printed before is cut off",
                 SLICE_ARG(event_text(event, FIELD_TEXT)));
}

static void put(struct answer_text *text, struct slice piece)
{
    if (text->is_silent)
        return;
    if (!is_held_back(text)) {
        print_text(text->out, piece);
        return;
    }
    buf_append_slice(&text->held, piece);
    text->now.held = text->held.len;
}

static void take_words(struct answer_text *text, struct slice words)
{
    if (!words.len)
        return;
    if (text->now.needs_gap && *words.ptr != '\n')
        put(text, slice_of("\n\n"));
    text->now.needs_gap = false;
    text->now.len += words.len;
    put(text, words);
}

static void print_held(struct answer_text *text)
{
    print_text(text->out, buf_slice(&text->held));
    buf_reset(&text->held);
    text->now.held = 0;
}

static void begin_attempt(struct answer_text *text)
{
    if (!text->is_replaced)
        text->before = text->now;
    text->is_replaceable = chat_may_begin_anew(text->chat);
}

static bool has_calls(const struct answer_text *text,
                      const struct attempt *attempt)
{
    const struct node *node =
        graph_node(chat_conversation(text->chat)->graph, attempt->node_id);
    for (size_t i = 0; node && i < node->blocks.count; i++)
        if (node->blocks.items[i].kind == BLOCK_CALL)
            return true;
    return false;
}

/* It goes on when the tools have answered. */
static void end_step(struct answer_text *text)
{
    bool is_printed = text->now.len > text->before.len && !is_held_back(text);
    if (is_printed)
        text->now.needs_gap = true;
    else
        leave(text);
}

/* What the server paused in was no sentence: a tool of its own stood there. */
static void end_attempt(struct answer_text *text, const struct event *event)
{
    const struct attempt *attempt = graph_attempt(
        chat_conversation(text->chat)->graph, event->run, event->attempt);
    if (attempt->state != ATTEMPT_COMPLETE)
        return;
    if (text->has_tools && has_calls(text, attempt)) {
        end_step(text);
        return;
    }
    text->now.needs_gap |= text->now.len && graph_attempt_is_paused(attempt);
    if (!text->has_schema)
        print_held(text);
}

void answer_text_take(struct answer_text *text, const struct event *event)
{
    switch (event->type) {
    case EVENT_RUN_STARTED:
        text->before = (struct answer_standing){ 0 };
        leave(text);
        break;
    case EVENT_ATTEMPT_STARTED: begin_attempt(text); break;
    case EVENT_ATTEMPT_FINISHED: end_attempt(text, event); break;
    case EVENT_FELL_BACK:
        say_cut(text, event);
        text->is_replaced = true;
        break;
    case EVENT_SUPERSEDED:
        if (!event->attempt)
            break;
        say_cut(text, event);
        leave(text);
        break;
    case EVENT_TEXT_DELTA:
    case EVENT_THINKING_DELTA:
    case EVENT_TOOL_CALL_START:
        if (text->is_replaced)
            leave(text);
        if (event->type == EVENT_TEXT_DELTA)
            take_words(text, event_text(event, FIELD_TEXT));
        else
            text->now.has_other = true;
        break;
    default: break;
    }
}

/* The text as it came where there is no value in it. */
void answer_text_end(struct answer_text *text)
{
    const json_t *object = chat_object(text->chat);
    if (object && text->held.len) {
        buf_reset(&text->held);
        json_append_value(&text->held, object);
    }
    print_held(text);
}

void answer_text_clear(struct answer_text *text)
{
    buf_clear(&text->held);
}
