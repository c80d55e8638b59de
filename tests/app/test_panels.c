/* SPDX-License-Identifier: MIT */
/*
 * Panels, the palette and what completes a slash, in the real program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *panels_suite(void);

#define TAGS                                                               \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\nchunked\n"         \
    "line {\"models\":[{\"name\":\"small:1b\",\"size\":1000},{\"name\":\"" \
    "large:9b\",\"size\":9000}]}\n"
#define PS                                                       \
    "match GET /api/ps\ntimes forever\nstatus 200 OK\nchunked\n" \
    "line {\"models\":[{\"name\":\"small:1b\"}]}\n"
#define ANSWER(text)                                              \
    "match POST /api/chat\nstatus 200 OK\nchunked\n"              \
    "line {\"message\":{\"content\":\"" text "\"},\"done\":true," \
    "\"done_reason\":\"stop\"}\n"

static struct server *server;
static struct pty *pty;
static int rows; /* of the screen */

/* With a file config.yaml, or NULL. */
static void begin(int height, int width, const char *config)
{
    const char *program = getenv("PROGRAM");
    const char *const words[] = { program ? program : "build/release/sennit",
                                  NULL };
    char host[64];
    rows = height;
    const char *variables[] = { host, NULL };
    struct pty_options options = { height, width, NULL, variables };
    server = server_start(TAGS, PS, ANSWER("first answer"),
                          ANSWER("second answer"), NULL);
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(server));
    pty = pty_new(&options);
    if (config)
        pty_write_file(pty, ".config/sennit/config.yaml", config);
    pty_start(pty, words);
    pty_expect(pty, "small:1b@ollama");
}

static void end(void)
{
    pty_send(pty, "\x04");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    pty_free(pty);
    server_stop(server);
}

static void press(const char *keys, const char *appears)
{
    pty_send(pty, keys);
    pty_expect(pty, appears);
}

static void press_gone(const char *keys, const char *goes)
{
    pty_send(pty, keys);
    pty_expect_gone(pty, goes);
}

static bool shows(const char *text)
{
    return strstr(pty_screen(pty), text) != NULL;
}

START_TEST(each_panel_has_a_function_key_and_a_twin_and_both_close_it)
{
    static const struct {
        const char *key, *twin, *rule;
    } panels[] = {
        { "\x1bOP", "\x18h", "\u2500 help F1 \u2500" },
        { "\x1bOQ",
          "\x18"
          "b",
          "\u2500 budget F2 \u2500" },
        { "\x1bOR", "\x18t", "\u2500 tools F3 \u2500" },
        { "\x1bOS", "\x18g", "\u2500 graph F4 \u2500" },
        { "\x1b[15~", "\x18w", "\u2500 trace F5 \u2500" },
        { "\x1b[17~", "\x18m", "\u2500 models F6 \u2500" },
        { "\x1b[21~", "\x18p", "\u2500 palette F10 \u2500" },
        { "\x18s", "\x18s", "\u2500 sessions Ctrl-X s \u2500" },
    };
    begin(24, 80, NULL);
    for (size_t i = 0; i < COUNTOF(panels); i++) {
        press(panels[i].key, panels[i].rule);
        press_gone(panels[i].twin, panels[i].rule);
        press(panels[i].twin, panels[i].rule);
        press_gone(panels[i].key, panels[i].rule);
    }
    end();
}
END_TEST

START_TEST(a_small_screen_shows_one_panel_at_a_time)
{
    begin(15, 80, NULL);
    press("\x18"
          "b",
          "budget F2");
    pty_send(pty, "\x18t");
    pty_expect(pty, "tools F3");
    ck_assert(!shows("budget F2"));
    /* The other one is below it. */
    press_gone("\x18t", "tools F3");
    pty_expect(pty, "budget F2");
    press_gone("\x18"
               "b",
               "budget F2");
    end();
}
END_TEST

