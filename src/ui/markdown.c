/* SPDX-License-Identifier: MIT */
#include "ui/markdown.h"

#include <string.h>

#include <md4c.h>

#include "ui/entity.h"
#include "ui/fence.h"
#include "ui/flow.h"
#include "ui/markdown_source.h"

enum {
    FLAGS = MD_FLAG_COLLAPSEWHITESPACE | MD_FLAG_PERMISSIVEURLAUTOLINKS |
            MD_FLAG_NOHTMLBLOCKS | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH |
            MD_FLAG_TASKLISTS,
};

/* One block on its way from md4c to the flow. */
struct render {
    struct flow flow;
    struct markdown_state *state;
    struct buf info;   /* of the open code block */
    struct buf href;   /* of the open link */
    size_t link_start; /* in the text: where what the link shows begins */
    int strong, emphasis, struck, link, code, heading; /* open spans */
    bool has_soft_break; /* one is due before the next text */
    bool after_html;     /* the last text was HTML */
};

static enum style text_style(const struct render *render)
{
    const struct {
        bool is_on;
        enum style style;
    } rules[] = {
        { render->code > 0, STYLE_CODE },
        { render->link > 0, STYLE_LINK },
        { render->heading > 0, STYLE_HEADING },
        { render->strong > 0, STYLE_STRONG },
        { render->emphasis > 0, STYLE_EMPHASIS },
        { render->struck > 0, STYLE_STRUCK },
    };
    for (size_t i = 0; i < COUNTOF(rules); i++) {
        if (rules[i].is_on)
            return rules[i].style;
    }
    return flow_style(&render->flow);
}

static void add_text(struct render *render, struct slice text)
{
    enum style style = text_style(render);
    struct prose *prose = flow_prose(&render->flow);
    while (text.len)
        prose_add(prose, markdown_source_take(&text), style);
}

/* Text of ours. */
static void add_dim(struct render *render, struct slice text)
{
    prose_add(flow_prose(&render->flow), text, STYLE_DIM);
}

/* A line break of the source is a blank; beside HTML it stays, because nobody
 * can read tags that run on. */
static void add_soft_break(struct render *render, bool before_html)
{
    if (!render->has_soft_break)
        return;
    bool is_kept = before_html || render->after_html;
    render->has_soft_break = false;
    add_text(render, slice_of(is_kept ? "\n" : " "));
}

static void append_attribute(struct buf *out, const MD_ATTRIBUTE *attribute)
{
    for (size_t i = 0;
         attribute->size && attribute->substr_offsets[i] < attribute->size;
         i++) {
        MD_OFFSET start = attribute->substr_offsets[i];
        MD_OFFSET end = attribute->substr_offsets[i + 1];
        struct slice part = { attribute->text + start, end - start };
        if (attribute->substr_types[i] == MD_TEXT_ENTITY)
            entity_decode(out, part);
        else
            while (part.len)
                buf_append_slice(out, markdown_source_take(&part));
    }
}

static void enter_numbers(struct render *render,
                          const MD_BLOCK_OL_DETAIL *detail)
{
    struct markdown_state *state = render->state;
    unsigned start = detail->start;
    if (render->flow.containers.count == 0 &&
        state->list_mark == detail->mark_delimiter)
        start = state->list_next;
    flow_enter_list(&render->flow, detail->is_tight, start,
                    detail->mark_delimiter);
}

static void enter_heading(struct render *render, unsigned level)
{
    flow_begin(&render->flow);
    render->heading = 1;
    add_text(render, (struct slice){ "######", level });
    add_text(render, slice_of(" "));
}

