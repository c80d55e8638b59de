/* SPDX-License-Identifier: MIT */
/*
 * The real program on a terminal, against the scripted server.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "tests/support/fullscreen.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *screen_suite(void);

#define TAGS                                                  \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"     \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"small:1b\\\"," \
    "\\\"size\\\":1000}]}\"\n"
#define PS                                              \
    "match GET /api/ps\ntimes forever\nstatus 200 OK\n" \
    "body \"{\\\"models\\\":[]}\"\n"
#define CHAT "match POST /api/chat\nstatus 200 OK\nchunked\n"
#define SAY(text)                                                   \
    "line {\"model\":\"small:1b\",\"message\":{\"content\":\"" text \
    "\"},\"done\":false}\n"
#define THINK(text)                                               \
    "line {\"model\":\"small:1b\",\"message\":{\"content\":\"\"," \
    "\"thinking\":\"" text "\"},\"done\":false}\n"
#define DONE                                                          \
    "line {\"model\":\"small:1b\",\"message\":{\"content\":\"\"},"    \
    "\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":7," \
    "\"eval_count\":2,\"eval_duration\":1000000}\n"

static const char *program(void)
{
    const char *path = getenv("PROGRAM");
    return path ? path : "build/release/sennit";
}

/* With one more variable of the environment, or NULL. */
static struct pty *start_with(struct server *server, int height, int width,
                              const char *variable)
{
    const char *variables[] = { variable, NULL };
    struct pty_options options = {
        .height = height,
        .width = width,
        .variables = variables,
    };
    return fullscreen_start(server, &options);
}

static struct pty *start_at(struct server *server, int height, int width)
{
    return start_with(server, height, width, NULL);
}

static void quit(struct pty *pty, struct server *server)
{
    fullscreen_quit(pty);
    pty_free(pty);
    server_stop(server);
}

START_TEST(a_prompt_is_answered_and_the_terminal_is_given_back)
{
    struct server *server =
        server_start(TAGS, PS, CHAT SAY("Hello **wo") SAY("rld**") DONE, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "say hello\r");
    pty_expect(pty, "Hello world");
    pty_expect(pty, "complete");
    pty_expect(pty, "say hello");
    quit(pty, server);
}
END_TEST

START_TEST(without_a_server_the_guide_answers)
{
    struct pty *pty = start_at(NULL, 24, 80);
    pty_expect(pty, "guide");
    pty_send(pty, "how do I connect Ollama?\r");
    pty_expect(pty, "not a language model");
    pty_expect(pty, "complete");
    quit(pty, NULL);
}
END_TEST

START_TEST(escape_stops_and_the_partial_stays)
{
    struct server *server = server_start(TAGS, PS, CHAT SAY("Hel") "stall\n",
                                         CHAT SAY("again") DONE, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "one\r");
    pty_expect(pty, "Hel");
    pty_send(pty, "\x1b");
    pty_expect(pty, "stopped by you");
    ck_assert(server_await(server, "closed by the client"));
    ck_assert_ptr_nonnull(strstr(pty_screen(pty), "Hel"));
    pty_send(pty, "two\r");
    pty_expect(pty, "again");
    /* The partial goes back to the model as what it is. */
    ck_assert_ptr_nonnull(strstr(server_received(server), "stopped"));
    quit(pty, server);
}
END_TEST

START_TEST(a_prompt_typed_while_an_answer_comes_waits_for_it)
{
    struct server *server =
        server_start(TAGS, PS, CHAT SAY("ALPHA") "await go\n" DONE,
                     CHAT SAY("second") DONE, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "one\r");
    pty_expect(pty, "ALPHA");
    pty_send(pty, "two\r");
    pty_expect(pty, "queued 1");
    ck_assert_int_eq(server_count(server, "POST /api/chat"), 1);
    server_release(server, "go");
    pty_expect(pty, "second");
    pty_expect_gone(pty, "queued");
    quit(pty, server);
}
END_TEST

