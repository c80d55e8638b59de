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
    uint64_t node_id; /* of pruned ones the turn that they follow */
    int indent;
    size_t pruned_count; /* so many branches, folded; 0: it is a turn */
};
struct branches {
    ARRAY_OF(struct branch) stack;
};

/* The last of what follows a turn, which is visited first: all is pushed the
 * other way round. */
static void push_pruned(struct branches *branches, const struct node *node,
                        int indent, bool are_shown)
{
    size_t count = node->pruned.count;
    if (count && !are_shown)
        *array_add(&branches->stack) =
            (struct branch){ node->id, indent + 1, count };
    for (size_t i = are_shown ? count : 0; i-- > 0;)
        *array_add(&branches->stack) =
            (struct branch){ node->pruned.items[i], indent + 1, 0 };
}

static void push_children(struct branches *branches, const struct node *node,
                          int indent)
{
    for (size_t i = node->spawned.count; i-- > 0;)
        *array_add(&branches->stack) =
            (struct branch){ node->spawned.items[i], indent + 1, 0 };
    bool forks = node->children.count > 1;
    for (size_t i = node->children.count; i-- > 0;)
        *array_add(&branches->stack) =
            (struct branch){ node->children.items[i], indent + forks, 0 };
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

static void indent_row(struct list_row *row, const struct glyphs *glyphs,
                       int indent)
{
    for (int i = 0; i < indent && i < INDENT_MAX; i++)
        buf_printf(&row->head, "%s ", glyphs->gutter);
}

/* Branches that are folded. */
static void add_pruned(const struct panel_source *source, struct list *list,
                       const struct branch *branch)
{
    struct list_row *row = list_add(list, "");
    indent_row(row, theme_glyphs(source->ascii), branch->indent);
    buf_printf(&row->head, "%zu pruned", branch->pruned_count);
    row->style = STYLE_DIM;
}

/* The name of the branch, and that it is hidden elsewhere. */
static void add_marks(struct list_row *row, const struct node *node)
{
    if (node->name)
        buf_printf(&row->head, " [%s]", node->name);
    if (node->is_pruned)
        buf_append_string(&row->head, " (pruned)");
}

static void add_node(const struct panel_source *source, struct list *list,
                     const struct node *node, int indent)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    const struct attempt *attempt = graph_node_attempt(graph, node);
    const struct glyphs *glyphs = theme_glyphs(source->ascii);
    struct list_row *row = list_add(list, "");
    buf_printf(&row->key, "%" PRIu64, node->id);
    indent_row(row, glyphs, indent);
    if (node->edge == EDGE_SPAWNED)
        buf_printf(&row->head, "%s ", glyphs->output);
    buf_append_string(&row->head, kind_name(node, attempt));
    if (!node->is_pruned && graph_sibling_count(graph, node) > 1)
        buf_printf(&row->head, " %s%" PRIu32 "/%" PRIu32 "%s", glyphs->before,
                   node->sibling + 1, graph_sibling_count(graph, node),
                   glyphs->after);
    add_marks(row, node);
    panel_append_excerpt(&row->text, panel_first_line(node));
    if (!row->text.len)
        buf_append_char(&row->text, ' ');
    receipt_clock(&row->right, node->at);
    row->is_marked = node->id == graph_head(graph);
    row->style = !graph_is_shown(graph, node) ? STYLE_DIM
                 : node->kind == NODE_USER    ? STYLE_USER
                                              : STYLE_MODEL;
}

/* The whole tree from the top, and where the head stands in it. */
static size_t walk(const struct panel_source *source, struct branches *rows)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    struct branches left = { 0 };
    size_t head = 0;
    push_pruned(&left, graph_top(graph), 0, source->shows_pruned);
    push_children(&left, graph_top(graph), 0);
    while (left.stack.count) {
        struct branch branch = left.stack.items[--left.stack.count];
        const struct node *node = graph_node(graph, branch.node_id);
        if (branch.node_id == graph_head(graph) && !branch.pruned_count)
            head = rows->stack.count;
        *array_add(&rows->stack) = branch;
        if (branch.pruned_count)
            continue;
        push_pruned(&left, node, branch.indent, source->shows_pruned);
        push_children(&left, node, branch.indent);
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
    size_t head = walk(source, &rows), count = rows.stack.count;
    size_t first = head > NODES_SHOWN / 2 ? head - NODES_SHOWN / 2 : 0;
    if (count <= NODES_SHOWN)
        first = 0;
    else if (first > count - NODES_SHOWN)
        first = count - NODES_SHOWN;
    size_t end = count - first < NODES_SHOWN ? count : first + NODES_SHOWN;
    add_rest(list, first, "above");
    for (size_t i = first; i < end; i++) {
        const struct branch *branch = &rows.stack.items[i];
        if (branch->pruned_count)
            add_pruned(source, list, branch);
        else
            add_node(source, list, graph_node(graph, branch->node_id),
                     branch->indent);
    }
    add_rest(list, count - end, "below");
    array_clear(&rows.stack);
}
