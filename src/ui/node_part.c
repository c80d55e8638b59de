/* SPDX-License-Identifier: MIT */
#include "ui/node_part.h"

#include <assert.h>

#include "ui/call_words.h"

enum {
    INDENT = 2,            /* cells of the gutter and a blank */
    INDENT_WIDTH_MIN = 10, /* a narrower screen has no gutter */
    MARK_CELLS = 240,      /* of a sentence that is shown whole */
    MARK_LINES = 4,        /* but at least so many */
    MARK_HEAD = 3,         /* lines of a longer one */
};

/* What the parts look like. */
enum part_look {
    ROW = 1,      /* it begins with a row */
    MARKDOWN = 2, /* its text is Markdown, else plain */
    GUTTER = 4,   /* beside its text */
    INDENTED = 8, /* its text, without a gutter */
};

static const struct part_row {
    uint8_t look;
    enum style style; /* of plain text */
} rows[PART_KIND_COUNT] = {
    [PART_GAP] = { ROW, STYLE_NORMAL },
    [PART_HEAD] = { ROW, STYLE_NORMAL },
    [PART_PENDING] = { ROW, STYLE_NORMAL },
    [PART_USER] = { INDENTED, STYLE_NORMAL },
    [PART_ANSWER] = { MARKDOWN | GUTTER, STYLE_NORMAL },
    [PART_THINKING] = { ROW | GUTTER, STYLE_THINKING },
    [PART_CALL] = { ROW | GUTTER, STYLE_DIM },
    [PART_OUTPUT] = { ROW | GUTTER, STYLE_DIM },
    [PART_ATTACHMENT] = { ROW, STYLE_NORMAL },
    [PART_TOLD] = { ROW, STYLE_NORMAL },
    [PART_RECALLED] = { ROW | INDENTED, STYLE_DIM },
    [PART_RECALLED_MORE] = { INDENTED, STYLE_DIM },
    [PART_NOTICE] = { 0, STYLE_DIM },
    [PART_WELCOME] = { MARKDOWN, STYLE_NORMAL },
    [PART_BRANCH] = { ROW, STYLE_NORMAL },
    [PART_BORN] = { ROW, STYLE_NORMAL },
};

static bool looks(const struct node_part *part, enum part_look look)
{
    return rows[part->kind].look & look;
}

static bool is_first_recalled(const struct node *node,
                              const struct block *block)
{
    const struct block *other = node->blocks.items;
    while (other->kind != BLOCK_MEMORY)
        other++;
    return other == block;
}

enum part_kind node_part_kind(const struct node *node,
                              const struct block *block)
{
    switch (block->kind) {
    case BLOCK_TEXT:
        return node->kind == NODE_ASSISTANT ? PART_ANSWER : PART_USER;
    case BLOCK_THINKING: return PART_THINKING;
    case BLOCK_CALL: return PART_CALL;
    case BLOCK_OUTPUT: return PART_OUTPUT;
    case BLOCK_ATTACHMENT: return PART_ATTACHMENT;
    case BLOCK_ERROR: return PART_MARK;
    case BLOCK_NOTE: return PART_TOLD;
    case BLOCK_MEMORY:
        return is_first_recalled(node, block) ? PART_RECALLED
                                              : PART_RECALLED_MORE;
    }
    assert(false && "a block kind");
    return PART_USER;
}

bool node_part_has_row(enum part_kind kind)
{
    return rows[kind].look & ROW;
}

void node_part_clear(struct node_part *part)
{
    markdown_clear(&part->text);
    plain_clear(&part->plain);
}

static const struct layout *layout_of(const struct node_part *part)
{
    return looks(part, MARKDOWN) ? &part->text.layout : &part->plain.layout;
}

size_t node_part_lines(const struct node_part *part)
{
    return looks(part, ROW) +
           (part->is_shown ? layout_of(part)->lines.count : 0);
}

/* Count what laying out cost. */
static void charge(struct layout *layout, const struct node_setting *setting)
{
    *setting->work += layout->work;
    layout->work = 0;
}

