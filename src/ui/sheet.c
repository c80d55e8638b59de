/* SPDX-License-Identifier: MIT */
#include "ui/sheet.h"

#include "base/utf8.h"

enum { INDENT = 2 /* cells of the bar and a blank */ };

void sheet_clear(struct sheet *sheet)
{
    layout_clear(&sheet->layout);
    *sheet = (struct sheet){ 0 };
}

size_t sheet_lines(const struct sheet *sheet)
{
    return sheet->layout.lines.count;
}

bool sheet_begin(struct sheet *sheet, uint64_t subject, int width, bool ascii)
{
    struct layout *layout = &sheet->layout;
    bool is_same = sheet->subject == subject;
    if (is_same && layout->width == width && layout->ascii == ascii)
        return false;
    /* Lines that were seen are so at any width. */
    sheet->place = UINT64_MAX;
    if (!is_same)
        sheet->place = 0;
    else if (sheet->seen < sheet_lines(sheet))
        sheet->place = layout->lines.items[sheet->seen].place;
    layout_clear(layout);
    layout->width = width;
    layout->ascii = ascii;
    sheet->subject = subject;
    sheet->top = sheet->seen = 0;
    return true;
}

static void add(struct sheet *sheet, enum style style, struct slice text,
                const char *bar, const char *rest)
{
    struct layout_piece piece = { text, style };
    struct layout_paragraph paragraph = {
        .pieces = &piece,
        .piece_count = 1,
        .first = { slice_of(bar), STYLE_GUTTER },
        .rest = { slice_of(rest), STYLE_GUTTER },
        .keep_breaks = true,
        .keep_blanks = *bar != '\0',
    };
    layout_add(&sheet->layout, &paragraph);
}

void sheet_add_head(struct sheet *sheet, enum style style, struct slice words)
{
    add(sheet, style, words, "", "");
}

/* The category of what separates words and is not seen (Zs), and the tab. */
static bool is_blank(uint32_t character)
{
    const char *category = utf8_category(character);
    return character == '\t' || (category[0] == 'Z' && category[1] == 's');
}

/* Bytes of blanks at the beginning; *count is how many. */
static size_t blanks(struct slice text, size_t *count)
{
    size_t len = 0;
    *count = 0;
    while (len < text.len) {
        uint32_t character;
        size_t step = utf8_decode(slice_skip(text, len), &character);
        if (!is_blank(character))
            break;
        len += step;
        ++*count;
    }
    return len;
}

static void append_blanks(struct buf *out, const struct sheet *sheet,
                          struct slice run, size_t count, size_t most)
{
    const struct glyphs *glyphs = theme_glyphs(sheet->layout.ascii);
    if (count <= most)
        buf_append_slice(out, run);
    else
        buf_printf(out, "%s%zu blanks%s", glyphs->before, count, glyphs->after);
}

void sheet_add(struct sheet *sheet, enum style style, struct slice line)
{
    const char *gutter = theme_glyphs(sheet->layout.ascii)->gutter;
    struct buf text = { 0 }, bar = { 0 };
    size_t most = SHEET_MARGIN_MAX;
    while (line.len) {
        size_t count, len = blanks(line, &count);
        append_blanks(&text, sheet, (struct slice){ line.ptr, len }, count,
                      most);
        line = slice_skip(line, len);
        for (len = 0;
             len < line.len && blanks(slice_skip(line, len), &count) == 0;)
            len += utf8_decode(slice_skip(line, len), &(uint32_t){ 0 });
        buf_append_slice(&text, (struct slice){ line.ptr, len });
        line = slice_skip(line, len);
        most = SHEET_BLANKS_MAX;
    }
    buf_printf(&bar, "%s ", gutter);
    add(sheet, style, buf_slice(&text), buf_string(&bar), buf_string(&bar));
    buf_clear(&text);
    buf_clear(&bar);
}

void sheet_end(struct sheet *sheet)
{
    const struct layout *layout = &sheet->layout;
    while (sheet->seen < layout->lines.count &&
           layout->lines.items[sheet->seen].place < sheet->place)
        sheet->seen++;
}

size_t sheet_unseen(const struct sheet *sheet)
{
    return sheet_lines(sheet) - sheet->seen;
}

void sheet_scroll(struct sheet *sheet, int lines)
{
    size_t page = sheet->height > 0 ? (size_t)sheet->height : 1;
    size_t count = sheet_lines(sheet);
    size_t most = count > page ? count - page : 0;
    if (most > sheet->seen)
        most = sheet->seen;
    size_t steps = lines < 0 ? (size_t) - (int64_t)lines : (size_t)lines;
    if (lines < 0)
        sheet->top -= sheet->top < steps ? sheet->top : steps;
    else
        sheet->top += steps;
    if (sheet->top > most)
        sheet->top = most;
}

void sheet_page(struct sheet *sheet, int pages)
{
    int page = sheet->height > 1 ? sheet->height - 1 : 1;
    sheet_scroll(sheet, pages * page);
}

void sheet_draw(struct sheet *sheet, struct canvas *canvas, struct rect rect)
{
    if (rect.height < 1)
        return;
    sheet->height = rect.height;
    sheet_scroll(sheet, 0);
    size_t end = sheet->top;
    for (int i = 0; i < rect.height && end < sheet_lines(sheet); i++, end++)
        layout_draw(&sheet->layout, end, canvas, rect.row + i, rect.col,
                    rect.width);
    if (end > sheet->seen)
        sheet->seen = end;
}
