/* SPDX-License-Identifier: MIT */
#include "tests/support/fullscreen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/memory.h"

enum { VARIABLES_MAX = 3 };

struct pty *fullscreen_new(struct server *server,
                           const struct pty_options *options)
{
    const char *variables[VARIABLES_MAX + 2] = { 0 };
    struct pty_options more = *options;
    char host[64];
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server ? server_port(server) : server_free_port());
    variables[0] = host;
    for (int i = 0; options->variables && options->variables[i]; i++) {
        ck_assert_int_lt(i, VARIABLES_MAX);
        variables[i + 1] = options->variables[i];
    }
    more.variables = variables;
    return pty_new(&more);
}

static bool has_screen(struct pty *pty, void *context)
{
    (void)context;
    return pty_is_alternate(pty) && pty_mode(pty, 2004);
}

void fullscreen_run(struct pty *pty)
{
    const char *path = getenv("PROGRAM");
    const char *const words[] = { path ? path : "build/release/sennit", NULL };
    pty_start(pty, words);
    ck_assert(pty_wait_until(pty, has_screen, NULL, PTY_DEADLINE_MS));
}

struct pty *fullscreen_start(struct server *server,
                             const struct pty_options *options)
{
    struct pty *pty = fullscreen_new(server, options);
    fullscreen_run(pty);
    return pty;
}

/* The row of the cursor begins with this. */
static bool edits(struct pty *pty, void *context)
{
    int row, col;
    pty_cursor(pty, &row, &col);
    return !strcmp(pty_row(pty, row), context);
}

static void expect_edited(struct pty *pty, const char *text)
{
    char *copy = memory_string(text);
    ck_assert_msg(pty_wait_until(pty, edits, copy, PTY_DEADLINE_MS),
                  "the cursor is not in a row \"%s\":\n%s", text,
                  pty_screen(pty));
    free(copy);
}

void fullscreen_settle(struct pty *pty)
{
    pty_send(pty, "z");
    expect_edited(pty, "> z");
    pty_send(pty, "\x7f");
    expect_edited(pty, ">");
}

struct picture {
    int height, width, row, col;
    struct pty_cell *cells;
};

static struct picture take_picture(struct pty *pty)
{
    struct picture picture = { 0 };
    pty_size(pty, &picture.height, &picture.width);
    pty_cursor(pty, &picture.row, &picture.col);
    picture.cells = memory_zero((size_t)(picture.height * picture.width),
                                sizeof *picture.cells);
    for (int row = 0; row < picture.height; row++) {
        for (int col = 0; col < picture.width; col++)
            picture.cells[row * picture.width + col] = pty_cell(pty, row, col);
    }
    return picture;
}

static bool is_alike(const struct pty_cell *a, const struct pty_cell *b)
{
    const char *text_a = a->text[0] ? a->text : " ";
    const char *text_b = b->text[0] ? b->text : " ";
    return !strcmp(text_a, text_b) && a->width == b->width &&
           a->bold == b->bold && a->italic == b->italic &&
           a->underline == b->underline && a->reverse == b->reverse &&
           a->foreground == b->foreground && a->background == b->background;
}

/* The first cell that differs, or -1. */
static int find_difference(const struct picture *a, const struct picture *b)
{
    for (int i = 0; i < a->height * a->width; i++) {
        /* How the right half of a wide character looks is not seen. */
        bool is_half = i % a->width > 0 && a->cells[i - 1].width == 2;
        if (!is_half && !is_alike(&a->cells[i], &b->cells[i]))
            return i;
    }
    return -1;
}

struct repaint {
    size_t since; /* what was written before it was asked for */
    struct picture before, after;
};

static bool was_cleared(struct pty *pty, size_t since)
{
    struct slice output = slice_skip(pty_output(pty), since);
    return slice_find(output, "\033[2J") >= 0 ||
           slice_find(output, "\033[J") >= 0;
}

/* On a slow line it comes in pieces. */
static bool is_drawn_anew(struct pty *pty, void *context)
{
    struct repaint *repaint = context;
    const struct picture *before = &repaint->before, *after = &repaint->after;
    if (!was_cleared(pty, repaint->since))
        return false;
    free(repaint->after.cells);
    repaint->after = take_picture(pty);
    return find_difference(before, after) < 0 && before->row == after->row &&
           before->col == after->col;
}

static void explain(const struct repaint *repaint)
{
    const struct picture *before = &repaint->before, *after = &repaint->after;
    ck_assert_msg(after->cells, "the screen is not drawn anew");
    int at = find_difference(before, after);
    ck_assert_msg(at < 0,
                  "row %d, col %d: \"%s\" was there, \"%s\" is drawn anew",
                  at / before->width, at % before->width,
                  before->cells[at].text, after->cells[at].text);
    ck_abort_msg("the cursor was at row %d, col %d and is at row %d, col %d",
                 before->row, before->col, after->row, after->col);
}

void fullscreen_expect_fresh(struct pty *pty)
{
    fullscreen_settle(pty);
    struct repaint repaint = { .since = pty_output_len(pty),
                               .before = take_picture(pty) };
    pty_send(pty, "\x0c");
    if (!pty_wait_until(pty, is_drawn_anew, &repaint, PTY_DEADLINE_MS))
        explain(&repaint);
    free(repaint.before.cells);
    free(repaint.after.cells);
}

void fullscreen_quit(struct pty *pty)
{
    struct termios termios;
    ck_assert_int_eq(pty_quit(pty), 0);
    pty_termios(pty, &termios);
    ck_assert_msg(termios.c_lflag & ICANON, "the terminal is left raw");
    ck_assert(!pty_is_alternate(pty));
    ck_assert(pty_cursor_is_visible(pty));
}

int fullscreen_client(const struct pty *pty)
{
    char path[64];
    int pid = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", pty_pid(pty),
             pty_pid(pty));
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%d", &pid), 1);
    fclose(file);
    return pid;
}
