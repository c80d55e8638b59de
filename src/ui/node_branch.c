/* SPDX-License-Identifier: MIT */
#include "ui/node_branch.h"

#include <inttypes.h>

#include "ui/receipt.h"

/* Cells of a level, and those that the text keeps. */
enum { CELLS = 2, WIDTH_MIN = 20 };

int node_branch_indent(uint32_t level, int width)
{
    int room = width > WIDTH_MIN ? width - WIDTH_MIN : 0;
    int indent = CELLS * (int)level;
    return indent < room ? indent : room;
}

void node_branch_draw_bars(const struct node_view *view,
                           struct node_setting *setting, struct canvas *canvas,
                           struct rect *row)
{
    const char *bar = theme_glyphs(setting->ascii)->gutter;
    int cells = node_branch_indent(view->entry.level, setting->width);
    for (int col = 0; col + CELLS <= cells; col += CELLS)
        canvas_put(canvas, row->row, row->col + col, 1, STYLE_GUTTER,
                   slice_of(bar));
    setting->width -= cells;
    row->col += cells;
    row->width -= cells;
}

static struct node_part *add_part(struct node_view *view, enum part_kind kind)
{
    struct node_part *part = array_add(&view->parts);
    *part = (struct node_part){ .kind = kind };
    part->text.layout.ascii = part->plain.layout.ascii = view->ascii;
    return part;
}

void node_branch_begin(struct node_view *view, const struct node *node)
{
    add_part(view, PART_BRANCH);
    if (node->kind == NODE_ASSISTANT && view->unfolded)
        add_part(view, PART_HEAD);
}

static const char *name_of(const struct graph *graph, uint32_t spawner)
{
    const struct call *call = graph_call(graph, spawner);
    return call && call->name[0] ? call->name : "agent";
}

static void add_end(struct node_view *view, const struct node_setting *setting,
                    const struct run *run)
{
    struct buf text = { 0 };
    if (run->state == RUN_COMPLETE)
        return;
    buf_printf(&text, "%s %s", name_of(setting->graph, run->spawner),
               life_state_name(LIFE_RUN, (int)run->state));
    if (run->error[0])
        buf_printf(&text, ": %s", run->error);
    node_part_mark(add_part(view, PART_END), setting,
                   run->state == RUN_ERROR ? STYLE_ERROR : STYLE_WARNING,
                   buf_slice(&text));
    buf_clear(&text);
}

static void add_run(struct node_view *view, const struct node_setting *setting,
                    const struct run *run)
{
    if (thread_is_pending(run))
        add_part(view, PART_BORN)->run = run->id;
    else if (!thread_run_has_node(run))
        add_end(view, setting, run);
}

void node_branch_add_born(struct node_view *view,
                          const struct node_setting *setting,
                          const struct node *node)
{
    const struct graph *graph = setting->graph;
    struct {
        ARRAY_OF(uint32_t) ids;
    } born = { 0 };
    const struct run *run = graph_run(graph, node->run);
    if (view->entry.level > 0 && node->kind == NODE_USER && run &&
        !run->is_spawned)
        *array_add(&born.ids) = run->id;
    run = graph_run(graph, node->spawned_run);
    for (; run; run = graph_run(graph, run->spawned_before))
        *array_add(&born.ids) = run->id;
    while (born.ids.count)
        add_run(view, setting,
                graph_run(graph, born.ids.items[--born.ids.count]));
    array_clear(&born.ids);
}

void node_branch_add_summary(struct node_view *view,
                             const struct node_setting *setting)
{
    const struct summary *summary =
        graph_summary(setting->graph, view->entry.summary);
    const struct node *first = graph_node(setting->graph, summary->first_id);
    if (first->depth > 0)
        add_part(view, PART_GAP);
    add_part(view, PART_HEAD);
    struct node_part *part = add_part(view, PART_ANSWER);
    part->is_shown = true;
    node_part_update(part, setting, slice_of(summary->text));
    view->head_count = view->parts.count;
}

static struct slice first_line(const struct node *node)
{
    for (size_t i = 0; i < node->blocks.count; i++) {
        struct slice text = slice_trim(buf_slice(&node->blocks.items[i].text));
        struct slice line;
        if (node->blocks.items[i].kind == BLOCK_TEXT &&
            slice_next_line(&text, &line))
            return line;
    }
    return slice_of("");
}

static void append_state(struct buf *out, const struct run *run, int64_t now)
{
    const struct attempt *last =
        run->attempts.count ? array_last(&run->attempts) : NULL;
    bool is_alive = !life_is_terminal(LIFE_RUN, (int)run->state);
    if (is_alive && run->state == RUN_RUNNING && last)
        receipt_state(out, last, now);
    else
        buf_append_string(out, life_state_name(LIFE_RUN, (int)run->state));
}

void node_branch_words(struct buf *left, struct buf *right,
                       const struct node_setting *setting,
                       const struct node *root, bool is_folded)
{
    const struct run *run = graph_run(setting->graph, root->run);
    buf_append_string(left, name_of(setting->graph, root->spawner));
    if (run)
        append_state(right, run, setting->now);
    if (!is_folded || !first_line(root).len)
        return;
    buf_append_string(left, ": ");
    buf_append_slice(left, first_line(root));
}

void node_branch_born_words(struct buf *left, struct buf *right,
                            const struct node_setting *setting, uint32_t id)
{
    const struct run *run = graph_run(setting->graph, id);
    buf_printf(left, "%s %s", name_of(setting->graph, run->spawner),
               theme_glyphs(setting->ascii)->ellipsis);
    append_state(right, run, setting->now);
}
