/* SPDX-License-Identifier: MIT */
#include "ui/pager.h"

#include "ui/markdown.h"
#include "ui/theme.h"

void pager_close(struct pager *pager)
{
    buf_clear(&pager->title);
    buf_clear(&pager->text);
    layout_clear(&pager->layout);
    *pager = (struct pager){ .layout.ascii = pager->layout.ascii };
}

void pager_open(struct pager *pager, const char *title, struct slice text)
{
    pager_close(pager);
    buf_append_string(&pager->title, title);
    buf_append_slice(&pager->text, text);
    pager->is_open = true;
}

void pager_update(struct pager *pager, struct slice text)
{
    if (slice_equal(buf_slice(&pager->text), text))
        return;
    buf_reset(&pager->text);
    buf_append_slice(&pager->text, text);
    layout_clear(&pager->layout);
}

static size_t last_top(const struct pager *pager)
{
    size_t height = pager->page_height > 0 ? (size_t)pager->page_height : 0;
    size_t count = pager->layout.lines.count;
    return count > height ? count - height : 0;
}

static void lay_out(struct pager *pager, int width)
{
    if (pager->layout.width == width && pager->layout.lines.count)
        return;
    layout_clear(&pager->layout);
    pager->layout.width = width;
    markdown_layout(&pager->layout, buf_slice(&pager->text));
}

void pager_draw(struct pager *pager, struct canvas *canvas, struct rect rect)
{
    lay_out(pager, rect.width - 2);
    pager->page_height = rect.height - 1;
    if (pager->top > last_top(pager))
        pager->top = last_top(pager);
    canvas_fill(canvas, rect, STYLE_NORMAL);
    canvas_rule(canvas, rect.row, rect.col, rect.width, STYLE_RULE,
                theme_glyphs(pager->layout.ascii)->rule);
    size_t below = pager->layout.lines.count - pager->top;
    bool has_more = below > (size_t)(rect.height > 1 ? rect.height - 1 : 0);
    canvas_printf(canvas, rect.row, rect.col + 2, rect.width - 4, STYLE_RULE,
                  " %s: Esc closes%s ", buf_string(&pager->title),
                  has_more ? ", PageDown for more" : "");
    for (int i = 1; i < rect.height; i++) {
        size_t line = pager->top + (size_t)i - 1;
        if (line < pager->layout.lines.count)
            layout_draw(&pager->layout, line, canvas, rect.row + i,
                        rect.col + 1, rect.width - 2);
    }
}

void pager_scroll(struct pager *pager, int lines)
{
    if (lines < 0 && pager->top < (size_t)-lines)
        pager->top = 0;
    else
        pager->top += (size_t)lines;
    if (pager->top > last_top(pager))
        pager->top = last_top(pager);
}

void pager_page(struct pager *pager, int pages)
{
    int height = pager->page_height > 2 ? pager->page_height - 1 : 1;
    pager_scroll(pager, pages * height);
}
