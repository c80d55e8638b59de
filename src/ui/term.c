/* SPDX-License-Identifier: MIT */
#include "ui/term.h"

#include <assert.h>
#include <fcntl.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_NOMACROS
#include <curses.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "ui/ascii.h"
#include "ui/terminfo.h"
#include "ui/tty.h"

enum {
    CELL_CHARACTERS = CCHARW_MAX, /* a character and its marks */
    SYNC_ROWS = 2,    /* a frame that changes more is shown in one piece */
    DRAIN_MS = 400,   /* for what pends when we leave */
    LEAVE_MS = 100,   /* for leaving itself */
    REPLY_MS = 50,    /* for answers under way when we leave */
    REPLY_AGE = 2000, /* none comes later than this */
    PAIR_FIRST = 1,   /* the colour pair of style 0 */
};

static const char enter_string[] =
    "\033[?1049h"             /* the alternate screen */
    "\033[r\033[m\033[4l"     /* scroll all rows, plain text, no insertion */
    "\033[?7h\033(B\017"      /* wrap at the margin; ASCII */
    "\033[?2004h\033[?1004h"; /* tell pastes and the focus */

/* Modes first, then the screen: what the terminal sends in between would be
 * typed to the shell. A terminal without a second screen keeps the last frame,
 * and the shell goes on below it. Where the cursor is restored, wrapping and
 * its visibility may be restored with it: they come last. */
#define LEAVE_SCREEN \
    "\033[r\033[m\033[9999;1H\r\n\033[?1049l\033[m\033[?7h\033[?25h"

static const char leave_string[] =
    "\033[?2026l\033[?1004l\033[?2004l" LEAVE_SCREEN;

/* Also what programs that we started may have left: mouse, keyboard. */
const char term_reset_string[] =
    "\033[?2026l\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1015l"
    "\033[?1004l\033[?2004l\033[>4;0m\033[<u\033[4l\033(B\017" LEAVE_SCREEN
    "\033[?1l\033>\033[m";

static const char sync_begin[] = "\033[?2026h";
static const char sync_end[] = "\033[?2026l";
static const char cursor_show[] = "\033[?25h";
static const char cursor_hide[] = "\033[?25l";

/* Wheel turns become arrow keys on the alternate screen, and would walk through
 * the editor's history: off, but only where we know that it was on. */
static const char wheel_keys_on[] = "\033[?1007h";
static const char wheel_keys_off[] = "\033[?1007l";

static const char queries[] = "\033[?2026$p\033[?1007$p";
enum { QUERY_COUNT = 2 };

enum cursor_state { CURSOR_UNKNOWN, CURSOR_HIDDEN, CURSOR_SHOWN };

struct paint {
    attr_t attributes;
    short pair;
};

struct term {
    struct tty tty;
    SCREEN *screen;
    FILE *sink; /* a memfd: what ncurses writes */
    FILE *null; /* what ncurses reads */
    int height, width, colors;
    bool is_utf8;
    bool is_entered;
    bool can_stop_wrapping;
    bool has_sync;
    bool has_wheel_keys;
    bool has_bell; /* to be rung */
    bool is_whole; /* the next frame repaints everything */
    enum cursor_state cursor;
    int unanswered; /* queries */
    int64_t asked_at;
    struct canvas shown; /* the last frame */
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

/* A stream on a descriptor above 2: ncurses takes 1 for the screen and falls
 * back to 2 where it is no terminal. */
static FILE *open_stream(int fd, const char *mode)
{
    int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (fd >= 0)
        close(fd);
    FILE *stream = high < 0 ? NULL : fdopen(high, mode);
    if (!stream && high >= 0)
        close(high);
    return stream;
}

static void set_paint(struct term *term, enum style style)
{
    struct look look = theme_look(style, term->colors);
    struct paint *paint = &term->paints[style];
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
    for (int style = 0; style < STYLE_COUNT; style++)
        set_paint(term, (enum style)style);
}

/* Take what ncurses wrote, or forget it: the modes that it sets at first, we
 * set by ourselves. */
static void empty_sink(struct term *term, bool is_wanted)
{
    int fd = fileno(term->sink);
    off_t len = lseek(fd, 0, SEEK_CUR);
    if (len <= 0)
        return;
    if (is_wanted) {
        struct buf *pending = &term->tty.pending;
        ssize_t got =
            pread(fd, buf_reserve(pending, (size_t)len), (size_t)len, 0);
        /* A memfd gives what was written to it. */
        assert(got == len);
        pending->len += (size_t)len;
        pending->ptr[pending->len] = '\0';
    }
    lseek(fd, 0, SEEK_SET);
    if (ftruncate(fd, 0) < 0)
        assert(false && "a memfd can be truncated");
}

static const int ncurses_signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };

