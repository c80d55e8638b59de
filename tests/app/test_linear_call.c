/* SPDX-License-Identifier: MIT */
/*
 * A call of a tool that asks, on a terminal without a screen: the real program,
 * a model that wants to read a file that is none of the working directory's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/ollama.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *linear_call_suite(void);

#define CALLS(path)                                             \
    OLLAMA_CHAT "line {\"model\":\"small:1b\",\"message\":{"    \
                "\"role\":\"assistant\",\"content\":\"\","      \
                "\"tool_calls\":[{\"function\":{\"name\":"      \
                "\"read_file\",\"arguments\":{\"path\":\"" path \
                "\"}}}]},\"done\":false}\n" OLLAMA_DONE
#define ANSWERS OLLAMA_CHAT OLLAMA_SAY("OMEGA") OLLAMA_DONE
/* In a file that every system has. */
#define IN_IT "root:"

static struct pty *start(struct server *server)
{
    char host[64];
    const char *path = getenv("PROGRAM");
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(server));
    const char *variables[] = { host, NULL };
    struct pty_options options = { .height = 60,
                                   .width = 120,
                                   .variables = variables };
    struct pty *pty = pty_new(&options);
    const char *const words[] = { path ? path : "build/release/sennit",
                                  "--linear", NULL };
    pty_start(pty, words);
    pty_expect(pty, "-- small:1b at ollama answers");
    return pty;
}

static bool may_answer(struct pty *pty, void *context)
{
    const int *times = context;
    int seen = 0;
    const char *at = pty_screen(pty);
    while ((at = strstr(at, "type one of these words"))) {
        seen++;
        at++;
    }
    return seen >= *times;
}

/* What is typed in the first moment counts for nothing, and is asked again: so
 * each time after a longer pause. */
static void answer(struct pty *pty, const char *line)
{
    for (int times = 1; times < 8; times++) {
        int next = times + 1;
        ck_assert_msg(pty_wait_until(pty, may_answer, &times, PTY_DEADLINE_MS),
                      "no question:\n%s", pty_screen(pty));
        pty_wait_until(pty, may_answer, &next, 400 * times);
        pty_send(pty, line);
        if (!pty_wait_until(pty, may_answer, &next, 200))
            return;
    }
    ck_abort_msg("it asks for ever:\n%s", pty_screen(pty));
}

static void end(struct pty *pty, struct server *server)
{
    pty_send(pty, "/quit\n");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    pty_free(pty);
    server_stop(server);
}

START_TEST(a_call_asks_with_all_that_it_would_do_and_a_word_allows_it)
{
    struct server *server =
        server_start(OLLAMA_MODELS, CALLS("/etc/passwd"), ANSWERS, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "who is there?\n");
    pty_expect(pty, "-- t1 read_file asks: ");
    pty_expect(pty, "/etc/passwd");
    pty_expect(pty, "-- once: ");
    pty_expect(pty, "-- deny [REASON]: ");
    ck_assert_int_eq(server_count(server, "\"role\":\"tool\""), 0);
    answer(pty, "once\n");
    pty_expect(pty, "OMEGA");
    ck_assert_int_ge(server_count(server, IN_IT), 1);
    end(pty, server);
}
END_TEST

START_TEST(who_denies_may_say_why_and_the_model_is_told)
{
    struct server *server =
        server_start(OLLAMA_MODELS, CALLS("/etc/passwd"), ANSWERS, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "who is there?\n");
    answer(pty, "deny none of your business\n");
    pty_expect(pty, "OMEGA");
    ck_assert_int_eq(server_count(server, IN_IT), 0);
    ck_assert_int_eq(server_count(server, "none of your business"), 1);
    end(pty, server);
}
END_TEST

START_TEST(what_was_typed_before_the_question_answers_nothing)
{
    struct server *server = server_start(OLLAMA_MODELS, CALLS("/etc/passwd"),
                                         ANSWERS, ANSWERS, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "who is there?\nonce\nsession\n");
    pty_expect(pty, "type one of these words");
    ck_assert_int_eq(server_count(server, IN_IT), 0);
    answer(pty, "deny\n");
    pty_expect(pty, "OMEGA");
    ck_assert_int_eq(server_count(server, IN_IT), 0);
    pty_send(pty, "\x03");
    pty_free(pty);
    server_stop(server);
}
END_TEST