static void enter_leaf(struct render *render, MD_BLOCKTYPE type,
                       const void *detail)
{
    if (type == MD_BLOCK_H) {
        enter_heading(render, ((const MD_BLOCK_H_DETAIL *)detail)->level);
        return;
    }
    flow_begin(&render->flow);
    if (type == MD_BLOCK_CODE)
        append_attribute(&render->info,
                         &((const MD_BLOCK_CODE_DETAIL *)detail)->info);
}

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct render *render = context;
    struct flow *flow = &render->flow;
    const MD_BLOCK_LI_DETAIL *item = detail;
    /* A numbered list goes on only if nothing else stands between. */
    if (flow->containers.count == 0 && type != MD_BLOCK_DOC &&
        type != MD_BLOCK_OL)
        render->state->list_mark = 0;
    switch (type) {
    case MD_BLOCK_QUOTE: flow_enter_quote(flow); break;
    case MD_BLOCK_UL:
        flow_enter_list(flow, ((const MD_BLOCK_UL_DETAIL *)detail)->is_tight, 0,
                        0);
        break;
    case MD_BLOCK_OL: enter_numbers(render, detail); break;
    case MD_BLOCK_LI:
        flow_enter_item(flow, item->is_task ? item->task_mark : '\0');
        break;
    case MD_BLOCK_H:
    case MD_BLOCK_P:
    case MD_BLOCK_CODE:
    case MD_BLOCK_HR: enter_leaf(render, type, detail); break;
    case MD_BLOCK_TABLE:
        flow_enter_table(flow,
                         ((const MD_BLOCK_TABLE_DETAIL *)detail)->col_count);
        break;
    default: break;
    }
    return 0;
}

/* The next segment may begin with the next item of this list. */
static void leave_list(struct render *render)
{
    const struct flow_container *list = array_last(&render->flow.containers);
    if (render->flow.containers.count == 1) {
        render->state->list_mark = list->delimiter;
        render->state->list_next = list->number;
    }
    flow_leave_container(&render->flow);
}

static bool leave_cell(struct render *render, const MD_BLOCK_TD_DETAIL *detail)
{
    static const enum table_align aligns[] = {
        [MD_ALIGN_DEFAULT] = TABLE_LEFT,
        [MD_ALIGN_LEFT] = TABLE_LEFT,
        [MD_ALIGN_CENTER] = TABLE_CENTER,
        [MD_ALIGN_RIGHT] = TABLE_RIGHT,
    };
    return table_end_cell(&render->flow.table, aligns[detail->align]);
}

/* Is the last code block so far the one that is wanted? */
static struct markdown_code *wanted_code(const struct markdown_state *state)
{
    bool is_wanted = state->code && state->code->number == state->blocks;
    return is_wanted ? state->code : NULL;
}

static void leave_code(struct render *render)
{
    struct flow *flow = &render->flow;
    struct slice info = buf_slice(&render->info);
    size_t number = ++render->state->blocks;
    struct markdown_code *code = wanted_code(render->state);
    if (code) {
        buf_append_slice(&code->text, buf_slice(&flow->prose.text));
        buf_append_slice(&code->language, fence_language(info));
    }
    flow_end_code(flow, info, number);
    buf_reset(&render->info);
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct render *render = context;
    struct flow *flow = &render->flow;
    switch (type) {
    case MD_BLOCK_QUOTE:
    case MD_BLOCK_LI: flow_leave_container(flow); break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL: leave_list(render); break;
    case MD_BLOCK_H:
    case MD_BLOCK_P:
        flow_end_paragraph(flow);
        render->heading = 0;
        break;
    case MD_BLOCK_CODE: leave_code(render); break;
    case MD_BLOCK_HR: flow_end_rule(flow); break;
    case MD_BLOCK_TABLE: flow_leave_table(flow); break;
    case MD_BLOCK_TH:
    /* Less than 0, or md4c does not stop. */
    case MD_BLOCK_TD: return leave_cell(render, detail) ? 0 : -1;
    default: break;
    }
    render->has_soft_break = render->after_html = false;
    return 0;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *ptr, MD_SIZE size,
                   void *context)
{
    struct render *render = context;
    if (type == MD_TEXT_SOFTBR) {
        render->has_soft_break = true;
        return 0;
    }
    add_soft_break(render, type == MD_TEXT_HTML);
    render->after_html = type == MD_TEXT_HTML;
    struct slice text = { ptr, size };
    struct buf decoded = { 0 };
    if (type == MD_TEXT_NULLCHAR)
        text = slice_of("\uFFFD");
    if (type == MD_TEXT_BR)
        text = slice_of("\n");
    if (type == MD_TEXT_ENTITY) {
        entity_decode(&decoded, text);
        text = buf_slice(&decoded);
    }
    add_text(render, text);
    buf_clear(&decoded);
    return 0;
}

static void enter_link(struct render *render, const MD_ATTRIBUTE *href)
{
    buf_reset(&render->href);
    append_attribute(&render->href, href);
    render->link_start = flow_prose(&render->flow)->text.len;
    render->link++;
}

