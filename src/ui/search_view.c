/* SPDX-License-Identifier: MIT */
#include "ui/search_view.h"

#include "base/utf8.h"
#include "ui/rows.h"

enum {
    BEFORE_MATCH = 1000, /* bytes of the text that are looked at */
    AROUND_MATCH = 4000,
    QUERY_ROOM_MIN = 8, /* cells; a narrower row has no label */
};

static const char label[] = "search: ";
static const char failed_label[] = "not found: ";

static const struct folds no_folds;

/* What is around the match, whole characters. */
static struct folded_text window(const struct search_view *view)
{
    size_t start =
        view->match_at > BEFORE_MATCH ? view->match_at - BEFORE_MATCH : 0;
    while (start && ((uint8_t)view->text.ptr[start] & 0xC0) == 0x80)
        start--;
    struct slice text = slice_skip(view->text, start);
    if (text.len > AROUND_MATCH) {
        text.len = AROUND_MATCH;
        text.len -= utf8_partial_tail(text);
    }
    return (struct folded_text){ .text = text,
                                 .folds = &no_folds,
                                 .marked_at = view->match_at - start,
                                 .marked_len = view->match_len };
}

int search_view_rows(const struct search_view *view, int width)
{
    struct rows rows = { 0 };
    if (!view->text.len)
        return 1;
    rows_wrap(&rows, window(view), width);
    int count = (int)rows.starts.count;
    rows_clear(&rows);
    return count + 1;
}

static void draw_text(const struct search_view *view, struct canvas *canvas,
                      struct rect rect)
{
    struct folded_text text = window(view);
    struct rows rows = { 0 };
    rows_wrap(&rows, text, rect.width);
    size_t match = rows_find(&rows, text.marked_at);
    size_t height = (size_t)rect.height;
    size_t top = match >= height ? match - height + 1 : 0;
    for (size_t row = top; row < rows.starts.count && row < top + height;
         row++) {
        struct rect line = { rect.row + (int)(row - top), rect.col, 1,
                             rect.width };
        rows_draw(&rows, text, row, canvas, line);
    }
    rows_clear(&rows);
}

/* The end of a query that is too long for the row is what one types at. */
static struct slice tail_of(struct slice query, int width)
{
    while (query.len && canvas_width(query) > width) {
        int cluster;
        query = slice_skip(query, utf8_grapheme(query, &cluster));
    }
    return query;
}

static void draw_query(const struct search_view *view, struct canvas *canvas,
                       struct rect rect)
{
    const char *words = view->has_failed ? failed_label : label;
    enum style style = view->has_failed ? STYLE_WARNING : STYLE_PROMPT;
    int col = rect.col;
    int end = rect.col + rect.width;
    if (rect.width >= canvas_width(slice_of(words)) + QUERY_ROOM_MIN)
        col += canvas_put(canvas, rect.row, col, rect.width, style,
                          slice_of(words));
    struct slice query = tail_of(view->query, end - col - 1);
    col += canvas_put(canvas, rect.row, col, end - col,
                      view->has_failed ? STYLE_WARNING : STYLE_NORMAL, query);
    canvas->cursor_row = rect.row;
    canvas->cursor_col = col < end ? col : end - 1;
    if (!canvas_cell(canvas, canvas->cursor_row, canvas->cursor_col))
        canvas->cursor_row = canvas->cursor_col = -1;
}

void search_view_draw(const struct search_view *view, struct canvas *canvas,
                      struct rect rect)
{
    canvas->cursor_row = canvas->cursor_col = -1;
    if (rect.height <= 0 || rect.width <= 0)
        return;
    canvas_fill(canvas, rect, STYLE_NORMAL);
    rect.height--;
    if (view->text.len && rect.height)
        draw_text(view, canvas, rect);
    rect.row += rect.height;
    draw_query(view, canvas, rect);
}
