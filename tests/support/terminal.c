/* SPDX-License-Identifier: MIT */
#include "tests/support/terminal.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/memory.h"
#include "tests/support/output_grammar.h"

void terminal_set_variable(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

struct terminal terminal_open(const char *type, int height, int width)
{
    struct terminal terminal = { 0 };
    struct pty_options options = { .height = height, .width = width };
    struct error err = { 0 };
    terminal_set_variable("TERM", type);
    terminal.pty = pty_new(&options);
    pty_termios(terminal.pty, &terminal.found);
    terminal.term = term_open(pty_slave(terminal.pty), &err);
    ck_assert_msg(terminal.term != NULL, "%s: %s", type, err.text);
    ck_assert_int_eq(term_height(terminal.term), height);
    ck_assert_int_eq(term_width(terminal.term), width);
    canvas_resize(&terminal.canvas, height, width);
    return terminal;
}

static bool has_read_all(struct pty *pty, void *context)
{
    struct terminal *terminal = context;
    return !terminal->term ||
           pty_output_len(pty) == term_bytes(terminal->term) ||
           !term_flush(terminal->term); /* gone */
}

void terminal_close(struct terminal *terminal)
{
    ck_assert(
        pty_wait_until(terminal->pty, has_read_all, terminal, PTY_DEADLINE_MS));
    output_check(pty_output(terminal->pty));
    term_close(terminal->term);
    canvas_clear(&terminal->canvas);
    pty_free(terminal->pty);
}

/* Canvases, cell by cell. */

void terminal_put(struct canvas *canvas, int row, int col, const char *text,
                  int width, enum style style)
{
    struct cell cell = { .len = (uint8_t)strlen(text),
                         .width = (uint8_t)width,
                         .style = (uint8_t)style };
    memcpy(cell.text, text, cell.len);
    canvas->cells[row * canvas->width + col] = cell;
    if (width == 2)
        canvas->cells[row * canvas->width + col + 1] =
            (struct cell){ .style = (uint8_t)style };
}

void terminal_put_text(struct canvas *canvas, int row, const char *text,
                       enum style style)
{
    for (int col = 0; text[col]; col++) {
        char one[2] = { text[col], '\0' };
        terminal_put(canvas, row, col, one, 1, style);
    }
}

static const struct {
    const char *text;
    int width;
} glyphs[] = {
    { "", 1 },   { "", 1 },        { "a", 1 },
    { "b", 1 },  { "-", 1 },       { "x", 1 },
    { "ä", 1 },  { "€", 1 },       { "─", 1 },
    { "█", 1 },  { "中", 2 },      { "あ", 2 },
    { "한", 2 }, { "e\u0301", 1 }, { "a\u0302\u0323", 1 },
};

void terminal_fill_row(struct canvas *canvas, int row, struct noise *noise)
{
    enum style style = STYLE_NORMAL;
    size_t glyph = 0;
    int width;
    for (int col = 0; col < canvas->width; col += width) {
        /* Runs, as text has them: of one character, and of one style. */
        if (noise_below(noise, 4))
            glyph = noise_below(noise, COUNTOF(glyphs));
        if (noise_below(noise, 8) == 0)
            style = (enum style)noise_below(noise, STYLE_COUNT);
        /* libvterm cannot put marks on the only column. */
        bool has_marks = glyph >= COUNTOF(glyphs) - 2;
        bool fits = col + glyphs[glyph].width <= canvas->width &&
                    (!has_marks || canvas->width > 1);
        width = fits ? glyphs[glyph].width : 1;
        terminal_put(canvas, row, col, fits ? glyphs[glyph].text : "", width,
                     style);
    }
}

/* Another canvas that has something in common with the one before. */
void terminal_change(struct canvas *canvas, struct noise *noise)
{
    size_t row_size = (size_t)canvas->width * sizeof *canvas->cells;
    if (noise_below(noise, 3) == 0) {
        memmove(canvas->cells, canvas->cells + canvas->width,
                (size_t)(canvas->height - 1) * row_size);
        terminal_fill_row(canvas, canvas->height - 1, noise);
    }
    int count = (int)noise_below(noise, 5);
    for (int i = 0; i < count; i++)
        terminal_fill_row(
            canvas, (int)noise_below(noise, (unsigned)canvas->height), noise);
    bool is_hidden = noise_below(noise, 3) == 0;
    int row = (int)noise_below(noise, (unsigned)canvas->height);
    int col = (int)noise_below(noise, (unsigned)canvas->width);
    canvas->cursor_row = is_hidden ? -1 : row;
    canvas->cursor_col = is_hidden ? -1 : col;
}

/* Comparing. */

static bool is_shown(struct terminal *terminal, int row, int col)
{
    const struct canvas *canvas = &terminal->canvas;
    const struct cell *cell = &canvas->cells[row * canvas->width + col];
    struct pty_cell shown = pty_cell(terminal->pty, row, col);
    struct slice wanted = { cell->text, cell->len };
    if (cell->width == 0)
        return true;
    if (wanted.len == 0 || slice_is(wanted, " "))
        return shown.text[0] == '\0' || !strcmp(shown.text, " ");
    return slice_is(wanted, shown.text) && shown.width == cell->width;
}

static bool is_cursor_right(const struct terminal *terminal)
{
    const struct canvas *canvas = &terminal->canvas;
    int row, col;
    pty_cursor(terminal->pty, &row, &col);
    if (canvas->cursor_row < 0)
        return !pty_cursor_is_visible(terminal->pty);
    return pty_cursor_is_visible(terminal->pty) && row == canvas->cursor_row &&
           col == canvas->cursor_col;
}

bool terminal_shows_canvas(struct pty *pty, void *context)
{
    struct terminal *terminal = context;
    (void)pty;
    term_flush(terminal->term);
    for (int row = 0; row < terminal->canvas.height; row++) {
        for (int col = 0; col < terminal->canvas.width; col++) {
            if (!is_shown(terminal, row, col))
                return false;
        }
    }
    return is_cursor_right(terminal);
}

/* What differs first, for a failing test. */
static void describe_difference(struct terminal *terminal, struct buf *out)
{
    for (int row = 0; row < terminal->canvas.height; row++) {
        for (int col = 0; col < terminal->canvas.width; col++) {
            if (is_shown(terminal, row, col))
                continue;
            struct pty_cell shown = pty_cell(terminal->pty, row, col);
            const struct cell *cell =
                &terminal->canvas.cells[row * terminal->canvas.width + col];
            buf_printf(out, "row %d, col %d: \"%s\" instead of \"%.*s\"", row,
                       col, shown.text, cell->len, cell->text);
            return;
        }
    }
    buf_printf(out, "the cursor is not at row %d, col %d",
               terminal->canvas.cursor_row, terminal->canvas.cursor_col);
}

void terminal_expect_canvas(struct terminal *terminal)
{
    struct buf difference = { 0 };
    if (pty_wait_until(terminal->pty, terminal_shows_canvas, terminal,
                       PTY_DEADLINE_MS))
        return;
    describe_difference(terminal, &difference);
    /* Check cuts nothing: it gives up on a long message. */
    ck_abort_msg("%s:\n%.2000s", buf_string(&difference),
                 pty_screen(terminal->pty));
}

bool terminal_can_draw(struct pty *pty, void *context)
{
    struct terminal *terminal = context;
    (void)pty;
    term_flush(terminal->term);
    return term_can_draw(terminal->term);
}

void terminal_draw(struct terminal *terminal)
{
    ck_assert(pty_wait_until(terminal->pty, terminal_can_draw, terminal,
                             PTY_DEADLINE_MS));
    term_draw(terminal->term, &terminal->canvas);
}

static bool has_output(struct pty *pty, void *context)
{
    return slice_find(pty_output(pty), context) >= 0;
}

void terminal_expect_output(struct terminal *terminal, const char *bytes)
{
    char *copy = memory_string(bytes);
    ck_assert_msg(
        pty_wait_until(terminal->pty, has_output, copy, PTY_DEADLINE_MS),
        "not written: %s", bytes + 1);
    free(copy);
}

/* How a cell should look, by the theme. */
void terminal_check_look(struct terminal *terminal, int row, int col)
{
    const struct canvas *canvas = &terminal->canvas;
    const struct cell *cell = &canvas->cells[row * canvas->width + col];
    struct pty_cell shown = pty_cell(terminal->pty, row, col);
    struct look look =
        theme_look((enum style)cell->style, term_colors(terminal->term));
    if (cell->width == 0)
        return;
    ck_assert_int_eq(shown.bold, look.bold);
    ck_assert_int_eq(shown.italic, look.italic);
    ck_assert_int_eq(shown.underline, look.underline);
    ck_assert_int_eq(shown.reverse, look.reverse);
    ck_assert_int_eq(shown.foreground, look.foreground);
    ck_assert_int_eq(shown.background, look.background);
}