/* Where a link leads, unless its text says so. */
static void leave_link(struct render *render)
{
    struct slice text = buf_slice(&flow_prose(&render->flow)->text);
    struct slice shown = slice_skip(text, render->link_start);
    struct slice href = buf_slice(&render->href);
    render->link--;
    if (slice_starts(href, "mailto:") && !slice_starts(shown, "mailto:"))
        href = slice_skip(href, strlen("mailto:"));
    if (!href.len || slice_equal(href, shown))
        return;
    add_dim(render, slice_of(" ("));
    add_dim(render, href);
    add_dim(render, slice_of(")"));
}

/* Images stand in links and in each other, so that an address is shown before
 * what the image shows rather than kept. */
static void enter_image(struct render *render, const MD_ATTRIBUTE *src)
{
    struct buf address = { 0 };
    append_attribute(&address, src);
    add_dim(render, slice_of("[image "));
    add_dim(render, buf_slice(&address));
    add_dim(render, slice_of(": "));
    buf_clear(&address);
}

/* How many spans of a kind are open; NULL: it changes no style. */
static int *span_depth(struct render *render, MD_SPANTYPE type)
{
    switch (type) {
    case MD_SPAN_EM: return &render->emphasis;
    case MD_SPAN_STRONG: return &render->strong;
    case MD_SPAN_DEL: return &render->struck;
    case MD_SPAN_CODE: return &render->code;
    default: return NULL;
    }
}

static int on_enter_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct render *render = context;
    int *depth = span_depth(render, type);
    add_soft_break(render, false);
    if (depth)
        ++*depth;
    else if (type == MD_SPAN_A)
        enter_link(render, &((const MD_SPAN_A_DETAIL *)detail)->href);
    else if (type == MD_SPAN_IMG)
        enter_image(render, &((const MD_SPAN_IMG_DETAIL *)detail)->src);
    return 0;
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct render *render = context;
    int *depth = span_depth(render, type);
    (void)detail;
    if (depth)
        --*depth;
    else if (type == MD_SPAN_A)
        leave_link(render);
    else if (type == MD_SPAN_IMG)
        add_dim(render, slice_of("]"));
    return 0;
}

static bool parse(struct render *render, struct slice text, bool is_item)
{
    static const MD_PARSER parser = {
        .flags = FLAGS,
        .enter_block = on_enter_block,
        .leave_block = on_leave_block,
        .enter_span = on_enter_span,
        .leave_span = on_leave_span,
        .text = on_text,
    };
    struct buf prepared = { 0 };
    markdown_source_append(&prepared, text, is_item);
    bool is_done =
        md_parse(prepared.ptr, (MD_SIZE)prepared.len, &parser, render) == 0;
    buf_clear(&prepared);
    return is_done;
}

/* What md4c gives up on is shown as it is. */
static void add_plain(struct layout *layout, struct slice text)
{
    struct layout_piece piece = { text, STYLE_NORMAL };
    struct layout_paragraph paragraph = { .pieces = &piece,
                                          .piece_count = 1,
                                          .keep_breaks = true };
    layout_add(layout, &paragraph);
}

/* What was found in a text that md4c gave up on is none. */
static void forget_code(const struct markdown_state *before,
                        const struct markdown_state *after)
{
    struct markdown_code *code = after->code;
    if (!code || code->number <= before->blocks || code->number > after->blocks)
        return;
    buf_reset(&code->text);
    buf_reset(&code->language);
}

static void add_block(struct layout *layout, struct markdown_state *state,
                      const struct segment *segment, struct slice text,
                      bool has_gap)
{
    size_t first_line = layout->lines.count;
    struct markdown_state before = *state;
    struct render render = { .flow.layout = layout,
                             .flow.has_gap = has_gap,
                             .state = state };
    layout->work += text.len;
    if (!parse(&render, text, segment->is_item)) {
        layout_truncate(layout, first_line);
        forget_code(&before, state);
        *state = before;
        add_plain(layout, text);
    }
    flow_clear(&render.flow);
    buf_clear(&render.info);
    buf_clear(&render.href);
}

static void open_fence(struct layout *layout, struct markdown_state *state,
                       struct slice info)
{
    fence_open(layout, (struct slice){ 0 }, info, ++state->blocks);
    state->list_mark = 0;
    struct markdown_code *code = wanted_code(state);
    if (code)
        buf_append_slice(&code->language, fence_language(info));
}

