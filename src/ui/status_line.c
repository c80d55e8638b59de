/* SPDX-License-Identifier: MIT */
#include "ui/status_line.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

static const char separator[] = " | ";
enum {
    SEPARATOR_WIDTH = 3,
    MARGIN = 1,
    HINT_SHARE = 3, /* of a row; a hint that would take more is not kept */
};

void status_line_add(struct status_line *line, enum style style,
                     const char *format, ...)
{
    assert(line->count < STATUS_PARTS_MAX);
    struct status_part *part = &line->parts[line->count];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(part->text, sizeof part->text, format, arguments);
    va_end(arguments);
    struct slice text = slice_of(part->text);
    part->text[text.len - utf8_partial_tail(text)] = '\0';
    part->style = style;
    if (part->text[0])
        line->count++;
}

/* How many parts fit into so many cells; the first is cut rather than not
 * drawn at all. */
static int parts_that_fit(const struct status_line *line, int width, int *used)
{
    int count = 0;
    *used = 0;
    while (count < line->count) {
        int part = canvas_width(slice_of(line->parts[count].text)) +
                   (count ? SEPARATOR_WIDTH : 0);
        if (count && *used + part > width)
            break;
        *used += part;
        count++;
    }
    return count;
}

/* What is behind two blanks matters less. */
static struct slice first_words(const struct status_line *line)
{
    struct slice hint = slice_of(line->hint);
    ptrdiff_t gap = slice_find(hint, "  ");
    if (gap > 0)
        hint.len = (size_t)gap;
    return hint;
}

/* All of the hint, or its first words. */
static void draw_hint(const struct status_line *line, struct canvas *canvas,
                      int row, int room)
{
    struct slice hint = slice_of(line->hint);
    if (canvas_width(hint) > room)
        hint = first_words(line);
    int width = canvas_width(hint);
    if (width && width <= room)
        canvas_put(canvas, row, canvas->width - MARGIN - width, width,
                   STYLE_STATUS, hint);
}

void status_line_draw(const struct status_line *line, struct canvas *canvas,
                      int row, const char *ellipsis)
{
    const enum style background = STYLE_STATUS;
    int used = 0;
    int width = canvas->width - 2 * MARGIN;
    canvas_fill(canvas, (struct rect){ row, 0, 1, canvas->width }, background);
    int hint = line->keeps_hint ? canvas_width(first_words(line)) : 0;
    if (hint * HINT_SHARE >= width)
        hint = 0;
    int count = parts_that_fit(
        line, width - (hint ? hint + SEPARATOR_WIDTH : 0), &used);
    int end = MARGIN + width - (hint ? hint + 1 : 0);
    int col = MARGIN;
    for (int i = 0; i < count; i++) {
        if (i)
            col += canvas_put(canvas, row, col, end - col, background,
                              slice_of(separator));
        struct rect rect = { row, col, 1, end - col };
        col += canvas_put_cut(canvas, rect, line->parts[i].style,
                              slice_of(line->parts[i].text), ellipsis);
    }
    if (hint && used + SEPARATOR_WIDTH + hint > width)
        draw_hint(line, canvas, row, hint);
    else if (hint || count == line->count)
        draw_hint(line, canvas, row, width - used - SEPARATOR_WIDTH);
}
