/* SPDX-License-Identifier: MIT */
/*
 * editor - the prompt that is being written: text, a caret, an undo history.
 *
 * Positions are byte offsets on grapheme boundaries. Pure: keys become calls
 * elsewhere; it draws on a canvas. Text is valid UTF-8, lines separated by LF.
 */
#ifndef UI_EDITOR_H
#define UI_EDITOR_H

#include <stdbool.h>

#include "base/error.h"
#include "base/slice.h"
#include "ui/canvas.h"

enum {
    EDITOR_TEXT_MAX = 8 * 1024 * 1024,
    EDITOR_PROMPT_WIDTH = 2, /* cells of the prompt mark */
};

struct editor;

struct editor *editor_new(void) RETURNS_NONNULL;
void editor_free(struct editor *editor); /* NULL is fine */

struct slice editor_text(const struct editor *editor);
size_t editor_caret(const struct editor *editor);
bool editor_is_empty(const struct editor *editor);

/* Replace everything; the caret goes to the end. Undoable. The text is made
 * valid as editor_insert() does; one that is too long is cut. */
void editor_set(struct editor *editor, struct slice text);

/* Insert at the caret. Ill-formed bytes and NUL become U+FFFD, CR and CRLF become LF.
 * False (ERROR_LIMIT) if the text would be too long; nothing is inserted. */
bool editor_insert(struct editor *editor, struct slice text, struct error *err);

enum editor_motion {
    EDITOR_LEFT,
    EDITOR_RIGHT, /* by grapheme */
    EDITOR_WORD_LEFT,
    EDITOR_WORD_RIGHT,
    EDITOR_LINE_START,
    EDITOR_LINE_END,
    EDITOR_UP,
    EDITOR_DOWN, /* by row as last drawn, keeps the column */
    EDITOR_TEXT_START,
    EDITOR_TEXT_END,
};

/* Returns false if the caret could not move (for history on Up and Down). */
bool editor_move(struct editor *editor, enum editor_motion motion);

/* Delete from the caret to where the motion would lead; at the end of a line,
 * EDITOR_LINE_END deletes the line break. All but single graphemes can be
 * yanked; deletes in a row are yanked together. */
void editor_delete(struct editor *editor, enum editor_motion motion);
void editor_yank(struct editor *editor);

void editor_undo(struct editor *editor);
void editor_redo(struct editor *editor);

/* Rows that the text takes at this width, prompt mark included; at least 1. */
int editor_rows(struct editor *editor, int width);

/* Draw into rect, scrolled so that the caret is in view, and set the canvas's
 * cursor there (hidden only if rect has no cell on the canvas). `prompt`, cut
 * to EDITOR_PROMPT_WIDTH, is put before the first row, blanks before the
 * others; a rect without room for it gets none. */
void editor_draw(struct editor *editor, struct canvas *canvas, struct rect rect,
                 const char *prompt);

#endif
