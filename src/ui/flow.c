/* SPDX-License-Identifier: MIT */
#include "ui/flow.h"

#include <assert.h>
#include <stdio.h>

#include "ui/fence.h"

enum { DEPTH_SHOWN = 64 /* quotes, lists and items; deeper ones look alike */ };

void flow_clear(struct flow *flow)
{
    array_clear(&flow->containers);
    prose_clear(&flow->prose);
    table_clear(&flow->table);
    buf_clear(&flow->first);
    buf_clear(&flow->rest);
}

struct prose *flow_prose(struct flow *flow)
{
    return flow->in_table ? &flow->table.prose : &flow->prose;
}

static struct flow_container *innermost(struct flow *flow)
{
    return flow->containers.count ? array_last(&flow->containers) : NULL;
}

static bool in_quote(const struct flow *flow)
{
    return flow->quotes > 0;
}

enum style flow_style(const struct flow *flow)
{
    if (flow->in_table && flow->table.cells.count < flow->table.columns)
        return STYLE_STRONG;
    return in_quote(flow) ? STYLE_QUOTE : STYLE_NORMAL;
}

static enum style prefix_style(const struct flow *flow)
{
    return in_quote(flow) ? STYLE_QUOTE : STYLE_BULLET;
}

/* What layout_add() would leave of a prefix, so that all who use it agree. */
static void cut_prefix(struct buf *prefix, int width)
{
    int used = 0;
    size_t len = 0;
    while (len < prefix->len) {
        int cells;
        size_t step =
            canvas_cluster(slice_skip(buf_slice(prefix), len), &cells);
        if (used + cells > width / 2 || used + cells > width - 2)
            break;
        used += cells;
        len += step;
    }
    buf_truncate(prefix, len);
}

static void append_container(struct flow *flow,
                             struct flow_container *container, bool with_marks)
{
    if (container->kind == FLOW_QUOTE) {
        const char *bar = theme_glyphs(flow->layout->ascii)->quote;
        buf_printf(&flow->first, "%s ", bar);
        buf_printf(&flow->rest, "%s ", bar);
    } else if (container->kind == FLOW_ITEM) {
        int width = canvas_width(slice_of(container->mark));
        if (with_marks && container->has_mark)
            buf_append_string(&flow->first, container->mark);
        else
            buf_printf(&flow->first, "%*s", width, "");
        buf_printf(&flow->rest, "%*s", width, "");
        if (with_marks)
            container->has_mark = false;
    }
}

/* Set flow->first and flow->rest for the next lines. A mark is shown once. */
static void make_prefix(struct flow *flow, bool with_marks)
{
    buf_reset(&flow->first);
    buf_reset(&flow->rest);
    for (size_t i = 0; i < flow->containers.count && i < DEPTH_SHOWN; i++)
        append_container(flow, &flow->containers.items[i], with_marks);
    cut_prefix(&flow->first, flow->layout->width);
    cut_prefix(&flow->rest, flow->layout->width);
}

static void flush(struct flow *flow)
{
    struct prose *prose = &flow->prose;
    make_prefix(flow, true);
    enum style style = prefix_style(flow);
    struct layout_paragraph paragraph = {
        .pieces = prose_pieces(prose, 0, prose->runs.count),
        .piece_count = prose->runs.count,
        .first = { buf_slice(&flow->first), style },
        .rest = { buf_slice(&flow->rest), style },
        .keep_breaks = true,
    };
    layout_add(flow->layout, &paragraph);
    prose_reset(prose);
}

static void add_gap(struct flow *flow)
{
    make_prefix(flow, false);
    struct layout_piece bars = { buf_slice(&flow->rest), STYLE_QUOTE };
    layout_add_line(flow->layout, &bars, in_quote(flow));
    flow->has_gap = false;
}

void flow_begin(struct flow *flow)
{
    /* The text of a tight item is no block: it ends where one begins. */
    if (flow->prose.runs.count)
        flush(flow);
    if (flow->has_gap)
        add_gap(flow);
}

/* A blank line comes after a block, but in tight lists. */
static void end_block(struct flow *flow)
{
    const struct flow_container *outer = innermost(flow);
    flow->has_gap = !outer || outer->kind == FLOW_QUOTE || !outer->is_tight;
}

void flow_enter_quote(struct flow *flow)
{
    flow_begin(flow);
    flow->quotes++;
    *array_add(&flow->containers) =
        (struct flow_container){ .kind = FLOW_QUOTE };
}

void flow_enter_list(struct flow *flow, bool is_tight, unsigned number,
                     char delimiter)
{
    flow_begin(flow);
    *array_add(&flow->containers) =
        (struct flow_container){ .kind = FLOW_LIST,
                                 .is_tight = is_tight,
                                 .number = number,
                                 .delimiter = delimiter };
}

void flow_enter_item(struct flow *flow, char task)
{
    flow_begin(flow);
    struct flow_container *list = innermost(flow);
    assert(list && list->kind == FLOW_LIST);
    struct flow_container item = { .kind = FLOW_ITEM,
                                   .is_tight = list->is_tight,
                                   .has_mark =
                                       flow->containers.count < DEPTH_SHOWN };
    char box[] = "[?] ";
    box[1] = task;
    if (!task)
        box[0] = '\0';
    if (list->delimiter)
        snprintf(item.mark, sizeof item.mark, "%u%c %s", list->number++,
                 list->delimiter, box);
    else
        snprintf(item.mark, sizeof item.mark, "%s %s",
                 theme_glyphs(flow->layout->ascii)->bullet, box);
    *array_add(&flow->containers) = item;
}

void flow_leave_container(struct flow *flow)
{
    struct flow_container *container = innermost(flow);
    assert(container);
    bool is_empty = container->kind == FLOW_ITEM && container->has_mark;
    if (flow->prose.runs.count || is_empty)
        flush(flow);
    flow->quotes -= container->kind == FLOW_QUOTE;
    flow->containers.count--;
    end_block(flow);
}

void flow_end_paragraph(struct flow *flow)
{
    flush(flow);
    end_block(flow);
}

void flow_end_code(struct flow *flow, struct slice info, size_t number)
{
    make_prefix(flow, true);
    struct slice code = buf_slice(&flow->prose.text), line;
    struct slice rest = buf_slice(&flow->rest);
    fence_open(flow->layout, buf_slice(&flow->first), info, number);
    while (slice_next_line(&code, &line))
        fence_line(flow->layout, rest, line);
    fence_close(flow->layout, rest);
    prose_reset(&flow->prose);
    end_block(flow);
}

void flow_end_rule(struct flow *flow)
{
    make_prefix(flow, true);
    struct buf rule = { 0 };
    int width = flow->layout->width - canvas_width(buf_slice(&flow->first));
    do {
        buf_append_string(&rule, theme_glyphs(flow->layout->ascii)->rule);
    } while (--width > 0);
    struct layout_piece pieces[] = {
        { buf_slice(&flow->first), prefix_style(flow) },
        { buf_slice(&rule), STYLE_RULE },
    };
    layout_add_line(flow->layout, pieces, COUNTOF(pieces));
    buf_clear(&rule);
    end_block(flow);
}

void flow_enter_table(struct flow *flow, size_t columns)
{
    flow_begin(flow);
    flow->in_table = true;
    flow->table.columns = columns;
}

void flow_leave_table(struct flow *flow)
{
    make_prefix(flow, true);
    table_layout(&flow->table, flow->layout, buf_slice(&flow->first),
                 buf_slice(&flow->rest));
    table_clear(&flow->table);
    flow->in_table = false;
    end_block(flow);
}
