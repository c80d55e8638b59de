/* SPDX-License-Identifier: MIT */
/*
 * The situations that people are in when they start the program first: what the
 * first screen says, and the way from there to an answer, in at most five keys
 * beside the prompt itself. The real program on a terminal of 80 x 24 against
 * the scripted server.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/array.h"
#include "base/compiler.h"
#include "tests/support/golden.h"
#include "tests/support/ollama.h"
#include "tests/support/program.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *worlds_suite(void);

enum { VARIABLES_MAX = 8, PORT_DIGITS = 5 };

/* A vendor, or somebody's vLLM: one model, and an answer that streams. */
#define LIST(path)                                       \
    "match GET " path "\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: application/json\n"            \
    "body \"{\\\"data\\\":[{\\\"id\\\":\\\"gpt-small\\\"}]}\"\n"
#define SSE(path)                          \
    "match POST " path "\nstatus 200 OK\n" \
    "header Content-Type: text/event-stream\n"
#define SAY_CHAT(text)                                                   \
    "data {\"model\":\"gpt-small\",\"choices\":[{\"index\":0,\"delta\":" \
    "{\"content\":\"" text "\"}}]}\n"
#define DONE_CHAT                                                     \
    "data {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":" \
    "\"stop\"}]}\ndata [DONE]\n"
#define VENDOR_ANSWER SSE("/v1/chat/completions") SAY_CHAT("OMEGA") DONE_CHAT
#define OLLAMA_ANSWER OLLAMA_CHAT OLLAMA_SAY("OMEGA") OLLAMA_DONE

/* Through a forward proxy the request names the server that is meant. */
#define GPU7 "http://gpu7:11434"
#define GPU7_MODELS                                                 \
    "match GET " GPU7 "/api/tags\ntimes forever\nstatus 200 OK\n"   \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"small:1b\\\","       \
    "\\\"size\\\":1000}]}\"\n",                                     \
        "match GET " GPU7 "/api/ps\ntimes forever\nstatus 200 OK\n" \
        "body \"{\\\"models\\\":[]}\"\n"
#define GPU7_ANSWER    \
    "match POST " GPU7 \
    "/api/chat\nstatus 200 OK\nchunked\n" OLLAMA_SAY("OMEGA") OLLAMA_DONE

struct world {
    struct server *server;
    struct pty *pty;
    int port;
    const char *variables[VARIABLES_MAX];
    char texts[VARIABLES_MAX][160];
    int count;
};

/* A variable whose %d is the port of the server. */
static void put(struct world *world, const char *format)
{
    const char *mark = strstr(format, "%d");
    char *text = world->texts[world->count];
    ck_assert_int_lt(world->count, VARIABLES_MAX - 1);
    if (mark)
        snprintf(text, sizeof world->texts[0], "%.*s%d%s", (int)(mark - format),
                 format, world->port, mark + 2);
    else
        snprintf(text, sizeof world->texts[0], "%s", format);
    world->variables[world->count++] = text;
}

/* `server` is taken; NULL: nothing listens on the port. */
static void open_world(struct world *world, struct server *server)
{
    *world = (struct world){ .server = server };
    world->port = server ? server_port(server) : server_free_port();
}

static void make_terminal(struct world *world, const char *term)
{
    struct pty_options options = { 24, 80, term, world->variables };
    world->pty = pty_new(&options);
}

static void start(struct world *world)
{
    const char *program = getenv("PROGRAM");
    const char *const words[] = { program ? program : "build/release/sennit",
                                  NULL };
    if (!world->pty)
        make_terminal(world, NULL);
    pty_start(world->pty, words);
}

static void close_world(struct world *world)
{
    ck_assert_msg(pty_quit(world->pty) == 0, "%s", pty_screen(world->pty));
    pty_free(world->pty);
    server_stop(world->server);
}

