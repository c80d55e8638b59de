/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <wchar.h>

#include <check.h>

#include "base/memory.h"
#include "tests/support/output_grammar.h"
#include "tests/support/pty.h"
#include "ui/term.h"

Suite *term_suite(void);

/* The terminal under test runs in the test's own process; libvterm is at the
 * other end of the line. */
struct fixture {
    struct pty *pty;
    struct term *term;
    struct canvas canvas;
    struct termios found;
};

static void set_variable(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static struct fixture open_fixture(const char *type, int height, int width)
{
    struct fixture fixture = { 0 };
    struct pty_options options = { .height = height, .width = width };
    struct error err = { 0 };
    set_variable("TERM", type);
    fixture.pty = pty_new(&options);
    pty_termios(fixture.pty, &fixture.found);
    fixture.term = term_open(pty_slave(fixture.pty), &err);
    ck_assert_msg(fixture.term != NULL, "%s: %s", type, err.text);
    ck_assert_int_eq(term_height(fixture.term), height);
    ck_assert_int_eq(term_width(fixture.term), width);
    canvas_resize(&fixture.canvas, height, width);
    return fixture;
}

static bool has_read_all(struct pty *pty, void *context)
{
    struct fixture *fixture = context;
    return !fixture->term || pty_output_len(pty) == term_bytes(fixture->term) ||
           !term_flush(fixture->term); /* gone */
}

static void close_fixture(struct fixture *fixture)
{
    ck_assert(
        pty_wait_until(fixture->pty, has_read_all, fixture, PTY_DEADLINE_MS));
    output_check(pty_output(fixture->pty));
    term_close(fixture->term);
    canvas_clear(&fixture->canvas);
    pty_free(fixture->pty);
}

/* Canvases, cell by cell. */

static void put(struct canvas *canvas, int row, int col, const char *text,
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

static void put_text(struct canvas *canvas, int row, const char *text,
                     enum style style)
{
    for (int col = 0; text[col]; col++) {
        char one[2] = { text[col], '\0' };
        put(canvas, row, col, one, 1, style);
    }
}

/* xorshift32: the same canvases in every run. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
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

static void fill_row(struct canvas *canvas, int row, uint32_t *state)
{
    enum style style = STYLE_NORMAL;
    size_t glyph = 0;
    int width;
    for (int col = 0; col < canvas->width; col += width) {
        /* Runs, as text has them: of one character, and of one style. */
        if (next_random(state) % 4)
            glyph = next_random(state) % COUNTOF(glyphs);
        if (next_random(state) % 8 == 0)
            style = (enum style)(next_random(state) % STYLE_COUNT);
        /* libvterm cannot put marks on the only column. */
        bool has_marks = glyph >= COUNTOF(glyphs) - 2;
        bool fits = col + glyphs[glyph].width <= canvas->width &&
                    (!has_marks || canvas->width > 1);
        width = fits ? glyphs[glyph].width : 1;
        put(canvas, row, col, fits ? glyphs[glyph].text : "", width, style);
    }
}

/* Another canvas that has something in common with the one before. */
static void change_canvas(struct canvas *canvas, uint32_t *state)
{
    size_t row_size = (size_t)canvas->width * sizeof *canvas->cells;
    if (next_random(state) % 3 == 0) {
        memmove(canvas->cells, canvas->cells + canvas->width,
                (size_t)(canvas->height - 1) * row_size);
        fill_row(canvas, canvas->height - 1, state);
    }
    int count = (int)(next_random(state) % 5);
    for (int i = 0; i < count; i++)
        fill_row(canvas, (int)(next_random(state) % (unsigned)canvas->height),
                 state);
    bool is_hidden = next_random(state) % 3 == 0;
    int row = (int)(next_random(state) % (unsigned)canvas->height);
    int col = (int)(next_random(state) % (unsigned)canvas->width);
    canvas->cursor_row = is_hidden ? -1 : row;
    canvas->cursor_col = is_hidden ? -1 : col;
}

/* Comparing. */

static bool is_shown(struct fixture *fixture, int row, int col)
{
    const struct canvas *canvas = &fixture->canvas;
    const struct cell *cell = &canvas->cells[row * canvas->width + col];
    struct pty_cell shown = pty_cell(fixture->pty, row, col);
    struct slice wanted = { cell->text, cell->len };
    if (cell->width == 0)
        return true;
    if (wanted.len == 0 || slice_is(wanted, " "))
        return shown.text[0] == '\0' || !strcmp(shown.text, " ");
    return slice_is(wanted, shown.text) && shown.width == cell->width;
}

