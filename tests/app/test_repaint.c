/* SPDX-License-Identifier: MIT */
/*
 * The real program: whatever happened before, what is on the screen is what it
 * would draw anew.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "tests/support/fullscreen.h"
#include "tests/support/noise.h"
#include "tests/support/ollama.h"

Suite *repaint_suite(void);

#define LIST \
    "- a point with `code`\\n- **another** one, longer than the first\\n"
#define WIDE                                                                    \
    "\\u6f22\\u5b57\\u304b\\u306a e\\u0301o\\u0308 \\ud83d\\udc4d na\\u00efve " \
    "\\ud55c\\uad6d\\uc5b4 words that are wrapped somewhere\\n\\n"

static struct pty *start(struct server *server, const char *term,
                         const char *variable)
{
    const char *variables[] = { variable, NULL };
    struct pty_options options = { .term = term, .variables = variables };
    struct pty *pty = fullscreen_start(server, &options);
    pty_expect(pty, "small:1b@ollama");
    return pty;
}

static void finish(struct pty *pty, struct server *server)
{
    fullscreen_quit(pty);
    pty_free(pty);
    server_stop(server);
}

static int count_cleared(struct slice output)
{
    static const char sequence[] = "\033[2J";
    int count = 0;
    ptrdiff_t at;
    while ((at = slice_find(output, sequence)) >= 0) {
        output = slice_skip(output, (size_t)at + sizeof sequence - 1);
        count++;
    }
    return count;
}

static bool never(struct pty *pty, void *context)
{
    (void)pty, (void)context;
    return false;
}

/* Each change of size asks for a whole frame. */
START_TEST(ten_thousand_sizes_while_an_answer_comes)
{
    enum { STORM = 10000, READ_EVERY = 20, FRAME_MS = 100 };
    static const char answer[] =
        OLLAMA_CHAT "repeat 100\n" OLLAMA_SAY("some *words* that are wrapped ")
            OLLAMA_SAY(WIDE) "delay 10\nend\nawait calm\n" OLLAMA_SAY("THE END")
                OLLAMA_DONE;
    struct server *server = server_start(OLLAMA_MODELS, answer, NULL);
    struct pty *pty = start(server, NULL, NULL);
    struct noise noise = { 7 };
    pty_send(pty, "hi\r");
    pty_expect(pty, "wrapped");
    int64_t began_at = clock_monotonic_ms();
    for (int i = 0; i < STORM; i++) {
        bool is_tiny = noise_below(&noise, 50) == 0;
        pty_resize(pty, is_tiny ? 1 : 1 + (int)noise_below(&noise, 60),
                   is_tiny ? 1 : 1 + (int)noise_below(&noise, 150));
        if (i % READ_EVERY == 0)
            pty_wait_until(pty, never, NULL, 1);
    }
    pty_resize(pty, 1, 1);
    pty_wait_until(pty, never, NULL, 1);
    pty_resize(pty, 24, 80);
    server_release(server, "calm");
    pty_expect(pty, "THE END");
    pty_expect(pty, "complete");
    fullscreen_settle(pty);
    int64_t frames = (clock_monotonic_ms() - began_at) / FRAME_MS;
    ck_assert_int_le(count_cleared(pty_output(pty)), frames + 8);
    fullscreen_expect_fresh(pty);
    finish(pty, server);
}
END_TEST

/* Scrolled by the terminal, line by line, between rows that stay. */
START_TEST(a_thread_that_scrolled_is_the_thread)
{
    static const char *const types[] = { "xterm-256color", "screen", "tmux",
                                         "linux", "vt100" };
    static const char answer[] = OLLAMA_CHAT "repeat 30\n" OLLAMA_SAY(
        "a line of text\\n\\n") OLLAMA_SAY(LIST) OLLAMA_SAY(WIDE)
        OLLAMA_SAY("```c\\nint x;\\n```\\n") "delay 15\nend\n" OLLAMA_SAY(
            "THE END") OLLAMA_DONE;
    struct server *server = server_start(OLLAMA_MODELS, answer, NULL);
    struct pty *pty = start(server, types[_i], NULL);
    pty_send(pty, "hi\r");
    pty_expect(pty, "THE END");
    pty_expect(pty, "complete");
    fullscreen_expect_fresh(pty);
    pty_send(pty, "\x1b[5~\x1b[5~");
    fullscreen_expect_fresh(pty);
    pty_send(pty, "\x1b[1;5H");
    fullscreen_expect_fresh(pty);
    finish(pty, server);
}
END_TEST

