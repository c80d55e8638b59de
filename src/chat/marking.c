/* SPDX-License-Identifier: MIT */
/*
 * marking - what came into a conversation is looked at, and marked where it is
 * private (graph/private_mark).
 *
 * A node is looked at as a whole: however its text came in pieces, what is found
 * is what a look at the finished text finds. While it is open it is looked at
 * each time that it has grown by half, so that all looks together cost what the
 * text is.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "chat/chat_state.h"
#include "graph/private_mark.h"

enum { GROWTH_LEAST = 512 /* bytes */ };

static struct event mark_event(enum mark_kind kind, uint64_t node_id,
                               bool is_on)
{
    struct event event = { .type = EVENT_PRIVACY_MARKED };
    if (node_id)
        event_add_number(&event, FIELD_NODE, node_id);
    event_add_string(&event, FIELD_KIND, mark_kind_name(kind));
    event_add_number(&event, FIELD_ON, is_on);
    return event;
}

static void append_mark(struct chat *chat, enum mark_kind kind,
                        uint64_t node_id, const char *rule, struct slice where)
{
    struct event event = mark_event(kind, node_id, true);
    event_add_string(&event, FIELD_NAME, rule);
    event_add_text(&event, FIELD_TEXT, where);
    chat_append(chat, &event);
}

/* What is looked at, and what was found. */
struct look {
    const struct privacy *privacy;
    struct buf rule, where;
    bool is_found;
};

static void look_at(struct look *look, struct slice text, const char *where,
                    struct slice name)
{
    int64_t most_ms = PRIVACY_LOOK_MS + (int64_t)(text.len / 1024);
    if (look->is_found || !text.len)
        return;
    look->is_found = privacy_text(look->privacy, text, most_ms, &look->rule);
    if (look->is_found)
        buf_printf(&look->where, "%s%.*s", where, SLICE_ARG(name));
}

/* A text that is escaped in JSON is looked at as it reads, too. */
static void append_strings(json_t *value, struct buf *out)
{
    const char *key;
    json_t *below;
    size_t i;
    if (json_is_string(value)) {
        buf_append(out, json_string_value(value), json_string_length(value));
        buf_append_char(out, '\n');
    }
    json_array_foreach(value, i, below) append_strings(below, out);
    json_object_foreach(value, key, below) append_strings(below, out);
}

static void look_at_call(struct look *look, const struct graph *graph,
                         const struct block *block)
{
    static const char where[] = "arguments of ";
    struct error ignored = { 0 };
    struct buf strings = { 0 };
    const struct call *call = graph_call(graph, block->call);
    struct slice name = slice_of(call ? call->name : "");
    look_at(look, name, where, name);
    look_at(look, slice_of(call ? call->server_id : ""), where, name);
    look_at(look, buf_slice(&block->text), where, name);
    json_t *value = json_parse(buf_slice(&block->text), &ignored);
    if (value)
        append_strings(value, &strings);
    look_at(look, buf_slice(&strings), where, name);
    json_decref(value);
    buf_clear(&strings);
}

static void look_at_file(struct look *look, const struct block *block)
{
    static const char where[] = "file ";
    struct slice name = buf_slice(&block->name);
    const struct image *image = block->image;
    look_at(look, name, where, name);
    look_at(look, buf_slice(&block->text), where, name);
    if (!image)
        return;
    look_at(look, slice_of(image->alt), where, name);
    look_at(look, slice_of(image->url), where, name);
    look_at(look, buf_slice(&image->data), where, name);
}