static bool is_cursor_right(const struct fixture *fixture)
{
    const struct canvas *canvas = &fixture->canvas;
    int row, col;
    pty_cursor(fixture->pty, &row, &col);
    if (canvas->cursor_row < 0)
        return !pty_cursor_is_visible(fixture->pty);
    return pty_cursor_is_visible(fixture->pty) && row == canvas->cursor_row &&
           col == canvas->cursor_col;
}

static bool shows_canvas(struct pty *pty, void *context)
{
    struct fixture *fixture = context;
    (void)pty;
    term_flush(fixture->term);
    for (int row = 0; row < fixture->canvas.height; row++) {
        for (int col = 0; col < fixture->canvas.width; col++) {
            if (!is_shown(fixture, row, col))
                return false;
        }
    }
    return is_cursor_right(fixture);
}

/* What differs first, for a failing test. */
static void describe_difference(struct fixture *fixture, struct buf *out)
{
    for (int row = 0; row < fixture->canvas.height; row++) {
        for (int col = 0; col < fixture->canvas.width; col++) {
            if (is_shown(fixture, row, col))
                continue;
            struct pty_cell shown = pty_cell(fixture->pty, row, col);
            const struct cell *cell =
                &fixture->canvas.cells[row * fixture->canvas.width + col];
            buf_printf(out, "row %d, col %d: \"%s\" instead of \"%.*s\"", row,
                       col, shown.text, cell->len, cell->text);
            return;
        }
    }
    buf_printf(out, "the cursor is not at row %d, col %d",
               fixture->canvas.cursor_row, fixture->canvas.cursor_col);
}

static void expect_canvas(struct fixture *fixture)
{
    struct buf difference = { 0 };
    if (pty_wait_until(fixture->pty, shows_canvas, fixture, PTY_DEADLINE_MS))
        return;
    describe_difference(fixture, &difference);
    /* Check cuts nothing: it gives up on a long message. */
    ck_abort_msg("%s:\n%.2000s", buf_string(&difference),
                 pty_screen(fixture->pty));
}

static bool can_draw(struct pty *pty, void *context)
{
    struct fixture *fixture = context;
    (void)pty;
    term_flush(fixture->term);
    return term_can_draw(fixture->term);
}

static void draw(struct fixture *fixture)
{
    ck_assert(pty_wait_until(fixture->pty, can_draw, fixture, PTY_DEADLINE_MS));
    term_draw(fixture->term, &fixture->canvas);
}

static bool has_output(struct pty *pty, void *context)
{
    return slice_find(pty_output(pty), context) >= 0;
}

static void expect_output(struct fixture *fixture, const char *bytes)
{
    char *copy = memory_string(bytes);
    ck_assert_msg(
        pty_wait_until(fixture->pty, has_output, copy, PTY_DEADLINE_MS),
        "not written: %s", bytes + 1);
    free(copy);
}

/* How a cell should look, by the theme. */
static void check_look(struct fixture *fixture, int row, int col)
{
    const struct canvas *canvas = &fixture->canvas;
    const struct cell *cell = &canvas->cells[row * canvas->width + col];
    struct pty_cell shown = pty_cell(fixture->pty, row, col);
    struct look look =
        theme_look((enum style)cell->style, term_colors(fixture->term));
    if (cell->width == 0)
        return;
    ck_assert_int_eq(shown.bold, look.bold);
    ck_assert_int_eq(shown.italic, look.italic);
    ck_assert_int_eq(shown.underline, look.underline);
    ck_assert_int_eq(shown.reverse, look.reverse);
    ck_assert_int_eq(shown.foreground, look.foreground);
    ck_assert_int_eq(shown.background, look.background);
}

/* Where wrapping cannot be switched off, a wide character before the last cell
 * of the screen is left out. */
static void clear_the_way(struct canvas *canvas)
{
    int at = canvas->width - 3;
    struct cell *last = &canvas->cells[(canvas->height - 1) * canvas->width];
    if (at < 0 || last[at].width != 2)
        return;
    put(canvas, canvas->height - 1, at, " ", 1, STYLE_NORMAL);
    put(canvas, canvas->height - 1, at + 1, " ", 1, STYLE_NORMAL);
}

