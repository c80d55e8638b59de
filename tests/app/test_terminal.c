/* SPDX-License-Identifier: MIT */
/*
 * The real program on every kind of terminal and in every size: its first
 * lines, what it sends, and that it goes as it came.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/fullscreen.h"
#include "tests/support/ollama.h"
#include "tests/support/output_grammar.h"

Suite *terminal_suite(void);

#define XTERM  "ABCDGHJKLMPSTXZ@bdhlmr"
#define SCREEN "ABCDGHJKLMPSTZ@dhlmr"

/* What a terminal of this kind may be sent. */
static const struct kind {
    const char *term;
    const char *variable; /* one more of the environment, or NULL */
    const char *finals;   /* of CSI sequences without a private mark */
    int colors;           /* 0, 8, 16 or 256 */
    bool is_ascii;
    bool is_asked; /* modes are queried */
    bool is_built; /* its terminfo entry is our own */
} kinds[] = {
    /* The finals are those of infocmp(1), ncurses 6.4, and h and l for our own
     * CSI 4 l. `dumb` and unknown ones have no full screen. */
    { .term = "xterm-256color",
      .finals = XTERM,
      .colors = 256,
      .is_asked = true },
    { .term = "screen", .finals = SCREEN, .colors = 8 },
    { .term = "tmux", .finals = SCREEN, .colors = 8 },
    { .term = "linux", .finals = "ABCDGHJKLMPXZ@dhlmr", .colors = 8 },
    { .term = "vt100", .finals = "ABCDHJKhlmr", .colors = 0 },
    { .term = "xterm-16color",
      .finals = XTERM,
      .colors = 16,
      .is_asked = true,
      .is_built = true },
    { .term = "xterm-256color",
      .finals = XTERM,
      .colors = 256,
      .is_asked = true,
      .variable = "LC_ALL=C",
      .is_ascii = true },
    { .term = "xterm-256color",
      .finals = XTERM,
      .colors = 0,
      .is_asked = true,
      .variable = "NO_COLOR=1" },
};

/* The first lines, and what the last one holds; "" where nothing is said. */
static const struct size {
    int width, height;
    const char *first, *second, *last;
} sizes[] = {
    { 80, 24, " sennit", "sennit chats with language models.", "guide" },
    { 200, 50, " sennit", "sennit chats with language models.", "guide" },
    { 40, 10, "sennit chats with language models.", "", "guide" },
    { 20, 5, "sennit chats with", "language models.", "guide" },
    { 10, 3, "sennit", "> z", "gu" },
    { 1, 1, "", "", "" },
};

static void build_entry(struct pty *pty)
{
    char source[512], directory[512];
    pty_write_file(pty, "xterm-16color.ti",
                   "xterm-16color|xterm with 16 colours,\n"
                   "\tcolors#16, pairs#256, use=xterm-256color,\n");
    pty_write_file(pty, ".terminfo/empty", "");
    snprintf(source, sizeof source, "%s/xterm-16color.ti", pty_home(pty));
    snprintf(directory, sizeof directory, "%s/.terminfo", pty_home(pty));
    const char *const words[] = { "/usr/bin/tic", "-o", directory, source,
                                  NULL };
    pty_start(pty, words);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
}

static struct pty *start(const struct kind *kind, const struct size *size)
{
    const char *variables[] = { kind->variable, NULL };
    struct pty_options options = {
        .height = size->height,
        .width = size->width,
        .term = kind->term,
        .variables = variables,
    };
    struct pty *pty = fullscreen_new(NULL, &options);
    if (kind->is_built)
        build_entry(pty);
    fullscreen_run(pty);
    return pty;
}

