/* SPDX-License-Identifier: MIT */
#include "ui/table.h"

#include <stdlib.h>

#include "base/memory.h"

enum {
    COLUMN_MIN = 6,      /* a column that needs more is not made narrower */
    SEPARATOR_WIDTH = 3, /* " | " */
    NATURAL_WIDTH = 100 * 1000,
};

void table_clear(struct table *table)
{
    prose_clear(&table->prose);
    array_clear(&table->cells);
    *table = (struct table){ 0 };
}

bool table_end_cell(struct table *table, enum table_align align)
{
    prose_break(&table->prose);
    *array_add(&table->cells) =
        (struct table_cell){ table->prose.runs.count, align };
    return table->cells.count <= TABLE_CELLS_MAX;
}

/* A table on its way into lines. */
struct setting {
    struct table *table;
    struct layout *layout;
    struct slice first, rest; /* prefixes; first is used up by the first line */
    int *widths;              /* of the columns */
    struct layout cell;       /* scratch: the lines of one row's cells */
    size_t *ends;             /* scratch: where each cell's lines end */
    ARRAY_OF(struct layout_piece) pieces;
};

static struct slice take_prefix(struct setting *setting)
{
    struct slice prefix = setting->first;
    setting->first = setting->rest;
    return prefix;
}

static const struct layout_piece *cell_pieces(struct table *table, size_t index,
                                              size_t *count)
{
    size_t first = index ? table->cells.items[index - 1].run_end : 0;
    size_t last = table->cells.items[index].run_end;
    *count = last - first;
    return prose_pieces(&table->prose, first, last);
}

static void lay_out_cell(struct setting *setting, size_t index, int width)
{
    struct layout_paragraph paragraph = { .keep_breaks = true };
    paragraph.pieces =
        cell_pieces(setting->table, index, &paragraph.piece_count);
    setting->cell.width = width;
    layout_add(&setting->cell, &paragraph);
}

static void measure(struct setting *setting)
{
    size_t columns = setting->table->columns;
    for (size_t i = 0; i < setting->table->cells.count; i++) {
        layout_truncate(&setting->cell, 0);
        lay_out_cell(setting, i, NATURAL_WIDTH);
        for (size_t line = 0; line < setting->cell.lines.count; line++) {
            int width = layout_line_width(&setting->cell, line);
            if (width > setting->widths[i % columns])
                setting->widths[i % columns] = width;
        }
    }
    for (size_t i = 0; i < columns; i++) {
        if (setting->widths[i] < 2)
            setting->widths[i] = 2;
    }
    layout_truncate(&setting->cell, 0);
}

/* Cells that the columns take if none is wider than `max`. */
static int64_t capped_width(const struct setting *setting, int max)
{
    size_t columns = setting->table->columns;
    int64_t width = (int64_t)(columns - 1) * SEPARATOR_WIDTH;
    for (size_t i = 0; i < columns; i++)
        width += setting->widths[i] < max ? setting->widths[i] : max;
    return width;
}

/* Shrink the widest columns until the table fits; false if it cannot. */
static bool shrink(struct setting *setting, int room)
{
    int low = COLUMN_MIN, high = NATURAL_WIDTH;
    if (capped_width(setting, low) > room)
        return false;
    while (low < high) {
        int middle = low + (high - low + 1) / 2;
        if (capped_width(setting, middle) <= room)
            low = middle;
        else
            high = middle - 1;
    }
    for (size_t i = 0; i < setting->table->columns; i++) {
        if (setting->widths[i] > low)
            setting->widths[i] = low;
    }
    return true;
}

static void add_piece(struct setting *setting, struct slice text,
                      enum style style)
{
    if (text.len)
        *array_add(&setting->pieces) = (struct layout_piece){ text, style };
}

static void add_blanks(struct setting *setting, int count)
{
    static const char blanks[] = "                                ";
    while (count > 0) {
        int len =
            count < (int)sizeof blanks - 1 ? count : (int)sizeof blanks - 1;
        add_piece(setting, (struct slice){ blanks, (size_t)len }, STYLE_NORMAL);
        count -= len;
    }
}

/* One line of a cell in its column, padded on both sides. */
static void add_cell_line(struct setting *setting, size_t line, int width,
                          enum table_align align)
{
    const struct layout *cell = &setting->cell;
    int padding = width - layout_line_width(cell, line);
    int before = align == TABLE_RIGHT    ? padding
                 : align == TABLE_CENTER ? padding / 2
                                         : 0;
    add_blanks(setting, before);
    const struct layout_line *source = &cell->lines.items[line];
    for (uint32_t i = 0; i < source->span_count; i++) {
        const struct layout_span *span =
            &cell->spans.items[source->first_span + i];
        add_piece(setting,
                  (struct slice){ cell->text.ptr + span->offset, span->len },
                  span->style);
    }
    add_blanks(setting, padding - before);
}