static void look_at_block(struct look *look, const struct graph *graph,
                          const struct block *block)
{
    const struct call *call;
    switch (block->kind) {
    case BLOCK_TEXT: break; /* all of them together */
    case BLOCK_THINKING:
        look_at(look, buf_slice(&block->text), "thinking", slice_of(""));
        break;
    case BLOCK_CALL: look_at_call(look, graph, block); break;
    case BLOCK_ERROR: /* of an answer for the user alone */
    case BLOCK_OUTPUT:
        if (!block->call)
            break;
        call = graph_call(graph, block->call);
        look_at(look, buf_slice(&block->text), "output of ",
                slice_of(call ? call->name : ""));
        break;
    case BLOCK_ATTACHMENT: look_at_file(look, block); break;
    case BLOCK_NOTE:
        look_at(look, buf_slice(&block->text), "the ", buf_slice(&block->name));
        break;
    case BLOCK_MEMORY:
        look_at(look, buf_slice(&block->text), "what is remembered of ",
                buf_slice(&block->name));
        break;
    }
}

/* As a server reads them: one after another. */
static void look_at_texts(struct look *look, const struct node *node)
{
    struct buf all = { 0 };
    const char *where = node->kind == NODE_USER        ? "the prompt"
                        : node->kind == NODE_ASSISTANT ? "the answer"
                                                       : "a tool's output";
    for (size_t i = 0; i < node->blocks.count; i++)
        if (node->blocks.items[i].kind == BLOCK_TEXT)
            buf_append_slice(&all, buf_slice(&node->blocks.items[i].text));
    look_at(look, buf_slice(&all), where, slice_of(""));
    buf_clear(&all);
}

static void look_at_node(struct look *look, const struct graph *graph,
                         const struct node *node)
{
    look_at_texts(look, node);
    for (size_t i = 0; i < node->blocks.count; i++)
        look_at_block(look, graph, &node->blocks.items[i]);
}

static void look_clear(struct look *look)
{
    buf_clear(&look->rule);
    buf_clear(&look->where);
}

static void take_look(struct chat *chat, struct look *look, enum mark_kind kind,
                      uint64_t node_id)
{
    if (look->is_found)
        append_mark(chat, kind, node_id, buf_string(&look->rule),
                    buf_slice(&look->where));
    look_clear(look);
}

static bool has_text_mark(const struct graph *graph, const struct node *node)
{
    return graph_node_mark_of(graph, node, MARK_TEXT) != NULL;
}

static void mark_node(struct chat *chat, uint64_t id)
{
    const struct graph *graph = chat->conversation.graph;
    const struct node *node = graph_node(graph, id);
    struct look look = { .privacy = &chat->marking.privacy };
    if (node->is_cleared || has_text_mark(graph, node))
        return;
    look_at_node(&look, graph, node);
    chat->marking.looks++;
    take_look(chat, &look, MARK_TEXT, id);
}

static size_t size_of(const struct node *node)
{
    size_t size = 0;
    for (size_t i = 0; i < node->blocks.count; i++)
        size += node->blocks.items[i].text.len;
    return size;
}

/* It still grows: not for each word. */
static bool is_due(struct marking *marking, const struct node *node)
{
    size_t size = size_of(node);
    if (!node->is_open)
        return true;
    if (marking->open_id != node->id) {
        marking->open_id = node->id;
        marking->open_seen = 0;
    }
    if (size < marking->open_seen + marking->open_seen / 2 + GROWTH_LEAST)
        return false;
    marking->open_seen = size;
    return true;
}

static void mark_changed(struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    struct marking *marking = &chat->marking;
    ARRAY_OF(uint64_t) changed = { 0 };
    uint64_t id = graph_changed_before(graph, 0);
    for (; id && graph_node(graph, id)->changed > marking->seen_seq;
         id = graph_changed_before(graph, id))
        *array_add(&changed) = id;
    for (size_t i = changed.count; i > 0; i--) {
        const struct node *node = graph_node(graph, changed.items[i - 1]);
        if (is_due(marking, node))
            mark_node(chat, node->id);
    }
    array_clear(&changed);
}

/* A summary counts where what it is of does. */
static void mark_summaries(struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    struct marking *marking = &chat->marking;
    while (marking->summaries < graph_summary_count(graph)) {
        const struct summary *summary =
            graph_summary(graph, ++marking->summaries);
        uint64_t last_id = summary->last_id;
        const struct node *last = graph_node(graph, last_id);
        struct look look = { .privacy = &marking->privacy };
        if (!has_text_mark(graph, last) && !last->is_cleared)
            look_at(&look, slice_of(summary->text), "a summary", slice_of(""));
        take_look(chat, &look, MARK_TEXT, last_id);
    }
}