static void check_random_canvases(const char *type, int height, int width)
{
    struct fixture fixture = open_fixture(type, height, width);
    bool can_stop_wrapping = type[0] == 'x' || type[0] == 'l' || type[0] == 'v';
    uint32_t state = 20240607;
    for (int round = 0; round < 60; round++) {
        change_canvas(&fixture.canvas, &state);
        if (!can_stop_wrapping)
            clear_the_way(&fixture.canvas);
        draw(&fixture);
        expect_canvas(&fixture);
    }
    ck_assert_uint_ge(term_frames(fixture.term), 50);
    ck_assert_uint_eq(term_bytes(fixture.term), pty_output_len(fixture.pty));
    close_fixture(&fixture);
}

START_TEST(every_terminal_shows_the_canvas)
{
    static const char *const types[] = {
        "xterm-256color", "xterm", "screen", "tmux-256color",
        "linux",          "vt100", "rxvt"
    };
    check_random_canvases(types[_i], 20, 61);
}
END_TEST

START_TEST(tiny_terminals_show_the_canvas)
{
    static const struct {
        int height, width;
    } sizes[] = { { 1, 1 }, { 1, 2 }, { 2, 1 }, { 3, 200 }, { 60, 3 } };
    check_random_canvases("xterm-256color", sizes[_i].height, sizes[_i].width);
}
END_TEST

START_TEST(styles_look_as_the_theme_says)
{
    struct fixture fixture = open_fixture("xterm-256color", 30, 40);
    ck_assert_int_eq(term_colors(fixture.term), 256);
    for (int style = 0; style < STYLE_COUNT; style++)
        put_text(&fixture.canvas, style, "styled text", (enum style)style);
    draw(&fixture);
    expect_canvas(&fixture);
    for (int row = 0; row < 30; row++) {
        for (int col = 0; col < 40; col++)
            check_look(&fixture, row, col);
    }
    close_fixture(&fixture);
}
END_TEST

START_TEST(colours_are_those_of_the_terminal)
{
    static const struct {
        const char *type;
        const char *no_color;
        int colors;
    } rows[] = {
        { "xterm-256color", NULL, 256 },
        { "xterm", NULL, 8 },
        { "vt100", NULL, 0 },
        { "xterm-256color", "1", 0 },
        { "xterm-256color", "", 256 },
        { "linux", NULL, 8 },
    };
    set_variable("NO_COLOR", rows[_i].no_color);
    struct fixture fixture = open_fixture(rows[_i].type, 30, 20);
    ck_assert_int_eq(term_colors(fixture.term), rows[_i].colors);
    for (int style = 0; style < STYLE_COUNT; style++)
        put_text(&fixture.canvas, style, "text", (enum style)style);
    draw(&fixture);
    expect_canvas(&fixture);
    for (int row = 0; row < STYLE_COUNT; row++) {
        struct pty_cell cell = pty_cell(fixture.pty, row, 0);
        ck_assert_int_lt(cell.foreground, rows[_i].colors ? 256 : 0);
        ck_assert_int_lt(cell.background, rows[_i].colors ? 256 : 0);
    }
    close_fixture(&fixture);
    unsetenv("NO_COLOR");
}
END_TEST

START_TEST(where_the_locale_is_not_utf8_ascii_stands_for_the_rest)
{
    setlocale(LC_ALL, "C");
    struct fixture fixture = open_fixture("xterm-256color", 2, 20);
    ck_assert(!term_is_utf8(fixture.term));
    put(&fixture.canvas, 0, 0, "a", 1, STYLE_NORMAL);
    put(&fixture.canvas, 0, 1, "ä", 1, STYLE_NORMAL);
    put(&fixture.canvas, 0, 2, "中", 2, STYLE_NORMAL);
    put(&fixture.canvas, 0, 4, "e\u0301", 1, STYLE_NORMAL);
    put(&fixture.canvas, 0, 5, "z", 1, STYLE_NORMAL);
    put(&fixture.canvas, 0, 6, "\u2500", 1, STYLE_NORMAL);
    put(&fixture.canvas, 0, 7, "\u253C", 1, STYLE_NORMAL);
    put(&fixture.canvas, 0, 8, "\u2019", 1, STYLE_NORMAL);
    draw(&fixture);
    pty_expect(fixture.pty, "a?? ez-+'");
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_cell_whose_characters_do_not_fill_it_keeps_its_place)
{
    struct fixture fixture = open_fixture("xterm-256color", 2, 20);
    put(&fixture.canvas, 0, 0, "\u2764", 2, STYLE_NORMAL); /* width 1 */
    put(&fixture.canvas, 0, 2, "x", 1, STYLE_NORMAL);
    put(&fixture.canvas, 0, 3, "中", 1, STYLE_NORMAL); /* width 2 */
    put(&fixture.canvas, 0, 4, "y", 1, STYLE_NORMAL);
    put(&fixture.canvas, 1, 19, "z", 1, STYLE_NORMAL);
    draw(&fixture);
    pty_expect(fixture.pty, "\u2764 x y");
    pty_expect(fixture.pty, "                   z");
    close_fixture(&fixture);
}
END_TEST