/* The whole screen; the port, which is another each time, as 5 times P. */
static void check_screen(struct world *world, const char *name)
{
    struct buf text = { 0 };
    char port[16];
    snprintf(port, sizeof port, "%d", world->port);
    ck_assert_uint_eq(strlen(port), PORT_DIGITS);
    struct slice rest = slice_of(pty_screen(world->pty));
    for (ptrdiff_t at; (at = slice_find(rest, port)) >= 0;) {
        buf_append(&text, rest.ptr, (size_t)at);
        buf_append_string(&text, "PPPPP");
        rest = slice_skip(rest, (size_t)at + PORT_DIGITS);
    }
    buf_append_slice(&text, rest);
    golden_check_in("app", name, &text);
    buf_clear(&text);
}

/* The status line counts the seconds that somebody thinks. */
static void check_question(struct world *world, const char *words)
{
    ck_assert_msg(strstr(pty_screen(world->pty), words), "%s",
                  pty_screen(world->pty));
}

static void press(struct world *world, const char *keys, const char *appears)
{
    pty_send(world->pty, keys);
    pty_expect(world->pty, appears);
}

static void expect_received(const struct world *world, const char *text)
{
    ck_assert_msg(server_await(world->server, text), "no \"%s\" in\n%s", text,
                  server_received(world->server));
}

static void expect_not_received(const struct world *world, const char *text)
{
    ck_assert_msg(!strstr(server_received(world->server), text), "%s",
                  server_received(world->server));
}

static bool has_moved(struct pty *pty, void *context)
{
    int row, col;
    pty_cursor(pty, &row, &col);
    return row != *(int *)context;
}

/* Keys that come within the question's first moment are not for it: how far
 * that is, is seen by the row that is chosen. Then the first row is. */
static void await_question(struct world *world, const char *words)
{
    int before, col, tries = PTY_DEADLINE_MS / 100;
    pty_expect(world->pty, words);
    pty_cursor(world->pty, &before, &col);
    do {
        ck_assert_int_gt(tries--, 0);
        pty_send(world->pty, "\x1b[B");
    } while (!pty_wait_until(world->pty, has_moved, &before, 100));
    pty_send(world->pty, "\x1b[5~");
}

/* 3: a colleague's model. */

#define LOADED                                                     \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"          \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"huge:70b\\\","      \
    "\\\"size\\\":1000},{\\\"name\\\":\\\"shared:8b\\\","          \
    "\\\"size\\\":500}]}\"\n",                                     \
        "match GET /api/ps\ntimes forever\nstatus 200 OK\n"        \
        "body \"{\\\"models\\\":[{\\\"name\\\":\\\"shared:8b\\\"," \
        "\\\"context_length\\\":24576}]}\"\n"

START_TEST(a_model_that_a_colleague_has_loaded_is_used_as_it_is)
{
    struct world world;
    open_world(&world, server_start(LOADED, OLLAMA_ANSWER, NULL));
    put(&world, "OLLAMA_HOST=127.0.0.1:%d");
    start(&world);
    pty_expect(world.pty, "shared:8b@ollama");
    check_screen(&world, "world-3-loaded.txt");
    press(&world, "hi\r", "OMEGA");
    expect_received(&world, "\"model\":\"shared:8b\"");
    expect_not_received(&world, "num_ctx");
    expect_not_received(&world, "keep_alive");
    expect_not_received(&world, "/api/generate");
    close_world(&world);
}
END_TEST

/* 4: a tunnel. */

START_TEST(a_tunnel_that_is_not_up_is_named_and_found_once_it_is)
{
    struct world world;
    open_world(&world, NULL);
    put(&world, "OLLAMA_HOST=127.0.0.1:%d");
    start(&world);
    pty_expect(world.pty, "nothing listens on");
    check_screen(&world, "world-4-tunnel-down.txt");
    /* Now it is up: the first prompt finds it. */
    world.server =
        server_start_on(world.port, OLLAMA_MODELS, OLLAMA_ANSWER, NULL);
    press(&world, "hi\r", "OMEGA");
    expect_received(&world, "\"content\":\"hi\"");
    close_world(&world);
}
END_TEST

