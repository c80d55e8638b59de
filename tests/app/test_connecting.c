/* SPDX-License-Identifier: MIT */
/*
 * /connect in the real program, against the scripted server.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "base/path.h"
#include "tests/support/fullscreen.h"

Suite *connecting_suite(void);

#define CANARY "sk-canary-7f3a"
#define MODELS                                             \
    "match GET /v1/models\ntimes forever\nstatus 200 OK\n" \
    "body \"{\\\"data\\\":[{\\\"id\\\":\\\"small\\\"},"    \
    "{\\\"id\\\":\\\"large:9b\\\"}]}\"\n"
#define ANSWER                                                            \
    "match POST /v1/chat/completions\nstatus 200 OK\n"                    \
    "header Content-Type: text/event-stream\nchunked\n"                   \
    "data {\"choices\":[{\"delta\":{\"content\":\"I am connected\"}}]}\n" \
    "data {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n"    \
    "data [DONE]\n"

static struct server *server;
static struct pty *pty;

static void begin(const char *config, const char *variable)
{
    const char *variables[] = { variable, NULL };
    struct pty_options options = { .height = 24,
                                   .width = 80,
                                   .variables = variables };
    char vendors[256];
    pty = fullscreen_new(NULL, &options);
    snprintf(vendors, sizeof vendors,
             "vendors:\n  shop: {title: The Shop, url: \"%s\", dialect: "
             "chat-completions,\n    key: [SHOP_KEY], model: small, key_page: "
             "\"https://shop.example/keys\"}\n",
             server_url(server, "/v1"));
    pty_write_file(pty, ".config/sennit/vendors.yaml", vendors);
    if (config)
        pty_write_file(pty, ".config/sennit/config.yaml", config);
    fullscreen_run(pty);
    pty_expect(pty, "Enter sends");
}

static void end(void)
{
    fullscreen_quit(pty);
    pty_free(pty);
    server_stop(server);
}

static void press(const char *keys, const char *appears)
{
    pty_send(pty, keys);
    pty_expect(pty, appears);
}

static bool exists(const char *relative)
{
    return access(pty_path(pty, relative), F_OK) == 0;
}

/* The text of a file below the home; "" if there is none. */
static const char *file_text(const char *relative)
{
    static char text[4096];
    struct buf buf = { 0 };
    struct error err = { 0 };
    text[0] = '\0';
    if (path_read_file(&buf, pty_path(pty, relative), sizeof text - 1, &err))
        snprintf(text, sizeof text, "%s", buf_string(&buf));
    buf_clear(&buf);
    return text;
}

static void expect_file(const char *relative, const char *text)
{
    ck_assert_msg(strstr(file_text(relative), text) != NULL, "%s: %s", relative,
                  file_text(relative));
}

START_TEST(an_address_becomes_an_endpoint_that_answers_at_once)
{
    char line[64];
    server = server_start(MODELS, ANSWER, NULL);
    begin(NULL, NULL);
    press("/connect\r", "1 of 4: who");
    snprintf(line, sizeof line, "127.0.0.1:%d/", server_port(server));
    press(line, "a server of yours");
    press("\r", "4 of 4: which model");
    press("large", "find: large");
    press("\r", "answers from now on");
    press("hello\r", "I am connected");
    ck_assert_ptr_nonnull(
        strstr(server_received(server), "\"model\":\"large:9b\""));
    snprintf(line, sizeof line, "url: \"http://127.0.0.1:%d/v1\"",
             server_port(server));
    expect_file(".config/sennit/config.yaml", line);
    expect_file(".config/sennit/config.yaml", "trust: own");
    expect_file(".config/sennit/config.yaml", "/large:9b\"");
    end();
}
END_TEST

START_TEST(what_was_written_is_what_the_next_start_uses)
{
    server = server_start(MODELS, ANSWER, NULL);
    /* A vendor that stands in a profile is asked about before it is used. */
    begin(NULL, "SENNIT_PRIVACY_FIRST_SEND_TO_VENDOR=always");
    press("/connect shop\r", "2 of 4: the key");
    press(CANARY "\r", "4 of 4: which model");
    press("\r", "answers from now on");
    fullscreen_quit(pty);
    fullscreen_run(pty);
    pty_expect(pty, "small@shop");
    press("hello\r", "I am connected");
    /* The test and the chat; the list of models may be asked for besides. */
    ck_assert_int_ge(server_count(server, "Authorization: Bearer " CANARY), 2);
    ck_assert_int_eq(server_count(server, "POST /v1/chat/completions"), 1);
    ck_assert_int_eq(server_count(server, "Authorization: Bearer"),
                     server_count(server, "--- request"));
    end();
}
END_TEST