START_TEST(a_large_screen_shows_all_of_them)
{
    static const char *const rules[] = { "budget F2", "tools F3", "graph F4",
                                         "trace F5" };
    begin(50, 200, NULL);
    press("\x18"
          "b\x18t\x18g\x18w",
          "trace F5");
    for (size_t i = 0; i < COUNTOF(rules); i++)
        pty_expect(pty, rules[i]);
    end();
}
END_TEST

static int row_of(const char *text)
{
    for (int row = 0; row < rows; row++) {
        if (strstr(pty_row(pty, row), text))
            return row;
    }
    return -1;
}

static bool is_at(struct pty *terminal, void *context)
{
    const int *row = context;
    (void)terminal;
    return row_of("trace F5") == *row;
}

static void expect_at(int row)
{
    ck_assert_msg(pty_wait_until(pty, is_at, &row, PTY_DEADLINE_MS),
                  "not in row %d:\n%s", row, pty_screen(pty));
}

START_TEST(a_height_is_changed_by_keys_and_kept_when_it_closes)
{
    begin(40, 80, NULL);
    press("\x18w", "trace F5");
    int row = row_of("trace F5");
    pty_send(pty, "\x18+\x18+\x18+");
    expect_at(row - 3);
    pty_send(pty, "\x18-");
    expect_at(row - 2);
    press_gone("\x18w", "trace F5");
    pty_send(pty, "\x18w");
    expect_at(row - 2);
    end();
}
END_TEST

START_TEST(what_is_typed_finds_and_enter_takes_the_model)
{
    begin(24, 80, NULL);
    press("\x18m", "ollama/large:9b");
    press("LARGE", "find: LARGE");
    pty_expect_gone(pty, "ollama/small:1b");
    press("\x7f", "find: LARG ");
    press("\r", "the next prompt goes to large:9b at ollama");
    pty_expect_gone(pty, "models F6");
    press("hello\r", "first answer");
    ck_assert(server_await(server, "\"model\":\"large:9b\""));
    /* The arrow keys choose, too. */
    press("\x18m", "models F6");
    pty_send(pty, "\x1b[A\r");
    pty_expect(pty, "the next prompt goes to small:1b");
    press("again\r", "second answer");
    ck_assert(server_await(server, "\"model\":\"small:1b\""));
    end();
}
END_TEST

START_TEST(escape_takes_the_filter_then_the_panel_and_the_draft_stays)
{
    begin(24, 80, NULL);
    press("my draft", "> my draft");
    press("\x18p", "palette F10");
    press("quit", "find: quit");
    press_gone("\x1b", "find: quit");
    pty_expect(pty, "palette F10");
    press_gone("\x1b", "palette F10");
    pty_expect(pty, "> my draft");
    press_gone("\x03", "> my draft");
    end();
}
END_TEST

START_TEST(typing_while_a_band_is_open_goes_to_the_prompt)
{
    begin(24, 80, NULL);
    press("\x18"
          "b",
          "budget F2");
    press("typed", "> typed");
    pty_expect(pty, "draft ");
    press("\r", "first answer");
    pty_expect(pty, "budget F2");
    /* A panel with rows takes the keys until Escape. */
    press("\x18g", "Esc returns");
    press("first", "find: first");
    ck_assert(!shows("> first"));
    press_gone("\x1b", "find: first");
    press_gone("\x1b", "Esc returns");
    press("more", "> more");
    pty_expect(pty, "graph F4");
    press_gone("\x03", "> more");
    end();
}
END_TEST

static bool is_chosen(const char *text)
{
    struct pty_cell cell = pty_cell(pty, row_of(text), 1);
    return cell.reverse || cell.background >= 0;
}

static bool is_row_chosen(struct pty *terminal, void *context)
{
    (void)terminal;
    (void)context;
    return is_chosen("/models ");
}