/* Bytes of which half are what terminals obey or what hides. */
static struct slice hostile_text(char *bytes, size_t size, uint32_t *state)
{
    static const char *const pieces[] = {
        "\033[2J", "\033]0;x\007", "\23331m", "\xC2\x9B",   "\u202E",
        "\u200B",  "\u2066",       "\uFEFF",  "\U000E0041", "\u061C",
        "\r",      "\b",           "\x7f",    "\u2028",     "\033P1$r",
        "\u00AD",  "e\u0301",      "中",      "\xF0\x9F",   "\u0301",
    };
    size_t len = 0;
    while (len + 16 < size) {
        const char *piece = pieces[next_random(state) % COUNTOF(pieces)];
        size_t piece_len = strlen(piece);
        if (next_random(state) % 2) {
            bytes[len++] = (char)next_random(state);
            continue;
        }
        memcpy(bytes + len, piece, piece_len);
        len += piece_len;
    }
    return (struct slice){ bytes, len };
}

START_TEST(hostile_text_on_the_canvas_never_leaves_the_grammar)
{
    struct fixture fixture = open_fixture("xterm-256color", 12, 80);
    uint32_t state = 99;
    char bytes[200];
    for (int round = 0; round < 100; round++) {
        for (int row = 0; row < 12; row++)
            canvas_put(&fixture.canvas, row, 0, 80, STYLE_NORMAL,
                       hostile_text(bytes, sizeof bytes, &state));
        draw(&fixture);
    }
    ck_assert(pty_wait_until(fixture.pty, can_draw, &fixture, PTY_DEADLINE_MS));
    close_fixture(&fixture); /* checks the output */
}
END_TEST

START_TEST(the_last_cell_of_the_screen_is_reached_behind_a_wide_character)
{
    static const struct {
        const char *type, *row;
    } rows[] = {
        { "xterm-256color", "       中x" },
        { "screen", "         x" },
        { "rxvt", "         x" },
    };
    struct fixture fixture = open_fixture(rows[_i].type, 2, 10);
    put(&fixture.canvas, 1, 7, "中", 2, STYLE_NORMAL);
    put(&fixture.canvas, 1, 9, "x", 1, STYLE_NORMAL);
    draw(&fixture);
    pty_expect(fixture.pty, rows[_i].row);
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_frame_that_changes_nothing_writes_nothing)
{
    struct fixture fixture = open_fixture("xterm-256color", 10, 40);
    put_text(&fixture.canvas, 3, "hello", STYLE_STRONG);
    draw(&fixture);
    expect_canvas(&fixture);
    uint64_t bytes = term_bytes(fixture.term);
    uint64_t frames = term_frames(fixture.term);
    draw(&fixture);
    ck_assert_uint_eq(term_bytes(fixture.term), bytes);
    ck_assert_uint_eq(term_frames(fixture.term), frames);
    term_invalidate(fixture.term);
    draw(&fixture);
    ck_assert_uint_gt(term_bytes(fixture.term), bytes + 5);
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_thread_that_scrolls_is_scrolled_by_the_terminal)
{
    struct fixture fixture = open_fixture("xterm-256color", 24, 80);
    for (int row = 0; row < 24; row++) {
        char text[64];
        snprintf(text, sizeof text, "row %d of a text that goes on and on %d",
                 row, row * 7919);
        put_text(&fixture.canvas, row, text, STYLE_NORMAL);
    }
    draw(&fixture);
    expect_canvas(&fixture);
    uint64_t bytes = term_bytes(fixture.term);
    size_t row_size = 80 * sizeof *fixture.canvas.cells;
    memmove(fixture.canvas.cells, fixture.canvas.cells + 80, 20 * row_size);
    draw(&fixture);
    expect_canvas(&fixture);
    /* Less than two rows of text, where 20 changed. */
    ck_assert_uint_lt(term_bytes(fixture.term) - bytes, 100);
    close_fixture(&fixture);
}
END_TEST

