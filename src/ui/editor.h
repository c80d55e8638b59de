/* SPDX-License-Identifier: MIT */
/*
 * editor - the prompt that is being written: text, a caret, an undo history, a
 * kill ring.
 *
 * Positions are byte offsets on grapheme boundaries. Pure: keys become calls
 * elsewhere; it draws on a canvas. Text is valid UTF-8, lines separated by LF.
 * A large paste is folded (ui/folds): the text has it whole, the screen one
 * token, which is never entered and goes as one.
 */
#ifndef UI_EDITOR_H
#define UI_EDITOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "ui/canvas.h"

enum {
    EDITOR_TEXT_MAX = 8 * 1024 * 1024,
    EDITOR_PROMPT_WIDTH = 2, /* cells of the prompt mark */
    EDITOR_FOLD_LINES = 8,   /* a paste of more lines or bytes is folded */
    EDITOR_FOLD_BYTES = 2000,
};

struct editor;

struct editor *editor_new(void) RETURNS_NONNULL;
void editor_free(struct editor *editor); /* NULL is fine */

struct slice editor_text(const struct editor *editor);
size_t editor_caret(const struct editor *editor);
bool editor_is_empty(const struct editor *editor);

/* Another one whenever the text may have changed. */
uint64_t editor_revision(const struct editor *editor);

/* Replace everything; the caret goes to the end. Undoable. The text is made
 * valid as editor_insert() does; one that is too long is cut. A text that stood
 * here before (a draft given back, a prompt of the history) has its folds
 * again, as far as undo remembers. */
void editor_set(struct editor *editor, struct slice text);

/* Insert at the caret. Ill-formed bytes and NUL become U+FFFD, CR and CRLF become LF.
 * False (ERROR_LIMIT) if the text would be too long; nothing is inserted. */
bool editor_insert(struct editor *editor, struct slice text, struct error *err);

/* The same for what was pasted, and fold it if it is large. */
bool editor_paste(struct editor *editor, struct slice text, struct error *err);

/* Show a paste as the text that it is: the one beside the caret, else the next
 * one, else the last. False if there is none. Undoable. */
bool editor_expand(struct editor *editor);
bool editor_has_fold(const struct editor *editor);
/* Whether the byte at this offset is in a folded paste. */
bool editor_is_folded(const struct editor *editor, size_t offset);

/* Replace what stands from an offset up to the caret. Undoable. False
 * (ERROR_LIMIT): as editor_insert(). */
bool editor_complete(struct editor *editor, size_t start, struct slice text,
                     struct error *err);

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
    EDITOR_BLANK_LEFT, /* over blanks, and what stands before them */
};

/* Returns false if the caret could not move (for history on Up and Down). */
bool editor_move(struct editor *editor, enum editor_motion motion);

/* Delete from the caret to where the motion would lead; at the end of a line,
 * EDITOR_LINE_END deletes the line break. All but single graphemes can be
 * yanked; deletes in a row are yanked together. */
void editor_delete(struct editor *editor, enum editor_motion motion);

/* Delete the line of the caret with its break, to be yanked like the others. */
void editor_delete_line(struct editor *editor);

/* Put back what was deleted last. Right after it, and again after itself,
 * editor_yank_older() puts what was deleted before that in its place; false if
 * nothing was yanked just now. */
void editor_yank(struct editor *editor);
bool editor_yank_older(struct editor *editor);

/* Exchange the characters around the caret, the last two at the end of a line,
 * and step over them. False if there are none on this line. */
bool editor_transpose(struct editor *editor);

void editor_undo(struct editor *editor);
void editor_redo(struct editor *editor);

/* Nothing can be undone or yanked that was before. */
void editor_forget(struct editor *editor);

/* Rows that the text takes at this width, prompt mark included; at least 1. */
int editor_rows(struct editor *editor, int width);

/* Draw into rect, scrolled so that the caret is in view, and set the canvas's
 * cursor there (hidden only if rect has no cell on the canvas). `prompt`, cut
 * to EDITOR_PROMPT_WIDTH, is put before the first row, blanks before the
 * others, an arrow before the first or last row in view where the text goes on
 * beyond it; a rect without room for them gets none. */
void editor_draw(struct editor *editor, struct canvas *canvas, struct rect rect,
                 const char *prompt);

#endif