START_TEST(send_now_stops_the_answer_and_goes_first)
{
    struct server *server = server_start(TAGS, PS, CHAT SAY("slow") "stall\n",
                                         CHAT SAY("quick") DONE, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "one\r");
    pty_expect(pty, "slow");
    pty_send(pty, "two\x18\r");
    pty_expect(pty, "quick");
    ck_assert_ptr_nonnull(strstr(pty_screen(pty), "slow"));
    quit(pty, server);
}
END_TEST

START_TEST(enter_replaces_the_answer_where_the_setting_says_so)
{
    struct server *server = server_start(TAGS, PS, CHAT SAY("slow") "stall\n",
                                         CHAT SAY("quick") DONE, NULL);
    struct pty *pty =
        start_with(server, 24, 80, "SENNIT_REPLY_ON_BUSY=replace");
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "one\r");
    pty_expect(pty, "slow");
    pty_send(pty, "/status\r");
    pty_expect(pty, "Next prompt");
    pty_send(pty, "\x1b");
    pty_expect_gone(pty, "Next prompt");
    pty_expect(pty, "streaming");
    pty_send(pty, "two\r");
    pty_expect(pty, "quick");
    ck_assert_ptr_nonnull(strstr(pty_screen(pty), "slow"));
    quit(pty, server);
}
END_TEST

START_TEST(thinking_begins_open_where_the_setting_says_so)
{
    struct server *server = server_start(
        TAGS, PS, CHAT THINK("secret steps") SAY("answer") DONE, NULL);
    struct pty *pty = start_with(server, 24, 80, "SENNIT_LOOKS_THINKING=open");
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "one\r");
    pty_expect(pty, "answer");
    pty_expect(pty, "secret steps");
    quit(pty, server);
}
END_TEST

/* Two places show how fast it was: they may not differ. */
START_TEST(a_rate_is_shown_only_where_the_server_counted)
{
    struct server *server = server_start(
        TAGS, PS, CHAT SAY("counted") DONE,
        CHAT SAY("un") "delay 400\n" SAY("counted") "line {\"done\":true}\n",
        NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "one\r");
    /* 2 tokens in 1 ms, in the receipt and in the status line. */
    pty_expect(pty, "| 2000 tok/s");
    pty_expect(pty, "2000 tok/s \u00b7 2 tok");
    pty_send(pty, "/clear\rtwo\r");
    pty_expect(pty, "uncounted");
    pty_expect(pty, "complete");
    ck_assert_ptr_null(strstr(pty_row(pty, 23), "tok/s"));
    quit(pty, server);
}
END_TEST

START_TEST(thinking_is_folded_and_unfolds)
{
    struct server *server = server_start(
        TAGS, PS, CHAT THINK("secret steps") SAY("OMEGA") DONE, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "one\r");
    pty_expect(pty, "OMEGA");
    pty_expect(pty, "thought");
    ck_assert_ptr_null(strstr(pty_screen(pty), "secret steps"));
    pty_send(pty, "\x0f");
    pty_expect(pty, "secret steps");
    quit(pty, server);
}
END_TEST

START_TEST(an_error_is_shown_and_retry_answers)
{
    struct server *server =
        server_start(TAGS, PS,
                     "match POST /api/chat\nstatus 500 Oops\n"
                     "header x-should-retry: false\n"
                     "body \"{\\\"error\\\":\\\"runner died\\\"}\"\n",
                     CHAT SAY("fine now") DONE, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "one\r");
    pty_expect(pty, "runner died");
    pty_send(pty, "/retry\r");
    pty_expect(pty, "fine now");
    quit(pty, server);
}
END_TEST

