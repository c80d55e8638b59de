/* SPDX-License-Identifier: MIT */
#include "ui/editor.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "ui/rows.h"
#include "ui/undo.h"

enum {
    WIDTH_FIRST = 80,    /* until somebody asks for another one */
    PROMPT_ROOM_MIN = 8, /* cells; a narrower rect has no prompt mark */
    TYPED_MAX = 16,      /* bytes; a longer insert was not typed */
    NO_COLUMN = -1,
};

struct editor {
    struct buf text;
    size_t caret;
    struct rows rows;
    int column; /* that Up and Down keep; NO_COLUMN: the caret's */
    size_t top; /* the first row in view */
    struct undo undo;
    struct buf kill;
    bool was_kill; /* the last thing done was a kill: the next one joins */
};

struct editor *editor_new(void)
{
    struct editor *editor = memory_zero(1, sizeof *editor);
    editor->column = NO_COLUMN;
    rows_wrap(&editor->rows, editor_text(editor), WIDTH_FIRST);
    return editor;
}

void editor_free(struct editor *editor)
{
    if (!editor)
        return;
    buf_clear(&editor->text);
    buf_clear(&editor->kill);
    rows_clear(&editor->rows);
    undo_clear(&editor->undo);
    free(editor);
}

struct slice editor_text(const struct editor *editor)
{
    return buf_slice(&editor->text);
}

size_t editor_caret(const struct editor *editor)
{
    return editor->caret;
}

bool editor_is_empty(const struct editor *editor)
{
    return editor->text.len == 0;
}

/* The first grapheme boundary at or after an offset: an insert may have joined
 * what stands on both sides of it. */
static size_t snap(const struct editor *editor, size_t offset)
{
    if (offset == 0)
        return 0;
    struct slice text = editor_text(editor);
    struct slice before = { text.ptr, offset };
    size_t start = offset - utf8_last_grapheme(before);
    int width;
    size_t end = start + utf8_grapheme(slice_skip(text, start), &width);
    return end > offset ? end : offset;
}

/* The only function that changes the text. */
static void replace(struct editor *editor, size_t offset, size_t removed,
                    struct slice inserted)
{
    buf_splice(&editor->text, offset, removed, inserted);
    if (!editor->text.ptr)
        return;
    rows_edit(&editor->rows, editor_text(editor), offset, removed,
              inserted.len);
    editor->caret = snap(editor, offset + inserted.len);
    editor->column = NO_COLUMN;
}

/* Replace and remember. */
static void change(struct editor *editor, size_t offset, size_t removed,
                   struct slice inserted, bool is_step)
{
    if (removed == 0 && inserted.len == 0)
        return;
    struct change record = { .offset = offset, .caret = editor->caret };
    if (removed)
        buf_append(&record.removed, editor->text.ptr + offset, removed);
    buf_append_slice(&record.inserted, inserted);
    undo_record(&editor->undo, &record, is_step);
    buf_clear(&record.removed);
    buf_clear(&record.inserted);
    replace(editor, offset, removed, inserted);
}

/* Valid UTF-8 with LF as the only line break, and without NUL: it would end the
 * text for whoever takes it as a string. */
static void append_clean(struct buf *out, struct slice text)
{
    struct slice rest = text;
    while (rest.len) {
        size_t len = 0;
        while (len < rest.len && rest.ptr[len] != '\r' && rest.ptr[len])
            len++;
        utf8_append_valid(out, (struct slice){ rest.ptr, len });
        rest = slice_skip(rest, len);
        if (!rest.len)
            return;
        buf_append_string(out, rest.ptr[0] ? "\n" : "\uFFFD");
        rest = slice_skip(rest, slice_starts(rest, "\r\n") ? 2 : 1);
    }
}

void editor_set(struct editor *editor, struct slice text)
{
    struct buf clean = { 0 };
    append_clean(&clean, text);
    if (clean.len > EDITOR_TEXT_MAX) {
        clean.len = EDITOR_TEXT_MAX;
        clean.len -= utf8_partial_tail(buf_slice(&clean));
    }
    editor->was_kill = false;
    change(editor, 0, editor->text.len, buf_slice(&clean), false);
    editor->caret = editor->text.len;
    buf_clear(&clean);
}

