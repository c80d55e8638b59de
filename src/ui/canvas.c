/* SPDX-License-Identifier: MIT */
#include "ui/canvas.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/filter.h"
#include "base/memory.h"
#include "base/utf8.h"

enum {
    TAB_STOP = 8,
    CLUSTER_CELLS_MAX = 2, /* as base/utf8 counts a cluster */
    CELL_MARKS_MAX = 4,
    /* Bytes of text that are looked at for each cell of room: no cluster that
     * anybody writes is longer, and a megabyte costs no more than a line. */
    CELL_SOURCE_MAX = 64,
    ZWNJ = 0x200C,
    ZWJ = 0x200D,
};

/* One letter for each style, in the order of enum style. */
static const char style_letters[] = " duMtSEKcFfHQLbRGOWX=-!p>_~+";
static_assert(sizeof style_letters - 1 == STYLE_COUNT, "a letter a style");

static int clamp(int value, int max)
{
    return value < 0 ? 0 : value > max ? max : value;
}

void canvas_resize(struct canvas *canvas, int height, int width)
{
    canvas_clear(canvas);
    canvas->height = clamp(height, CANVAS_HEIGHT_MAX);
    canvas->width = clamp(width, CANVAS_WIDTH_MAX);
    canvas->cells = memory_zero((size_t)canvas->height * (size_t)canvas->width,
                                sizeof *canvas->cells);
    canvas_erase(canvas);
}

void canvas_clear(struct canvas *canvas)
{
    free(canvas->cells);
    *canvas = (struct canvas){ .cursor_row = -1, .cursor_col = -1 };
}

void canvas_erase(struct canvas *canvas)
{
    struct rect all = { 0, 0, canvas->height, canvas->width };
    canvas_fill(canvas, all, STYLE_NORMAL);
    canvas->cursor_row = canvas->cursor_col = -1;
}

static struct cell *cell_at(const struct canvas *canvas, int row, int col)
{
    if (row < 0 || row >= canvas->height || col < 0 || col >= canvas->width)
        return NULL;
    return &canvas->cells[(size_t)row * (size_t)canvas->width + (size_t)col];
}

const struct cell *canvas_cell(const struct canvas *canvas, int row, int col)
{
    return cell_at(canvas, row, col);
}

static void blank(struct cell *cell, enum style style)
{
    *cell = (struct cell){ .width = 1, .style = (uint8_t)style };
}

/* Before a cell is overwritten: the other half of a wide one goes blank. */
static void part(struct canvas *canvas, int row, int col)
{
    struct cell *cell = cell_at(canvas, row, col);
    struct cell *other = NULL;
    if (cell && cell->width == 0)
        other = cell_at(canvas, row, col - 1);
    else if (cell && cell->width == 2)
        other = cell_at(canvas, row, col + 1);
    if (!other)
        return;
    blank(other, other->style);
    blank(cell, cell->style);
}

static void set_cell(struct canvas *canvas, int row, int col,
                     const struct cell *source)
{
    struct cell *first = cell_at(canvas, row, col);
    struct cell *second = cell_at(canvas, row, col + 1);
    if (first)
        part(canvas, row, col);
    if (source->width == 2 && second)
        part(canvas, row, col + 1);
    if (source->width == 2 && !(first && second)) {
        /* Cut by an edge: what is visible of it is blank. */
        if (first)
            blank(first, source->style);
        if (second)
            blank(second, source->style);
        return;
    }
    if (first)
        *first = *source;
    if (source->width == 2)
        *second = (struct cell){ .style = source->style };
}

void canvas_fill(struct canvas *canvas, struct rect rect, enum style style)
{
    struct cell source;
    blank(&source, style);
    int bottom = clamp(rect.row + rect.height, canvas->height);
    int right = clamp(rect.col + rect.width, canvas->width);
    int left = clamp(rect.col, right);
    for (int row = clamp(rect.row, bottom); row < bottom && left < right;
         row++) {
        /* Between its ends no wide cell is cut. */
        part(canvas, row, left);
        part(canvas, row, right - 1);
        struct cell *cell = cell_at(canvas, row, left);
        for (int col = left; col < right; col++)
            *cell++ = source;
    }
}

void canvas_restyle(struct canvas *canvas, struct rect rect, enum style style)
{
    int bottom = clamp(rect.row + rect.height, canvas->height);
    int right = clamp(rect.col + rect.width, canvas->width);
    for (int row = clamp(rect.row, bottom); row < bottom; row++) {
        for (int col = clamp(rect.col, right); col < right; col++) {
            struct cell *cell = cell_at(canvas, row, col);
            if (cell)
                cell->style = (uint8_t)style;
        }
    }
}

