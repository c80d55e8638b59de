/* SPDX-License-Identifier: MIT */
/*
 * /set, /show and /debug on the screen of the real program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *tuning_suite(void);

#define ANSWER                                                        \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"   \
    "line {\"model\":\"m\",\"message\":{\"content\":\"Hello\","       \
    "\"thinking\":\"pondering\"},\"done\":false}\n"                   \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},"           \
    "\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":7," \
    "\"eval_count\":2}\n"

static struct pty *start(struct server *server)
{
    char host[64];
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(server));
    const char *variables[] = { host, NULL };
    const char *path = getenv("PROGRAM");
    struct pty *pty = pty_new(&(struct pty_options){
        .height = 30, .width = 120, .variables = variables });
    pty_write_file(pty, ".config/sennit/config.yaml",
                   "reply: {temperature: 0.7}\nsystem: |\n  be terse\n"
                   "  be kind\n");
    pty_start(pty, (const char *const[]){ path ? path : "build/release/sennit",
                                          "-m", "ollama/m", NULL });
    pty_expect(pty, "m@ollama");
    return pty;
}

static void leave(struct pty *pty, struct server *server)
{
    pty_send(pty, "\x04");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    pty_free(pty);
    server_stop(server);
}

START_TEST(a_setting_of_the_reply_counts_for_the_next_request)
{
    struct server *server = server_start(ANSWER, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "/set reply.temperature\r");
    pty_expect(pty,
               "reply.temperature is 0.7 (~/.config/sennit/config.yaml:1)");
    pty_send(pty, "/set reply.temperature 0.25\r");
    pty_expect(pty, "reply.temperature is 0.25 from now on");
    pty_send(pty, "hi\r");
    pty_expect(pty, "complete");
    ck_assert_ptr_nonnull(
        strstr(server_received(server), "\"temperature\":0.25"));
    pty_send(pty, "/show reply.temperature\r");
    pty_expect(pty, "reply.temperature is 0.25 (/set)");
    pty_send(pty, "/set reply.temperature null\r");
    pty_expect(pty, "reply.temperature is the server's own from now on");
    leave(pty, server);
}
END_TEST

START_TEST(tools_are_offered_as_they_are_named_last)
{
    struct server *server = server_start(ANSWER, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "/set tools.use [read_file, gqu]\r");
    pty_expect(pty, "there is no tool \"gqu\"");
    pty_send(pty, "hi\r");
    pty_expect(pty, "complete");
    ck_assert_ptr_nonnull(strstr(server_received(server), "\"read_file\""));
    ck_assert_ptr_null(strstr(server_received(server), "\"write_file\""));
    pty_send(pty, "/set tools.use [write_file]\r");
    pty_expect(pty, "tools.use is [write_file] from now on");
    pty_send(pty, "again\r");
    ck_assert(server_await(server, "\"write_file\""));
    leave(pty, server);
}
END_TEST

START_TEST(keys_panels_and_thinking_change_at_once)
{
    struct server *server = server_start(ANSWER, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "/set keys.palette Ctrl-T\r");
    pty_expect(pty, "keys.palette is Ctrl-T from now on");
    pty_send(pty, "\x14");
    pty_expect(pty, "palette");
    pty_expect(pty, "edit-queued");
    pty_send(pty, "\x1b");
    pty_expect_gone(pty, "edit-queued");
    pty_send(pty, "/set looks.panels.trace open\r");
    pty_expect(pty, "No requests yet");
    pty_send(pty, "/set looks.panels.trace closed\r");
    pty_expect_gone(pty, "No requests yet");
    pty_send(pty, "hi\r");
    pty_expect(pty, "complete");
    pty_expect_gone(pty, "pondering");
    pty_send(pty, "/set looks.thinking open\r");
    pty_expect(pty, "pondering");
    leave(pty, server);
}
END_TEST

START_TEST(what_cannot_change_is_refused_with_the_reason)
{
    static const char *const cases[][2] = {
        { "/set endpoints.ollama.url x", "endpoints.ollama.url is read when "
                                         "sennit starts; there: sennit --set" },
        { "/set looks.times true", "looks.times has no effect in this" },
        { "/set model x", "/model takes another model" },
        { "/set system x", "/system changes the prompt" },
        { "/set reply.temprature 1", "did you mean reply.temperature?" },
        { "/set reply.temperature hot", "expected a number, found \"hot\"" },
        { "/set hooks.run-finishd [x]", "did you mean run-finished?" },
        { "/set reply {}", "reply is a map" },
        { "/show reply.temprature", "did you mean reply.temperature?" },
    };
    struct server *server = server_start(ANSWER, NULL);
    struct pty *pty = start(server);
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        pty_send(pty, cases[i][0]);
        pty_send(pty, "\r");
        pty_expect(pty, cases[i][1]);
        /* The line stays, to be mended. */
        pty_expect(pty, cases[i][0]);
        pty_send(pty, "\x03");
        pty_expect_gone(pty, cases[i][0]);
    }
    leave(pty, server);
}
END_TEST