START_TEST(a_tunnel_that_dies_keeps_the_partial_and_its_return_is_noticed)
{
    struct world world;
    open_world(&world,
               server_start(OLLAMA_MODELS,
                            OLLAMA_CHAT OLLAMA_SAY("HALF") "await go\nreset\n",
                            NULL));
    put(&world, "OLLAMA_HOST=127.0.0.1:%d");
    start(&world);
    pty_expect(world.pty, "small:1b@ollama");
    press(&world, "one\r", "HALF");
    server_release(world.server, "go");
    pty_expect(world.pty, "broke off");
    server_stop(world.server);
    world.server = NULL;
    press(&world, "two\r", "nothing listens on");
    ck_assert_ptr_nonnull(strstr(pty_screen(world.pty), "HALF"));
    world.server =
        server_start_on(world.port, OLLAMA_MODELS, OLLAMA_ANSWER, NULL);
    press(&world, "three\r", "OMEGA");
    close_world(&world);
}
END_TEST

/* 5: another machine. */

static void open_gpu7(struct world *world, struct server *server)
{
    open_world(world, server);
    put(world, "OLLAMA_HOST=" GPU7);
    put(world, "http_proxy=http://127.0.0.1:%d");
    start(world);
    pty_expect(world->pty, "small:1b@ollama");
}

START_TEST(whose_another_machine_is_is_asked_once_and_nothing_sent_until_then)
{
    struct world world;
    open_gpu7(&world,
              server_start(GPU7_MODELS, GPU7_ANSWER, GPU7_ANSWER, NULL));
    pty_expect(world.pty, "plain http");
    check_screen(&world, "world-5-gpu7.txt");
    press(&world, "secret one\r", "whose machine is gpu7?");
    check_question(&world,
                   " whose machine is gpu7? It gets what you write: small:1b, "
                   "over plain http\n"
                   " own     mine, or my lab's: anything may go there\n"
                   " vendor  a vendor's: send, and say that it is one\n"
                   " never   send nothing there\n");
    expect_not_received(&world, "secret one");
    pty_expect(world.pty, "own");
    /* The first row is: mine. */
    await_question(&world, "anything may go there");
    pty_send(world.pty, "\r");
    pty_expect(world.pty, "OMEGA");
    pty_expect_gone(world.pty, " vendor ");
    pty_expect(world.pty, "plain http");
    press(&world, "second\r", "2 turns");
    expect_received(&world, "second");
    ck_assert_ptr_null(strstr(pty_screen(world.pty), "whose machine"));
    press(&world, "/consents\r", "http://gpu7:11434");
    pty_send(world.pty, "\x1b");
    pty_expect_gone(world.pty, "Enter takes one back");
    close_world(&world);
}
END_TEST

/* 6: only a key. */

static void open_vendor(struct world *world, struct server *server)
{
    char config[512];
    open_world(world, server);
    put(world, "OPENAI_API_KEY=sk-CANARY");
    make_terminal(world, NULL);
    snprintf(config, sizeof config,
             "endpoints:\n  openai:\n    dialect: chat-completions\n"
             "    url: http://127.0.0.1:%d/v1\n    trust: vendor\n"
             "    key: {env: OPENAI_API_KEY}\n",
             world->port);
    pty_write_file(world->pty, ".config/sennit/config.yaml", config);
    start(world);
    pty_expect(world->pty, "gpt-small@openai");
}

START_TEST(where_a_vendor_is_all_there_is_the_first_line_says_so)
{
    struct world world;
    open_vendor(&world, server_start(LIST("/v1/models"), VENDOR_ANSWER, NULL));
    check_screen(&world, "world-6-vendor.txt");
    press(&world, "hi\r", "leaves this machine: 127.0.0.1, gpt-small");
    pty_expect(world.pty, "Enter answers | Esc does not send");
    /* It has the keys: Tab would take them away. */
    ck_assert_ptr_null(strstr(pty_screen(world.pty), "Tab, Enter"));
    check_question(&world, " leaves this machine: 127.0.0.1, gpt-small\n"
                           " once    send this prompt\n"
                           " always  send, and do not ask again\n"
                           " never   do not send, and do not ask again\n");
    expect_not_received(&world, "POST");
    await_question(&world, "send this prompt");
    pty_send(world.pty, "\r");
    pty_expect(world.pty, "OMEGA");
    close_world(&world);
}
END_TEST