START_TEST(a_slash_is_completed_by_tab_and_by_arrows)
{
    begin(24, 80, NULL);
    press("/ren", "/rename TITLE");
    press_gone("\t", "commands \u2500");
    pty_expect(pty, "> /rename");
    press("My title\r", " My title");
    pty_expect_gone(pty, "> /rename");
    /* The first Down takes the first row, and shows it. */
    press("/mod", "/models ");
    ck_assert(!is_chosen("/models "));
    pty_send(pty, "\x1b[B");
    ck_assert(pty_wait_until(pty, is_row_chosen, NULL, PTY_DEADLINE_MS));
    press("\r", "models F6");
    press_gone("\x1b", "models F6");
    /* Escape sends the rows away and leaves the draft. */
    press("/sta", "/status ");
    press_gone("\x1b", "commands \u2500");
    pty_expect(pty, "> /sta");
    press_gone("\x03", "> /sta");
    press("/model la", "/model ollama/large:9b");
    pty_send(pty, "\t");
    press("\r", "the next prompt goes to large:9b");
    end();
}
END_TEST

START_TEST(an_unknown_command_is_refused_with_the_nearest_and_kept)
{
    begin(24, 80, NULL);
    press("/renmae x\r", "there is no command /renmae; did you mean /rename");
    pty_expect(pty, "> /renmae x");
    ck_assert_int_eq(server_count(server, "POST"), 0);
    press_gone("\x03", "> /renmae");
    press("/usr/bin is full\r", "first answer");
    end();
}
END_TEST

START_TEST(the_palette_does_what_was_found)
{
    begin(24, 80, NULL);
    press("hello\r", "first answer");
    press("\x1bx", "palette F10");
    press("fresh", "start a fresh conversation");
    press_gone("\r", "first answer");
    pty_expect_gone(pty, "palette F10");
    pty_expect(pty, "sennit chats with language models");
    end();
}
END_TEST

START_TEST(keys_that_a_profile_changed_count_and_are_shown)
{
    begin(24, 100, "keys:\n  budget: F9\n  graph: Ctrl-T\n");
    press("\x1b[20~", "budget F9");
    press_gone("\x1b[20~", "budget F9");
    press("\x14", "graph Ctrl-T");
    press_gone("\x14", "graph Ctrl-T");
    /* The old key is nobody's. */
    pty_send(pty, "\x1bOQ");
    press("x", "> x");
    ck_assert(!shows("budget"));
    press_gone("\x03", "> x");
    end();
}
END_TEST

START_TEST(keys_that_cannot_be_are_complained_of_with_file_and_line)
{
    begin(24, 160,
          "keys:\n  budgte: F9\n  graph: Ctrl-Wombat\n  tools: F8\n"
          "  trace: F8\n");
    pty_expect(pty, "config.yaml:2: keys.budgte: there is no action budgte; "
                    "did you mean budget?");
    pty_expect(pty, "config.yaml:3: ");
    pty_expect(pty, "F8 belongs to tools already");
    press("\x1b[19~", "tools F8");
    pty_expect_gone(pty, "config.yaml:2");
    end();
}
END_TEST

Suite *panels_suite(void)
{
    Suite *suite = suite_create("panels");
    TCase *tcase = tcase_create("panels");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase,
                   each_panel_has_a_function_key_and_a_twin_and_both_close_it);
    tcase_add_test(tcase, a_small_screen_shows_one_panel_at_a_time);
    tcase_add_test(tcase, a_large_screen_shows_all_of_them);
    tcase_add_test(tcase, a_height_is_changed_by_keys_and_kept_when_it_closes);
    tcase_add_test(tcase, what_is_typed_finds_and_enter_takes_the_model);
    tcase_add_test(tcase,
                   escape_takes_the_filter_then_the_panel_and_the_draft_stays);
    tcase_add_test(tcase, typing_while_a_band_is_open_goes_to_the_prompt);
    tcase_add_test(tcase, a_slash_is_completed_by_tab_and_by_arrows);
    tcase_add_test(tcase,
                   an_unknown_command_is_refused_with_the_nearest_and_kept);
    tcase_add_test(tcase, the_palette_does_what_was_found);
    tcase_add_test(tcase, keys_that_a_profile_changed_count_and_are_shown);
    tcase_add_test(tcase,
                   keys_that_cannot_be_are_complained_of_with_file_and_line);
    suite_add_tcase(suite, tcase);
    return suite;
}
