/* SPDX-License-Identifier: MIT */
#include "ui/list.h"

#include <stdarg.h>
#include <string.h>

#include "base/filter.h"

enum {
    HEAD_GAP = 2,   /* cells between the columns */
    HEAD_SHARE = 2, /* the heads take at most half of the width */
    RIGHT_GAP = 2,
    RIGHT_SHARE = 6, /* so small a right edge is worth more than the text */
    MARGIN = 1,
};

static void clear_row(struct list_row *row)
{
    buf_clear(&row->key);
    buf_clear(&row->head);
    buf_clear(&row->text);
    buf_clear(&row->right);
}

void list_clear(struct list *list)
{
    for (size_t i = 0; i < list->rows.count; i++)
        clear_row(&list->rows.items[i]);
    array_clear(&list->rows);
    array_clear(&list->shown);
    layout_clear(&list->prose);
    buf_clear(&list->filter);
    buf_clear(&list->chosen);
    *list = (struct list){ 0 };
}

/* Filling. */

void list_begin(struct list *list)
{
    list->count = 0;
}

struct list_row *list_add(struct list *list, const char *key)
{
    if (list->count == list->rows.count)
        *array_add(&list->rows) = (struct list_row){ 0 };
    struct list_row *row = &list->rows.items[list->count++];
    buf_reset(&row->key);
    buf_reset(&row->head);
    buf_reset(&row->text);
    buf_reset(&row->right);
    row->style = STYLE_STRONG;
    row->right_style = STYLE_DIM;
    row->is_marked = false;
    buf_append_string(&row->key, key);
    return row;
}

void list_add_text(struct list *list, enum style style, const char *format, ...)
{
    struct list_row *row = list_add(list, "");
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&row->head, format, arguments);
    va_end(arguments);
    row->style = style;
}

static bool passes(const struct list_row *row, struct slice filter)
{
    while ((filter = slice_trim(filter)).len) {
        size_t len = 0;
        while (len < filter.len && filter.ptr[len] != ' ')
            len++;
        struct slice word = { filter.ptr, len };
        if (!slice_contains(buf_slice(&row->head), word) &&
            !slice_contains(buf_slice(&row->text), word) &&
            !slice_contains(buf_slice(&row->right), word))
            return false;
        filter = slice_skip(filter, len);
    }
    return true;
}

static const struct list_row *shown_row(const struct list *list, size_t index)
{
    return &list->rows.items[list->shown.items[index].row];
}

static bool can_be_chosen(const struct list *list, size_t index)
{
    return shown_row(list, index)->key.len > 0;
}

static bool has_key(const struct list *list, size_t index,
                    const struct buf *key)
{
    return can_be_chosen(list, index) &&
           slice_equal(buf_slice(&shown_row(list, index)->key), buf_slice(key));
}

/* Index of the chosen row among those shown; shown.count: none. Of rows with
 * one key (calls of one turn) it is that twin, or the last that is left. */
static size_t chosen_index(const struct list *list)
{
    size_t found = list->shown.count, twins = 0;
    for (size_t i = 0; i < list->shown.count && twins <= list->twin; i++) {
        if (has_key(list, i, &list->chosen)) {
            found = i;
            twins++;
        }
    }
    return found;
}

static void choose_index(struct list *list, size_t index)
{
    buf_reset(&list->chosen);
    buf_append_slice(&list->chosen, buf_slice(&shown_row(list, index)->key));
    list->twin = 0;
    for (size_t i = 0; i < index; i++)
        list->twin += has_key(list, i, &list->chosen);
}

/* Where the user has not chosen, or what he chose is gone: what is current,
 * else the first. */
static void choose_any(struct list *list)
{
    size_t first = list->shown.count;
    if (list->has_moved && chosen_index(list) < list->shown.count)
        return;
    buf_reset(&list->chosen);
    for (size_t i = list->shown.count; i-- > 0;) {
        if (can_be_chosen(list, i))
            first = i;
        if (can_be_chosen(list, i) && shown_row(list, i)->is_marked &&
            !list->filter.len) {
            first = i;
            break;
        }
    }
    if (first < list->shown.count)
        choose_index(list, first);
}