/* Line `index` of a row whose cells are laid out. */
static void add_row_line(struct setting *setting, size_t row, size_t index)
{
    const struct table *table = setting->table;
    const char *bar = theme_glyphs(setting->layout->ascii)->column;
    setting->pieces.count = 0;
    add_piece(setting, take_prefix(setting), STYLE_BULLET);
    for (size_t i = 0; i < table->columns; i++) {
        size_t start = i ? setting->ends[i - 1] : 0;
        if (i) {
            add_piece(setting, slice_of(" "), STYLE_NORMAL);
            add_piece(setting, slice_of(bar), STYLE_RULE);
            add_piece(setting, slice_of(" "), STYLE_NORMAL);
        }
        if (start + index < setting->ends[i])
            add_cell_line(setting, start + index, setting->widths[i],
                          table->cells.items[row * table->columns + i].align);
        else
            add_blanks(setting, setting->widths[i]);
    }
    layout_add_line(setting->layout, setting->pieces.items,
                    setting->pieces.count);
}

static void add_row(struct setting *setting, size_t row)
{
    size_t columns = setting->table->columns;
    size_t height = 0;
    layout_truncate(&setting->cell, 0);
    for (size_t i = 0; i < columns; i++) {
        size_t start = setting->cell.lines.count;
        lay_out_cell(setting, row * columns + i, setting->widths[i]);
        setting->ends[i] = setting->cell.lines.count;
        if (setting->ends[i] - start > height)
            height = setting->ends[i] - start;
    }
    uint64_t place = setting->cell.place;
    for (size_t line = 0; line < height; line++)
        add_row_line(setting, row, line);
    setting->layout->place += place;
}

static void add_rule(struct setting *setting)
{
    const struct glyphs *glyphs = theme_glyphs(setting->layout->ascii);
    struct buf rule = { 0 };
    for (size_t i = 0; i < setting->table->columns; i++) {
        if (i) {
            buf_append_string(&rule, glyphs->rule);
            buf_append_string(&rule, glyphs->cross);
            buf_append_string(&rule, glyphs->rule);
        }
        for (int col = 0; col < setting->widths[i]; col++)
            buf_append_string(&rule, glyphs->rule);
    }
    struct layout_piece pieces[] = { { take_prefix(setting), STYLE_BULLET },
                                     { buf_slice(&rule), STYLE_RULE } };
    layout_add_line(setting->layout, pieces, COUNTOF(pieces));
    buf_clear(&rule);
}

static void add_grid(struct setting *setting)
{
    size_t rows = setting->table->cells.count / setting->table->columns;
    for (size_t row = 0; row < rows; row++) {
        add_row(setting, row);
        if (row == 0)
            add_rule(setting);
    }
}

/* "header: value", or the header alone where there is no row. */
static void add_pair(struct setting *setting, size_t row, size_t column)
{
    struct table *table = setting->table;
    struct buf hanging = { 0 };
    setting->pieces.count = 0;
    size_t count;
    const struct layout_piece *pieces = cell_pieces(table, column, &count);
    for (size_t i = 0; i < count; i++)
        add_piece(setting, pieces[i].text, pieces[i].style);
    if (row > 0) {
        add_piece(setting, slice_of(": "), STYLE_STRONG);
        pieces = cell_pieces(table, row * table->columns + column, &count);
        for (size_t i = 0; i < count; i++)
            add_piece(setting, pieces[i].text, pieces[i].style);
    }
    buf_append_slice(&hanging, setting->rest);
    buf_append_string(&hanging, "  ");
    struct layout_paragraph paragraph = {
        .pieces = setting->pieces.items,
        .piece_count = setting->pieces.count,
        .first = { take_prefix(setting), STYLE_BULLET },
        .rest = { buf_slice(&hanging), STYLE_BULLET },
        .keep_breaks = true,
    };
    layout_add(setting->layout, &paragraph);
    buf_clear(&hanging);
}

static void add_pairs(struct setting *setting)
{
    size_t columns = setting->table->columns;
    size_t rows = setting->table->cells.count / columns;
    for (size_t row = rows > 1; row < rows; row++) {
        if (row > 1) {
            struct layout_piece prefix = { setting->rest, STYLE_BULLET };
            layout_add_line(setting->layout, &prefix, 1);
        }
        for (size_t i = 0; i < columns; i++)
            add_pair(setting, row, i);
    }
}

void table_layout(struct table *table, struct layout *layout,
                  struct slice first, struct slice rest)
{
    if (table->columns == 0 || table->cells.count < table->columns)
        return;
    struct setting setting = {
        .table = table,
        .layout = layout,
        .first = first,
        .rest = rest,
        .widths = memory_zero(table->columns, sizeof *setting.widths),
        .ends = memory_zero(table->columns, sizeof *setting.ends),
    };
    measure(&setting);
    if (shrink(&setting, layout->width - canvas_width(rest)))
        add_grid(&setting);
    else
        add_pairs(&setting);
    layout->work += setting.cell.work;
    layout_clear(&setting.cell);
    array_clear(&setting.pieces);
    free(setting.widths);
    free(setting.ends);
}