/* A base URL in the environment says where, and not whose. */
START_TEST(a_key_in_the_environment_is_found_where_no_ollama_answers)
{
    struct world world;
    open_world(&world, server_start(LIST("/v1/models"), VENDOR_ANSWER, NULL));
    put(&world, "OLLAMA_HOST=127.0.0.1:1");
    put(&world, "OPENAI_API_KEY=sk-CANARY");
    put(&world, "OPENAI_BASE_URL=http://127.0.0.1:%d/v1");
    start(&world);
    pty_expect(world.pty, "gpt-small@openai");
    check_screen(&world, "world-6-key.txt");
    press(&world, "hi\r", "whose machine is 127.0.0.1?");
    expect_not_received(&world, "POST");
    await_question(&world, "a vendor's: send");
    pty_send(world.pty, "\x1b[B\r");
    pty_expect(world.pty, "OMEGA");
    pty_expect(world.pty, "| vendor |");
    close_world(&world);
}
END_TEST

START_TEST(always_is_recorded_listed_and_taken_back)
{
    struct world world;
    open_vendor(&world, server_start(LIST("/v1/models"), VENDOR_ANSWER,
                                     VENDOR_ANSWER, VENDOR_ANSWER, NULL));
    press(&world, "one\r", "send, and do not ask again");
    await_question(&world, "send this prompt");
    pty_send(world.pty, "\x1b[B\r");
    pty_expect(world.pty, "OMEGA");
    press(&world, "two\r", "2 turns");
    expect_received(&world, "\"content\":\"two\"");
    press(&world, "/consents\r", "always: prompts may go there");
    press(&world, "\r", "you are asked again about http://127.0.0.1");
    press(&world, "three\r", "send this prompt");
    press(&world, "\x1b", "you did not agree");
    pty_expect(world.pty, "> three");
    pty_send(world.pty, "\x15");
    pty_expect_gone(world.pty, "> three");
    close_world(&world);
}
END_TEST

START_TEST(a_prompt_that_was_refused_is_back_in_the_editor_and_not_sent_twice)
{
    struct world world;
    open_vendor(&world, server_start(LIST("/v1/models"), VENDOR_ANSWER, NULL));
    press(&world, "only once\r", "send this prompt");
    press(&world, "\x1b", "you did not agree");
    pty_expect(world.pty, "> only once");
    press(&world, "\r", "send this prompt");
    await_question(&world, "send this prompt");
    pty_send(world.pty, "\r");
    pty_expect(world.pty, "OMEGA");
    ck_assert_int_eq(server_count(world.server, "\"role\":\"user\""), 1);
    close_world(&world);
}
END_TEST

START_TEST(what_is_typed_while_a_question_comes_up_never_answers_it)
{
    struct world world;
    open_vendor(&world, server_start(LIST("/v1/models"), VENDOR_ANSWER, NULL));
    /* All in one read: the second line was meant as the next prompt. */
    press(&world, "one\rtwo\r", "queued 1: \"two\"");
    pty_expect(world.pty, "send this prompt");
    /* Enter in its first moment is of the line before, too. */
    expect_not_received(&world, "POST");
    press(&world, "o", "> o");
    press(&world, "\x7f", "Tab, Enter answers");
    /* Tab gives the question the keys. */
    press(&world, "\t", "Enter answers | Esc does not send");
    await_question(&world, "send this prompt");
    pty_send(world.pty, "\r");
    pty_expect(world.pty, "OMEGA");
    /* The second prompt is asked about once it is on disk. */
    pty_expect(world.pty, "send this prompt");
    press(&world, "\x1b", "not sent");
    pty_expect(world.pty, "> two");
    pty_send(world.pty, "\x15");
    pty_expect_gone(world.pty, "> two");
    close_world(&world);
}
END_TEST

/* 7: a key, and an Ollama. */