static void mark_system(struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    struct look look = { .privacy = &chat->marking.privacy };
    if (chat->marking.system_seq == graph_system_seq(graph))
        return;
    chat->marking.system_seq = graph_system_seq(graph);
    if (!graph_system_mark(graph) && !graph_system_is_cleared(graph))
        look_at(&look, slice_of(graph_system(graph)), "the system prompt",
                slice_of(""));
    take_look(chat, &look, MARK_SYSTEM, 0);
}

void marking_set_session(struct chat *chat, const char *rule)
{
    struct event event = mark_event(MARK_SESSION, 0, false);
    if (rule)
        append_mark(chat, MARK_SESSION, 0, rule, slice_of(""));
    else
        chat_append(chat, &event);
}

void marking_mark_recalled(struct chat *chat, uint64_t node_id,
                           const char *name)
{
    struct buf where = { 0 };
    buf_printf(&where, "memory %s, which is private", name);
    append_mark(chat, MARK_TEXT, node_id, "recalled", buf_slice(&where));
    buf_clear(&where);
}

void marking_clear_system(struct chat *chat)
{
    struct event event = mark_event(MARK_SYSTEM, 0, false);
    chat_append(chat, &event);
}

/* By the user's word: of both kinds. */
void marking_clear_node(struct chat *chat, uint64_t node_id)
{
    static const enum mark_kind kinds[] = { MARK_FILE, MARK_TEXT };
    for (size_t i = 0; i < COUNTOF(kinds); i++) {
        struct event event = mark_event(kinds[i], node_id, false);
        chat_append(chat, &event);
    }
}

/* What is said while all is private stays so, whoever opens it. */
void marking_note_prompt(struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    if (chat->marking.privacy.is_all && !graph_session_mark(graph))
        marking_set_session(chat, "privacy.private: true");
}

void marking_take_prompt(struct chat *chat, uint64_t node_id)
{
    if (chat->marking.clears_next)
        marking_clear_node(chat, node_id);
    chat->marking.clears_next = false;
    marking_catch_up(chat);
}

void marking_catch_up(struct chat *chat)
{
    struct marking *marking = &chat->marking;
    const struct graph *graph = chat->conversation.graph;
    if (marking->seen_seq == graph_seq(graph))
        return;
    if (privacy_has_texts(&marking->privacy)) {
        mark_system(chat);
        mark_summaries(chat);
        mark_changed(chat);
    }
    marking->seen_seq = graph_seq(graph);
}

void marking_begin(struct chat *chat)
{
    struct marking *marking = &chat->marking;
    marking->seen_seq = marking->system_seq = 0;
    marking->open_id = marking->open_seen = 0;
    marking->summaries = 0;
}

/* Only what was found by a rule that can be asked again, and is not found any
 * more, is not private any more. */
void marking_look_again(struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    const struct privacy *privacy = &chat->marking.privacy;
    size_t count = graph_mark_count(graph);
    for (size_t i = 0; i < count; i++) {
        const struct private_mark *mark = graph_mark_at(graph, i);
        bool is_form = mark->kind == MARK_TEXT || mark->kind == MARK_SYSTEM;
        if (!mark->is_on || !is_form || !privacy_knows(privacy, mark->rule))
            continue;
        struct look look = { .privacy = privacy };
        if (mark->node_id)
            look_at_node(&look, graph, graph_node(graph, mark->node_id));
        else
            look_at(&look, slice_of(graph_system(graph)), "", slice_of(""));
        if (!look.is_found) {
            struct event event = mark_event(mark->kind, mark->node_id, false);
            event_add_string(&event, FIELD_NAME, "redacted");
            chat_append(chat, &event);
        }
        look_clear(&look);
    }
    marking_begin(chat);
    marking_catch_up(chat);
}