/* On a small screen too one sees what stops it. */
START_TEST(a_wait_for_another_try_is_stopped_and_says_so)
{
    struct server *server =
        server_start(TAGS, PS,
                     "match POST /api/chat\nstatus 429 Busy\n"
                     "header Retry-After: 50\n"
                     "body \"{\\\"error\\\":\\\"slow down\\\"}\"\n",
                     NULL);
    struct pty *pty = start_at(server, 10, 40);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "one\r");
    pty_expect(pty, "rate limited (1/2), 4");
    pty_expect(pty, " s      Esc stop");
    pty_send(pty, "\x1b");
    pty_expect(pty, "! stopped by you");
    pty_expect(pty, "slow down");
    pty_expect(pty, " stopped by you | small:1b");
    quit(pty, server);
}
END_TEST

START_TEST(what_a_server_refused_is_left_out_and_told_without_an_error)
{
    struct server *server = server_start(
        TAGS, PS,
        "match POST /api/chat\nstatus 400 Bad Request\n"
        "body \"{\\\"error\\\":\\\"\\\\\\\"small:1b\\\\\\\" does not "
        "support thinking\\\"}\"\n",
        CHAT SAY("fine now") DONE, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "/set thinking high\r");
    pty_expect(pty, "reply.thinking is high");
    pty_send(pty, "one\r");
    pty_expect(pty, "fine now");
    pty_expect(pty, "small:1b ollama: sent again without thinking");
    pty_expect(pty, "no thinking");
    pty_expect_gone(pty, "error");
    quit(pty, server);
}
END_TEST

/* The old one stays: a model that was named has none in its place. */
START_TEST(a_model_that_an_ollama_does_not_list_is_not_taken)
{
    struct server *server = server_start(TAGS, PS, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "/model smal:1b\r");
    pty_expect(
        pty, "ollama has no model \"smal:1b\"; did you mean ollama/small:1b?");
    pty_send(pty, "\x15/model ollama/small\r");
    pty_expect(pty,
               "ollama has no model \"small\"; did you mean ollama/small:1b?");
    pty_send(pty, "\x15/model guide\r");
    pty_expect(pty, "the next prompt goes to guide at guide");
    pty_send(pty, "/model ollama/nothing\r");
    pty_expect(pty, "ollama has no model \"nothing\"; /pull nothing gets it");
    pty_expect(pty, "guide@guide");
    pty_send(pty, "\x15/model small:1b\r");
    pty_expect(pty, "the next prompt goes to small:1b at ollama");
    quit(pty, server);
}
END_TEST

/* Other servers take names that they do not list. */
START_TEST(a_model_that_another_server_does_not_list_is_taken_and_told)
{
    struct server *server =
        server_start("match GET /v1/models\ntimes forever\nstatus 200 OK\n"
                     "body \"{\\\"object\\\":\\\"list\\\",\\\"data\\\":["
                     "{\\\"id\\\":\\\"granite\\\"}]}\"\n",
                     NULL);
    struct buf settings = { 0 };
    buf_printf(&settings,
               "endpoints:\n  box:\n    url: %s\n"
               "    dialect: chat-completions\n    trust: own\n",
               server_url(server, "/v1"));
    struct pty *pty = fullscreen_new(
        NULL, &(struct pty_options){ .height = 24, .width = 80 });
    pty_write_file(pty, ".config/sennit/config.yaml", buf_string(&settings));
    fullscreen_run(pty);
    pty_expect(pty, "granite@box");
    pty_send(pty, "/model box/granit\r");
    pty_expect(pty,
               "the next prompt goes to granit at box; box lists no model");
    pty_expect(pty, "granite?");
    pty_expect(pty, "granit@box");
    buf_clear(&settings);
    quit(pty, server);
}
END_TEST

START_TEST(an_unknown_command_is_refused_and_not_sent)
{
    struct server *server = server_start(TAGS, PS, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "/modle\r");
    pty_expect(pty, "did you mean /model");
    ck_assert_int_eq(server_count(server, "POST"), 0);
    pty_send(pty, "\x03");
    quit(pty, server);
}
END_TEST

