/* SPDX-License-Identifier: MIT */
#include "app/dag_text.h"

#include <inttypes.h>

#include "base/filter.h"
#include "base/json.h"
#include "base/utf8.h"
#include "graph/dag.h"

enum { LABEL_MAX = 60 }; /* bytes of what was said */

static const char *const edge_names[] = {
    [DAG_FOLLOWS] = "follows",
    [DAG_SPAWNED] = "spawned",
    [DAG_SUMMARISES] = "summarises",
};

static const char *kind_of(const struct graph *graph,
                           const struct dag_node *item)
{
    static const char *const names[] = {
        [NODE_USER] = "user",
        [NODE_ASSISTANT] = "assistant",
        [NODE_TOOL_RESULT] = "tool",
        [NODE_NOTE] = "note",
    };
    return item->summary ? "summary" : names[graph_node(graph, item->id)->kind];
}

/* Who said it: a model or a tool by its name. */
static const char *speaker_of(const struct graph *graph,
                              const struct dag_node *item)
{
    const struct node *node = graph_node(graph, item->id);
    const struct attempt *attempt =
        item->summary ? NULL : graph_node_attempt(graph, node);
    const struct call *call =
        item->summary ? NULL : graph_call(graph, node->call);
    if (call && call->name[0])
        return call->name;
    if (attempt && node->kind == NODE_ASSISTANT && attempt->model[0])
        return attempt->model;
    return kind_of(graph, item);
}

/* The first block that says something. */
static struct slice first_words(const struct graph *graph,
                                const struct dag_node *item)
{
    if (item->summary)
        return slice_trim(slice_of(graph_summary(graph, item->summary)->text));
    const struct node *node = graph_node(graph, item->id);
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        struct slice text = slice_trim(buf_slice(&block->text));
        if (block->kind == BLOCK_CALL)
            return slice_of(graph_call(graph, block->call)->name);
        if (text.len && block->kind != BLOCK_THINKING && !block->image)
            return text;
    }
    return slice_of("");
}

/* On one line and harmless; the caller frees it. */
static struct buf make_label(const struct graph *graph,
                             const struct dag_node *item)
{
    struct buf label = { 0 };
    struct slice words = first_words(graph, item);
    bool is_cut = words.len > LABEL_MAX;
    if (is_cut) {
        words.len = LABEL_MAX;
        words.len -= utf8_partial_tail(words);
    }
    filter_line(&label, slice_of(speaker_of(graph, item)));
    if (words.len)
        buf_append_string(&label, ": ");
    filter_line(&label, words);
    if (is_cut)
        buf_append_string(&label, "...");
    return label;
}

/* JSON. */

static void put_json_node(struct buf *out, const struct graph *graph,
                          const struct dag_node *item)
{
    struct buf label = make_label(graph, item);
    const struct node *node = graph_node(graph, item->id);
    buf_printf(out, "{\"id\":%" PRIu64 ",\"kind\":\"%s\"", item->id,
               kind_of(graph, item));
    if (!item->summary && node->run)
        buf_printf(out, ",\"run\":%" PRIu32, node->run);
    if (item->is_active)
        buf_append_string(out, item->summary ? ",\"folded\":true"
                                             : ",\"active\":true");
    if (item->is_head)
        buf_append_string(out, ",\"head\":true");
    if (item->is_hidden)
        buf_append_string(out, ",\"pruned\":true");
    if (!item->summary && node->name) {
        buf_append_string(out, ",\"name\":");
        json_append_quoted(out, slice_of(node->name));
    }
    buf_append_string(out, ",\"label\":");
    json_append_quoted(out, buf_slice(&label));
    buf_append_char(out, '}');
    buf_clear(&label);
}

void dag_text_json(struct buf *out, const struct graph *graph)
{
    struct dag dag = { 0 };
    dag_build(&dag, graph);
    buf_append_string(out, "{\"nodes\":[");
    for (size_t i = 0; i < dag.nodes.count; i++) {
        buf_append_string(out, i ? ",\n" : "\n");
        put_json_node(out, graph, &dag.nodes.items[i]);
    }
    buf_append_string(out, "\n],\"edges\":[");
    for (size_t i = 0; i < dag.edges.count; i++) {
        const struct dag_edge *edge = &dag.edges.items[i];
        buf_printf(out,
                   "%s\n{\"from\":%" PRIu64 ",\"to\":%" PRIu64
                   ",\"kind\":\"%s\"}",
                   i ? "," : "", edge->from, edge->to, edge_names[edge->kind]);
    }
    buf_append_string(out, "\n]}\n");
    dag_clear(&dag);
}