START_TEST(a_key_is_masked_kept_for_its_owner_and_nowhere_else)
{
    struct stat status;
    server = server_start(MODELS, ANSWER, NULL);
    begin(NULL, NULL);
    press("/connect\r", "1 of 4: who");
    press("shop\r", "2 of 4: the key");
    pty_expect(pty, "https://shop.example/keys");
    press(CANARY, "The Shop: \u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022"
                  "\u2022\u2022\u2022\u2022\u2022\u2022\u2581");
    press("\x7f", "The Shop: \u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022"
                  "\u2022\u2022\u2022\u2022\u2022\u2581");
    /* All of it goes; pasted it comes back. */
    press("\x15", "The Shop: \u2581");
    press("\x1b[200~" CANARY "\n\x1b[201~", "\u2022\u2581");
    press("\r", "4 of 4: which model");
    press("\r", "answers from now on");
    ck_assert_int_eq(stat(pty_path(pty, ".config/sennit/keys/shop"), &status),
                     0);
    ck_assert_int_eq(status.st_mode & 0777, 0600);
    ck_assert_str_eq(file_text(".config/sennit/keys/shop"), CANARY "\n");
    ck_assert_ptr_null(strstr(file_text(".config/sennit/config.yaml"), CANARY));
    expect_file(".config/sennit/config.yaml", "key: {file: ");
    expect_file(".config/sennit/config.yaml", "trust: vendor");
    /* The history has the command, not what was typed to it. */
    press("\x10", "> /connect");
    pty_send(pty, "\x15");
    pty_expect_gone(pty, "> /connect");
    fullscreen_settle(pty);
    fullscreen_quit(pty);
    struct slice output = pty_output(pty);
    ck_assert_ptr_null(memmem(output.ptr, output.len, CANARY, strlen(CANARY)));
    pty_free(pty);
    server_stop(server);
}
END_TEST

START_TEST(a_command_that_prints_the_key_stands_in_the_settings)
{
    server = server_start(MODELS, ANSWER, NULL);
    begin(NULL, NULL);
    press("/connect shop\r", "2 of 4: the key");
    press("!echo " CANARY, "!echo " CANARY);
    press("\r", "4 of 4: which model");
    press("\r", "answers from now on");
    expect_file(".config/sennit/config.yaml",
                "key: {command: [sh, -c, \"echo " CANARY "\"]}");
    ck_assert(!exists(".config/sennit/keys"));
    ck_assert(server_await(server, "Authorization: Bearer " CANARY));
    end();
}
END_TEST

START_TEST(a_variable_that_is_there_is_taken_with_enter)
{
    server = server_start(MODELS, ANSWER, NULL);
    begin(NULL, "SHOP_KEY=" CANARY);
    press("/connect\r", "SHOP_KEY is set");
    press("shop\r", "Enter takes the one in SHOP_KEY");
    press("\r", "4 of 4: which model");
    press("\r", "answers from now on");
    expect_file(".config/sennit/config.yaml", "key: {env: \"SHOP_KEY\"}");
    ck_assert(!exists(".config/sennit/keys"));
    press("hello\r", "I am connected");
    end();
}
END_TEST

static const struct {
    const char *scenario, *words;
} failures[] = {
    { "match GET /v1/models\ntimes forever\nstatus 401 Unauthorized\n"
      "body \"{\\\"error\\\":{\\\"message\\\":\\\"bad key\\\"}}\"\n",
      "rejected the key (401): bad key" },
    { "match GET /v1/models\ntimes forever\nstatus 403 Forbidden\n"
      "body \"\"\n",
      "is the key right?" },
    { "match GET /v1/models\ntimes forever\nstatus 404 Not Found\n"
      "body \"\"\n",
      "with or without /v1?" },
    { "match GET /v1/models\ntimes forever\n"
      "status 407 Proxy Authentication Required\nbody \"\"\n",
      "asks for a name and a password" },
    { "match GET /v1/models\ntimes forever\nstatus 200 OK\n"
      "body \"<html><title>Welcome</title></html>\"\n",
      "got a web page, not an API" },
    { "match GET /v1/models\ntimes forever\nstatus 200 OK\nbody \"hello\"\n",
      "ask again" },
    { "match GET /v1/models\ntimes forever\nstall\n",
      "did not list its models in 5 s" },
};

START_TEST(what_fails_is_told_and_nothing_is_written)
{
    server = server_start(failures[_i].scenario, NULL);
    begin(NULL, NULL);
    press("/connect shop\r", "2 of 4: the key");
    press(CANARY "\r", failures[_i].words);
    pty_expect(pty, "another key");
    press("\x1b", "all is as it was");
    ck_assert(!exists(".config/sennit/keys"));
    ck_assert(!exists(".config/sennit/config.yaml"));
    end();
}
END_TEST

START_TEST(a_port_on_which_nothing_listens_can_be_tried_again)
{
    char line[64];
    server = server_start(MODELS, NULL);
    begin(NULL, NULL);
    snprintf(line, sizeof line, "/connect http://127.0.0.1:%d/v1\r",
             server_free_port());
    press(line, "a server of yours");
    press("\r", "ask again");
    pty_expect(pty, "nothing listens on 127.0.0.1");
    press("another address\r", "1 of 4: who");
    press("shop\r", "2 of 4: the key");
    press("\x1b", "all is as it was");
    end();
}
END_TEST

