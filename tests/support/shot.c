/* SPDX-License-Identifier: MIT */
#include "tests/support/shot.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/memory.h"

/* What differs from run to run, and what stands for it. */
static const struct {
    const char *pattern, *text;
} clocks[] = {
    { "[0-2][0-9]:[0-5][0-9]", "14:02" },
    { "ttft [0-9.]+ s", "ttft 0.8 s" },
    { "thought [0-9]+ s", "thought 1 s" },
    { "streaming [0-9]+ s", "streaming 2 s" },
    { "streaming [0-9]+s( ~[0-9]+ tok/s)?", "streaming 2s ~54 tok/s" },
};

enum { GAP = 2 }; /* blanks between two parts of a row, at least */

struct pty_cell *shot_cell(const struct shot *shot, int row, int col)
{
    return &shot->cells[row * shot->width + col];
}

void shot_take(struct shot *shot, struct pty *pty, int height, int width)
{
    shot_clear(shot);
    shot->height = height;
    shot->width = width;
    shot->cells =
        memory_zero((size_t)height * (size_t)width, sizeof *shot->cells);
    for (int row = 0; row < shot->height; row++) {
        for (int col = 0; col < shot->width; col++)
            *shot_cell(shot, row, col) = pty_cell(pty, row, col);
    }
    shot->cursor_row = shot->cursor_col = -1;
    if (pty_cursor_is_visible(pty))
        pty_cursor(pty, &shot->cursor_row, &shot->cursor_col);
}

void shot_clear(struct shot *shot)
{
    free(shot->cells);
    *shot = (struct shot){ 0 };
}

/* A row with one byte for each cell, so that an offset is a column. */
static char *flat_row(const struct shot *shot, int row)
{
    char *text = memory_zero((size_t)shot->width + 1, 1);
    for (int col = 0; col < shot->width; col++) {
        const char *cell = shot_cell(shot, row, col)->text;
        text[col] = *cell == '\0' ? ' ' : cell[1] == '\0' ? *cell : '\x7f';
    }
    return text;
}

/* The column where the next gap ends, or the width. */
static int gap_end(const char *text, int col)
{
    int blanks = 0;
    for (; text[col]; col++) {
        if (text[col] != ' ' && blanks >= GAP)
            break;
        blanks = text[col] == ' ' ? blanks + 1 : 0;
    }
    return col;
}

/* Make `len` cells at `col` hold this text. */
static void replace(struct shot *shot, int row, int col, int len,
                    const char *with)
{
    char *text = flat_row(shot, row);
    int end = gap_end(text, col + len), wanted = (int)strlen(with);
    struct pty_cell look = *shot_cell(shot, row, col);
    struct pty_cell blank = *shot_cell(shot, row, end - 1);
    blank.text[0] = '\0';
    for (int extra = wanted - len; extra > 0; extra--)
        ck_assert_msg(text[end - extra] == ' ' && text[end - extra - 1] == ' ',
                      "no room for \"%s\" in: %s", with, text);
    free(text);
    int last = wanted > len ? end - (wanted - len) : end;
    memmove(shot_cell(shot, row, col + wanted), shot_cell(shot, row, col + len),
            (size_t)(last - col - len) * sizeof look);
    for (int i = last + wanted - len; i < end; i++)
        *shot_cell(shot, row, i) = blank;
    for (int i = 0; i < wanted; i++) {
        struct pty_cell *cell = shot_cell(shot, row, col + i);
        *cell = look;
        snprintf(cell->text, sizeof cell->text, "%c", with[i]);
    }
}

static void replace_all(struct shot *shot, const regex_t *pattern,
                        const char *with)
{
    regmatch_t match;
    for (int row = 0; row < shot->height; row++) {
        for (int col = 0; col < shot->width; col += (int)strlen(with)) {
            char *text = flat_row(shot, row);
            bool found = regexec(pattern, text + col, 1, &match, 0) == 0;
            free(text);
            if (!found)
                break;
            col += match.rm_so;
            replace(shot, row, col, match.rm_eo - match.rm_so, with);
        }
    }
}

void shot_steady(struct shot *shot)
{
    for (size_t i = 0; i < COUNTOF(clocks); i++) {
        regex_t pattern;
        ck_assert_int_eq(regcomp(&pattern, clocks[i].pattern, REG_EXTENDED), 0);
        replace_all(shot, &pattern, clocks[i].text);
        regfree(&pattern);
    }
}

void shot_text(const struct shot *shot, struct buf *out)
{
    for (int row = 0; row < shot->height; row++) {
        size_t end = out->len;
        for (int col = 0; col < shot->width; col++) {
            const struct pty_cell *cell = shot_cell(shot, row, col);
            bool is_blank = !*cell->text || !strcmp(cell->text, " ");
            buf_append_string(out, *cell->text ? cell->text : " ");
            if (cell->width == 2)
                col++; /* its right half */
            if (!is_blank)
                end = out->len;
        }
        buf_truncate(out, end);
        buf_append_char(out, '\n');
    }
}