START_TEST(a_large_paste_is_one_token_and_sent_whole)
{
    struct server *server = server_start(TAGS, PS, CHAT SAY("read") DONE, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "sum up \x1b[200~1\r2\r3\r4\r5\r6\r7\r8\rnine\x1b[201~");
    pty_expect(pty, "> sum up [pasted 9 lines, 20 B]");
    pty_send(pty, " now\x17");
    pty_expect(pty, "9 lines, 20 B]");
    pty_expect_gone(pty, "now");
    pty_send(pty, "\x17");
    pty_expect_gone(pty, "pasted");
    pty_send(pty, "\x19");
    pty_expect(pty, "20 B] now");
    pty_send(pty, "\r");
    pty_expect(pty, "read");
    ck_assert(server_await(server, "sum up 1\\n2\\n3\\n4\\n5\\n6\\n7\\n8"
                                   "\\nnine now"));
    /* It comes back as it was, and shows what it is. */
    pty_send(pty, "\x1b[A");
    pty_expect(pty, "> sum up [pasted 9 lines, 20 B] now");
    pty_send(pty, "\x1bv");
    pty_expect(pty, "↑ 2");
    pty_expect_gone(pty, "pasted");
    pty_send(pty, "\x03");
    pty_expect_gone(pty, "↑ 2");
    quit(pty, server);
}
END_TEST

