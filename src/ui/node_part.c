/* SPDX-License-Identifier: MIT */
#include "ui/node_part.h"

#include <assert.h>

enum {
    INDENT = 2,            /* cells of the gutter and a blank */
    INDENT_WIDTH_MIN = 10, /* a narrower screen has no gutter */
};

/* What the parts look like. */
static const struct part_row {
    bool has_row;
    bool is_markdown;
    bool has_gutter;  /* beside its text */
    bool is_indented; /* its text, without a gutter */
    enum style style; /* of plain text */
} rows[PART_KIND_COUNT] = {
    [PART_GAP] = {.has_row = true        },
    [PART_HEAD] = { .has_row = true       },
    [PART_PENDING] = { .has_row = true       },
    [PART_USER] = { .is_indented = true,    .style = STYLE_NORMAL },
    [PART_ANSWER] = { .is_markdown = true,                      .has_gutter = true },
    [PART_THINKING] = { .has_row = true,
                  .has_gutter = true,
                  .style = STYLE_THINKING },
    [PART_CALL] = { .has_row = true,        .has_gutter = true, .style = STYLE_DIM },
    [PART_OUTPUT] = { .has_row = true, .has_gutter = true, .style = STYLE_DIM },
    [PART_ATTACHMENT] = { .has_row = true       },
    [PART_NOTICE] = { .style = STYLE_DIM    },
    [PART_WELCOME] = { .is_markdown = true       },
};

bool node_part_has_row(enum part_kind kind)
{
    return rows[kind].has_row;
}

void node_part_clear(struct node_part *part)
{
    markdown_clear(&part->text);
    plain_clear(&part->plain);
}

static const struct layout *layout_of(const struct node_part *part)
{
    return rows[part->kind].is_markdown ? &part->text.layout
                                        : &part->plain.layout;
}

size_t node_part_lines(const struct node_part *part)
{
    return rows[part->kind].has_row +
           (part->is_shown ? layout_of(part)->lines.count : 0);
}

/* Count what laying out cost. */
static void charge(struct layout *layout, const struct node_setting *setting)
{
    *setting->work += layout->work;
    layout->work = 0;
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
        .first = {buf_slice(&mark), style},
        .rest = { slice_of("  "),  style},
    };
    layout->width = setting->width;
    layout_add(layout, &paragraph);
    part->is_shown = true;
    charge(layout, setting);
    buf_clear(&mark);
}

static int margin(enum part_kind kind, int width)
{
    bool is_indented = rows[kind].has_gutter || rows[kind].is_indented;
    return is_indented && width >= INDENT_WIDTH_MIN ? INDENT : 0;
}

void node_part_update(struct node_part *part,
                      const struct node_setting *setting, struct slice text)
{
    int width = setting->width - margin(part->kind, setting->width);
    if (rows[part->kind].is_markdown) {
        markdown_update(&part->text, text, width);
        charge(&part->text.layout, setting);
    } else {
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
    int left = margin(part->kind, setting->width);
    if (left && rows[part->kind].has_gutter)
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
    size_t before = rows[part->kind].has_row;
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
    return rows[part->kind].has_row + low;
}