/* Only what the terminal has. */
static void check_rendition(const struct kind *kind, struct slice token)
{
    char text[64];
    int previous = -1;
    snprintf(text, sizeof text, "%.*s", (int)token.len - 3, token.ptr + 2);
    for (char *at = text; *at;) {
        int number = (int)strtol(at, &at, 10);
        bool is_few = number >= 30 && number <= 49 && number != 39 &&
                      number != 49 && number != 38 && number != 48;
        bool is_bright = number >= 90 && number <= 107;
        if (previous != 5) {
            ck_assert_msg(!is_few || kind->colors >= 8, "SGR %s", text);
            ck_assert_msg(!is_bright || kind->colors >= 16, "SGR %s", text);
        }
        ck_assert_msg((number != 38 && number != 48) || kind->colors >= 256,
                      "SGR %s", text);
        previous = number;
        at += *at == ';';
    }
}

static void check_output(const struct kind *kind, struct slice output)
{
    struct output_token token;
    output_check(output);
    while (output_next_token(&output, &token)) {
        struct slice text = token.text;
        for (size_t i = 0; kind->is_ascii && i < text.len; i++)
            ck_assert_uint_lt((uint8_t)text.ptr[i], 0x80);
        if (!slice_starts(text, "\033["))
            continue;
        char final = text.ptr[text.len - 1];
        if (strchr("?<>", text.ptr[2]))
            ck_assert_msg(final != 'p' || kind->is_asked, "asked: %.*s",
                          SLICE_ARG(text));
        else
            ck_assert_msg(strchr(kind->finals, final), "%s has no CSI %.*s",
                          kind->term, (int)text.len - 2, text.ptr + 2);
        if (final == 'm' && !strchr("?<>", text.ptr[2]))
            check_rendition(kind, text);
    }
}

/* Modes that were set are reset, and the other way round for those that were
 * found set. */
static void check_modes(struct pty *pty)
{
    static const int were_off[] = { 1000, 1002, 1003, 1004, 1006,
                                    1015, 1049, 2004, 2026, 1 };
    struct slice output = pty_output(pty);
    for (size_t i = 0; i < COUNTOF(were_off); i++)
        ck_assert_msg(!pty_mode(pty, were_off[i]), "mode %d", were_off[i]);
    ck_assert(pty_mode(pty, 25));
    ck_assert(pty_mode(pty, 7));
    /* Arrow keys from the wheel, only if they were taken. */
    ck_assert(slice_find(output, "\033[?1007l") < 0 || pty_mode(pty, 1007));
}

/* At the caret: behind what was typed, where there is room for it. */
static void check_cursor(struct pty *pty, const struct size *size)
{
    int row, col;
    pty_cursor(pty, &row, &col);
    ck_assert(pty_cursor_is_visible(pty));
    if (size->width < 4)
        return;
    ck_assert_str_eq(pty_row(pty, row), "> z");
    ck_assert_int_eq(col, 3);
    ck_assert_int_ge(row, size->height - 2);
}

static void check_rows(struct pty *pty, const struct size *size)
{
    const char *rows[] = { size->first, size->second, size->last };
    const int at[] = { 0, 1, size->height - 1 };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        if (rows[i][0])
            ck_assert_msg(strstr(pty_row(pty, at[i]), rows[i]),
                          "no \"%s\" in row %d:\n%s", rows[i], at[i],
                          pty_screen(pty));
    }
}

START_TEST(every_kind_of_terminal_in_every_size)
{
    const struct kind *kind = &kinds[_i / (int)COUNTOF(sizes)];
    const struct size *size = &sizes[_i % (int)COUNTOF(sizes)];
    struct pty *pty = start(kind, size);
    if (size->last[0])
        pty_expect(pty, size->last);
    pty_send(pty, "z");
    /* A single cell cannot be written where wrapping cannot be stopped: that it
     * ends well is all that is asked. */
    if (size->width > 1)
        pty_expect(pty, "> z");
    check_cursor(pty, size);
    check_rows(pty, size);
    /* Attributes are no colours: the status line stands out everywhere. */
    if (size->last[0])
        ck_assert(pty_cell(pty, size->height - 1, 0).reverse);
    pty_send(pty, "\x7f");
    fullscreen_quit(pty);
    check_output(kind, pty_output(pty));
    check_modes(pty);
    pty_free(pty);
}
END_TEST