bool editor_insert(struct editor *editor, struct slice text, struct error *err)
{
    struct buf clean = { 0 };
    append_clean(&clean, text);
    editor->was_kill = false;
    bool fits = clean.len <= EDITOR_TEXT_MAX - editor->text.len;
    if (fits) {
        bool is_typed = clean.len && clean.len <= TYPED_MAX &&
                        !memchr(clean.ptr, '\n', clean.len);
        change(editor, editor->caret, 0, buf_slice(&clean), is_typed);
    } else {
        error_set(err, ERROR_LIMIT, "the prompt is larger than %d bytes",
                  EDITOR_TEXT_MAX);
    }
    buf_clear(&clean);
    return fits;
}

static size_t step_left(const struct editor *editor, size_t offset)
{
    struct slice before = { editor->text.ptr, offset };
    return offset ? offset - utf8_last_grapheme(before) : 0;
}

static size_t step_right(const struct editor *editor, size_t offset)
{
    struct slice rest = slice_skip(editor_text(editor), offset);
    int width;
    return rest.len ? offset + utf8_grapheme(rest, &width) : offset;
}

static bool is_word_at(const struct editor *editor, size_t offset)
{
    uint32_t character;
    utf8_decode(slice_skip(editor_text(editor), offset), &character);
    return utf8_is_word(character);
}

static size_t word_left(const struct editor *editor, size_t at)
{
    bool in_word = false;
    while (at > 0) {
        size_t before = step_left(editor, at);
        if (in_word && !is_word_at(editor, before))
            break;
        in_word = is_word_at(editor, before);
        at = before;
    }
    return at;
}

static size_t word_right(const struct editor *editor, size_t at)
{
    bool in_word = false;
    while (at < editor->text.len) {
        if (in_word && !is_word_at(editor, at))
            break;
        in_word = is_word_at(editor, at);
        at = step_right(editor, at);
    }
    return at;
}