START_TEST(an_earlier_prompt_is_found_while_one_types)
{
    struct server *server = server_start(TAGS, PS, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    /* Cleared drafts are in the history too. */
    static const char *const drafts[] = { "fix the tests", "fix the build",
                                          "explain it" };
    for (size_t i = 0; i < COUNTOF(drafts); i++) {
        pty_send(pty, drafts[i]);
        pty_expect(pty, drafts[i]);
        pty_send(pty, "\x03");
        pty_expect_gone(pty, drafts[i]);
    }
    pty_send(pty, "my draft");
    pty_expect(pty, "> my draft");
    pty_send(pty, "\x12"
                  "fix");
    pty_expect(pty, "search: fix");
    pty_expect(pty, "fix the build");
    pty_send(pty, "\x12");
    pty_expect(pty, "fix the tests");
    pty_send(pty, "zz");
    pty_expect(pty, "not found: fixzz");
    pty_send(pty, "\x1b");
    pty_expect(pty, "> my draft");
    pty_send(pty, "\x12\x12");
    pty_expect(pty, "not found: fixzz");
    pty_send(pty, "\b\b");
    pty_expect(pty, "fix the build");
    pty_send(pty, "\r");
    pty_expect(pty, "> fix the build");
    ck_assert_int_eq(server_count(server, "POST"), 0);
    pty_send(pty, "\x1f");
    pty_expect(pty, "> my draft");
    pty_send(pty, "\x03");
    pty_expect_gone(pty, "> my draft");
    quit(pty, server);
}
END_TEST

START_TEST(a_paste_never_submits)
{
    struct server *server = server_start(TAGS, PS, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "\x1b[200~line one\rline two\r\x1b[201~");
    pty_expect(pty, "line two");
    ck_assert_int_eq(server_count(server, "POST"), 0);
    pty_send(pty, "\x03");
    pty_expect_gone(pty, "line two");
    quit(pty, server);
}
END_TEST

START_TEST(the_draft_survives_a_stop_and_comes_back_after_a_clear)
{
    struct server *server =
        server_start(TAGS, PS, CHAT SAY("Hel") "stall\n", NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "one\r");
    pty_expect(pty, "Hel");
    pty_send(pty, "my draft\x03");
    pty_expect(pty, "stopped by you");
    pty_expect(pty, "> my draft");
    pty_send(pty, "\x03");
    pty_expect_gone(pty, "> my draft");
    pty_send(pty, "\x1b[A");
    pty_expect(pty, "> my draft");
    pty_send(pty, "\x03");
    pty_expect_gone(pty, "> my draft");
    quit(pty, server);
}
END_TEST

START_TEST(ctrl_c_twice_quits)
{
    struct pty *pty = start_at(NULL, 24, 80);
    pty_expect(pty, "F1 help");
    pty_send(pty, "\x03");
    pty_expect(pty, "again quits");
    pty_send(pty, "\x03");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    pty_free(pty);
}
END_TEST

START_TEST(help_lists_keys_and_commands_and_closes)
{
    struct pty *pty = start_at(NULL, 60, 100);
    pty_expect(pty, "F1 help");
    pty_send(pty, "/help\r");
    pty_expect(pty, "send the prompt");
    pty_expect(pty, "Esc closes");
    pty_send(pty, "\x1b");
    pty_expect_gone(pty, "Esc closes");
    quit(pty, NULL);
}
END_TEST

/* Sizes from nothing to large; the program must live and show the text. */
START_TEST(any_size_is_survived)
{
    static const int sizes[][2] = { { 1, 1 },   { 2, 3 },     { 1, 500 },
                                    { 200, 1 }, { 200, 500 }, { 5, 20 },
                                    { 40, 10 }, { 10, 40 } };
    struct server *server =
        server_start(TAGS, PS, CHAT SAY("Hello world") DONE, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "hi\r");
    pty_expect(pty, "Hello world");
    for (size_t i = 0; i < COUNTOF(sizes); i++)
        pty_resize(pty, sizes[i][0], sizes[i][1]);
    pty_resize(pty, 24, 80);
    pty_expect(pty, "Hello world");
    quit(pty, server);
}
END_TEST

START_TEST(a_long_answer_is_followed_only_at_the_bottom)
{
    static const char scenario[] =
        CHAT "repeat 60\n" SAY("line\\n\\n") "end\n" SAY(
            "HALF\\n\\n") "await go\n"
                          "repeat 20\n" SAY("more\\n\\n") "end\n" SAY("THE END")
                              DONE;
    struct server *server = server_start(TAGS, PS, scenario, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "FIRST\r");
    pty_expect(pty, "HALF");
    pty_send(pty, "\x1b[1;5H");
    pty_expect(pty, "you ");
    server_release(server, "go");
    pty_expect(pty, "new lines below");
    ck_assert_ptr_null(strstr(pty_screen(pty), "THE END"));
    pty_send(pty, "\x1b[1;5F");
    pty_expect(pty, "THE END");
    quit(pty, server);
}
END_TEST

START_TEST(hostile_text_cannot_reach_the_terminal)
{
    struct server *server = server_start(
        TAGS, PS,
        CHAT SAY("a\\u001b]0;pwned\\u0007b\\u001b[2Jc\\u009b31md") DONE, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "hi\r");
    pty_expect(pty, "pwned");
    pty_expect(pty, "complete");
    struct slice output = pty_output(pty);
    ck_assert_int_lt(slice_find(output, "\x1b]0;pwned"), 0);
    ck_assert_int_lt(slice_find(output, "\xc2\x9b"), 0);
    quit(pty, server);
}
END_TEST

START_TEST(a_signal_ends_it_with_its_status_and_a_clean_terminal)
{
    static const struct {
        int signal_number, status;
    } rows[] = { { SIGTERM, 143 }, { SIGHUP, 129 } };
    struct pty *pty = start_at(NULL, 24, 80);
    struct termios termios;
    pty_expect(pty, "F1 help");
    pty_signal(pty, rows[_i].signal_number);
    int status = pty_wait_exit(pty, PTY_DEADLINE_MS);
    /* The guard ignores HUP: the client hears of it from the kernel. */
    if (rows[_i].signal_number == SIGTERM)
        ck_assert_int_eq(status, rows[_i].status);
    pty_termios(pty, &termios);
    ck_assert(termios.c_lflag & ICANON);
    ck_assert(!pty_is_alternate(pty));
    pty_free(pty);
}
END_TEST

START_TEST(a_dead_address_never_delays_the_prompt)
{
    /* Nothing answers there: TEST-NET-1 of RFC 5737. */
    const char *variables[] = { "OLLAMA_HOST=192.0.2.1", NULL };
    struct pty_options options = { .variables = variables };
    struct pty *pty = pty_new(&options);
    const char *const words[] = { program(), NULL };
    pty_start(pty, words);
    pty_expect(pty, "F1 help");
    pty_send(pty, "typed");
    pty_expect(pty, "> typed");
    pty_send(pty, "\x03");
    quit(pty, NULL);
}
END_TEST

START_TEST(a_locale_without_utf8_gets_ascii_only)
{
    static const char *const variables[] = { "OLLAMA_HOST=127.0.0.1:1",
                                             "LC_ALL=C", NULL };
    struct pty_options options = { .height = 30, .variables = variables };
    struct pty *pty = pty_new(&options);
    const char *const words[] = { program(), NULL };
    pty_start(pty, words);
    pty_expect(pty, "F1 help");
    pty_expect(pty, "------------");
    pty_send(pty, "\x1bOP");
    pty_expect(pty, "--- help F1 ---");
    pty_expect(pty, "Esc closes");
    pty_send(pty, "\x03");
    pty_expect_gone(pty, "Esc closes");
    pty_send(pty, "how do I connect Ollama?\r");
    pty_expect(pty, "complete");
    ck_assert_ptr_null(strstr(pty_screen(pty), "??"));
    struct slice output = pty_output(pty);
    for (size_t i = 0; i < output.len; i++)
        ck_assert_uint_lt((uint8_t)output.ptr[i], 0x80);
    quit(pty, NULL);
}
END_TEST

/* A paste that feigns its end must not send, clear or leave. */
START_TEST(what_follows_a_paste_in_the_same_bytes_is_not_obeyed)
{
    struct server *server = server_start(TAGS, PS, CHAT SAY("pong") DONE, NULL);
    struct pty *pty = start_at(server, 24, 80);
    pty_expect(pty, "small:1b@ollama");
    pty_send(pty, "\x1b[200~ping\x1b[201~\r");
    pty_expect(pty, "came together with a paste");
    pty_expect(pty, "> ping");
    ck_assert_int_eq(server_count(server, "POST"), 0);
    pty_send(pty, "\r");
    pty_expect(pty, "pong");
    quit(pty, server);
}
END_TEST

START_TEST(ctrl_c_stays_armed_for_a_moment_only)
{
    struct pty *pty = start_at(NULL, 24, 80);
    pty_expect(pty, "F1 help");
    pty_send(pty, "\x03");
    pty_expect(pty, "again quits");
    pty_expect_gone(pty, "again quits");
    pty_send(pty, "\x03");
    pty_expect(pty, "again quits");
    pty_send(pty, "x");
    pty_expect_gone(pty, "again quits");
    pty_send(pty, "\x03");
    pty_expect_gone(pty, "> x");
    quit(pty, NULL);
}
END_TEST

static bool is_raw(struct pty *pty, void *context)
{
    struct termios termios;
    (void)context;
    pty_termios(pty, &termios);
    return !(termios.c_lflag & ICANON);
}

static bool is_cooked(struct pty *pty, void *context)
{
    return !is_raw(pty, context);
}

/* As after `kill -STOP`, where a shell took the terminal meanwhile. */
START_TEST(continued_it_takes_the_terminal_again)
{
    struct pty *pty = start_at(NULL, 24, 80);
    struct termios cooked;
    pty_expect(pty, "F1 help");
    pty_termios(pty, &cooked);
    cooked.c_lflag |= ICANON | ECHO | ISIG;
    int fd = open(pty_slave(pty), O_RDWR | O_NOCTTY | O_CLOEXEC);
    ck_assert_int_eq(tcsetattr(fd, TCSANOW, &cooked), 0);
    ck_assert(!is_raw(pty, NULL));
    kill(fullscreen_client(pty), SIGCONT);
    ck_assert(pty_wait_until(pty, is_raw, NULL, PTY_DEADLINE_MS));
    close(fd);
    quit(pty, NULL);
}
END_TEST

static bool has_left(struct pty *pty, void *context)
{
    (void)context;
    return !pty_is_alternate(pty);
}

START_TEST(a_guard_that_dies_takes_the_client_with_it)
{
    /* Not SEGV, which a sanitizer takes for itself. */
    static const int numbers[] = { SIGKILL, SIGABRT, SIGTRAP };
    struct pty *pty = start_at(NULL, 24, 80);
    pty_expect(pty, "F1 help");
    pty_signal(pty, numbers[_i]);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 128 + numbers[_i]);
    ck_assert(pty_wait_gone(pty, "F1 help", PTY_DEADLINE_MS));
    /* The client outlives its guard by a moment. */
    ck_assert(pty_wait_until(pty, is_cooked, NULL, PTY_DEADLINE_MS));
    ck_assert(pty_wait_until(pty, has_left, NULL, PTY_DEADLINE_MS));
    pty_free(pty);
}
END_TEST