/* newterm() installs handlers that leave the program or stop it: ours stay. */
static SCREEN *start_ncurses(const char *type, FILE *sink, FILE *null)
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
    SCREEN *screen = newterm(type, sink, null);
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
    term->sink = open_stream(memfd_create("frame", MFD_CLOEXEC), "w+");
    term->null = open_stream(open("/dev/null", O_RDONLY | O_CLOEXEC), "r");
    if (!term->sink || !term->null)
        return error_system(err, "cannot prepare the screen");
    if (terminfo_has_screen(type, fileno(term->sink)))
        term->screen = start_ncurses(type, term->sink, term->null);
    if (!term->screen)
        return refuse_type(type, err);
    /* Without input to wait for, every update is whole. */
    typeahead(-1);
    nonl();
    idlok(stdscr, TRUE);
    idcok(stdscr, TRUE);
    term->can_stop_wrapping = tigetstr("rmam") != NULL;
    start_colors(term);
    /* The modes that newterm() left in the buffer of ncurses. */
    wnoutrefresh(stdscr);
    doupdate();
    empty_sink(term, false);
    return true;
}

static void close_screen(struct term *term)
{
    if (term->screen)
        delscreen(term->screen);
    if (term->sink)
        fclose(term->sink);
    if (term->null)
        fclose(term->null);
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
    term->is_whole = true;
}

static bool enter(struct term *term, struct error *err)
{
    int height, width;
    if (!tty_set_raw(&term->tty, err))
        return false;
    tty_size(&term->tty, &height, &width);
    resize(term, height, width);
    tty_send_string(&term->tty, enter_string);
    if (term->has_wheel_keys)
        tty_send_string(&term->tty, wheel_keys_off);
    term->cursor = CURSOR_UNKNOWN;
    term->is_entered = true;
    return true;
}

static void ask(struct term *term)
{
    if (!is_worth_asking(term))
        return;
    tty_send_string(&term->tty, queries);
    term->unanswered = QUERY_COUNT;
    term->asked_at = clock_monotonic_ms();
}

struct term *term_open(const char *path, struct error *err)
{
    struct term *term = memory_zero(1, sizeof *term);
    term->is_utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
    if (!tty_open(&term->tty, path, err) || !open_screen(term, err) ||
        !enter(term, err)) {
        term_close(term);
        return NULL;
    }
    ask(term);
    tty_flush(&term->tty);
    return term;
}