/* Width of the column of heads: that of the widest of a row with a text. */
static int head_width(const struct list *list, int width)
{
    int widest = 0;
    for (size_t i = 0; i < list->shown.count; i++) {
        const struct list_row *row = shown_row(list, i);
        int cells = row->text.len ? canvas_width(buf_slice(&row->head)) : 0;
        if (cells > widest)
            widest = cells;
    }
    return widest < width / HEAD_SHARE ? widest : width / HEAD_SHARE;
}

static void break_row(struct list *list, const struct list_row *row, int width)
{
    bool has_text = row->text.len > 0;
    struct layout_piece piece = {
        buf_slice(has_text ? &row->text : &row->head),
        has_text ? STYLE_NORMAL : row->style,
    };
    struct layout_paragraph paragraph = { .pieces = &piece, .piece_count = 1 };
    /* Line 0 would say that there is none. */
    if (!list->prose.lines.count)
        layout_add_blank(&list->prose);
    list->prose.width = width;
    layout_add(&list->prose, &paragraph);
}

/* The lines of a row: one, unless it is to be read and too long for it. */
static void add_lines(struct list *list, size_t index, int head)
{
    const struct list_row *row = &list->rows.items[index];
    bool has_text = row->text.len > 0;
    int room = list->width - MARGIN - (has_text ? head + HEAD_GAP : 0);
    const struct buf *words = has_text ? &row->text : &row->head;
    size_t line = 0, end = 1;
    if (list->width && !row->key.len && !row->right.len &&
        canvas_width(buf_slice(words)) > room) {
        line = list->prose.lines.count ? list->prose.lines.count : 1;
        break_row(list, row, room);
        end = list->prose.lines.count;
    }
    for (size_t first = line; line < end; line++)
        *array_add(&list->shown) =
            (struct list_line){ index, line, line == first };
}

/* What a terminal must not get is shown here already, so that it is counted and
 * found as it is seen. */
static void make_harmless(struct buf *text)
{
    struct buf harmless = { 0 };
    if (!text->len || (!filter_would_change(buf_slice(text)) &&
                       !memchr(text->ptr, '\n', text->len) &&
                       !memchr(text->ptr, '\t', text->len)))
        return;
    filter_line(&harmless, buf_slice(text));
    buf_clear(text);
    *text = harmless;
}

static void find_lines(struct list *list)
{
    list->shown.count = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct list_row *row = &list->rows.items[i];
        make_harmless(&row->head);
        make_harmless(&row->text);
        make_harmless(&row->right);
        if (passes(row, buf_slice(&list->filter)))
            *array_add(&list->shown) = (struct list_line){ i, 0, true };
    }
    int head = head_width(list, list->width);
    list->shown.count = 0;
    layout_truncate(&list->prose, 0);
    for (size_t i = 0; i < list->count; i++) {
        if (passes(&list->rows.items[i], buf_slice(&list->filter)))
            add_lines(list, i, head);
    }
}

void list_end(struct list *list)
{
    find_lines(list);
    choose_any(list);
    if (list->top >= list->shown.count)
        list->top = list->shown.count ? list->shown.count - 1 : 0;
}

/* Choosing. */

const char *list_chosen(const struct list *list)
{
    return buf_string(&list->chosen);
}

void list_choose(struct list *list, const char *key)
{
    buf_reset(&list->chosen);
    buf_append_string(&list->chosen, key);
    list->twin = 0;
    list->has_moved = true;
    choose_any(list);
}

static void scroll(struct list *list, int steps)
{
    size_t page = list->page_height > 0 ? (size_t)list->page_height : 1;
    size_t most = list->shown.count > page ? list->shown.count - page : 0;
    if (steps < 0)
        list->top -= list->top < (size_t)-steps ? list->top : (size_t)-steps;
    else
        list->top += (size_t)steps;
    if (list->top > most)
        list->top = most;
}

void list_move(struct list *list, int steps)
{
    size_t at = chosen_index(list), found = at;
    if (at == list->shown.count) {
        scroll(list, steps);
        return;
    }
    while (steps != 0) {
        at += steps < 0 ? (size_t)-1 : 1;
        if (at >= list->shown.count)
            break;
        if (!can_be_chosen(list, at))
            continue;
        found = at;
        steps += steps < 0 ? 1 : -1;
    }
    list->has_moved = true;
    choose_index(list, found);
}

void list_page(struct list *list, int pages)
{
    int page = list->page_height > 1 ? list->page_height - 1 : 1;
    list_move(list, pages * page);
}

