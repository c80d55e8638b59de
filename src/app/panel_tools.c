/* SPDX-License-Identifier: MIT */
/*
 * panel_tools - the calls of the conversation, each with the states that it
 * went through; of the chosen one what it was asked and what it gives back. The
 * key of a row is the number of its call: "t3".
 */
#include <inttypes.h>

#include "app/panel.h"
#include "ui/call_words.h"
#include "ui/receipt.h"

enum {
    CALLS_SHOWN = 500, /* the newest */
    WIDTH_FOR_STATES = 72,
    HEIGHT_FOR_MORE = 10, /* of a panel without the keys */
    ARGUMENTS_SHARE = 3,  /* of the panel; the output gets the rest */
};

const struct call *panel_call(const struct graph *graph, struct slice key)
{
    uint64_t id = 0;
    if (!slice_starts(key, "t"))
        return NULL;
    for (size_t i = 1; i < key.len; i++) {
        if (key.ptr[i] < '0' || key.ptr[i] > '9')
            return NULL;
        id = id * 10 + (uint64_t)(key.ptr[i] - '0');
        if (id > graph_call_count(graph))
            return NULL;
    }
    return id ? graph_call(graph, (uint32_t)id) : NULL;
}

static void append_upper(struct buf *out, const char *word)
{
    for (; *word; word++)
        buf_append_char(out, *word >= 'a' && *word <= 'z'
                                 ? (char)(*word - 'a' + 'A')
                                 : *word);
}

/* "pending > asking > EXECUTING": the last one is where it stands, and all
 * that a narrow screen shows. */
static void append_states(struct buf *out, const struct call *call, int width)
{
    bool has_room = width >= WIDTH_FOR_STATES;
    if (has_room && call->state != CALL_PENDING)
        buf_append_string(out, "pending > ");
    if (has_room && call->asked_at && call->state != CALL_ASKING)
        buf_append_string(out, "asking > ");
    if (has_room && call->started_at && call->state != CALL_EXECUTING)
        buf_append_string(out, "executing > ");
    append_upper(out, life_state_name(LIFE_CALL, (int)call->state));
}

static void append_facts(struct buf *out, const struct graph *graph,
                         const struct call *call, int64_t now)
{
    size_t size = call_words_size(graph, call);
    call_words_time(out, call, now);
    bool has_size = size || call->state == CALL_COMPLETED;
    if (out->len && has_size)
        buf_append_string(out, "  ");
    if (has_size)
        receipt_size(out, size);
}

/* Of one that runs the last line that it wrote, else what it is about. */
static void append_about(struct buf *out, const struct graph *graph,
                         const struct call *call)
{
    struct slice tail = slice_of("");
    struct buf about = { 0 };
    if (call->state == CALL_EXECUTING)
        tail = call_words_tail(buf_slice(&call->output), 1);
    buf_append_string(out, "  ");
    if (tail.len) {
        buf_append_string(out, "out| ");
        panel_append_excerpt(out, tail);
    } else {
        call_words_about(&about, call_words_asked(graph, call));
        panel_append_excerpt(out, buf_slice(&about));
    }
    buf_clear(&about);
}

static void add_call(const struct panel_source *source, struct list *list,
                     uint32_t id)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    const struct call *call = graph_call(graph, id);
    struct list_row *row = list_add(list, "");
    buf_printf(&row->key, "t%" PRIu32, id);
    buf_printf(&row->head, "t%" PRIu32 " %s%s", id,
               call->name[0] ? call->name : "tool",
               call->recovered ? " (recovered)" : "");
    append_states(&row->text, call, source->width);
    append_about(&row->text, graph, call);
    append_facts(&row->right, graph, call, source->now);
    row->right_style = receipt_call_style(call->state);
    row->is_marked = call->state == CALL_ASKING;
}

void panel_fill_tools(const struct panel_source *source, struct list *list)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    uint32_t count = graph_call_count(graph);
    uint32_t first = count > CALLS_SHOWN ? count - CALLS_SHOWN + 1 : 1;
    for (uint32_t id = first; id <= count; id++)
        add_call(source, list, id);
    if (count == 0)
        list_add_text(list, STYLE_DIM,
                      "No calls yet. When a model asks for a tool, each call "
                      "stands here with its states, its time and its size.");
}

/* More about a call. */

/* Lines of a text that we did not write, behind a bar. Returns how many it had. */
static size_t add_lines(const struct panel_source *source, struct list *list,
                        struct slice text, size_t most)
{
    const char *gutter = theme_glyphs(source->ascii)->gutter;
    struct slice line;
    size_t count = 0;
    while (slice_next_line(&text, &line)) {
        if (count++ >= most)
            continue;
        struct list_row *row = list_add(list, "");
        row->style = STYLE_GUTTER;
        buf_append_string(&row->head, gutter);
        panel_append_excerpt(&row->text, line);
    }
    return count;
}

static void add_arguments(const struct panel_source *source, struct list *list,
                          const struct graph *graph, const struct call *call)
{
    size_t most = (size_t)(source->height / ARGUMENTS_SHARE);
    struct buf lines = { 0 };
    call_words_arguments(&lines, call_words_asked(graph, call));
    size_t count = add_lines(source, list, buf_slice(&lines), most);
    if (count > most)
        list_add_text(list, STYLE_DIM, "%zu more line%s of arguments",
                      count - most, count - most == 1 ? "" : "s");
    buf_clear(&lines);
}

/* Why it went wrong. */
static void add_error(struct list *list, const struct graph *graph,
                      const struct call *call)
{
    const struct node *result = graph_node(graph, call->result_id);
    for (size_t i = 0; result && i < result->blocks.count; i++) {
        const struct block *block = &result->blocks.items[i];
        if (block->kind == BLOCK_ERROR)
            list_add_text(list, STYLE_ERROR, "%s: %.*s",
                          life_state_name(LIFE_CALL, (int)call->state),
                          SLICE_ARG(buf_slice(&block->text)));
    }
}

void panel_preview_tools(const struct panel_source *source, const char *key,
                         struct list *list)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    const struct call *call = panel_call(graph, slice_of(key));
    size_t rows = (size_t)source->height / 2;
    if (!call || (!source->has_keys && source->height < HEIGHT_FOR_MORE))
        return;
    add_arguments(source, list, graph, call);
    struct slice output = call_words_output(graph, call);
    struct slice tail = call_words_tail(output, rows);
    if (tail.len)
        list_add_text(list, STYLE_DIM, "%s %s",
                      tail.ptr == output.ptr ? "output," : "the end of its",
                      tail.ptr == output.ptr ? "whole:" : "output:");
    add_lines(source, list, tail, rows);
    add_error(list, graph, call);
}

static void append_number(struct buf *out, uint32_t number, const char *word)
{
    if (number)
        buf_printf(out, "%s%" PRIu32 " %s", out->len ? ", " : "", number, word);
}

void panel_facts_tools(const struct panel_source *source, struct buf *facts)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    uint32_t asks = 0, waits = 0, runs = 0, done = 0;
    for (uint32_t id = 1; id <= graph_call_count(graph); id++) {
        enum call_state state = graph_call(graph, id)->state;
        asks += state == CALL_ASKING;
        waits += state == CALL_PENDING;
        runs += state == CALL_EXECUTING;
        done += life_is_terminal(LIFE_CALL, (int)state);
    }
    append_number(facts, asks, asks == 1 ? "asks" : "ask");
    append_number(facts, waits, waits == 1 ? "waits" : "wait");
    append_number(facts, runs, runs == 1 ? "runs" : "run");
    append_number(facts, done, "done");
}
