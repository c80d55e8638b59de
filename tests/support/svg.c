/* SPDX-License-Identifier: MIT */
#include "tests/support/svg.h"

#include <inttypes.h>
#include <string.h>

/* Pixels. 15 px of the usual fonts are 9 px wide. */
enum {
    CELL_WIDTH = 9,
    CELL_HEIGHT = 18,
    BASELINE = 14,
    FONT = 15,
    MARGIN = 12
};

enum { FOREGROUND = 0xD4D7DC, BACKGROUND = 0x16181D };

/* The first 16 are every terminal's own choice; these read well on dark. */
static const uint32_t basic[] = {
    0x2B2E36, 0xE06C75, 0x98C379, 0xE5C07B, 0x61AFEF, 0xC678DD,
    0x56B6C2, 0xABB2BF, 0x5C6370, 0xEF8891, 0xB1D799, 0xF0D399,
    0x84C2F5, 0xD69AE6, 0x7BC8D2, 0xFFFFFF,
};

/* xterm's cube of 6 x 6 x 6 colours and its 24 greys. */
enum { CUBE = 16, GREYS = 232 };

struct look {
    uint32_t foreground, background;
    bool bold, dim, italic, underline;
};

static uint32_t palette_color(int number, uint32_t default_color)
{
    static const uint32_t levels[] = { 0, 95, 135, 175, 215, 255 };
    if (number < 0)
        return default_color;
    if (number < CUBE)
        return basic[number];
    if (number >= GREYS)
        return (uint32_t)(8 + 10 * (number - GREYS)) * 0x010101;
    number -= CUBE;
    return levels[number / 36] << 16 | levels[number / 6 % 6] << 8 |
           levels[number % 6];
}

static struct look look_of(const struct pty_cell *cell)
{
    uint32_t foreground = palette_color(cell->foreground, FOREGROUND);
    uint32_t background = palette_color(cell->background, BACKGROUND);
    return (struct look){
        .foreground = cell->reverse ? background : foreground,
        .background = cell->reverse ? foreground : background,
        .bold = cell->bold,
        .dim = cell->dim,
        .italic = cell->italic,
        .underline = cell->underline,
    };
}

static bool same_look(const struct look *a, const struct look *b)
{
    return a->foreground == b->foreground && a->background == b->background &&
           a->bold == b->bold && a->dim == b->dim && a->italic == b->italic &&
           a->underline == b->underline;
}

static void append_escaped(struct buf *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': buf_append_string(out, "&amp;"); break;
        case '<': buf_append_string(out, "&lt;"); break;
        case '>': buf_append_string(out, "&gt;"); break;
        default: buf_append_char(out, *text);
        }
    }
}

static void append_box(struct buf *out, int row, int col, int cells,
                       uint32_t color)
{
    buf_printf(out,
               "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
               "fill=\"#%06" PRIX32 "\"/>\n",
               MARGIN + col * CELL_WIDTH, MARGIN + row * CELL_HEIGHT,
               cells * CELL_WIDTH, CELL_HEIGHT, color);
}

/* Cells of a row that are drawn at once. */
struct run {
    int row, col, cells;
    struct look look;
};

static bool is_ascii(const struct pty_cell *cell)
{
    return (unsigned char)*cell->text < 0x80;
}

/* Fonts differ most in what is not ASCII, which may come from another font:
 * it stands alone, so that nothing beside it moves. Rules are whole. */
static bool goes_on(const struct pty_cell *before, const struct pty_cell *cell)
{
    return (is_ascii(before) && is_ascii(cell)) ||
           !strcmp(before->text, cell->text);
}

static struct run next_run(const struct shot *shot, int row, int col)
{
    const struct pty_cell *cell = shot_cell(shot, row, col);
    struct run run = { row, col, cell->width, look_of(cell) };
    while (col + run.cells < shot->width) {
        const struct pty_cell *next = shot_cell(shot, row, col + run.cells);
        struct look look = look_of(next);
        if (!same_look(&look, &run.look) || !goes_on(cell, next))
            break;
        run.cells += next->width;
        cell = next;
    }
    return run;
}

/* The text of a run; returns its cells up to the last that is not blank. */
static int append_run_text(const struct shot *shot, const struct run *run,
                           struct buf *out)
{
    int used = 0;
    size_t end = out->len;
    for (int i = 0; i < run->cells;) {
        const struct pty_cell *cell = shot_cell(shot, run->row, run->col + i);
        bool is_blank = !*cell->text || !strcmp(cell->text, " ");
        append_escaped(out, *cell->text ? cell->text : " ");
        i += cell->width;
        if (!is_blank || run->look.underline) {
            used = i;
            end = out->len;
        }
    }
    buf_truncate(out, end);
    return used;
}

static void append_run(struct buf *out, const struct shot *shot,
                       const struct run *run)
{
    struct buf text = { 0 };
    int used = append_run_text(shot, run, &text);
    const struct look *look = &run->look;
    if (look->background != BACKGROUND)
        append_box(out, run->row, run->col, run->cells, look->background);
    if (used) {
        buf_printf(out, "<text x=\"%d\" y=\"%d\" textLength=\"%d\"",
                   MARGIN + run->col * CELL_WIDTH,
                   MARGIN + run->row * CELL_HEIGHT + BASELINE,
                   used * CELL_WIDTH);
        if (!is_ascii(shot_cell(shot, run->row, run->col)))
            buf_append_string(out, " lengthAdjust=\"spacingAndGlyphs\"");
        if (look->foreground != FOREGROUND)
            buf_printf(out, " fill=\"#%06" PRIX32 "\"", look->foreground);
        buf_append_string(out, look->bold ? " font-weight=\"bold\"" : "");
        buf_append_string(out, look->dim ? " fill-opacity=\"0.6\"" : "");
        buf_append_string(out, look->italic ? " font-style=\"italic\"" : "");
        buf_append_string(
            out, look->underline ? " text-decoration=\"underline\"" : "");
        buf_printf(out, ">%s</text>\n", buf_string(&text));
    }
    buf_clear(&text);
}

static void append_head(struct buf *out, const struct shot *shot,
                        const char *title)
{
    int width = shot->width * CELL_WIDTH + 2 * MARGIN;
    int height = shot->height * CELL_HEIGHT + 2 * MARGIN;
    buf_printf(out,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
               "height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n"
               "<title>",
               width, height, width, height);
    append_escaped(out, title);
    buf_printf(out,
               "</title>\n"
               "<rect width=\"%d\" height=\"%d\" rx=\"8\" "
               "fill=\"#%06X\"/>\n"
               "<g fill=\"#%06X\" font-size=\"%d\" font-family=\"ui-monospace, "
               "SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', "
               "monospace\" xml:space=\"preserve\">\n",
               width, height, BACKGROUND, FOREGROUND, FONT);
}

void svg_append(struct buf *out, const struct shot *shot, const char *title)
{
    append_head(out, shot, title);
    for (int row = 0; row < shot->height; row++) {
        for (int col = 0; col < shot->width;) {
            struct run run = next_run(shot, row, col);
            append_run(out, shot, &run);
            col += run.cells;
        }
    }
    if (shot->cursor_row >= 0)
        append_box(out, shot->cursor_row, shot->cursor_col, 1, FOREGROUND);
    buf_append_string(out, "</g>\n</svg>\n");
}