enum { FLAG_A = 0x1F1E6, FLAG_Z = 0x1F1FF };

static bool is_flag_letter(uint32_t c)
{
    return c >= FLAG_A && c <= FLAG_Z;
}

/* What makes terminals disagree on a cluster, and is therefore not drawn. */
static bool is_contested(uint32_t c)
{
    return c == ZWJ || c == ZWNJ || (c >= 0xFE00 && c <= 0xFE0F) ||
           (c >= 0xE0000 && c <= 0xE01EF);
}

static bool is_tone(uint32_t c)
{
    return c >= 0x1F3FB && c <= 0x1F3FF;
}

/* A skin tone belongs to an emoji; behind anything else it is a character that
 * is seen, and its own cluster. */
static size_t without_strange_tone(struct slice cluster)
{
    uint32_t c, before = 0;
    size_t used = 0;
    while (used < cluster.len) {
        size_t len = utf8_decode(slice_skip(cluster, used), &c);
        if (before && is_tone(c) && !utf8_is_pictograph(before) &&
            before != UTF8_VS16)
            return used;
        before = c;
        used += len;
    }
    return used;
}

static const char flag_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Cuts a cluster into the cells that it is drawn in. */
struct splitter {
    struct slice rest;
    int room; /* cells that may still come */
    uint32_t before;
};

static struct splitter split(struct slice cluster)
{
    return (struct splitter){ cluster, CLUSTER_CELLS_MAX, 0 };
}

/* Take the next character unless it begins another cell than the one begun.
 * Its width is -1 if it is not drawn. */
static bool take_character(struct splitter *splitter, bool has_begun,
                           struct slice *bytes, int *width)
{
    if (!splitter->rest.len)
        return false;
    uint32_t character, before = splitter->before;
    size_t len = utf8_decode(splitter->rest, &character);
    *bytes = (struct slice){ splitter->rest.ptr, len };
    *width = utf8_character_width(character);
    bool is_dropped =
        ((is_contested(character) || is_tone(character)) && before) ||
        (before == ZWJ && *width > 0);
    if (is_flag_letter(character))
        *width = 1;
    if (!is_dropped && *width > 0 && has_begun)
        return false;
    splitter->rest = slice_skip(splitter->rest, len);
    splitter->before = character;
    if (is_dropped)
        *width = -1;
    /* As a letter: in neighbouring cells two of them could become a flag. */
    if (is_flag_letter(character))
        *bytes = (struct slice){ &flag_letters[character - FLAG_A], 1 };
    return true;
}

static void append_to_cell(struct cell *cell, struct slice bytes)
{
    if (cell->len + bytes.len > CELL_TEXT_SIZE)
        return;
    memcpy(cell->text + cell->len, bytes.ptr, bytes.len);
    cell->len = (uint8_t)(cell->len + bytes.len);
}

/* The next cell of a cluster; false at its end. */
static bool next_cell(struct splitter *splitter, struct cell *cell)
{
    int marks = 0;
    struct slice bytes;
    int width;
    *cell = (struct cell){ 0 };
    while (take_character(splitter, cell->width > 0, &bytes, &width)) {
        if (width < 0)
            continue;
        if (width > 0) {
            cell->width = (uint8_t)width;
        } else if (cell->width == 0) {
            /* A mark without a base stands on a blank. */
            cell->width = 1;
            append_to_cell(cell, slice_of(" "));
        } else if (++marks > CELL_MARKS_MAX) {
            continue;
        }
        append_to_cell(cell, bytes);
    }
    if (cell->width == 0 || cell->width > splitter->room)
        return false;
    splitter->room -= cell->width;
    return true;
}

static bool is_plain_ascii(struct slice text)
{
    return text.ptr[0] >= 0x20 && text.ptr[0] < 0x7F &&
           (text.len == 1 || (unsigned char)text.ptr[1] < 0x80);
}

size_t canvas_cluster(struct slice text, int *width)
{
    assert(text.len > 0);
    *width = 1;
    if (is_plain_ascii(text))
        return 1;
    int nominal;
    size_t len = utf8_grapheme(text, &nominal);
    len = without_strange_tone((struct slice){ text.ptr, len });
    struct splitter splitter = split((struct slice){ text.ptr, len });
    struct cell cell;
    *width = 0;
    while (next_cell(&splitter, &cell))
        *width += cell.width;
    return len;
}