static size_t line_start(const struct editor *editor, size_t at)
{
    while (at > 0 && editor->text.ptr[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(const struct editor *editor, size_t at)
{
    while (at < editor->text.len && editor->text.ptr[at] != '\n')
        at++;
    return at;
}

/* Where the caret would be `step` rows further down, in the kept column. */
static size_t row_step(struct editor *editor, int step)
{
    struct slice text = editor_text(editor);
    size_t row = rows_find(&editor->rows, editor->caret);
    if ((step < 0 && row == 0) ||
        (step > 0 && row + 1 >= editor->rows.starts.count))
        return editor->caret;
    if (editor->column == NO_COLUMN)
        editor->column = rows_col(&editor->rows, text, row, editor->caret);
    return rows_offset(&editor->rows, text, step < 0 ? row - 1 : row + 1,
                       editor->column);
}

static size_t motion_target(struct editor *editor, enum editor_motion motion)
{
    size_t caret = editor->caret;
    switch (motion) {
    case EDITOR_LEFT: return step_left(editor, caret);
    case EDITOR_RIGHT: return step_right(editor, caret);
    case EDITOR_WORD_LEFT: return word_left(editor, caret);
    case EDITOR_WORD_RIGHT: return word_right(editor, caret);
    case EDITOR_LINE_START: return line_start(editor, caret);
    case EDITOR_LINE_END: return line_end(editor, caret);
    case EDITOR_UP: return row_step(editor, -1);
    case EDITOR_DOWN: return row_step(editor, 1);
    case EDITOR_TEXT_START: return 0;
    case EDITOR_TEXT_END: return editor->text.len;
    }
    assert(false && "a motion");
    return caret;
}

bool editor_move(struct editor *editor, enum editor_motion motion)
{
    size_t target = motion_target(editor, motion);
    if (motion != EDITOR_UP && motion != EDITOR_DOWN)
        editor->column = NO_COLUMN;
    bool has_moved = target != editor->caret;
    editor->caret = target;
    editor->was_kill = false;
    undo_close(&editor->undo);
    return has_moved;
}

/* Keep what is being deleted; after another kill, together with that. */
static void kill(struct editor *editor, size_t start, size_t end)
{
    if (!editor->was_kill)
        buf_reset(&editor->kill);
    struct slice text = { editor->text.ptr + start, end - start };
    size_t at = start < editor->caret ? 0 : editor->kill.len;
    buf_splice(&editor->kill, at, 0, text);
}

void editor_delete(struct editor *editor, enum editor_motion motion)
{
    size_t caret = editor->caret;
    size_t target = motion_target(editor, motion);
    if (motion == EDITOR_LINE_END && target == caret)
        target = step_right(editor, caret);
    size_t start = target < caret ? target : caret;
    size_t end = target < caret ? caret : target;
    bool is_step = motion == EDITOR_LEFT || motion == EDITOR_RIGHT;
    editor->column = NO_COLUMN;
    if (start == end)
        return;
    if (!is_step)
        kill(editor, start, end);
    editor->was_kill = !is_step;
    change(editor, start, end - start, (struct slice){ 0 }, is_step);
}

void editor_yank(struct editor *editor)
{
    editor->was_kill = false;
    if (editor->kill.len > EDITOR_TEXT_MAX - editor->text.len)
        return;
    change(editor, editor->caret, 0, buf_slice(&editor->kill), false);
}

void editor_undo(struct editor *editor)
{
    const struct change *last = undo_back(&editor->undo);
    editor->was_kill = false;
    if (!last)
        return;
    replace(editor, last->offset, last->inserted.len,
            buf_slice(&last->removed));
    editor->caret = last->caret;
}

void editor_redo(struct editor *editor)
{
    const struct change *next = undo_forth(&editor->undo);
    editor->was_kill = false;
    if (next)
        replace(editor, next->offset, next->removed.len,
                buf_slice(&next->inserted));
}

static int prompt_width(int width)
{
    return width >= PROMPT_ROOM_MIN ? EDITOR_PROMPT_WIDTH : 0;
}

static void wrap(struct editor *editor, int width)
{
    int text_width = width - prompt_width(width);
    if (text_width != editor->rows.width)
        rows_wrap(&editor->rows, editor_text(editor), text_width);
}

int editor_rows(struct editor *editor, int width)
{
    wrap(editor, width);
    return (int)editor->rows.starts.count;
}

static void draw_row(const struct editor *editor, size_t row,
                     struct canvas *canvas, struct rect rect)
{
    struct slice text = editor_text(editor);
    struct buf scratch = { 0 };
    size_t end = rows_end(&editor->rows, text, row);
    int col = 0;
    for (size_t at = editor->rows.starts.items[row];
         at < end && col < rect.width;) {
        struct shown shown = rows_cluster(text, at, col, &scratch);
        canvas_put(canvas, rect.row, rect.col + col, rect.width - col,
                   STYLE_NORMAL, shown.visual);
        col += shown.width;
        at += shown.len;
    }
    buf_clear(&scratch);
}

static void place_cursor(const struct editor *editor, struct canvas *canvas,
                         struct rect rect)
{
    size_t row = rows_find(&editor->rows, editor->caret);
    int col = rows_col(&editor->rows, editor_text(editor), row, editor->caret);
    if (col >= rect.width)
        col = rect.width - 1;
    canvas->cursor_row = rect.row + (int)(row - editor->top);
    canvas->cursor_col = rect.col + col;
    if (!canvas_cell(canvas, canvas->cursor_row, canvas->cursor_col))
        canvas->cursor_row = canvas->cursor_col = -1;
}

static void scroll_to_caret(struct editor *editor, size_t height)
{
    size_t row = rows_find(&editor->rows, editor->caret);
    size_t count = editor->rows.starts.count;
    if (editor->top + height > count)
        editor->top = count > height ? count - height : 0;
    if (row < editor->top)
        editor->top = row;
    else if (row >= editor->top + height)
        editor->top = row - height + 1;
}

void editor_draw(struct editor *editor, struct canvas *canvas, struct rect rect,
                 const char *prompt)
{
    canvas->cursor_row = canvas->cursor_col = -1;
    if (rect.height <= 0 || rect.width <= 0)
        return;
    wrap(editor, rect.width);
    scroll_to_caret(editor, (size_t)rect.height);
    canvas_fill(canvas, rect, STYLE_NORMAL);
    int margin = prompt_width(rect.width);
    if (editor->top == 0)
        canvas_put(canvas, rect.row, rect.col, margin, STYLE_PROMPT,
                   slice_of(prompt));
    struct rect text = { rect.row, rect.col + margin, 1, rect.width - margin };
    for (int i = 0; i < rect.height; i++) {
        size_t row = editor->top + (size_t)i;
        if (row >= editor->rows.starts.count)
            break;
        text.row = rect.row + i;
        draw_row(editor, row, canvas, text);
    }
    text.row = rect.row;
    place_cursor(editor, canvas, text);
}