static void leave(struct term *term)
{
    if (!term->is_entered)
        return;
    term->is_entered = false;
    tty_drain(&term->tty, DRAIN_MS);
    if (term->has_wheel_keys)
        tty_send_string(&term->tty, wheel_keys_on);
    tty_send_string(&term->tty, leave_string);
    tty_drain(&term->tty, LEAVE_MS);
    bool has_asked = clock_monotonic_ms() - term->asked_at < REPLY_AGE;
    if (term->unanswered > 0 && has_asked)
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
    if (term->is_entered) {
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
    /* DECRPM: 1 set, 2 reset, 3 and 4 the same for good, 0 unknown. */
    if (slice_is(reply, "[?2026;1$y") || slice_is(reply, "[?2026;2$y"))
        term->has_sync = true;
    if (slice_is(reply, "[?1007;1$y") && !term->has_wheel_keys) {
        term->has_wheel_keys = true;
        if (term->is_entered)
            tty_send_string(&term->tty, wheel_keys_off);
    }
    bool is_ours =
        slice_starts(reply, "[?2026;") || slice_starts(reply, "[?1007;");
    if (is_ours && term->unanswered > 0)
        term->unanswered--;
}

/* Drawing. */

/* The characters of a cell; for those that this locale has not, the most
 * similar one that it has. */
static int decode_cell(const struct term *term, const struct cell *cell,
                       wchar_t *characters)
{
    struct slice text = { cell->text, cell->len };
    int count = 0;
    while (text.len && count < CELL_CHARACTERS) {
        uint32_t character;
        text = slice_skip(text, utf8_decode(text, &character));
        if (!term->is_utf8)
            character = (uint32_t)ascii_likeness(character);
        characters[count++] = (wchar_t)character;
        if (!term->is_utf8)
            break;
    }
    return count;
}

static void put_character(struct term *term, int at, const wchar_t *characters,
                          int count, enum style style)
{
    wchar_t text[CELL_CHARACTERS + 1] = { L' ' };
    const struct paint *paint = &term->paints[style];
    if (count)
        wmemcpy(text, characters, (size_t)count);
    setcchar(&term->row[at], text, paint->attributes, paint->pair, NULL);
}

/* Add what one cell of the canvas holds to the row, as ncurses wants it: one
 * entry for each character that has a width, the marks with it. Where the
 * widths do not add up to the cell's, blanks fill it. */
static int put_cell(struct term *term, int at, const struct cell *cell)
{
    wchar_t characters[CELL_CHARACTERS];
    int count = decode_cell(term, cell, characters);
    int left = cell->width;
    for (int i = 0; i < count && left > 0;) {
        int end = i + 1, width = wcwidth(characters[i]);
        while (end < count && wcwidth(characters[end]) == 0)
            end++;
        if (width < 1 || width > left)
            break;
        put_character(term, at++, characters + i, end - i,
                      (enum style)cell->style);
        left -= width;
        i = end;
    }
    while (left-- > 0)
        put_character(term, at++, NULL, 0, (enum style)cell->style);
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

static bool is_cell_equal(const struct cell *a, const struct cell *b)
{
    return a->len == b->len && a->width == b->width && a->style == b->style &&
           !memcmp(a->text, b->text, a->len);
}

static bool is_row_equal(const struct cell *a, const struct cell *b, int width)
{
    for (int col = 0; col < width; col++) {
        if (!is_cell_equal(&a[col], &b[col]))
            return false;
    }
    return true;
}

/* Give ncurses the rows that changed; returns how many. */
static int put_changes(struct term *term, const struct canvas *canvas)
{
    int changed = 0;
    size_t row_size = (size_t)canvas->width * sizeof *canvas->cells;
    for (int row = 0; row < canvas->height; row++) {
        struct cell *shown = &term->shown.cells[row * canvas->width];
        const struct cell *wanted = &canvas->cells[row * canvas->width];
        if (!term->is_whole && is_row_equal(shown, wanted, canvas->width))
            continue;
        put_row(term, canvas, row);
        memcpy(shown, wanted, row_size);
        changed++;
    }
    return changed;
}

static void place_cursor(const struct canvas *canvas)
{
    bool is_shown = canvas->cursor_row >= 0 && canvas->cursor_col >= 0;
    leaveok(stdscr, !is_shown);
    if (is_shown)
        wmove(stdscr, canvas->cursor_row, canvas->cursor_col);
}

/* The frame's bytes: ncurses' own between our marks. */
static void send_frame(struct term *term, bool in_one_piece, bool has_cursor)
{
    enum cursor_state cursor = has_cursor ? CURSOR_SHOWN : CURSOR_HIDDEN;
    if (in_one_piece)
        tty_send_string(&term->tty, sync_begin);
    if (!has_cursor && term->cursor != CURSOR_HIDDEN)
        tty_send_string(&term->tty, cursor_hide);
    empty_sink(term, true);
    if (has_cursor && term->cursor != CURSOR_SHOWN)
        tty_send_string(&term->tty, cursor_show);
    if (in_one_piece)
        tty_send_string(&term->tty, sync_end);
    term->cursor = cursor;
}

void term_draw(struct term *term, const struct canvas *canvas)
{
    assert(term_can_draw(term));
    assert(canvas->height == term->height && canvas->width == term->width);
    if (term->is_whole)
        clearok(curscr, TRUE);
    int changed = put_changes(term, canvas);
    place_cursor(canvas);
    wnoutrefresh(stdscr);
    doupdate();
    send_frame(term, term->has_sync && changed > SYNC_ROWS,
               canvas->cursor_row >= 0 && canvas->cursor_col >= 0);
    term->is_whole = false;
    term->frames += tty_is_pending(&term->tty);
    term_flush(term);
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
    return term->is_entered && !tty_is_pending(&term->tty);
}

bool term_wants_write(const struct term *term)
{
    return tty_is_pending(&term->tty) || term->has_bell;
}

bool term_flush(struct term *term)
{
    if (term->has_bell && term->is_entered)
        tty_send_string(&term->tty, "\a");
    term->has_bell = false;
    return tty_flush(&term->tty);
}

void term_copy(struct term *term, struct slice text, enum osc52_wrap wrap)
{
    struct buf sequence = { 0 };
    osc52_append(&sequence, text, wrap);
    if (term->is_entered)
        tty_send_string(&term->tty, buf_string(&sequence));
    term_flush(term);
    buf_clear(&sequence);
}
