/* SPDX-License-Identifier: MIT */
#include "ui/term.h"

#include <assert.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define NCURSES_NOMACROS
#include <curses.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "ui/modes.h"
#include "ui/piece.h"
#include "ui/shift.h"
#include "ui/sink.h"
#include "ui/squeeze.h"
#include "ui/terminfo.h"
#include "ui/tty.h"

enum {
    SYNC_ROWS = 2,  /* a frame that changes more is shown in one piece */
    DRAIN_MS = 400, /* for what pends when we leave */
    LEAVE_MS = 100, /* for leaving itself */
    REPLY_MS = 50,  /* for answers under way when we leave */
    PAIR_FIRST = 1, /* the colour pair of style 0 */
};
static_assert(PIECE_CHARACTERS == CCHARW_MAX, "a piece fits a cell of ncurses");

struct paint {
    attr_t attributes;
    short pair;
};

struct term {
    struct tty tty;
    SCREEN *screen;
    struct sink sink; /* of ncurses */
    int height, width, colors;
    bool is_utf8;
    bool can_stop_wrapping;
    bool can_scroll;
    bool has_bell;  /* to be rung */
    bool is_whole;  /* the next frame repaints everything */
    bool is_behind; /* the last frame was cut */
    bool is_sweep;  /* the next cut frame goes on at sweep_row */
    int sweep_row;  /* above it the sweep goes on */
    struct modes modes;
    struct canvas shown; /* what ncurses was given */
    struct paint paints[STYLE_COUNT];
    cchar_t *row; /* one row for ncurses */
    uint64_t frames;
};

/* ncurses asks libc for the width of characters, and finds this in its place:
 * it counts as the layout does. */
int wcwidth(wchar_t character)
{
    if (character == 0)
        return 0;
    if (character < 0x20 || (character >= 0x7F && character < 0xA0))
        return -1;
    return utf8_character_width((uint32_t)character);
}

/* Opening and closing. */

static void render(void)
{
    wnoutrefresh(stdscr);
    doupdate();
}

static void set_paint(struct term *term, enum style style, struct look look)
{
    struct paint *paint = &term->paints[style];
    *paint = (struct paint){ 0 };
    paint->attributes = (look.bold ? WA_BOLD : 0) | (look.dim ? WA_DIM : 0) |
                        (look.italic ? WA_ITALIC : 0) |
                        (look.underline ? WA_UNDERLINE : 0) |
                        (look.reverse ? WA_REVERSE : 0);
    bool is_colored = look.foreground >= 0 || look.background >= 0;
    short pair = (short)(PAIR_FIRST + style);
    if (term->colors && is_colored &&
        init_pair(pair, look.foreground, look.background) == OK)
        paint->pair = pair;
}

/* What TERM can do: 256 colours, 16, 8 or none. */
static int count_colors(void)
{
    const char *no_color = getenv("NO_COLOR"); /* https://no-color.org/ */
    int colors = tigetnum("colors");
    if (no_color && no_color[0])
        return 0;
    return colors >= 256 ? 256 : colors >= 16 ? 16 : colors >= 8 ? 8 : 0;
}

static void start_colors(struct term *term)
{
    term->colors = count_colors();
    if (term->colors && (start_color() == ERR || use_default_colors() == ERR))
        term->colors = 0;
    struct theme theme;
    theme_builtin(&theme, theme_name(0));
    term_set_theme(term, &theme);
}

void term_set_theme(struct term *term, const struct theme *theme)
{
    for (int i = 0; i < STYLE_COUNT; i++) {
        enum style style = (enum style)i;
        set_paint(term, style, theme_look(theme, style, term->colors));
    }
    term->is_whole = true;
}

static const int ncurses_signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };

