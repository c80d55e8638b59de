/* SPDX-License-Identifier: MIT */
/*
 * panel_go_back - the prompts of the path that is shown, the last one first: the
 * chosen one is edited, as a new branch.
 */
#include <inttypes.h>

#include "app/panel.h"
#include "ui/receipt.h"

static void add_prompt(struct list *list, const struct graph *graph,
                       const struct node *node)
{
    struct list_row *row = list_add(list, "");
    uint32_t count = graph_sibling_count(graph, node);
    buf_printf(&row->key, "%" PRIu64, node->id);
    panel_append_excerpt(&row->text, panel_first_line(node));
    if (!row->text.len)
        buf_append_string(&row->text, "(files only)");
    if (count > 1)
        buf_printf(&row->right, "%" PRIu32 " versions ", count);
    receipt_clock(&row->right, node->at);
}

void panel_fill_go_back(const struct panel_source *source, struct list *list)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    const struct node *node = graph_node(graph, graph_head(graph));
    for (; node; node = graph_node(graph, node->parent_id)) {
        if (node->kind == NODE_USER && node->edge == EDGE_FOLLOWS)
            add_prompt(list, graph, node);
    }
    if (list->count == 0)
        list_add_text(list, STYLE_DIM, "There is no prompt to go back to yet.");
}