START_TEST(after_a_resize_the_frame_is_whole)
{
    struct fixture fixture = open_fixture("xterm-256color", 20, 61);
    static const struct {
        int height, width;
    } sizes[] = { { 30, 100 }, { 5, 12 }, { 1, 1 }, { 24, 80 } };
    uint32_t state = 7;
    draw(&fixture);
    ck_assert(!term_update_size(fixture.term));
    for (size_t i = 0; i < COUNTOF(sizes); i++) {
        pty_resize(fixture.pty, sizes[i].height, sizes[i].width);
        ck_assert(term_update_size(fixture.term));
        ck_assert_int_eq(term_height(fixture.term), sizes[i].height);
        ck_assert_int_eq(term_width(fixture.term), sizes[i].width);
        canvas_resize(&fixture.canvas, sizes[i].height, sizes[i].width);
        change_canvas(&fixture.canvas, &state);
        draw(&fixture);
        expect_canvas(&fixture);
    }
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_terminal_that_takes_nothing_blocks_no_frame)
{
    struct fixture fixture = open_fixture("xterm-256color", 100, 200);
    uint32_t state = 3;
    /* Nobody reads: the line fills up. */
    for (int round = 0; round < 1000 && term_can_draw(fixture.term); round++) {
        for (int row = 0; row < 100; row++)
            fill_row(&fixture.canvas, row, &state);
        term_draw(fixture.term, &fixture.canvas);
    }
    ck_assert(!term_can_draw(fixture.term));
    ck_assert(term_wants_write(fixture.term));
    ck_assert(term_flush(fixture.term));
    ck_assert(!term_can_draw(fixture.term));
    /* Now it is read again: the frame comes to its end, and the next is right
     * in spite of those that were never drawn. */
    expect_canvas(&fixture);
    ck_assert(term_can_draw(fixture.term));
    ck_assert(!term_wants_write(fixture.term));
    change_canvas(&fixture.canvas, &state);
    draw(&fixture);
    expect_canvas(&fixture);
    ck_assert_uint_eq(term_bytes(fixture.term), pty_output_len(fixture.pty));
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_terminal_that_takes_nothing_is_left_all_the_same)
{
    struct fixture fixture = open_fixture("xterm-256color", 100, 200);
    struct termios now;
    uint32_t state = 3;
    for (int round = 0; round < 1000 && term_can_draw(fixture.term); round++) {
        for (int row = 0; row < 100; row++)
            fill_row(&fixture.canvas, row, &state);
        term_draw(fixture.term, &fixture.canvas);
    }
    term_close(fixture.term);
    fixture.term = NULL;
    pty_termios(fixture.pty, &now);
    ck_assert(pty_termios_equal(&now, &fixture.found));
    canvas_clear(&fixture.canvas);
    pty_free(fixture.pty);
}
END_TEST

static bool is_as_found(struct pty *pty, void *context)
{
    (void)context;
    return !pty_is_alternate(pty) && pty_cursor_is_visible(pty) &&
           !pty_mode(pty, 2004) && !pty_mode(pty, 1004) && !pty_mode(pty, 2026);
}

static bool is_entered(struct pty *pty, void *context)
{
    (void)context;
    return pty_is_alternate(pty) && pty_mode(pty, 2004);
}

static void expect_as_found(struct fixture *fixture)
{
    struct termios now;
    ck_assert(pty_wait_until(fixture->pty, is_as_found, NULL, PTY_DEADLINE_MS));
    pty_termios(fixture->pty, &now);
    ck_assert(pty_termios_equal(&now, &fixture->found));
}

START_TEST(the_terminal_is_given_back_as_it_was_found)
{
    static const char *const types[] = { "xterm-256color", "screen", "linux",
                                         "vt100" };
    struct fixture fixture = open_fixture(types[_i], 24, 80);
    put_text(&fixture.canvas, 0, "on the alternate screen", STYLE_ERROR);
    draw(&fixture); /* hides the cursor */
    expect_canvas(&fixture);
    ck_assert(pty_wait_until(fixture.pty, is_entered, NULL, PTY_DEADLINE_MS));
    term_close(fixture.term);
    fixture.term = NULL;
    expect_as_found(&fixture);
    ck_assert_str_eq(pty_row(fixture.pty, 0), "");
    ck_assert_int_eq(slice_find(pty_output(fixture.pty), "\033[3J"), -1);
    close_fixture(&fixture);
}
END_TEST