static void add_fence_line(struct layout *layout,
                           const struct markdown_state *state,
                           struct slice line, struct slice source)
{
    struct markdown_code *code = wanted_code(state);
    fence_line(layout, (struct slice){ 0 }, line);
    if (!code)
        return;
    buf_append_slice(&code->text, line);
    /* A line that is still written, or is cut in two, has no end. */
    if (source.len && source.ptr[source.len - 1] == '\n')
        buf_append_char(&code->text, '\n');
}

static void add_segment(struct layout *layout, struct markdown_state *state,
                        const struct segment *segment, struct slice text)
{
    struct slice nothing = { 0 };
    size_t first_line = layout->lines.count;
    bool has_gap =
        state->has_lines && (state->after_blank || segment->begins_blank);
    switch (segment->kind) {
    case SEGMENT_BLOCK: add_block(layout, state, segment, text, has_gap); break;
    case SEGMENT_FENCE_OPEN:
        if (has_gap)
            layout_add_blank(layout);
        open_fence(layout, state, segment->line);
        break;
    case SEGMENT_FENCE_LINE:
        add_fence_line(layout, state, segment->line, text);
        break;
    case SEGMENT_FENCE_CLOSE: fence_close(layout, nothing); break;
    }
    state->after_blank = segment->ends_blank;
    state->has_lines |= layout->lines.count > first_line;
}

/* Lay out what is certain; returns its bytes. */
static size_t add_finished(struct layout *layout, struct markdown_state *state,
                           struct slice text)
{
    size_t done = 0;
    struct segment segment;
    while (segment_next(&state->fence, slice_skip(text, done), &segment)) {
        struct slice source = { text.ptr + done, segment.len };
        add_segment(layout, state, &segment, source);
        done += segment.len;
    }
    return done;
}

static void add_rest(struct layout *layout, struct markdown_state *state,
                     struct slice text)
{
    if (!text.len)
        return;
    struct segment segment = segment_rest(&state->fence, text);
    add_segment(layout, state, &segment, text);
}

static void add_all(struct layout *layout, struct markdown_state *state,
                    struct slice text)
{
    size_t done = add_finished(layout, state, text);
    add_rest(layout, state, slice_skip(text, done));
}

void markdown_layout(struct layout *layout, struct slice text)
{
    struct markdown_state state = { 0 };
    add_all(layout, &state, text);
}

size_t markdown_code_find(struct slice text, struct markdown_code *out)
{
    /* Laid out and thrown away, so that the numbers are those on screen. */
    enum { WIDTH = 80 };
    struct layout layout = { .width = WIDTH };
    struct markdown_state state = { .code = out };
    if (out) {
        buf_reset(&out->text);
        buf_reset(&out->language);
    }
    add_all(&layout, &state, text);
    layout_clear(&layout);
    return state.blocks;
}

void markdown_code_clear(struct markdown_code *code)
{
    buf_clear(&code->text);
    buf_clear(&code->language);
}

static void start_again(struct markdown *markdown, int width)
{
    layout_clear(&markdown->layout);
    markdown->layout.width = width;
    markdown->finished = (struct markdown_state){ 0 };
    markdown->finished.blocks = markdown->first_block;
    markdown->finished_bytes = markdown->finished_lines = 0;
    markdown->seen_bytes = 0;
}

void markdown_update(struct markdown *markdown, struct slice text, int width)
{
    if (width != markdown->layout.width || markdown->seen_bytes == 0 ||
        text.len < markdown->seen_bytes)
        start_again(markdown, width);
    else if (text.len == markdown->seen_bytes)
        return;
    struct layout *layout = &markdown->layout;
    layout_truncate(layout, markdown->finished_lines);
    struct slice open = slice_skip(text, markdown->finished_bytes);
    size_t done = add_finished(layout, &markdown->finished, open);
    markdown->finished_bytes += done;
    markdown->finished_lines = layout->lines.count;
    struct markdown_state state = markdown->finished;
    add_rest(layout, &state, slice_skip(open, done));
    markdown->blocks = state.blocks - markdown->first_block;
    markdown->seen_bytes = text.len;
}

void markdown_clear(struct markdown *markdown)
{
    layout_clear(&markdown->layout);
    *markdown = (struct markdown){ .layout.ascii = markdown->layout.ascii };
}