#define SHELL(words)                                    \
    "{\"function\":{\"name\":\"shell\",\"arguments\":{" \
    "\"command\":\"" words "\"}}}"
#define SHELLS(calls)                                                \
    OLLAMA_CHAT                                                      \
    "line {\"model\":\"small:1b\",\"message\":{"                     \
    "\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[" calls \
    "]},\"done\":false}\n" OLLAMA_DONE

static const struct {
    const char *reply, *line, *told;
} doubtful[] = {
    { SHELLS(SHELL("echo \\u202e")), "once\n", "-- it has characters that" },
    { SHELLS(SHELL("echo a") "," SHELL("echo other")), "all\n",
      "| echo other" },
};

START_TEST(a_yes_to_what_was_not_seen_counts_the_second_time)
{
    struct server *server =
        server_start(OLLAMA_MODELS, doubtful[_i].reply, ANSWERS, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "go\n");
    answer(pty, doubtful[_i].line);
    pty_expect(pty, doubtful[_i].told);
    pty_expect(pty, "again says yes all the same");
    ck_assert_int_eq(server_count(server, "\"role\":\"tool\""), 0);
    answer(pty, doubtful[_i].line);
    pty_expect(pty, "OMEGA");
    pty_send(pty, "\x03");
    pty_free(pty);
    server_stop(server);
}
END_TEST

START_TEST(a_word_that_is_no_answer_is_not_sent_and_it_asks_again)
{
    struct server *server =
        server_start(OLLAMA_MODELS, CALLS("/etc/passwd"), ANSWERS, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "who is there?\n");
    pty_expect(pty, "type one of these words");
    pty_send(pty, "yes\n");
    pty_expect(pty, "\"yes\" is no answer to this, and was not sent");
    ck_assert_int_eq(server_count(server, IN_IT), 0);
    pty_send(pty, "\x03");
    pty_expect(pty, "stopped by you");
    ck_assert_int_eq(server_count(server, IN_IT), 0);
    end(pty, server);
}
END_TEST

/* A file's name may hold what would be a line of ours. */
START_TEST(what_it_would_do_cannot_pose_as_the_program)
{
    struct server *server = server_start(
        OLLAMA_MODELS, CALLS("/etc/x\\n-- once: harmless"), ANSWERS, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "who is there?\n");
    pty_expect(pty, "OMEGA");
    ck_assert_ptr_null(strstr(pty_screen(pty), "\n-- once: harmless"));
    end(pty, server);
}
END_TEST

START_TEST(a_command_of_the_user_prints_what_it_gave_back)
{
    struct server *server = server_start(OLLAMA_MODELS, ANSWERS, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "!echo be''low; exit 3\n");
    pty_expect(pty, "\nbelow\n");
    pty_expect(pty, "exit status 3");
    pty_expect(pty, "-- the tool shell: error");
    pty_send(pty, "!echo ab''ove\n");
    pty_expect(pty, "\nabove\n-- the tool shell: completed");
    end(pty, server);
}
END_TEST

Suite *linear_call_suite(void)
{
    Suite *suite = suite_create("linear_call");
    TCase *tcase = tcase_create("linear_call");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   a_call_asks_with_all_that_it_would_do_and_a_word_allows_it);
    tcase_add_test(tcase, who_denies_may_say_why_and_the_model_is_told);
    tcase_add_test(tcase, what_was_typed_before_the_question_answers_nothing);
    tcase_add_loop_test(tcase,
                        a_yes_to_what_was_not_seen_counts_the_second_time, 0,
                        (int)(sizeof doubtful / sizeof *doubtful));
    tcase_add_test(tcase,
                   a_word_that_is_no_answer_is_not_sent_and_it_asks_again);
    tcase_add_test(tcase, what_it_would_do_cannot_pose_as_the_program);
    tcase_add_test(tcase, a_command_of_the_user_prints_what_it_gave_back);
    suite_add_tcase(suite, tcase);
    return suite;
}
