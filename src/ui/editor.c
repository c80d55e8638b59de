/* SPDX-License-Identifier: MIT */
#include "ui/editor.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "ui/kill_ring.h"
#include "ui/motion.h"
#include "ui/rows.h"
#include "ui/undo.h"

enum {
    WIDTH_FIRST = 80,    /* until somebody asks for another one */
    PROMPT_ROOM_MIN = 8, /* cells; a narrower rect has no prompt mark */
    TYPED_MAX = 16,      /* bytes; a longer insert was not typed */
    NO_COLUMN = -1,
};

/* What was done last: kills in a row join, a yank can be exchanged. */
enum deed { DEED_OTHER, DEED_KILL, DEED_YANK };

struct editor {
    struct buf text;
    struct folds folds;
    size_t caret;
    uint64_t revision;
    struct rows rows;
    int column; /* that Up and Down keep; NO_COLUMN: the caret's */
    size_t top; /* the first row in view */
    struct undo undo;
    struct kill_ring kills;
    enum deed last_deed;
    size_t yank_start, yank_len; /* after DEED_YANK: what it put in */
};

static struct folded_text folded(const struct editor *editor)
{
    return (struct folded_text){ .text = buf_slice(&editor->text),
                                 .folds = &editor->folds };
}

struct editor *editor_new(void)
{
    struct editor *editor = memory_zero(1, sizeof *editor);
    editor->column = NO_COLUMN;
    rows_wrap(&editor->rows, folded(editor), WIDTH_FIRST);
    return editor;
}