START_TEST(with_a_key_and_an_ollama_nothing_is_spent_silently)
{
    struct world world;
    struct server *vendor = server_start(LIST("/v1/models"), NULL);
    char url[160];
    open_world(&world, server_start(OLLAMA_MODELS, OLLAMA_ANSWER, NULL));
    put(&world, "OLLAMA_HOST=127.0.0.1:%d");
    put(&world, "OPENAI_API_KEY=sk-CANARY");
    snprintf(url, sizeof url, "OPENAI_BASE_URL=%s", server_url(vendor, "/v1"));
    put(&world, url);
    start(&world);
    pty_expect(world.pty, "small:1b@ollama");
    check_screen(&world, "world-7-both.txt");
    press(&world, "hi\r", "OMEGA");
    ck_assert_str_eq(server_received(vendor), "");
    /* It is offered. */
    press(&world, "/models\r", "openai/gpt-small");
    pty_send(world.pty, "\x1b");
    pty_expect_gone(world.pty, "models F6");
    close_world(&world);
    server_stop(vendor);
}
END_TEST

/* 8: a proxy. */

START_TEST(a_proxy_that_wants_a_password_is_named_with_the_cure)
{
    struct world world;
    open_world(&world, server_start("match * *\ntimes forever\n"
                                    "status 407 Proxy Authentication Required\n"
                                    "header Proxy-Authenticate: Basic\n"
                                    "body \"<html>login</html>\"\n",
                                    NULL));
    put(&world, "OLLAMA_HOST=" GPU7);
    put(&world, "http_proxy=http://127.0.0.1:%d");
    start(&world);
    pty_expect(world.pty, "(407)");
    check_screen(&world, "world-8-proxy-login.txt");
    close_world(&world);
}
END_TEST

START_TEST(a_tunnel_through_a_proxy_that_wants_a_password_is_the_same)
{
    struct program program = { .arguments = { "-m", "openai/x", "hi" } };
    char proxy[64];
    struct server *server =
        server_start("match * *\ntimes forever\n"
                     "status 407 Proxy Authentication Required\n"
                     "header Proxy-Authenticate: Basic\nbody \"\"\n",
                     NULL);
    snprintf(proxy, sizeof proxy, "https_proxy=http://127.0.0.1:%d",
             server_port(server));
    program.variables[0] = proxy;
    program.variables[1] = "OPENAI_API_KEY=sk-CANARY";
    program_run(&program);
    ck_assert_int_eq(program.status, 5);
    ck_assert_msg(strstr(buf_string(&program.err), "NAME:PASSWORD@"), "%s",
                  buf_string(&program.err));
    ck_assert_ptr_null(strstr(server_received(server), "CANARY"));
    program_clear(&program);
    server_stop(server);
}
END_TEST

/* The proxy holds the stream back: the head comes, the text does not. */
START_TEST(a_proxy_that_may_be_buffering_is_named_with_the_setting)
{
    struct world world;
    open_gpu7(&world,
              server_start(GPU7_MODELS,
                           "match POST " GPU7 "/api/chat\nstatus 200 OK\n"
                           "chunked\nhead\nawait go\n" OLLAMA_SAY("OMEGA")
                               OLLAMA_DONE,
                           NULL));
    press(&world, "/model ollama/small:1b\r", "the next prompt goes to");
    press(&world, "hi\r", "reply.stream: false helps if the proxy 127.0.0.1:");
    server_release(world.server, "go");
    pty_expect(world.pty, "OMEGA");
    close_world(&world);
}
END_TEST

/* 9: nothing can be kept, and the terminal is unknown. */

static void open_homeless(struct world *world)
{
    open_world(world, server_start(OLLAMA_MODELS, OLLAMA_ANSWER, NULL));
    put(world, "OLLAMA_HOST=127.0.0.1:%d");
    put(world, "HOME=/dev/null");
    put(world, "XDG_STATE_HOME");
    put(world, "XDG_CONFIG_HOME");
}

START_TEST(without_a_home_to_write_it_starts_and_says_what_is_not_kept)
{
    struct world world;
    open_homeless(&world);
    start(&world);
    pty_expect(world.pty, "small:1b@ollama");
    pty_expect(world.pty, "nothing can be kept");
    check_screen(&world, "world-9-no-home.txt");
    press(&world, "hi\r", "OMEGA");
    close_world(&world);
}
END_TEST

START_TEST(on_a_terminal_that_nobody_knows_it_chats_in_lines)
{
    struct world world;
    open_homeless(&world);
    make_terminal(&world, "unknown-terminal");
    start(&world);
    pty_expect(world.pty, "nothing can be kept");
    pty_expect(world.pty, "small:1b at ollama answers");
    press(&world, "hi\n", "OMEGA");
    close_world(&world);
}
END_TEST