int canvas_width(struct slice text)
{
    int total = 0;
    while (text.len) {
        int width;
        text = slice_skip(text, canvas_cluster(text, &width));
        if (total > INT_MAX - width)
            return INT_MAX;
        total += width;
    }
    return total;
}

/* Where text is being put: the next cell, and where the room ends. */
struct pen {
    struct canvas *canvas;
    int row, col, end;
    enum style style;
    bool is_full; /* something did not fit */
};

static void put_cluster(struct pen *pen, struct slice cluster, int width)
{
    struct splitter splitter = split(cluster);
    struct cell cell;
    while (width > 0 && next_cell(&splitter, &cell)) {
        cell.style = (uint8_t)pen->style;
        set_cell(pen->canvas, pen->row, pen->col, &cell);
        pen->col += cell.width;
    }
}

/* What nearly all text is made of needs no splitter. */
static void put_ascii(struct pen *pen, char character)
{
    struct cell cell = { .text = { character },
                         .len = 1,
                         .width = 1,
                         .style = (uint8_t)pen->style };
    set_cell(pen->canvas, pen->row, pen->col, &cell);
    pen->col++;
}

/* Rules are runs of one character. Its cell, just put, is repeated for all of a
 * run but the last, which marks may follow. Returns the bytes taken. */
static size_t put_run(struct pen *pen, struct slice text, size_t len)
{
    const struct cell *cell = cell_at(pen->canvas, pen->row, pen->col - 1);
    size_t taken = 0;
    if (!cell || cell->width != 1)
        return 0;
    struct cell source = *cell;
    while (pen->col < pen->end && text.len - taken >= 3 * len &&
           !memcmp(text.ptr + taken, text.ptr + taken + len, 2 * len)) {
        set_cell(pen->canvas, pen->row, pen->col++, &source);
        taken += len;
    }
    return taken;
}

static void put_harmless(struct pen *pen, struct slice text)
{
    while (text.len && !pen->is_full) {
        int width;
        if (is_plain_ascii(text) && pen->col < pen->end) {
            put_ascii(pen, text.ptr[0]);
            text = slice_skip(text, 1);
            continue;
        }
        size_t len = canvas_cluster(text, &width);
        if (width > pen->end - pen->col) {
            pen->is_full = true;
            break;
        }
        put_cluster(pen, (struct slice){ text.ptr, len }, width);
        if (width == 1)
            text = slice_skip(text, put_run(pen, text, len));
        text = slice_skip(text, len);
    }
}

static void put_segment(struct pen *pen, struct slice text)
{
    if (!text.len)
        return;
    if (!memchr(text.ptr, '\n', text.len) && !filter_would_change(text)) {
        put_harmless(pen, text);
        return;
    }
    struct buf harmless = { 0 };
    filter_line(&harmless, text);
    put_harmless(pen, buf_slice(&harmless));
    buf_clear(&harmless);
}

static void put_tab(struct pen *pen, int start)
{
    int stop = start + ((pen->col - start) / TAB_STOP + 1) * TAB_STOP;
    struct rect rect = { pen->row, pen->col, 1, 0 };
    rect.width = (stop < pen->end ? stop : pen->end) - pen->col;
    canvas_fill(pen->canvas, rect, pen->style);
    pen->col += rect.width;
}

static struct slice cut_source(struct slice text, int width)
{
    size_t max = ((size_t)width + 1) * CELL_SOURCE_MAX;
    if (text.len <= max)
        return text;
    text.len = max;
    text.len -= utf8_partial_tail(text);
    return text;
}

/* Put text from the pen on; it is full where something did not fit. */
static void write_text(struct pen *pen, struct slice text)
{
    int start = pen->col;
    struct slice rest = cut_source(text, pen->end - start);
    bool is_cut = rest.len < text.len;
    while (rest.len && !pen->is_full) {
        const char *tab = memchr(rest.ptr, '\t', rest.len);
        size_t len = tab ? (size_t)(tab - rest.ptr) : rest.len;
        put_segment(pen, (struct slice){ rest.ptr, len });
        if (tab && !pen->is_full)
            put_tab(pen, start);
        rest = slice_skip(rest, len + 1);
    }
    pen->is_full = pen->is_full || is_cut;
}