/* The filter. */

static void filter_again(struct list *list)
{
    list->top = 0;
    list->has_moved = false;
    buf_reset(&list->chosen);
    list_end(list);
}

bool list_filter_type(struct list *list, struct slice text)
{
    if (list->filter.len + text.len > LIST_FILTER_MAX)
        return false;
    buf_append_slice(&list->filter, text);
    filter_again(list);
    return true;
}

bool list_filter_erase(struct list *list)
{
    size_t len = list->filter.len;
    if (len == 0)
        return false;
    do
        len--;
    while (len > 0 && (list->filter.ptr[len] & 0xC0) == 0x80);
    buf_truncate(&list->filter, len);
    filter_again(list);
    return true;
}

void list_filter_set(struct list *list, struct slice text)
{
    if (slice_equal(buf_slice(&list->filter), text))
        return;
    buf_reset(&list->filter);
    buf_append_slice(&list->filter, text);
    filter_again(list);
}

/* Drawing. */

/* Cells of a row's left side, all of it. */
static int left_width(const struct list_row *row, int head)
{
    if (!row->text.len)
        return MARGIN + canvas_width(buf_slice(&row->head));
    return MARGIN + head + HEAD_GAP + canvas_width(buf_slice(&row->text));
}

/* What stands at the right edge, where there is room. Returns its width. */
static int draw_right(const struct list_row *row, struct canvas *canvas,
                      struct rect rect, int head, enum style style)
{
    int right = canvas_width(buf_slice(&row->right));
    if (!right || (left_width(row, head) + RIGHT_GAP + right > rect.width &&
                   right * RIGHT_SHARE > rect.width))
        return 0;
    canvas_put(canvas, rect.row, rect.col + rect.width - right, right, style,
               buf_slice(&row->right));
    return right + RIGHT_GAP;
}

static void draw_line(const struct list *list, const struct list_line *line,
                      struct canvas *canvas, struct rect rect, int head,
                      enum style chosen)
{
    const struct list_row *row = &list->rows.items[line->row];
    const char *ellipsis = theme_glyphs(list->ascii)->ellipsis;
    bool is_chosen = chosen != STYLE_NORMAL;
    int end = rect.col + rect.width;
    struct rect part = { rect.row, rect.col + MARGIN, 1, 0 };
    canvas_fill(canvas, rect, chosen);
    if (row->is_marked && line->is_first)
        canvas_put(canvas, rect.row, rect.col, 1, chosen, slice_of("*"));
    end -= draw_right(row, canvas, rect, head,
                      is_chosen ? chosen : row->right_style);
    part.width = row->text.len ? head : end - part.col;
    if (line->is_first && (row->text.len || !line->prose))
        canvas_put_cut(canvas, part, is_chosen ? chosen : row->style,
                       buf_slice(&row->head), ellipsis);
    if (row->text.len) {
        part.col += head + HEAD_GAP;
        part.width = end - part.col;
    }
    if (line->prose)
        layout_draw(&list->prose, line->prose, canvas, part.row, part.col,
                    part.width);
    else if (row->text.len)
        canvas_put_cut(canvas, part, chosen, buf_slice(&row->text), ellipsis);
}

static void keep_in_view(struct list *list, size_t chosen, size_t height)
{
    if (chosen < list->top)
        list->top = chosen;
    if (height && chosen >= list->top + height)
        list->top = chosen - height + 1;
}

void list_draw(struct list *list, struct canvas *canvas, struct rect rect,
               bool has_keys)
{
    size_t height = rect.height > 0 ? (size_t)rect.height : 0;
    size_t chosen = chosen_index(list);
    int head = head_width(list, rect.width);
    list->page_height = rect.height;
    if (chosen < list->shown.count)
        keep_in_view(list, chosen, height);
    else
        scroll(list, 0);
    for (size_t i = 0; i < height && list->top + i < list->shown.count; i++) {
        size_t index = list->top + i;
        bool is_chosen = has_keys && index == chosen;
        struct rect line = { rect.row + (int)i, rect.col, 1, rect.width };
        draw_line(list, &list->shown.items[index], canvas, line, head,
                  is_chosen ? STYLE_SELECTED : STYLE_NORMAL);
        if (is_chosen) {
            canvas->cursor_row = line.row;
            canvas->cursor_col = line.col;
        }
    }
}