START_TEST(the_status_line_stands_on_every_height)
{
    struct pty_options options = { 0 };
    struct pty *pty = fullscreen_start(NULL, &options);
    pty_expect(pty, "guide");
    for (int height = 23; height >= 2; height--) {
        pty_resize(pty, height, 80);
        fullscreen_settle(pty);
        ck_assert_msg(strstr(pty_row(pty, height - 1), "guide"), "%d rows:\n%s",
                      height, pty_screen(pty));
    }
    fullscreen_quit(pty);
    pty_free(pty);
}
END_TEST

/* It showed the prompt over and over. */
START_TEST(one_row_is_drawn_once_for_each_key)
{
    enum { KEYS = 20 };
    struct pty_options options = { .height = 1, .width = 80 };
    struct pty *pty = fullscreen_start(NULL, &options);
    fullscreen_settle(pty);
    size_t before = pty_output_len(pty);
    for (int i = 0; i < KEYS; i++)
        fullscreen_settle(pty);
    /* A letter, a blank, and where they stand. */
    ck_assert_uint_lt(pty_output_len(pty) - before, KEYS * 2 * 24);
    fullscreen_quit(pty);
    pty_free(pty);
}
END_TEST

START_TEST(without_colours_the_cursor_is_at_the_caret)
{
    const char *variables[] = { "NO_COLOR=1", NULL };
    struct pty_options options = { .variables = variables };
    struct pty *pty = fullscreen_start(NULL, &options);
    int row, col;
    pty_expect(pty, "guide");
    pty_send(pty, "abc");
    pty_expect(pty, "> abc");
    pty_send(pty, "\x1b[D");
    pty_send(pty, "x");
    pty_expect(pty, "> abxc");
    pty_cursor(pty, &row, &col);
    ck_assert(pty_cursor_is_visible(pty));
    ck_assert_str_eq(pty_row(pty, row), "> abxc");
    ck_assert_int_eq(col, 5);
    pty_send(pty, "\x03");
    fullscreen_quit(pty);
    ck_assert_int_lt(slice_find(pty_output(pty), "\033[?25l"), 0);
    pty_free(pty);
}
END_TEST

/* OSC 9 is a progress bar to one terminal and a notification to the next, OSC
 * 777 and 99 likewise. */
START_TEST(no_run_ends_in_a_notification)
{
    struct server *server = server_start(
        OLLAMA_MODELS,
        OLLAMA_CHAT OLLAMA_SAY("a\\u001b]9;4;1;50\\u0007b") OLLAMA_DONE, NULL);
    struct pty_options options = { 0 };
    struct pty *pty = fullscreen_start(server, &options);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "\033[O"); /* nobody looks */
    pty_send(pty, "one\r");
    pty_expect(pty, "complete");
    fullscreen_settle(pty);
    fullscreen_quit(pty);
    ck_assert_int_lt(slice_find(pty_output(pty), "\033]"), 0);
    ck_assert_int_eq(pty_bells(pty), 0);
    pty_free(pty);
    server_stop(server);
}
END_TEST

START_TEST(reports_of_the_terminal_are_not_typed)
{
    static const char *const reports[] = {
        "\033[I",
        "\033[O",
        "\033]11;rgb:1e1e/1e1e/1e1e\033\\",
        "\033]9;4;1;50\007",
        "\033]52;c;eA==\033\\",
        "\033[?2026;0$y",
        "\033[?1;2c",
        "\033[>0;276;0c",
        "\033[24;80R",
        "\033P>|xterm(380)\033\\",
        "\033[?997;1n",
    };
    struct pty_options options = { 0 };
    struct pty *pty = fullscreen_start(NULL, &options);
    pty_expect(pty, "guide");
    for (size_t i = 0; i < COUNTOF(reports); i++) {
        pty_send(pty, reports[i]);
        fullscreen_settle(pty);
    }
    fullscreen_quit(pty);
    pty_free(pty);
}
END_TEST