/* newterm() installs handlers that leave the program or stop it: ours stay. */
static SCREEN *start_ncurses(const char *type, struct sink *sink)
{
    sigset_t all, before;
    struct sigaction actions[COUNTOF(ncurses_signals)];
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (size_t i = 0; i < COUNTOF(ncurses_signals); i++)
        sigaction(ncurses_signals[i], NULL, &actions[i]);
    /* Not LINES and COLUMNS. With neither switch on ncurses would take the
     * size from terminfo alone, where the Linux console has none. */
    use_env(FALSE);
    use_tioctl(TRUE);
    SCREEN *screen = newterm(type, sink->frame, sink->null);
    for (size_t i = 0; i < COUNTOF(ncurses_signals); i++)
        sigaction(ncurses_signals[i], &actions[i], NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return screen;
}

static bool refuse_type(const char *type, struct error *err)
{
    static const char advice[] = "TERM=xterm-256color may help";
    if (!type || !type[0])
        return error_set(err, ERROR_CONFIG, "TERM is not set; %s", advice);
    return error_set(err, ERROR_CONFIG,
                     "TERM=%.40s is unknown here, or cannot show a full "
                     "screen; %s",
                     type, advice);
}

bool term_has_screen(struct error *err)
{
    const char *type = getenv("TERM");
    return terminfo_has_screen(type, STDOUT_FILENO) || refuse_type(type, err);
}

/* False only with an error; then nothing is left to close but term itself. */
static bool open_screen(struct term *term, struct error *err)
{
    const char *type = getenv("TERM");
    if (!sink_open(&term->sink))
        return error_system(err, "cannot prepare the screen");
    if (terminfo_has_screen(type, fileno(term->sink.frame)))
        term->screen = start_ncurses(type, &term->sink);
    if (!term->screen)
        return refuse_type(type, err);
    /* Without input to wait for, every update is whole. */
    typeahead(-1);
    nonl();
    idlok(stdscr, TRUE);
    idcok(stdscr, TRUE);
    term->can_stop_wrapping = tigetstr("rmam") != NULL;
    term->can_scroll = has_il();
    start_colors(term);
    /* The modes that newterm() left in the buffer of ncurses: we set our own. */
    render();
    sink_take(&term->sink, NULL);
    return true;
}

static void close_screen(struct term *term)
{
    if (term->screen)
        delscreen(term->screen);
    sink_close(&term->sink);
}

/* The others print unknown queries, or are too old to know a reply. */
static bool is_worth_asking(const struct term *term)
{
    return term->colors == 256 || tigetflag("XT") == 1;
}

static void resize(struct term *term, int height, int width)
{
    term->height = height;
    term->width = width;
    resize_term(height, width);
    canvas_resize(&term->shown, height, width);
    term->row = memory_resize(term->row, (size_t)width, sizeof *term->row);
    term->sweep_row = 0;
    term->is_whole = true;
}

static bool enter(struct term *term, struct error *err)
{
    int height, width;
    if (!tty_set_raw(&term->tty, err))
        return false;
    tty_size(&term->tty, &height, &width);
    resize(term, height, width);
    modes_enter(&term->modes);
    return true;
}

struct term *term_open(const char *path, struct error *err)
{
    struct term *term = memory_zero(1, sizeof *term);
    term->is_utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
    term->modes.tty = &term->tty;
    if (!tty_open(&term->tty, path, err) || !open_screen(term, err) ||
        !enter(term, err)) {
        term_close(term);
        return NULL;
    }
    if (is_worth_asking(term))
        modes_ask(&term->modes);
    tty_flush(&term->tty);
    return term;
}

static void leave(struct term *term)
{
    if (!term->modes.is_entered)
        return;
    tty_drain(&term->tty, DRAIN_MS);
    modes_leave(&term->modes);
    tty_drain(&term->tty, LEAVE_MS);
    if (modes_await_reply(&term->modes))
        tty_discard_input(&term->tty, REPLY_MS);
    tty_set_found(&term->tty);
}

void term_close(struct term *term)
{
    if (!term)
        return;
    leave(term);
    close_screen(term);
    tty_close(&term->tty);
    canvas_clear(&term->shown);
    free(term->row);
    free(term);
}

void term_suspend(struct term *term)
{
    leave(term);
}

void term_resume(struct term *term)
{
    struct error err = { 0 };
    /* Where SIGCONT came without our knowing, the modes may be anything: set
     * them again, and forget the half of a frame that was pending. */
    if (term->modes.is_entered) {
        tty_drain(&term->tty, 0);
        tty_set_found(&term->tty);
    }
    if (enter(term, &err))
        tty_flush(&term->tty);
}

/* Asking it. */

int term_fd(const struct term *term)
{
    return term->tty.fd;
}

int term_read(struct term *term, char *bytes, int size)
{
    return tty_read(&term->tty, bytes, size);
}

int term_height(const struct term *term)
{
    return term->height;
}

int term_width(const struct term *term)
{
    return term->width;
}

bool term_has_sync(const struct term *term)
{
    return term->modes.has_sync;
}

const char *term_library(void)
{
    return curses_version();
}

int term_colors(const struct term *term)
{
    return term->colors;
}

bool term_is_utf8(const struct term *term)
{
    return term->is_utf8;
}

uint64_t term_frames(const struct term *term)
{
    return term->frames;
}

uint64_t term_bytes(const struct term *term)
{
    return term->tty.written;
}

bool term_update_size(struct term *term)
{
    int height, width;
    tty_size(&term->tty, &height, &width);
    if (height == term->height && width == term->width)
        return false;
    resize(term, height, width);
    return true;
}

void term_on_reply(struct term *term, struct slice reply)
{
    modes_on_reply(&term->modes, reply);
}

/* Drawing. */

/* Add what one cell of the canvas holds to the row. */
static int put_cell(struct term *term, int at, const struct cell *cell)
{
    struct piece pieces[CELL_PIECES];
    const struct paint *paint = &term->paints[cell->style];
    int count = piece_cut(cell, term->is_utf8, pieces);
    for (int i = 0; i < count; i++)
        setcchar(&term->row[at++], pieces[i].text, paint->attributes,
                 paint->pair, NULL);
    return at;
}

/* The last cell of the screen is reached by inserting the one before it, where
 * a terminal (screen, tmux, rxvt) cannot switch wrapping off. ncurses cannot
 * insert half of a wide character. */
static bool is_in_the_way(const struct term *term, int row, int col)
{
    return !term->can_stop_wrapping && row == term->height - 1 &&
           col == term->width - 3;
}

static void put_row(struct term *term, const struct canvas *canvas, int row)
{
    const struct cell *cells = &canvas->cells[row * canvas->width];
    int count = 0;
    for (int col = 0; col < canvas->width; col++) {
        struct cell cell = cells[col];
        if (cell.width == 2 && is_in_the_way(term, row, col))
            cell.len = 0;
        count = put_cell(term, count, &cell);
    }
    mvwadd_wchnstr(stdscr, row, 0, term->row, count);
}

/* Give ncurses a row if it has another one; true if it had. */
static bool put_change(struct term *term, const struct canvas *canvas, int row)
{
    size_t offset = (size_t)row * (size_t)canvas->width;
    if (canvas_rows_equal(&term->shown, row, canvas, row))
        return false;
    put_row(term, canvas, row);
    memcpy(term->shown.cells + offset, canvas->cells + offset,
           (size_t)canvas->width * sizeof *canvas->cells);
    return true;
}

/* What ncurses has of the screen is nothing: blank, and so it shall be. */
static void forget_shown(struct term *term)
{
    canvas_erase(&term->shown);
    werase(stdscr);
    clearok(curscr, TRUE);
    term->is_whole = false;
}

/* Rows that only moved, as a part of a frame of their own. */
static int put_shift(struct term *term, const struct canvas *canvas)
{
    struct shift shift;
    if (!term->can_scroll || !shift_find(&term->shown, canvas, &shift))
        return 0;
    shift_apply(&shift, &term->shown);
    for (int row = shift.first; row < shift.first + shift.height; row++)
        put_row(term, &term->shown, row);
    render();
    return shift.height;
}

/* Give ncurses changed rows from `start` up, and then from the bottom, while
 * what it makes of them is within the budget. Returns how many; *next: above
 * which row it would go on. */
static int put_upwards(struct term *term, const struct canvas *canvas,
                       size_t budget, int *next)
{
    int changed = 0, start = *next;
    for (int i = 1; i <= canvas->height; i++) {
        int row = (start + canvas->height - i) % canvas->height;
        if (sink_len(&term->sink) >= budget)
            break;
        *next = row;
        if (put_change(term, canvas, row)) {
            render();
            changed++;
        }
    }
    return changed;
}

static bool is_all_shown(const struct term *term, const struct canvas *canvas)
{
    for (int row = 0; row < canvas->height; row++) {
        if (!canvas_rows_equal(&term->shown, row, canvas, row))
            return false;
    }
    return true;
}

/* As much as the budget allows: the row of the caret in any case, so that a key
 * is echoed; then rows that only moved; then from the bottom up, because editor,
 * status and bands stand below the thread, and its news last. Every other frame
 * goes on where the one before it stopped: what changes all the time below
 * keeps nothing above from its turn. Returns how many rows changed. */
static int put_some(struct term *term, const struct canvas *canvas,
                    size_t budget)
{
    int changed = 0, bottom = canvas->height;
    /* The cursor moves when all is done. */
    leaveok(stdscr, TRUE);
    if (canvas->cursor_row >= 0 &&
        put_change(term, canvas, canvas->cursor_row)) {
        render();
        changed++;
    }
    if (sink_len(&term->sink) < budget)
        changed += put_shift(term, canvas);
    changed += put_upwards(term, canvas, budget,
                           term->is_sweep ? &term->sweep_row : &bottom);
    term->is_sweep = !term->is_sweep;
    term->is_behind = !is_all_shown(term, canvas);
    return changed;
}

static int put_all(struct term *term, const struct canvas *canvas)
{
    int changed = 0;
    for (int row = 0; row < canvas->height; row++)
        changed += put_change(term, canvas, row);
    term->is_behind = false;
    return changed;
}

static void place_cursor(const struct canvas *canvas)
{
    bool is_shown = canvas->cursor_row >= 0 && canvas->cursor_col >= 0;
    leaveok(stdscr, !is_shown);
    if (is_shown)
        wmove(stdscr, canvas->cursor_row, canvas->cursor_col);
}

static void take_frame(struct term *term)
{
    struct squeeze_setting setting = { term->height };
    struct buf frame = { 0 };
    sink_take(&term->sink, &frame);
    squeeze(&term->tty.pending, buf_slice(&frame), &setting);
    buf_clear(&frame);
}

void term_draw(struct term *term, const struct canvas *canvas)
{
    assert(term_can_draw(term));
    assert(canvas->height == term->height && canvas->width == term->width);
    size_t budget = pace_budget(&term->tty.pace, clock_monotonic_ms());
    if (term->is_whole)
        forget_shown(term);
    int changed = budget == PACE_NO_LIMIT ? put_all(term, canvas)
                                          : put_some(term, canvas, budget);
    place_cursor(canvas);
    render();
    bool in_one_piece = changed > SYNC_ROWS;
    bool has_cursor = canvas->cursor_row >= 0 && canvas->cursor_col >= 0;
    modes_begin_frame(&term->modes, in_one_piece, has_cursor);
    take_frame(term);
    modes_end_frame(&term->modes, in_one_piece, has_cursor);
    if (term->is_behind)
        pace_on_cut(&term->tty.pace);
    term->frames += tty_is_pending(&term->tty);
    term_flush(term);
}

bool term_is_behind(const struct term *term)
{
    return term->is_behind;
}

void term_limit(struct term *term, int rate)
{
    pace_give(&term->tty.pace, rate);
}

void term_invalidate(struct term *term)
{
    term->is_whole = true;
}

void term_bell(struct term *term)
{
    term->has_bell = true;
}

bool term_can_draw(const struct term *term)
{
    return term->modes.is_entered && !tty_is_pending(&term->tty);
}

bool term_wants_write(const struct term *term)
{
    return tty_is_pending(&term->tty) || term->has_bell;
}

bool term_flush(struct term *term)
{
    if (term->has_bell && term->modes.is_entered)
        tty_send_string(&term->tty, "\a");
    term->has_bell = false;
    return tty_flush(&term->tty);
}

void term_copy(struct term *term, struct slice text, enum osc52_wrap wrap)
{
    struct buf sequence = { 0 };
    osc52_append(&sequence, text, wrap);
    if (term->modes.is_entered)
        tty_send_string(&term->tty, buf_string(&sequence));
    term_flush(term);
    buf_clear(&sequence);
}
