/* SPDX-License-Identifier: MIT */
#include "ui/list.h"

#include <stdarg.h>
#include <string.h>

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

/* Letters of ASCII in any case: names of models, actions and states. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool contains(struct slice text, struct slice word)
{
    for (size_t at = 0; at + word.len <= text.len; at++) {
        size_t len = 0;
        while (len < word.len &&
               lower(text.ptr[at + len]) == lower(word.ptr[len]))
            len++;
        if (len == word.len)
            return true;
    }
    return false;
}

static bool passes(const struct list_row *row, struct slice filter)
{
    while ((filter = slice_trim(filter)).len) {
        size_t len = 0;
        while (len < filter.len && filter.ptr[len] != ' ')
            len++;
        struct slice word = { filter.ptr, len };
        if (!contains(buf_slice(&row->key), word) &&
            !contains(buf_slice(&row->head), word) &&
            !contains(buf_slice(&row->text), word))
            return false;
        filter = slice_skip(filter, len);
    }
    return true;
}

static const struct list_row *shown_row(const struct list *list, size_t index)
{
    return &list->rows.items[list->shown.items[index]];
}

static bool can_be_chosen(const struct list *list, size_t index)
{
    return shown_row(list, index)->key.len > 0;
}

/* Index of the chosen row among those shown; shown.count: none. */
static size_t chosen_index(const struct list *list)
{
    size_t i = 0;
    while (i < list->shown.count &&
           (!can_be_chosen(list, i) ||
            !slice_equal(buf_slice(&shown_row(list, i)->key),
                         buf_slice(&list->chosen))))
        i++;
    return i;
}

static void choose_index(struct list *list, size_t index)
{
    buf_reset(&list->chosen);
    buf_append_slice(&list->chosen, buf_slice(&shown_row(list, index)->key));
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

void list_end(struct list *list)
{
    list->shown.count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (passes(&list->rows.items[i], buf_slice(&list->filter)))
            *array_add(&list->shown) = i;
    }
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

/* A text that is cut says so. */
static void put(const struct list *list, struct canvas *canvas,
                struct rect rect, enum style style, const struct buf *text)
{
    int room = rect.width;
    bool is_cut = canvas_width(buf_slice(text)) > room;
    if (room <= 0)
        return;
    canvas_put(canvas, rect.row, rect.col, is_cut ? room - 1 : room, style,
               buf_slice(text));
    if (is_cut)
        canvas_put(canvas, rect.row, rect.col + room - 1, 1, style,
                   slice_of(theme_glyphs(list->ascii)->ellipsis));
}

/* Cells of a row's left side, all of it. */
static int left_width(const struct list_row *row, int head)
{
    if (!row->text.len)
        return MARGIN + canvas_width(buf_slice(&row->head));
    return MARGIN + head + HEAD_GAP + canvas_width(buf_slice(&row->text));
}

static void draw_row(const struct list *list, const struct list_row *row,
                     struct canvas *canvas, struct rect rect, int head,
                     enum style chosen)
{
    bool is_chosen = chosen != STYLE_NORMAL;
    int end = rect.col + rect.width;
    int right = canvas_width(buf_slice(&row->right));
    struct rect part = { rect.row, rect.col + MARGIN, 1, 0 };
    canvas_fill(canvas, rect, chosen);
    if (row->is_marked)
        canvas_put(canvas, rect.row, rect.col, 1, chosen, slice_of("*"));
    if (right && (left_width(row, head) + RIGHT_GAP + right <= rect.width ||
                  right * RIGHT_SHARE <= rect.width)) {
        end -= right;
        canvas_put(canvas, rect.row, end, right,
                   is_chosen ? chosen : row->right_style,
                   buf_slice(&row->right));
        end -= RIGHT_GAP;
    }
    part.width = row->text.len ? head : end - part.col;
    put(list, canvas, part, is_chosen ? chosen : row->style, &row->head);
    part.col += head + HEAD_GAP;
    part.width = end - part.col;
    if (row->text.len)
        put(list, canvas, part, chosen, &row->text);
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
        draw_row(list, shown_row(list, index), canvas, line, head,
                 is_chosen ? STYLE_SELECTED : STYLE_NORMAL);
        if (is_chosen) {
            canvas->cursor_row = line.row;
            canvas->cursor_col = line.col;
        }
    }
}
