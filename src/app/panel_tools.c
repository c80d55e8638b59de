/* SPDX-License-Identifier: MIT */
/*
 * panel_tools - the calls of the conversation, each with the states that it
 * went through.
 */
#include <inttypes.h>

#include "app/panel.h"
#include "ui/receipt.h"

enum {
    CALLS_SHOWN = 500, /* the newest */
    WIDTH_FOR_STATES = 72,
};

static void append_upper(struct buf *out, const char *word)
{
    for (; *word; word++)
        buf_append_char(out, *word >= 'a' && *word <= 'z'
                                 ? (char)(*word - 'a' + 'A')
                                 : *word);
}

/* "pending > executing > COMPLETED": the last one is where it stands, and all
 * that a narrow screen shows. */
static void append_states(struct buf *out, const struct call *call, int width)
{
    bool has_room = width >= WIDTH_FOR_STATES;
    if (has_room && call->state != CALL_PENDING)
        buf_append_string(out, "pending > ");
    if (has_room && call->started_at && call->state != CALL_EXECUTING)
        buf_append_string(out, "executing > ");
    append_upper(out, life_state_name(LIFE_CALL, (int)call->state));
}

static void append_facts(struct buf *out, const struct graph *graph,
                         const struct call *call, int64_t now)
{
    const struct node *result = graph_node(graph, call->result_id);
    size_t size = call->output.len;
    int64_t end = call->ended_at ? call->ended_at : now;
    if (result && result->blocks.count)
        size = result->blocks.items[0].text.len;
    if (call->started_at && end >= call->started_at) {
        receipt_duration(out, end - call->started_at);
        buf_append_string(out, size || call->ended_at ? "  " : "");
    }
    if (size || call->ended_at)
        receipt_size(out, size);
}

static void add_call(const struct panel_source *source, struct list *list,
                     uint32_t id)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    const struct call *call = graph_call(graph, id);
    const struct node *node = graph_node(graph, call->node_id);
    struct list_row *row = list_add(list, "");
    buf_printf(&row->key, "%" PRIu64, call->node_id);
    buf_printf(&row->head, "t%" PRIu32 " %s%s", id,
               call->name[0] ? call->name : "tool",
               call->recovered ? " (recovered)" : "");
    append_states(&row->text, call, source->width);
    if (node && call->block < node->blocks.count) {
        buf_append_string(&row->text, "  ");
        panel_append_excerpt(&row->text,
                             buf_slice(&node->blocks.items[call->block].text));
    }
    append_facts(&row->right, graph, call, source->now);
    row->right_style = receipt_call_style(call->state);
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

static void append_number(struct buf *out, uint32_t number, const char *word)
{
    if (number)
        buf_printf(out, "%s%" PRIu32 " %s", out->len ? ", " : "", number, word);
}

void panel_facts_tools(const struct panel_source *source, struct buf *facts)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    uint32_t asks = 0, runs = 0, done = 0;
    for (uint32_t id = 1; id <= graph_call_count(graph); id++) {
        enum call_state state = graph_call(graph, id)->state;
        asks += state == CALL_ASKING;
        runs += state == CALL_PENDING || state == CALL_EXECUTING;
        done += life_is_terminal(LIFE_CALL, (int)state);
    }
    append_number(facts, asks, asks == 1 ? "asks" : "ask");
    append_number(facts, runs, runs == 1 ? "runs" : "run");
    append_number(facts, done, "done");
}