int canvas_put(struct canvas *canvas, int row, int col, int width,
               enum style style, struct slice text)
{
    if (width <= 0 || row < 0 || row >= canvas->height || col >= canvas->width)
        return 0;
    if (width > INT_MAX / 2)
        width = INT_MAX / 2;
    if (col < INT_MIN / 2)
        col = INT_MIN / 2;
    struct pen pen = { canvas, row, col, col + width, style, false };
    if (pen.end > canvas->width && col >= 0)
        pen.end = canvas->width;
    write_text(&pen, text);
    return pen.col - col;
}

int canvas_put_cut(struct canvas *canvas, struct rect rect, enum style style,
                   struct slice text, const char *ellipsis)
{
    if (rect.width > canvas->width - rect.col)
        rect.width = canvas->width - rect.col;
    if (rect.width <= 0 || rect.col < 0 || rect.row < 0 ||
        rect.row >= canvas->height)
        return 0;
    int end = rect.col + rect.width;
    struct pen pen = { canvas, rect.row, rect.col, end, style, false };
    write_text(&pen, text);
    if (!pen.is_full)
        return pen.col - rect.col;
    int last = pen.col < end ? pen.col : end - 1;
    return last - rect.col +
           canvas_put(canvas, rect.row, last, 1, style, slice_of(ellipsis));
}

int canvas_printf(struct canvas *canvas, int row, int col, int width,
                  enum style style, const char *format, ...)
{
    struct buf text = { 0 };
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&text, format, arguments);
    va_end(arguments);
    int used = canvas_put(canvas, row, col, width, style, buf_slice(&text));
    buf_clear(&text);
    return used;
}

void canvas_rule(struct canvas *canvas, int row, int col, int width,
                 enum style style, const char *character)
{
    int right = width > canvas->width - col ? canvas->width : col + width;
    struct cell drawn = { 0 };
    while (col < right) {
        if (drawn.width == 1) {
            set_cell(canvas, row, col++, &drawn);
            continue;
        }
        int used = canvas_put(canvas, row, col, right - col, style,
                              slice_of(character));
        const struct cell *cell = cell_at(canvas, row, col);
        if (used == 0)
            return;
        if (used == 1 && cell)
            drawn = *cell;
        col += used;
    }
}

static const struct cell *row_of(const struct canvas *canvas, int row)
{
    assert(row >= 0 && row < canvas->height);
    return canvas->cells + (size_t)row * (size_t)canvas->width;
}

static bool is_cell_equal(const struct cell *a, const struct cell *b)
{
    return a->len == b->len && a->width == b->width && a->style == b->style &&
           !memcmp(a->text, b->text, a->len);
}

bool canvas_rows_equal(const struct canvas *a, int row_a,
                       const struct canvas *b, int row_b)
{
    const struct cell *cells_a = row_of(a, row_a), *cells_b = row_of(b, row_b);
    for (int col = 0; col < a->width; col++) {
        if (!is_cell_equal(&cells_a[col], &cells_b[col]))
            return false;
    }
    return true;
}

bool canvas_row_is_blank(const struct canvas *canvas, int row)
{
    const struct cell *cells = row_of(canvas, row);
    for (int col = 0; col < canvas->width; col++) {
        bool has_text =
            cells[col].len > 1 || (cells[col].len && *cells[col].text != ' ');
        if (has_text || cells[col].style != STYLE_NORMAL)
            return false;
    }
    return true;
}

static void dump_text(const struct cell *cells, int width, struct buf *out)
{
    size_t end = out->len;
    for (const struct cell *cell = cells; cell < cells + width; cell++) {
        if (cell->width == 0)
            continue;
        if (cell->len == 0)
            buf_append_char(out, ' ');
        else
            buf_append(out, cell->text, cell->len);
        if (cell->len > 1 || (cell->len == 1 && cell->text[0] != ' '))
            end = out->len;
    }
    buf_truncate(out, end);
    buf_append_char(out, '\n');
}

static void dump_styles(const struct cell *cells, int width, struct buf *out)
{
    size_t start = out->len, end = start;
    buf_append_char(out, '~');
    for (const struct cell *cell = cells; cell < cells + width; cell++) {
        buf_append_char(out, style_letters[cell->style]);
        if (cell->style != STYLE_NORMAL)
            end = out->len;
    }
    buf_truncate(out, end);
    if (end > start)
        buf_append_char(out, '\n');
}

void canvas_dump(const struct canvas *canvas, struct buf *out, bool styles)
{
    for (int row = 0; row < canvas->height; row++) {
        const struct cell *cells =
            canvas->cells + (size_t)row * (size_t)canvas->width;
        dump_text(cells, canvas->width, out);
        if (styles)
            dump_styles(cells, canvas->width, out);
    }
}