Suite *screen_suite(void)
{
    Suite *suite = suite_create("screen");
    TCase *tcase = tcase_create("screen");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, a_prompt_is_answered_and_the_terminal_is_given_back);
    tcase_add_test(tcase, without_a_server_the_guide_answers);
    tcase_add_test(tcase, escape_stops_and_the_partial_stays);
    tcase_add_test(tcase, a_prompt_typed_while_an_answer_comes_waits_for_it);
    tcase_add_test(tcase, send_now_stops_the_answer_and_goes_first);
    tcase_add_test(tcase, enter_replaces_the_answer_where_the_setting_says_so);
    tcase_add_test(tcase, thinking_begins_open_where_the_setting_says_so);
    tcase_add_test(tcase, a_rate_is_shown_only_where_the_server_counted);
    tcase_add_test(tcase, thinking_is_folded_and_unfolds);
    tcase_add_test(tcase, an_error_is_shown_and_retry_answers);
    tcase_add_test(tcase, a_wait_for_another_try_is_stopped_and_says_so);
    tcase_add_test(tcase, a_model_that_an_ollama_does_not_list_is_not_taken);
    tcase_add_test(tcase,
                   a_model_that_another_server_does_not_list_is_taken_and_told);
    tcase_add_test(tcase,
                   what_a_server_refused_is_left_out_and_told_without_an_error);
    tcase_add_test(tcase, an_unknown_command_is_refused_and_not_sent);
    tcase_add_test(tcase, a_paste_never_submits);
    tcase_add_test(tcase, a_large_paste_is_one_token_and_sent_whole);
    tcase_add_test(tcase, an_earlier_prompt_is_found_while_one_types);
    tcase_add_test(tcase,
                   the_draft_survives_a_stop_and_comes_back_after_a_clear);
    tcase_add_test(tcase, ctrl_c_twice_quits);
    tcase_add_test(tcase, ctrl_c_stays_armed_for_a_moment_only);
    tcase_add_test(tcase, what_follows_a_paste_in_the_same_bytes_is_not_obeyed);
    tcase_add_test(tcase, a_locale_without_utf8_gets_ascii_only);
    tcase_add_test(tcase, continued_it_takes_the_terminal_again);
    tcase_add_loop_test(tcase, a_guard_that_dies_takes_the_client_with_it, 0,
                        3);
    tcase_add_test(tcase, help_lists_keys_and_commands_and_closes);
    tcase_add_test(tcase, any_size_is_survived);
    tcase_add_test(tcase, a_long_answer_is_followed_only_at_the_bottom);
    tcase_add_test(tcase, hostile_text_cannot_reach_the_terminal);
    tcase_add_loop_test(
        tcase, a_signal_ends_it_with_its_status_and_a_clean_terminal, 0, 1);
    tcase_add_test(tcase, a_dead_address_never_delays_the_prompt);
    suite_add_tcase(suite, tcase);
    return suite;
}