START_TEST(show_opens_a_panel_that_is_searched_by_typing)
{
    struct server *server = server_start(ANSWER, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "/show\r");
    pty_expect(pty, "~/.config/sennit/config.yaml:1");
    pty_expect(pty, "reply.top_p");
    pty_send(pty, "frames");
    pty_expect_gone(pty, "reply.top_p");
    pty_expect(pty, "looks.frames");
    pty_send(pty, "\r");
    pty_expect(pty, "looks.frames is not set; default: 10");
    pty_send(pty, "/show system\r");
    pty_expect(pty, "system prompt");
    pty_expect(pty, "be kind");
    pty_send(pty, "\x1b");
    pty_expect_gone(pty, "be kind");
    leave(pty, server);
}
END_TEST

START_TEST(settings_complete_what_is_typed)
{
    struct server *server = server_start(ANSWER, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "/set looks.f");
    pty_expect(pty, "frames per second while text arrives");
    pty_send(pty, "\t");
    pty_expect(pty, "> /set looks.frames");
    pty_send(pty, "20\r");
    pty_expect(pty, "looks.frames is 20 from now on");
    leave(pty, server);
}
END_TEST

START_TEST(the_last_part_of_a_name_is_enough)
{
    struct server *server = server_start(ANSWER, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "/set frames 20\r");
    pty_expect(pty, "looks.frames is 20 from now on");
    pty_send(pty, "/set parameter temperature 0.2\r");
    pty_expect(pty, "reply.temperature is 0.2 from now on");
    pty_send(pty, "/set nonsense 1\r");
    pty_expect(pty, "there is no setting nonsense");
    pty_send(pty, "\x03");
    pty_expect_gone(pty, "> /set");
    leave(pty, server);
}
END_TEST

START_TEST(a_debug_log_begins_and_ends_while_it_runs)
{
    struct server *server = server_start(ANSWER, NULL);
    struct pty *pty = start(server);
    char line[256];
    snprintf(line, sizeof line, "/debug %s\r", pty_path(pty, "log"));
    pty_send(pty, "/debug\r");
    pty_expect(pty, "no debug log is written");
    pty_send(pty, line);
    pty_expect(pty, "events and requests are appended to");
    pty_send(pty, "/status\r");
    pty_expect(pty, "debug log");
    pty_send(pty, "\x1b");
    pty_expect_gone(pty, "debug log");
    pty_send(pty, "/debug off\r");
    pty_expect(pty, "no debug log is written");
    pty_send(pty, "/debug /dev/null\r");
    pty_expect(pty, "/dev/null is no file of yours");
    pty_send(pty, "\x03");
    pty_expect_gone(pty, "> /debug");
    leave(pty, server);
}
END_TEST

Suite *tuning_suite(void)
{
    Suite *suite = suite_create("tuning");
    TCase *tcase = tcase_create("tuning");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_setting_of_the_reply_counts_for_the_next_request);
    tcase_add_test(tcase, tools_are_offered_as_they_are_named_last);
    tcase_add_test(tcase, keys_panels_and_thinking_change_at_once);
    tcase_add_test(tcase, what_cannot_change_is_refused_with_the_reason);
    tcase_add_test(tcase, show_opens_a_panel_that_is_searched_by_typing);
    tcase_add_test(tcase, settings_complete_what_is_typed);
    tcase_add_test(tcase, the_last_part_of_a_name_is_enough);
    tcase_add_test(tcase, a_debug_log_begins_and_ends_while_it_runs);
    suite_add_tcase(suite, tcase);
    return suite;
}