void editor_free(struct editor *editor)
{
    if (!editor)
        return;
    buf_clear(&editor->text);
    folds_clear(&editor->folds);
    rows_clear(&editor->rows);
    undo_clear(&editor->undo);
    kill_ring_clear(&editor->kills);
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

uint64_t editor_revision(const struct editor *editor)
{
    return editor->revision;
}

/* The only function that changes the text. */
static void replace(struct editor *editor, size_t offset, size_t removed,
                    const struct fragment *inserted)
{
    size_t len = inserted->text.len;
    editor->revision++;
    buf_splice(&editor->text, offset, removed, buf_slice(&inserted->text));
    folds_edit(&editor->folds, offset, removed, len);
    folds_add(&editor->folds, &inserted->folds, offset);
    if (!editor->text.ptr)
        return;
    rows_edit(&editor->rows, folded(editor), offset, removed, len);
    editor->caret = motion_snap(folded(editor), offset + len);
    editor->column = NO_COLUMN;
}

/* Replace and remember. */
static void change(struct editor *editor, size_t offset, size_t removed,
                   const struct fragment *inserted, bool is_step)
{
    if (removed == 0 && inserted->text.len == 0)
        return;
    struct change record = { .offset = offset, .caret = editor->caret };
    fragment_append_range(&record.removed, folded(editor), offset,
                          offset + removed);
    fragment_append(&record.inserted, inserted);
    undo_record(&editor->undo, &record, is_step);
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

/* The last grapheme boundary at or before an offset. */
static size_t boundary_before(struct slice text, size_t offset)
{
    struct slice kept = { text.ptr, offset };
    kept.len -= utf8_partial_tail(kept);
    size_t start = kept.len - utf8_last_grapheme(kept);
    int width;
    size_t end = start + utf8_grapheme(slice_skip(text, start), &width);
    return end > offset ? start : end;
}

void editor_set(struct editor *editor, struct slice text)
{
    struct fragment clean = { 0 };
    append_clean(&clean.text, text);
    if (clean.text.len > EDITOR_TEXT_MAX)
        buf_truncate(&clean.text,
                     boundary_before(buf_slice(&clean.text), EDITOR_TEXT_MAX));
    bool is_same = slice_equal(buf_slice(&clean.text), editor_text(editor));
    const struct fragment *before =
        undo_find(&editor->undo, buf_slice(&clean.text));
    if (before)
        folds_add(&clean.folds, &before->folds, 0);
    if (!is_same)
        change(editor, 0, editor->text.len, &clean, false);
    editor_move(editor, EDITOR_TEXT_END);
    fragment_clear(&clean);
}

static bool fits(const struct editor *editor, size_t removed, size_t inserted,
                 struct error *err)
{
    if (inserted <= EDITOR_TEXT_MAX - (editor->text.len - removed))
        return true;
    return error_set(err, ERROR_LIMIT, "the prompt is larger than %d bytes",
                     EDITOR_TEXT_MAX);
}

bool editor_insert(struct editor *editor, struct slice text, struct error *err)
{
    struct fragment clean = { 0 };
    append_clean(&clean.text, text);
    struct slice typed = buf_slice(&clean.text);
    editor->last_deed = DEED_OTHER;
    bool ok = fits(editor, 0, typed.len, err);
    bool is_typed = typed.len && typed.len <= TYPED_MAX &&
                    !memchr(typed.ptr, '\n', typed.len);
    if (ok)
        change(editor, editor->caret, 0, &clean, is_typed);
    fragment_clear(&clean);
    return ok;
}

bool editor_paste(struct editor *editor, struct slice text, struct error *err)
{
    struct fragment clean = { 0 };
    append_clean(&clean.text, text);
    size_t len = clean.text.len;
    struct fold fold = { 0 };
    if (len)
        fold = fold_of(buf_slice(&clean.text));
    if (len > EDITOR_FOLD_BYTES || fold.lines > EDITOR_FOLD_LINES)
        *array_add(&clean.folds.list) = fold;
    editor->last_deed = DEED_OTHER;
    bool ok = fits(editor, 0, len, err);
    if (ok)
        change(editor, editor->caret, 0, &clean, false);
    fragment_clear(&clean);
    return ok;
}

bool editor_complete(struct editor *editor, size_t start, struct slice text,
                     struct error *err)
{
    struct fragment clean = { 0 };
    size_t removed = editor->caret - start;
    append_clean(&clean.text, text);
    editor->last_deed = DEED_OTHER;
    bool ok = fits(editor, removed, clean.text.len, err);
    if (ok)
        change(editor, start, removed, &clean, false);
    fragment_clear(&clean);
    return ok;
}

bool editor_is_folded(const struct editor *editor, size_t offset)
{
    return folds_at(&editor->folds, offset) != NULL;
}

bool editor_has_fold(const struct editor *editor)
{
    return editor->folds.list.count > 0;
}

bool editor_expand(struct editor *editor)
{
    size_t caret = editor->caret;
    const struct fold *before = folds_before(&editor->folds, caret);
    const struct fold *fold = folds_after(&editor->folds, caret);
    if (before && (!fold || before->start + before->len == caret))
        fold = before;
    if (!fold)
        return false;
    size_t start = fold->start, len = fold->len;
    struct fragment plain = { 0 };
    buf_append(&plain.text, editor->text.ptr + start, len);
    editor->last_deed = DEED_OTHER;
    change(editor, start, len, &plain, false);
    editor->caret = motion_snap(folded(editor), caret);
    fragment_clear(&plain);
    return true;
}

/* Where the caret would be `step` rows further down, in the kept column. */
static size_t row_step(struct editor *editor, int step)
{
    size_t row = rows_find(&editor->rows, editor->caret);
    if ((step < 0 && row == 0) ||
        (step > 0 && row + 1 >= editor->rows.starts.count))
        return editor->caret;
    if (editor->column == NO_COLUMN)
        editor->column =
            rows_col(&editor->rows, folded(editor), row, editor->caret);
    return rows_offset(&editor->rows, folded(editor),
                       step < 0 ? row - 1 : row + 1, editor->column);
}

static size_t motion_target(struct editor *editor, enum editor_motion motion)
{
    struct folded_text text = folded(editor);
    size_t caret = editor->caret;
    switch (motion) {
    case EDITOR_LEFT: return motion_left(text, caret);
    case EDITOR_RIGHT: return motion_right(text, caret);
    case EDITOR_WORD_LEFT: return motion_word_left(text, caret);
    case EDITOR_WORD_RIGHT: return motion_word_right(text, caret);
    case EDITOR_BLANK_LEFT: return motion_blank_left(text, caret);
    case EDITOR_LINE_START: return motion_line_start(text, caret);
    case EDITOR_LINE_END: return motion_line_end(text, caret);
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
    editor->last_deed = DEED_OTHER;
    undo_close(&editor->undo);
    return has_moved;
}

/* Delete what can be yanked; after another kill, together with that. */
static void kill(struct editor *editor, size_t start, size_t end,
                 bool is_forwards)
{
    struct fragment piece = { 0 };
    enum kill_side side = editor->last_deed != DEED_KILL ? KILL_NEW
                          : is_forwards                  ? KILL_AFTER
                                                         : KILL_BEFORE;
    fragment_append_range(&piece, folded(editor), start, end);
    kill_ring_add(&editor->kills, &piece, side);
    fragment_clear(&piece);
    change(editor, start, end - start, &(struct fragment){ 0 }, false);
    editor->last_deed = DEED_KILL;
}

/* Delete one unit. A fold is a step of its own for undo. */
static void erase(struct editor *editor, size_t start, size_t end)
{
    bool is_fold = folds_at(&editor->folds, start);
    change(editor, start, end - start, &(struct fragment){ 0 }, !is_fold);
    editor->last_deed = DEED_OTHER;
}

void editor_delete(struct editor *editor, enum editor_motion motion)
{
    size_t caret = editor->caret;
    size_t target = motion_target(editor, motion);
    if (motion == EDITOR_LINE_END && target == caret)
        target = motion_right(folded(editor), caret);
    size_t start = target < caret ? target : caret;
    size_t end = target < caret ? caret : target;
    editor->column = NO_COLUMN;
    if (start == end)
        return;
    if (motion == EDITOR_LEFT || motion == EDITOR_RIGHT)
        erase(editor, start, end);
    else
        kill(editor, start, end, start == caret);
}

void editor_delete_line(struct editor *editor)
{
    struct folded_text text = folded(editor);
    size_t end = motion_line_end(text, editor->caret);
    size_t start = motion_line_start(text, editor->caret);
    end = motion_right(text, end);
    if (start < end)
        kill(editor, start, end, true);
}

/* Put a kill in the place of what was yanked before, or at the caret. */
static bool yank(struct editor *editor, size_t start, size_t removed)
{
    const struct fragment *piece = kill_ring_piece(&editor->kills);
    struct error ignored;
    editor->last_deed = DEED_OTHER;
    if (!piece || !fits(editor, removed, piece->text.len, &ignored))
        return false;
    change(editor, start, removed, piece, false);
    editor->last_deed = DEED_YANK;
    editor->yank_start = start;
    editor->yank_len = piece->text.len;
    return true;
}

void editor_yank(struct editor *editor)
{
    yank(editor, editor->caret, 0);
}

bool editor_yank_older(struct editor *editor)
{
    if (editor->last_deed != DEED_YANK)
        return false;
    kill_ring_older(&editor->kills);
    return yank(editor, editor->yank_start, editor->yank_len);
}

bool editor_transpose(struct editor *editor)
{
    struct folded_text text = folded(editor);
    size_t middle = editor->caret;
    if (middle == motion_line_end(text, middle))
        middle = motion_left(text, middle);
    size_t line = motion_line_start(text, editor->caret);
    if (middle <= line)
        return false;
    size_t start = motion_left(text, middle);
    size_t end = motion_right(text, middle);
    struct fragment swapped = { 0 };
    fragment_append_range(&swapped, text, middle, end);
    fragment_append_range(&swapped, text, start, middle);
    editor->last_deed = DEED_OTHER;
    change(editor, start, end - start, &swapped, false);
    fragment_clear(&swapped);
    return true;
}

void editor_undo(struct editor *editor)
{
    const struct change *last = undo_back(&editor->undo);
    editor->last_deed = DEED_OTHER;
    if (!last)
        return;
    replace(editor, last->offset, last->inserted.text.len, &last->removed);
    editor->caret = last->caret;
}

void editor_redo(struct editor *editor)
{
    const struct change *next = undo_forth(&editor->undo);
    editor->last_deed = DEED_OTHER;
    if (next)
        replace(editor, next->offset, next->removed.text.len, &next->inserted);
}

void editor_forget(struct editor *editor)
{
    undo_clear(&editor->undo);
    kill_ring_clear(&editor->kills);
    editor->last_deed = DEED_OTHER;
}

static int prompt_width(int width)
{
    return width >= PROMPT_ROOM_MIN ? EDITOR_PROMPT_WIDTH : 0;
}

static void wrap(struct editor *editor, int width)
{
    int text_width = width - prompt_width(width);
    if (text_width != editor->rows.width)
        rows_wrap(&editor->rows, folded(editor), text_width);
}

int editor_rows(struct editor *editor, int width)
{
    wrap(editor, width);
    return (int)editor->rows.starts.count;
}

static void place_cursor(const struct editor *editor, struct canvas *canvas,
                         struct rect rect)
{
    size_t row = rows_find(&editor->rows, editor->caret);
    int col = rows_col(&editor->rows, folded(editor), row, editor->caret);
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

/* The prompt mark, or that there is more above; that there is more below. In a
 * single row both arrows stand side by side. */
static void draw_margin(const struct editor *editor, struct canvas *canvas,
                        struct rect rect, const char *prompt)
{
    int last = rect.row + rect.height - 1;
    bool has_above = editor->top > 0;
    size_t end = editor->top + (size_t)rect.height;
    int col = rect.col + (has_above && rect.height == 1);
    if (has_above)
        canvas_put(canvas, rect.row, rect.col, rect.width, STYLE_DIM,
                   slice_of("↑"));
    else
        canvas_put(canvas, rect.row, rect.col, rect.width, STYLE_PROMPT,
                   slice_of(prompt));
    if (end < editor->rows.starts.count)
        canvas_put(canvas, last, col, rect.width, STYLE_DIM, slice_of("↓"));
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
    struct rect margin = { rect.row, rect.col, rect.height,
                           prompt_width(rect.width) };
    if (margin.width)
        draw_margin(editor, canvas, margin, prompt);
    struct rect text = { rect.row, rect.col + margin.width, 1,
                         rect.width - margin.width };
    for (int i = 0; i < rect.height; i++) {
        size_t row = editor->top + (size_t)i;
        if (row >= editor->rows.starts.count)
            break;
        text.row = rect.row + i;
        rows_draw(&editor->rows, folded(editor), row, canvas, text);
    }
    text.row = rect.row;
    place_cursor(editor, canvas, text);
}