START_TEST(the_terminal_can_be_lent_and_taken_again)
{
    struct fixture fixture = open_fixture("xterm-256color", 24, 80);
    put_text(&fixture.canvas, 5, "before and after", STYLE_NORMAL);
    draw(&fixture);
    expect_canvas(&fixture);
    term_suspend(fixture.term);
    term_suspend(fixture.term);
    expect_as_found(&fixture);
    ck_assert(!term_can_draw(fixture.term));
    pty_resize(fixture.pty, 10, 60);
    term_resume(fixture.term);
    ck_assert_int_eq(term_height(fixture.term), 10);
    canvas_resize(&fixture.canvas, 10, 60);
    put_text(&fixture.canvas, 5, "before and after", STYLE_NORMAL);
    draw(&fixture);
    expect_canvas(&fixture);
    ck_assert(pty_wait_until(fixture.pty, is_entered, NULL, PTY_DEADLINE_MS));
    /* As after a SIGCONT that no suspending came before. */
    term_resume(fixture.term);
    draw(&fixture);
    expect_canvas(&fixture);
    term_close(fixture.term);
    fixture.term = NULL;
    expect_as_found(&fixture);
    close_fixture(&fixture);
}
END_TEST

START_TEST(settings_changed_while_it_was_lent_are_kept)
{
    struct fixture fixture = open_fixture("xterm-256color", 24, 80);
    struct termios changed = fixture.found;
    term_suspend(fixture.term);
    changed.c_lflag &= ~(tcflag_t)ECHO;
    ck_assert_int_eq(tcsetattr(term_fd(fixture.term), TCSANOW, &changed), 0);
    term_resume(fixture.term);
    term_close(fixture.term);
    fixture.term = NULL;
    fixture.found.c_lflag &= ~(tcflag_t)ECHO;
    expect_as_found(&fixture);
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_terminal_that_cannot_show_a_screen_is_refused_untouched)
{
    static const struct {
        const char *type, *words;
    } rows[] = {
        { NULL, "TERM is not set" },
        { "", "TERM is not set" },
        { "dumb", "TERM=dumb" },
        { "no-such-terminal", "TERM=no-such-terminal" },
        { "unknown", "TERM=unknown" },
    };
    struct pty *pty = pty_new(NULL);
    struct termios before, after;
    struct error err = { 0 };
    pty_termios(pty, &before);
    set_variable("TERM", rows[_i].type);
    ck_assert_ptr_null(term_open(pty_slave(pty), &err));
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, rows[_i].words));
    ck_assert_ptr_nonnull(strstr(err.text, "TERM=xterm-256color"));
    pty_termios(pty, &after);
    ck_assert(pty_termios_equal(&before, &after));
    ck_assert(!pty_wait_for(pty, "x", 0));
    ck_assert_uint_eq(pty_output_len(pty), 0);
    pty_free(pty);
}
END_TEST

START_TEST(what_is_no_terminal_is_refused)
{
    struct error err = { 0 };
    set_variable("TERM", "xterm-256color");
    ck_assert_ptr_null(term_open("/dev/null", &err));
    ck_assert_int_eq(err.kind, ERROR_SYSTEM);
    ck_assert_ptr_null(term_open("/no/such/terminal", &err));
    ck_assert_int_eq(err.kind, ERROR_SYSTEM);
    term_close(NULL);
}
END_TEST

START_TEST(a_big_change_comes_in_one_piece_if_the_terminal_can)
{
    static const char begin[] = "\033[?2026h";
    struct fixture fixture = open_fixture("xterm-256color", 10, 40);
    expect_output(&fixture, "\033[?2026$p");
    for (int row = 0; row < 10; row++)
        put_text(&fixture.canvas, row, "first", STYLE_NORMAL);
    draw(&fixture);
    expect_canvas(&fixture);
    ck_assert_int_eq(slice_find(pty_output(fixture.pty), begin), -1);
    term_on_reply(fixture.term, slice_of("[?2026;0$y")); /* unknown to it */
    term_on_reply(fixture.term, slice_of("[?2027;2$y"));
    for (int row = 0; row < 10; row++)
        put_text(&fixture.canvas, row, "second", STYLE_NORMAL);
    draw(&fixture);
    expect_canvas(&fixture);
    ck_assert_int_eq(slice_find(pty_output(fixture.pty), begin), -1);
    term_on_reply(fixture.term, slice_of("[?2026;2$y"));
    put_text(&fixture.canvas, 0, "small", STYLE_NORMAL);
    put_text(&fixture.canvas, 1, "small", STYLE_NORMAL);
    draw(&fixture);
    expect_canvas(&fixture);
    ck_assert_int_eq(slice_find(pty_output(fixture.pty), begin), -1);
    for (int row = 0; row < 3; row++)
        put_text(&fixture.canvas, row, "third", STYLE_NORMAL);
    draw(&fixture);
    expect_canvas(&fixture);
    expect_output(&fixture, begin);
    expect_output(&fixture, "\033[?2026l");
    ck_assert(!pty_mode(fixture.pty, 2026));
    close_fixture(&fixture);
}
END_TEST