/* Without anybody to ask. */

static struct program ask_vendor(struct server *server)
{
    struct program program = { 0 };
    char config[512];
    snprintf(config, sizeof config,
             "endpoints:\n  shop:\n    dialect: chat-completions\n"
             "    url: %s\n    trust: vendor\n",
             server_url(server, "/v1"));
    program_file(&program, ".config/sennit/config.yaml", config);
    program.arguments[0] = "-p";
    program.arguments[1] = "hi";
    return program;
}

START_TEST(a_script_that_says_nothing_of_a_vendor_is_refused)
{
    struct server *server =
        server_start(LIST("/v1/models"), VENDOR_ANSWER, NULL);
    struct program program = ask_vendor(server);
    program_run(&program);
    ck_assert_int_eq(program.status, 4);
    ck_assert_str_eq(buf_string(&program.out), "");
    ck_assert_msg(strstr(buf_string(&program.err),
                         "say so with --cloud, with -m shop/gpt-small, or "
                         "with privacy.first_send_to_vendor: always"),
                  "%s", buf_string(&program.err));
    ck_assert_int_eq(server_count(server, "POST"), 0);
    program_clear(&program);
    server_stop(server);
}
END_TEST

static const char *const permissions[][3] = {
    { "--cloud" },
    { "-m", "shop/gpt-small" },
    { "--set", "privacy.first_send_to_vendor=always" },
};

