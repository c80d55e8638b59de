/* SPDX-License-Identifier: MIT */
/*
 * panel_graph - the turns of the conversation as a tree: what follows a turn
 * stands below it, and is indented where there is more than one answer.
 */
#include <inttypes.h>

#include "app/panel.h"
#include "ui/receipt.h"
#include "ui/theme.h"

enum { NODES_SHOWN = 1000, INDENT_MAX = 20 };

/* Nodes as they stand in the tree; or those still to be visited, the next one
 * last. */
struct branch {
    uint64_t node_id;
    int indent;
};
struct branches {
    ARRAY_OF(struct branch) stack;
};

static void push_children(struct branches *branches, const struct node *node,
                          int indent)
{
    for (size_t i = node->spawned.count; i-- > 0;)
        *array_add(&branches->stack) =
            (struct branch){ node->spawned.items[i], indent + 1 };
    bool forks = node->children.count > 1;
    for (size_t i = node->children.count; i-- > 0;)
        *array_add(&branches->stack) =
            (struct branch){ node->children.items[i], indent + forks };
}

static void push_roots(struct branches *branches, const struct graph *graph)
{
    const struct node *first = graph_node_at(graph, 0);
    uint32_t count = graph_sibling_count(graph, first);
    for (uint32_t i = count; i-- > 0;)
        *array_add(&branches->stack) =
            (struct branch){ graph_sibling(graph, first, i), count > 1 };
}

static const char *kind_name(const struct node *node,
                             const struct attempt *attempt)
{
    static const char *const names[] = {
        [NODE_USER] = "you",
        [NODE_ASSISTANT] = "model",
        [NODE_TOOL_RESULT] = "result",
        [NODE_NOTE] = "note",
    };
    if (node->kind == NODE_ASSISTANT && attempt && *attempt->model)
        return attempt->model;
    return names[node->kind];
}

static void add_node(const struct panel_source *source, struct list *list,
                     const struct node *node, int indent)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    const struct attempt *attempt = graph_node_attempt(graph, node);
    const struct glyphs *glyphs = theme_glyphs(source->ascii);
    struct list_row *row = list_add(list, "");
    buf_printf(&row->key, "%" PRIu64, node->id);
    for (int i = 0; i < indent && i < INDENT_MAX; i++)
        buf_printf(&row->head, "%s ", glyphs->gutter);
    if (node->edge == EDGE_SPAWNED)
        buf_printf(&row->head, "%s ", glyphs->output);
    buf_append_string(&row->head, kind_name(node, attempt));
    if (graph_sibling_count(graph, node) > 1)
        buf_printf(&row->head, " %s%" PRIu32 "/%" PRIu32 "%s", glyphs->before,
                   node->sibling + 1, graph_sibling_count(graph, node),
                   glyphs->after);
    panel_append_excerpt(&row->text, panel_first_line(node));
    if (!row->text.len)
        buf_append_char(&row->text, ' ');
    receipt_clock(&row->right, node->at);
    row->is_marked = node->id == graph_head(graph);
    row->style = node->kind == NODE_USER ? STYLE_USER : STYLE_MODEL;
}

/* The whole tree from the top, and where the head stands in it. */
static size_t walk(const struct graph *graph, struct branches *rows)
{
    struct branches left = { 0 };
    size_t head = 0;
    push_roots(&left, graph);
    while (left.stack.count) {
        struct branch branch = left.stack.items[--left.stack.count];
        if (branch.node_id == graph_head(graph))
            head = rows->stack.count;
        *array_add(&rows->stack) = branch;
        push_children(&left, graph_node(graph, branch.node_id), branch.indent);
    }
    array_clear(&left.stack);
    return head;
}

static void add_rest(struct list *list, size_t count, const char *where)
{
    if (count)
        list_add_text(list, STYLE_DIM, "and %zu more turns %s", count, where);
}

/* Of very many turns those around the head. */
void panel_fill_graph(const struct panel_source *source, struct list *list)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    struct branches rows = { 0 };
    if (graph_node_count(graph) == 0) {
        list_add_text(list, STYLE_DIM,
                      "No turns yet. All turns stand here, other answers and "
                      "other branches too.");
        return;
    }
    size_t head = walk(graph, &rows), count = rows.stack.count;
    size_t first = head > NODES_SHOWN / 2 ? head - NODES_SHOWN / 2 : 0;
    if (count <= NODES_SHOWN)
        first = 0;
    else if (first > count - NODES_SHOWN)
        first = count - NODES_SHOWN;
    size_t end = count - first < NODES_SHOWN ? count : first + NODES_SHOWN;
    add_rest(list, first, "above");
    for (size_t i = first; i < end; i++)
        add_node(source, list, graph_node(graph, rows.stack.items[i].node_id),
                 rows.stack.items[i].indent);
    add_rest(list, count - end, "below");
    array_clear(&rows.stack);
}