START_TEST(the_wheel_sends_no_arrow_keys_and_gets_them_back)
{
    struct fixture fixture = open_fixture("xterm-256color", 10, 40);
    draw(&fixture);
    ck_assert_int_eq(slice_find(pty_output(fixture.pty), "\033[?1007l"), -1);
    term_on_reply(fixture.term, slice_of("[?1007;1$y"));
    term_flush(fixture.term);
    expect_output(&fixture, "\033[?1007l");
    term_suspend(fixture.term);
    expect_output(&fixture, "\033[?1007h");
    close_fixture(&fixture);
}
END_TEST

START_TEST(old_terminals_are_asked_nothing)
{
    static const char *const types[] = { "linux", "vt100" };
    struct fixture fixture = open_fixture(types[_i], 10, 40);
    put_text(&fixture.canvas, 0, "x", STYLE_NORMAL);
    draw(&fixture);
    expect_canvas(&fixture);
    ck_assert_int_eq(slice_find(pty_output(fixture.pty), "$p"), -1);
    close_fixture(&fixture);
}
END_TEST

static bool has_rung(struct pty *pty, void *context)
{
    (void)context;
    return pty_bells(pty) > 0;
}

START_TEST(the_bell_rings_once_with_the_next_flush)
{
    struct fixture fixture = open_fixture("xterm-256color", 10, 40);
    draw(&fixture);
    expect_canvas(&fixture);
    term_bell(fixture.term);
    term_bell(fixture.term);
    ck_assert(term_wants_write(fixture.term));
    ck_assert(term_flush(fixture.term));
    ck_assert(pty_wait_until(fixture.pty, has_rung, NULL, PTY_DEADLINE_MS));
    ck_assert(!term_wants_write(fixture.term));
    ck_assert_int_eq(pty_bells(fixture.pty), 1);
    close_fixture(&fixture);
}
END_TEST

static int read_typed(struct fixture *fixture, char *bytes, int size)
{
    struct pollfd fd = { .fd = term_fd(fixture->term), .events = POLLIN };
    ck_assert_int_eq(poll(&fd, 1, PTY_DEADLINE_MS), 1);
    return term_read(fixture->term, bytes, size);
}

START_TEST(every_key_arrives_as_it_was_typed)
{
    /* Enter and Ctrl-J, and what a cooked terminal would take for itself. */
    static const char typed[] = "\r\n\x03\x04\x0f\x11\x13\x15\x16\x1a\x1c\x7f";
    char bytes[64];
    int len = 0;
    struct fixture fixture = open_fixture("vt100", 10, 40);
    ck_assert_int_eq(term_read(fixture.term, bytes, sizeof bytes), 0);
    pty_send(fixture.pty, typed);
    while (len < (int)sizeof typed - 1)
        len += read_typed(&fixture, bytes + len, (int)sizeof bytes - len);
    ck_assert_int_eq(len, (int)sizeof typed - 1);
    ck_assert_mem_eq(bytes, typed, sizeof typed - 1);
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_terminal_that_hung_up_is_gone)
{
    char bytes[16];
    struct fixture fixture = open_fixture("xterm-256color", 10, 40);
    pty_hang_up(fixture.pty);
    ck_assert_int_eq(read_typed(&fixture, bytes, sizeof bytes), -1);
    ck_assert_int_eq(term_read(fixture.term, bytes, sizeof bytes), -1);
    if (term_can_draw(fixture.term))
        term_draw(fixture.term, &fixture.canvas);
    ck_assert(!term_flush(fixture.term));
    ck_assert(!term_wants_write(fixture.term));
    term_suspend(fixture.term);
    term_resume(fixture.term);
    close_fixture(&fixture);
}
END_TEST

static void on_signal(int signal_number)
{
    (void)signal_number;
}