static int count(struct slice output, const char *sequence)
{
    int found = 0;
    ptrdiff_t at;
    while ((at = slice_find(output, sequence)) >= 0) {
        output = slice_skip(output, (size_t)at + strlen(sequence));
        found++;
    }
    return found;
}

/* The marks of the frames since then; every one that begins ends. */
static int count_marked(struct pty *pty, size_t since)
{
    struct slice output = slice_skip(pty_output(pty), since);
    int begun = count(output, "\033[?2026h");
    ck_assert_int_eq(begun, count(output, "\033[?2026l"));
    return begun;
}

static int repaint(struct pty *pty)
{
    size_t since = pty_output_len(pty);
    fullscreen_expect_fresh(pty);
    return count_marked(pty, since);
}

/* A terminal may also take it back: a multiplexer that was attached to another
 * terminal. */
START_TEST(frames_come_in_one_piece_only_if_the_terminal_says_so)
{
    struct pty_options options = { 0 };
    struct pty *pty = fullscreen_start(NULL, &options);
    pty_expect(pty, "guide");
    pty_send(pty, "\033[?2026;0$y");
    ck_assert_int_eq(repaint(pty), 0);
    pty_send(pty, "\033[?2026;2$y");
    ck_assert_int_eq(repaint(pty), 1); /* but not each key's */
    pty_send(pty, "\033[?2026;0$y");
    ck_assert_int_eq(repaint(pty), 0);
    fullscreen_quit(pty);
    pty_free(pty);
}
END_TEST

static void end_by_signal(struct pty *pty, int signal_number)
{
    pty_signal(pty, signal_number);
    ck_assert_int_ne(pty_wait_exit(pty, PTY_DEADLINE_MS), -1);
}

static void end_by_command(struct pty *pty, int unused)
{
    (void)unused;
    pty_send(pty, "/quit\r");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
}

static void end_by_client(struct pty *pty, int signal_number)
{
    kill(fullscreen_client(pty), signal_number);
    ck_assert_int_ne(pty_wait_exit(pty, PTY_DEADLINE_MS), -1);
}

START_TEST(no_mode_is_left_on_however_it_ends)
{
    static const struct {
        void (*end)(struct pty *pty, int signal_number);
        int signal_number;
    } ways[] = {
        { end_by_command, 0 },      { end_by_signal, SIGTERM },
        { end_by_client, SIGTERM }, { end_by_client, SIGHUP },
        { end_by_client, SIGKILL }, { end_by_client, SIGABRT },
    };
    struct pty_options options = { 0 };
    struct pty *pty = fullscreen_start(NULL, &options);
    pty_expect(pty, "guide");
    /* With everything on that can be. */
    pty_send(pty, "\033[?2026;2$y\033[?1007;1$y");
    fullscreen_expect_fresh(pty);
    ck_assert(pty_mode(pty, 1049) && pty_mode(pty, 2004) &&
              pty_mode(pty, 1004));
    ways[_i].end(pty, ways[_i].signal_number);
    check_modes(pty);
    ck_assert(!pty_is_alternate(pty));
    pty_free(pty);
}
END_TEST

Suite *terminal_suite(void)
{
    Suite *suite = suite_create("terminal");
    TCase *tcase = tcase_create("terminal");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, every_kind_of_terminal_in_every_size, 0,
                        (int)(COUNTOF(kinds) * COUNTOF(sizes)));
    tcase_add_test(tcase, the_status_line_stands_on_every_height);
    tcase_add_test(tcase, one_row_is_drawn_once_for_each_key);
    tcase_add_test(tcase, without_colours_the_cursor_is_at_the_caret);
    tcase_add_test(tcase, no_run_ends_in_a_notification);
    tcase_add_test(tcase, reports_of_the_terminal_are_not_typed);
    tcase_add_test(tcase,
                   frames_come_in_one_piece_only_if_the_terminal_says_so);
    tcase_add_loop_test(tcase, no_mode_is_left_on_however_it_ends, 0, 6);
    suite_add_tcase(suite, tcase);
    return suite;
}