START_TEST(a_long_session_leaves_no_glyph_behind)
{
    enum { TURNS = 40 };
    static const char answer[] =
        OLLAMA_CHAT "times forever\nrepeat 10\n" OLLAMA_SAY(WIDE)
            OLLAMA_SAY(LIST) "end\n" OLLAMA_SAY("\\n\\nTURN ENDS") OLLAMA_DONE;
    struct server *server = server_start(OLLAMA_MODELS, answer, NULL);
    struct pty *pty = start(server, NULL, NULL);
    for (int turn = 1; turn <= TURNS; turn++) {
        char prompt[64], title[64];
        snprintf(prompt, sizeof prompt, "question %d \u6f22\u5b57\r", turn);
        snprintf(title, sizeof title, "%d turn", turn);
        pty_send(pty, prompt);
        pty_expect(pty, title);
        pty_expect(pty, "complete");
        pty_expect(pty, "TURN ENDS");
        /* Up and down again. */
        if (turn % 4 == 0)
            pty_send(pty, "\x1b[1;5H\x1b[6~\x1b[5~\x1b[6~\x1b[1;5F");
        if (turn % 10 == 0)
            fullscreen_expect_fresh(pty);
    }
    finish(pty, server);
}
END_TEST

/* Another program has drawn on our screen, or the terminal forgot it (fg, a
 * laptop's sleep). */
START_TEST(continued_it_shows_its_screen_again)
{
    struct server *server = server_start(
        OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("still here") OLLAMA_DONE, NULL);
    static const char junk[] = "\033[?1049l\033[2J\033[H\033[41mjunk\033[?25l";
    struct pty *pty = start(server, NULL, NULL);
    pty_send(pty, "hi\r");
    pty_expect(pty, "still here");
    pty_expect(pty, "complete");
    int tty = open(pty_slave(pty), O_WRONLY | O_NOCTTY | O_CLOEXEC);
    ck_assert_int_eq(write(tty, junk, sizeof junk - 1), sizeof junk - 1);
    close(tty);
    pty_expect(pty, "junk");
    kill(fullscreen_client(pty), SIGCONT);
    pty_expect_gone(pty, "junk");
    pty_expect(pty, "still here");
    fullscreen_expect_fresh(pty);
    ck_assert(pty_cursor_is_visible(pty));
    finish(pty, server);
}
END_TEST

/* 9600 baud, as looks.line_rate says. */
START_TEST(on_a_slow_line_a_key_goes_first_and_the_screen_follows)
{
    /* Every row that is not blank. */
    static const char *const rows[] = {
        "1 turn", "you ",  "  hi\n", "small:1b ollama", "alpha",
        "beta",   "gamma", "delta",  "epsilon",         "zeta",
        "eta",    "theta", "iota",   "\u2500\u2500",    "complete",
    };
    static const char answer[] = OLLAMA_CHAT OLLAMA_SAY(
        "- alpha alpha alpha alpha alpha alpha alpha alpha alpha alpha\\n"
        "- beta beta beta beta beta beta beta beta beta beta beta beta\\n"
        "- gamma gamma gamma gamma gamma gamma gamma gamma gamma gamma\\n"
        "- delta delta delta delta delta delta delta delta delta delta\\n"
        "- epsilon epsilon epsilon epsilon epsilon epsilon epsilon\\n"
        "- zeta zeta zeta zeta zeta zeta zeta zeta zeta zeta zeta zeta\\n"
        "- eta eta eta eta eta eta eta eta eta eta eta eta eta eta eta\\n"
        "- theta theta theta theta theta theta theta theta theta theta\\n"
        "- iota iota iota iota iota iota iota iota iota iota") OLLAMA_DONE;
    struct server *server = server_start(OLLAMA_MODELS, answer, NULL);
    struct pty *pty = start(server, NULL, "SENNIT_LOOKS_LINE_RATE=960");
    pty_send(pty, "hi\r");
    for (size_t i = 0; i < COUNTOF(rows); i++)
        pty_expect(pty, rows[i]);
    fullscreen_expect_fresh(pty);
    /* A repaint, and at once a key. */
    size_t since = pty_output_len(pty);
    pty_send(pty, "\x0c");
    pty_send(pty, "Q");
    pty_expect(pty, "> Q");
    size_t before_rest = pty_output_len(pty);
    struct slice output = slice_skip(pty_output(pty), since);
    ptrdiff_t echo = slice_find(output, "Q");
    /* The clearing, one budget of 96 bytes and the row that exceeded it. */
    ck_assert_int_ge(echo, 0);
    ck_assert_int_le(echo, 300);
    for (size_t i = 0; i < COUNTOF(rows); i++)
        pty_expect(pty, rows[i]);
    ck_assert_uint_gt(pty_output_len(pty) - before_rest, 300);
    pty_send(pty, "\x7f");
    fullscreen_expect_fresh(pty);
    finish(pty, server);
}
END_TEST

Suite *repaint_suite(void)
{
    Suite *suite = suite_create("repaint");
    TCase *tcase = tcase_create("repaint");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, ten_thousand_sizes_while_an_answer_comes);
    tcase_add_loop_test(tcase, a_thread_that_scrolled_is_the_thread, 0, 5);
    tcase_add_test(tcase, a_long_session_leaves_no_glyph_behind);
    tcase_add_test(tcase, continued_it_shows_its_screen_again);
    tcase_add_test(tcase,
                   on_a_slow_line_a_key_goes_first_and_the_screen_follows);
    suite_add_tcase(suite, tcase);
    return suite;
}