START_TEST(signal_handlers_stay_as_they_are)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
    struct sigaction before[COUNTOF(numbers)], after;
    signal(SIGTERM, on_signal);
    signal(SIGTSTP, SIG_DFL);
    for (size_t i = 0; i < COUNTOF(numbers); i++)
        ck_assert_int_eq(sigaction(numbers[i], NULL, &before[i]), 0);
    struct fixture fixture = open_fixture("xterm-256color", 10, 40);
    for (size_t i = 0; i < COUNTOF(numbers); i++) {
        ck_assert_int_eq(sigaction(numbers[i], NULL, &after), 0);
        ck_assert(before[i].sa_handler == after.sa_handler);
    }
    close_fixture(&fixture);
}
END_TEST

START_TEST(ncurses_counts_cells_as_we_do)
{
    ck_assert_int_eq(wcwidth(L'a'), 1);
    ck_assert_int_eq(wcwidth(L'中'), 2);
    ck_assert_int_eq(wcwidth(0x301), 0);
    ck_assert_int_eq(wcwidth(0), 0);
    ck_assert_int_eq(wcwidth(0x1B), -1);
    ck_assert_int_eq(wcwidth(0x9B), -1);
}
END_TEST

START_TEST(another_terminal_can_be_opened_after_the_first)
{
    for (int round = 0; round < 3; round++) {
        struct fixture fixture =
            open_fixture(round == 1 ? "vt100" : "xterm-256color", 12, 40);
        put_text(&fixture.canvas, round, "again", STYLE_STRONG);
        draw(&fixture);
        expect_canvas(&fixture);
        close_fixture(&fixture);
    }
}
END_TEST

static void add_screen_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, every_terminal_shows_the_canvas, 0, 7);
    tcase_add_loop_test(tcase, tiny_terminals_show_the_canvas, 0, 5);
    tcase_add_test(tcase, styles_look_as_the_theme_says);
    tcase_add_loop_test(tcase, colours_are_those_of_the_terminal, 0, 6);
    tcase_add_test(tcase,
                   where_the_locale_is_not_utf8_ascii_stands_for_the_rest);
    tcase_add_test(tcase,
                   a_cell_whose_characters_do_not_fill_it_keeps_its_place);
    tcase_add_test(tcase, hostile_text_on_the_canvas_never_leaves_the_grammar);
    tcase_add_loop_test(
        tcase, the_last_cell_of_the_screen_is_reached_behind_a_wide_character,
        0, 3);
    tcase_add_test(tcase, a_frame_that_changes_nothing_writes_nothing);
    tcase_add_test(tcase, a_thread_that_scrolls_is_scrolled_by_the_terminal);
    tcase_add_test(tcase, after_a_resize_the_frame_is_whole);
    tcase_add_test(tcase, a_terminal_that_takes_nothing_blocks_no_frame);
    tcase_add_test(tcase, a_big_change_comes_in_one_piece_if_the_terminal_can);
    tcase_add_test(tcase, ncurses_counts_cells_as_we_do);
    tcase_add_test(tcase, another_terminal_can_be_opened_after_the_first);
}

static void add_line_tests(TCase *tcase)
{
    tcase_add_test(tcase, a_terminal_that_takes_nothing_is_left_all_the_same);
    tcase_add_loop_test(tcase, the_terminal_is_given_back_as_it_was_found, 0,
                        4);
    tcase_add_test(tcase, the_terminal_can_be_lent_and_taken_again);
    tcase_add_test(tcase, settings_changed_while_it_was_lent_are_kept);
    tcase_add_loop_test(
        tcase, a_terminal_that_cannot_show_a_screen_is_refused_untouched, 0, 5);
    tcase_add_test(tcase, what_is_no_terminal_is_refused);
    tcase_add_test(tcase, the_wheel_sends_no_arrow_keys_and_gets_them_back);
    tcase_add_loop_test(tcase, old_terminals_are_asked_nothing, 0, 2);
    tcase_add_test(tcase, the_bell_rings_once_with_the_next_flush);
    tcase_add_test(tcase, every_key_arrives_as_it_was_typed);
    tcase_add_test(tcase, a_terminal_that_hung_up_is_gone);
    tcase_add_test(tcase, signal_handlers_stay_as_they_are);
}

Suite *term_suite(void)
{
    Suite *suite = suite_create("term");
    TCase *screen = tcase_create("screen");
    TCase *line = tcase_create("line");
    tcase_set_timeout(screen, 60);
    tcase_set_timeout(line, 60);
    add_screen_tests(screen);
    add_line_tests(line);
    suite_add_tcase(suite, screen);
    suite_add_tcase(suite, line);
    return suite;
}