/* What a server said may be long: its head tells most. */
static void shorten(struct layout *layout, enum style style,
                    const char *ellipsis)
{
    size_t count = layout->lines.count;
    size_t most = MARK_CELLS / (layout->width > 1 ? (size_t)layout->width : 1);
    if (most < MARK_LINES)
        most = MARK_LINES;
    struct buf text = { 0 };
    if (count <= most)
        return;
    layout_truncate(layout, MARK_HEAD);
    buf_printf(&text, "%s %zu more lines; F5 shows all", ellipsis,
               count - MARK_HEAD);
    struct layout_piece piece = { buf_slice(&text), style };
    struct layout_paragraph paragraph = {
        .pieces = &piece,
        .piece_count = 1,
        .first = { slice_of("  "), style },
        .rest = { slice_of("  "), style },
    };
    layout_add(layout, &paragraph);
    buf_clear(&text);
}

void node_part_mark(struct node_part *part, const struct node_setting *setting,
                    enum style style, struct slice sentence)
{
    struct layout *layout = &part->plain.layout;
    struct buf mark = { 0 };
    buf_printf(&mark, "%s ", theme_glyphs(setting->ascii)->alert);
    struct layout_piece piece = { sentence, style };
    struct layout_paragraph paragraph = {
        .pieces = &piece,
        .piece_count = 1,
        .first = { buf_slice(&mark), style },
        .rest = { slice_of("  "), style },
    };
    layout->width = setting->width;
    layout_add(layout, &paragraph);
    shorten(layout, style, theme_glyphs(setting->ascii)->ellipsis);
    part->is_shown = true;
    charge(layout, setting);
    buf_clear(&mark);
}

static int margin(const struct node_part *part, int width)
{
    bool is_indented = looks(part, GUTTER | INDENTED);
    return is_indented && width >= INDENT_WIDTH_MIN ? INDENT : 0;
}

/* They are whole, so that they are read once. */
static void update_arguments(struct node_part *part, struct slice arguments,
                             int width)
{
    struct buf lines = { 0 };
    if (part->plain.seen_bytes)
        return;
    call_words_arguments(&lines, arguments);
    plain_update(&part->plain, buf_slice(&lines), width,
                 rows[part->kind].style);
    buf_clear(&lines);
}

void node_part_update(struct node_part *part,
                      const struct node_setting *setting, struct slice text)
{
    int width = setting->width - margin(part, setting->width);
    if (looks(part, MARKDOWN)) {
        markdown_update(&part->text, text, width);
        charge(&part->text.layout, setting);
    } else {
        if (part->kind == PART_CALL)
            update_arguments(part, text, width);
        else
            plain_update(&part->plain, text, width, rows[part->kind].style);
        charge(&part->plain.layout, setting);
    }
}

void node_part_draw(const struct node_part *part,
                    const struct node_setting *setting, size_t line,
                    bool has_cursor, struct canvas *canvas, struct rect row)
{
    const struct glyphs *glyphs = theme_glyphs(setting->ascii);
    const struct layout *layout = layout_of(part);
    int left = margin(part, setting->width);
    if (left && setting->is_focused)
        canvas_put(canvas, row.row, row.col, 1, STYLE_FOCUS,
                   slice_of(glyphs->focus));
    else if (left && looks(part, GUTTER))
        canvas_put(canvas, row.row, row.col, 1, STYLE_GUTTER,
                   slice_of(glyphs->gutter));
    int used = layout_draw(layout, line, canvas, row.row, row.col + left,
                           row.width - left);
    if (!has_cursor || line + 1 < layout->lines.count)
        return;
    int col = left + used < row.width ? left + used : row.width - 1;
    canvas_put(canvas, row.row, row.col + col, 1, STYLE_CURSOR,
               slice_of(glyphs->cursor));
}

uint64_t node_part_place(const struct node_part *part, size_t line)
{
    size_t before = looks(part, ROW);
    if (line < before)
        return 0;
    const struct layout *layout = layout_of(part);
    assert(line - before < layout->lines.count);
    return layout->lines.items[line - before].place;
}

uint64_t node_part_end(const struct node_part *part)
{
    return layout_of(part)->place;
}

size_t node_part_line(const struct node_part *part, uint64_t place)
{
    const struct layout *layout = layout_of(part);
    size_t low = 0, high = part->is_shown ? layout->lines.count : 0;
    if (high == 0 || place == 0)
        return 0;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (layout->lines.items[middle].place <= place)
            low = middle;
        else
            high = middle;
    }
    return looks(part, ROW) + low;
}