/* Mermaid. */

/* Entity codes "#34;" are the only escapes of a quoted label. What is plain in
 * it is listed, so that what a newer version gives a meaning stays text.
 * https://mermaid.js.org/syntax/flowchart.html, "Entity codes to escape
 * characters". */
static void put_mermaid_text(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        bool is_word = (byte >= '0' && byte <= '9') ||
                       (byte >= 'A' && byte <= 'Z') ||
                       (byte >= 'a' && byte <= 'z') || byte >= 0x80;
        bool is_plain = byte == ' ' || byte == '.' || byte == ',' ||
                        byte == ':' || byte == '-' || byte == '?' ||
                        byte == '!';
        if (is_word || is_plain)
            buf_append_char(out, text.ptr[i]);
        else
            buf_printf(out, "#%u;", byte);
    }
}

static void put_mermaid_node(struct buf *out, const struct graph *graph,
                             const struct dag_node *item)
{
    struct buf label = make_label(graph, item);
    buf_printf(out, "    n%" PRIu64 "%s\"", item->id,
               item->summary ? "{{" : "[");
    put_mermaid_text(out, buf_slice(&label));
    buf_printf(out, "\"%s", item->summary ? "}}" : "]");
    if (item->is_head)
        buf_append_string(out, ":::head");
    else if (item->is_hidden)
        buf_append_string(out, ":::pruned");
    else if (item->is_active)
        buf_append_string(out, ":::active");
    buf_append_char(out, '\n');
    buf_clear(&label);
}

void dag_text_mermaid(struct buf *out, const struct graph *graph)
{
    static const char *const arrows[] = {
        [DAG_FOLLOWS] = "-->",
        [DAG_SPAWNED] = "-.->",
        [DAG_SUMMARISES] = "-.-",
    };
    struct dag dag = { 0 };
    dag_build(&dag, graph);
    buf_append_string(out, "flowchart TD\n");
    for (size_t i = 0; i < dag.nodes.count; i++)
        put_mermaid_node(out, graph, &dag.nodes.items[i]);
    for (size_t i = 0; i < dag.edges.count; i++) {
        const struct dag_edge *edge = &dag.edges.items[i];
        buf_printf(out, "    n%" PRIu64 " %s n%" PRIu64 "\n", edge->from,
                   arrows[edge->kind], edge->to);
    }
    buf_append_string(out, "    classDef active stroke-width:2px\n"
                           "    classDef head stroke-width:4px\n"
                           "    classDef pruned stroke-dasharray:4\n");
    dag_clear(&dag);
}

/* DOT. */

/* In a quoted string a backslash begins an escape, and what looks like an
 * entity of HTML is one. https://graphviz.org/doc/info/lang.html and
 * https://graphviz.org/doc/char.html */
static void put_dot_text(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '&') {
            buf_append_string(out, "&amp;");
            continue;
        }
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            buf_append_char(out, '\\');
        buf_append_char(out, text.ptr[i]);
    }
}

static void put_dot_node(struct buf *out, const struct graph *graph,
                         const struct dag_node *item)
{
    struct buf label = make_label(graph, item);
    buf_printf(out, "    n%" PRIu64 " [label=\"", item->id);
    put_dot_text(out, buf_slice(&label));
    buf_append_char(out, '"');
    if (item->summary)
        buf_append_string(out, ", shape=note");
    if (item->is_hidden)
        buf_append_string(out, ", style=dashed");
    else if (item->is_active)
        buf_append_string(out, item->is_head ? ", penwidth=3" : ", penwidth=2");
    buf_append_string(out, "];\n");
    buf_clear(&label);
}

void dag_text_dot(struct buf *out, const struct graph *graph)
{
    static const char *const looks[] = {
        [DAG_FOLLOWS] = "",
        [DAG_SPAWNED] = " [style=dashed]",
        [DAG_SUMMARISES] = " [style=dotted, dir=none]",
    };
    struct dag dag = { 0 };
    dag_build(&dag, graph);
    buf_append_string(out, "digraph session {\n    node [shape=box];\n");
    for (size_t i = 0; i < dag.nodes.count; i++)
        put_dot_node(out, graph, &dag.nodes.items[i]);
    for (size_t i = 0; i < dag.edges.count; i++) {
        const struct dag_edge *edge = &dag.edges.items[i];
        buf_printf(out, "    n%" PRIu64 " -> n%" PRIu64 "%s;\n", edge->from,
                   edge->to, looks[edge->kind]);
    }
    buf_append_string(out, "}\n");
    dag_clear(&dag);
}