START_TEST(a_script_that_says_so_is_answered)
{
    struct server *server =
        server_start(LIST("/v1/models"), VENDOR_ANSWER, NULL);
    struct program program = ask_vendor(server);
    for (int i = 0; permissions[_i][i]; i++)
        program.arguments[2 + i] = permissions[_i][i];
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_str_eq(buf_string(&program.out), "OMEGA\n");
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(local_sends_nothing_to_a_vendor_that_is_named)
{
    struct server *server =
        server_start(LIST("/v1/models"), VENDOR_ANSWER, NULL);
    struct program program = ask_vendor(server);
    program.arguments[2] = "--local";
    program.arguments[3] = "-m";
    program.arguments[4] = "shop/gpt-small";
    program_run(&program);
    ck_assert_int_eq(program.status, 2);
    ck_assert_int_eq(server_count(server, "POST"), 0);
    program_clear(&program);
    server_stop(server);
}
END_TEST

/* An answer that stalls. */

#define PATIENCE                                                               \
    "endpoints:\n  box: {dialect: ollama, trust: own, url: \"%s\", timeouts: " \
    "{gap: 1s}}\nmodel: box/m\n"
#define STALLED OLLAMA_CHAT OLLAMA_SAY("ALPHA") "stall\n"

static void open_stalling(struct world *world, const char *term)
{
    char config[256];
    open_world(world, server_start(STALLED, OLLAMA_ANSWER, NULL));
    make_terminal(world, term);
    snprintf(config, sizeof config, PATIENCE, server_url(world->server, ""));
    pty_write_file(world->pty, ".config/sennit/config.yaml", config);
    start(world);
}

START_TEST(a_stalled_answer_asks_and_a_key_asks_again)
{
    struct world world;
    open_stalling(&world, NULL);
    pty_expect(world.pty, "m@box");
    press(&world, "hi\r", "ALPHA");
    await_question(&world, "keep what came, ask for another answer");
    check_question(&world, "the answer has stalled: box has sent nothing");
    check_question(&world, "\xE2\x94\x80 Enter answers | Esc stops the answer");
    pty_send(world.pty, "\x1b[B");
    press(&world, "\r", "OMEGA");
    check_question(&world, "OMEGA");
    ck_assert(!strstr(pty_screen(world.pty), "the answer has stalled"));
    close_world(&world);
}
END_TEST

START_TEST(escape_stops_a_stalled_answer_and_keeps_it)
{
    struct world world;
    open_stalling(&world, NULL);
    pty_expect(world.pty, "m@box");
    press(&world, "hi\r", "ALPHA");
    pty_expect(world.pty, "the answer has stalled");
    press(&world, "\x1b", "stopped by you");
    check_question(&world, "ALPHA");
    close_world(&world);
}
END_TEST

START_TEST(without_a_screen_a_word_answers_a_stalled_answer)
{
    struct world world;
    open_stalling(&world, "dumb");
    pty_expect(world.pty, "m at box answers");
    press(&world, "hi\n", "ALPHA");
    pty_expect(world.pty, "type one of these words");
    press(&world, "retry\n", "OMEGA");
    close_world(&world);
}
END_TEST

/* Line by line. */

START_TEST(without_a_screen_only_the_words_of_the_question_answer_it)
{
    struct world world;
    char config[512];
    open_world(&world, server_start(LIST("/v1/models"), VENDOR_ANSWER,
                                    VENDOR_ANSWER, NULL));
    make_terminal(&world, "dumb");
    snprintf(config, sizeof config,
             "endpoints:\n  shop:\n    dialect: chat-completions\n"
             "    url: %s\n    trust: vendor\n",
             server_url(world.server, "/v1"));
    pty_write_file(world.pty, ".config/sennit/config.yaml", config);
    start(&world);
    pty_expect(world.pty, "what you write leaves this machine");
    press(&world, "one\n", "type one of these words");
    press(&world, "yes\n", "\"yes\" is no answer to this, and was not sent");
    press(&world, "yes please\n", "queued: ");
    expect_not_received(&world, "POST");
    press(&world, "always\n", "OMEGA");
    expect_received(&world, "yes please");
    expect_not_received(&world, "\"yes\"");
    close_world(&world);
}
END_TEST

static void add_first(TCase *cases)
{
    tcase_add_test(cases, a_model_that_a_colleague_has_loaded_is_used_as_it_is);
    tcase_add_test(cases,
                   a_tunnel_that_is_not_up_is_named_and_found_once_it_is);
    tcase_add_test(
        cases, a_tunnel_that_dies_keeps_the_partial_and_its_return_is_noticed);
    tcase_add_test(
        cases,
        whose_another_machine_is_is_asked_once_and_nothing_sent_until_then);
    tcase_add_test(cases,
                   where_a_vendor_is_all_there_is_the_first_line_says_so);
    tcase_add_test(cases,
                   a_key_in_the_environment_is_found_where_no_ollama_answers);
    tcase_add_test(cases, always_is_recorded_listed_and_taken_back);
    tcase_add_test(
        cases,
        a_prompt_that_was_refused_is_back_in_the_editor_and_not_sent_twice);
    tcase_add_test(cases,
                   what_is_typed_while_a_question_comes_up_never_answers_it);
}

Suite *worlds_suite(void)
{
    Suite *suite = suite_create("worlds");
    TCase *cases = tcase_create("worlds");
    tcase_set_timeout(cases, 120);
    add_first(cases);
    tcase_add_test(cases, with_a_key_and_an_ollama_nothing_is_spent_silently);
    tcase_add_test(cases, a_proxy_that_wants_a_password_is_named_with_the_cure);
    tcase_add_test(cases,
                   a_tunnel_through_a_proxy_that_wants_a_password_is_the_same);
    tcase_add_test(cases,
                   a_proxy_that_may_be_buffering_is_named_with_the_setting);
    tcase_add_test(cases,
                   without_a_home_to_write_it_starts_and_says_what_is_not_kept);
    tcase_add_test(cases, on_a_terminal_that_nobody_knows_it_chats_in_lines);
    tcase_add_test(cases, a_script_that_says_nothing_of_a_vendor_is_refused);
    tcase_add_loop_test(cases, a_script_that_says_so_is_answered, 0,
                        (int)COUNTOF(permissions));
    tcase_add_test(cases, local_sends_nothing_to_a_vendor_that_is_named);
    tcase_add_test(cases,
                   without_a_screen_only_the_words_of_the_question_answer_it);
    tcase_add_test(cases, a_stalled_answer_asks_and_a_key_asks_again);
    tcase_add_test(cases, escape_stops_a_stalled_answer_and_keeps_it);
    tcase_add_test(cases, without_a_screen_a_word_answers_a_stalled_answer);
    suite_add_tcase(suite, cases);
    return suite;
}