START_TEST(a_server_without_a_list_is_connected_by_the_name_of_a_model)
{
    server = server_start(ANSWER, NULL);
    begin(NULL, NULL);
    press("/connect shop\r", "2 of 4: the key");
    press(CANARY "\r", "its usual model");
    press("other:7b", "take this name");
    press("\r", "answers from now on");
    expect_file(".config/sennit/config.yaml", "model: \"shop/other:7b\"");
    press("hello\r", "I am connected");
    ck_assert_ptr_nonnull(
        strstr(server_received(server), "\"model\":\"other:7b\""));
    end();
}
END_TEST

START_TEST(escape_leaves_everything_as_it_was_at_every_step)
{
    server = server_start(MODELS, NULL);
    begin("# mine\nversion: 1\n", NULL);
    press("/connect\r", "1 of 4: who");
    press("\x1b", "all is as it was");
    press("/connect shop\r", "2 of 4: the key");
    press("secret\x1b", "all is as it was");
    press("/connect shop\r", "The Shop: \u2581");
    press(CANARY "\r", "4 of 4: which model");
    press("\x1b", "all is as it was");
    ck_assert_str_eq(file_text(".config/sennit/config.yaml"),
                     "# mine\nversion: 1\n");
    ck_assert(!exists(".config/sennit/keys"));
    end();
}
END_TEST

START_TEST(a_file_without_endpoints_keeps_its_comments_and_gets_a_block)
{
    server = server_start(MODELS, NULL);
    begin("# mine\nlooks: {theme: dark} # dark", NULL);
    press("/connect shop\r", "2 of 4: the key");
    press(CANARY "\r", "4 of 4: which model");
    press("\r", "written to");
    ck_assert_int_eq(strncmp(file_text(".config/sennit/config.yaml"),
                             "# mine\nlooks: {theme: dark} # dark\n\n"
                             "# Added by /connect.\nendpoints:\n  shop:\n",
                             60),
                     0);
    end();
}
END_TEST

START_TEST(a_file_with_endpoints_stays_and_a_profile_is_written)
{
    static const char config[] =
        "endpoints: # mine\n  box: {dialect: ollama, url: "
        "\"http://127.0.0.1:1\", trust: own}\n";
    server = server_start(MODELS, NULL);
    const char *variables[] = { NULL };
    struct pty_options options = { .variables = variables };
    pty = fullscreen_new(NULL, &options);
    pty_write_file(pty, ".config/sennit/config.yaml", config);
    fullscreen_run(pty);
    char line[64];
    snprintf(line, sizeof line, "/connect localhost:%d\r", server_port(server));
    press(line, "a server of yours");
    press("\r", "4 of 4: which model");
    press("\r", "-P local-");
    ck_assert_str_eq(file_text(".config/sennit/config.yaml"), config);
    snprintf(line, sizeof line, ".config/sennit/profiles/local-%d.yaml",
             server_port(server));
    expect_file(line, "trust: own");
    end();
}
END_TEST

START_TEST(what_looks_like_a_key_is_not_repeated)
{
    server = server_start(MODELS, NULL);
    begin(NULL, NULL);
    press("/connect " CANARY "\r", "neither a vendor nor an address");
    press("\x1b", "all is as it was");
    end();
}
END_TEST

Suite *connecting_suite(void)
{
    Suite *suite = suite_create("connecting");
    TCase *tcase = tcase_create("connecting");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, an_address_becomes_an_endpoint_that_answers_at_once);
    tcase_add_test(tcase, what_was_written_is_what_the_next_start_uses);
    tcase_add_test(tcase, a_key_is_masked_kept_for_its_owner_and_nowhere_else);
    tcase_add_test(tcase, a_command_that_prints_the_key_stands_in_the_settings);
    tcase_add_test(tcase, a_variable_that_is_there_is_taken_with_enter);
    tcase_add_loop_test(tcase, what_fails_is_told_and_nothing_is_written, 0,
                        COUNTOF(failures));
    tcase_add_test(tcase, a_port_on_which_nothing_listens_can_be_tried_again);
    tcase_add_test(tcase,
                   a_server_without_a_list_is_connected_by_the_name_of_a_model);
    tcase_add_test(tcase, escape_leaves_everything_as_it_was_at_every_step);
    tcase_add_test(
        tcase, a_file_without_endpoints_keeps_its_comments_and_gets_a_block);
    tcase_add_test(tcase, a_file_with_endpoints_stays_and_a_profile_is_written);
    tcase_add_test(tcase, what_looks_like_a_key_is_not_repeated);
    suite_add_tcase(suite, tcase);
    return suite;
}
