/* SPDX-License-Identifier: MIT */
/*
 * A key that is drawn for each test, and many ways in which things go wrong,
 * most of them with a server that repeats the key: it stands in the requests to
 * its own server and nowhere else. Not in what is printed, on the terminal, in
 * any file below the home directory, in the environment of the program or of
 * what it starts.
 */
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/base64.h"
#include "base/compiler.h"
#include "base/path.h"
#include "tests/support/fullscreen.h"
#include "tests/support/program.h"
#include "tests/support/scratch.h"

Suite *canary_suite(void);

enum {
    KEY_SIZE = 64,
    TEXT_MAX = 8192,
    FILE_MAX = 4 << 20,
    WORDS_MAX = 8,
    LOG_SIZE = 128
};

/* CANARY-7f3a and 24 digits; and the same in base64, but for the end, which
 * depends on what follows. */
struct canary {
    char key[KEY_SIZE];
    char base64[2 * KEY_SIZE];
};

static void canary_draw(struct canary *canary)
{
    unsigned char bytes[12];
    struct buf text = { 0 };
    ck_assert_int_eq(getrandom(bytes, sizeof bytes, 0), sizeof bytes);
    buf_append_string(&text, "CANARY-7f3a");
    for (size_t i = 0; i < sizeof bytes; i++)
        buf_printf(&text, "%02x", bytes[i]);
    snprintf(canary->key, sizeof canary->key, "%s", buf_string(&text));
    buf_reset(&text);
    base64_append(&text, slice_of(canary->key));
    snprintf(canary->base64, sizeof canary->base64, "%.40s", buf_string(&text));
    buf_clear(&text);
}

/* A part of it gives something away, too. */
static void check_clean(const struct canary *canary, struct slice text,
                        const char *where)
{
    ck_assert_msg(slice_find(text, "CANARY-") < 0, "the key is in %s", where);
    ck_assert_msg(slice_find(text, canary->base64) < 0,
                  "the key is in %s, as base64", where);
}

/* nftw() hands no context on. */
static const struct canary *searched;

static int check_file(const char *path, const struct stat *about, int type,
                      struct FTW *place)
{
    struct buf text = { 0 };
    struct error err = { 0 };
    (void)about, (void)place;
    check_clean(searched, slice_of(path), "the name of a file");
    if (type == FTW_F && path_read_file(&text, path, FILE_MAX, &err))
        check_clean(searched, buf_slice(&text), path);
    buf_clear(&text);
    return 0;
}

static void check_tree(const struct canary *canary, const char *home)
{
    searched = canary;
    ck_assert_int_eq(nftw(home, check_file, 16, FTW_PHYS), 0);
}

/* Every KEY is the key, every OTHER the address of the other server. */
static void fill_in(char *out, const char *text, const struct canary *canary,
                    const char *other)
{
    size_t len = 0;
    while (*text) {
        const char *with = !strncmp(text, "KEY", 3)     ? canary->key
                           : !strncmp(text, "OTHER", 5) ? other
                                                        : NULL;
        ck_assert_uint_lt(len, TEXT_MAX - 2 * KEY_SIZE);
        if (with)
            len += (size_t)snprintf(out + len, TEXT_MAX - len, "%s", with);
        else
            out[len++] = *text;
        text += !with ? 1 : with == canary->key ? 3 : 5;
    }
    out[len] = '\0';
}

#define ECHO_JSON \
    "body \"{\\\"error\\\":{\\\"message\\\":\\\"got Bearer KEY\\\"}}\"\n"
#define STATUS(line) "times forever\nstatus " line "\n" ECHO_JSON
#define TOKEN        "data {\"choices\":[{\"delta\":{\"content\":\"one \"}}]}\n"
#define X50          "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const char fine[] = "times forever\nheader Content-Type: "
                           "text/event-stream\nchunked\n" TOKEN
                           "data {\"choices\":[{\"delta\":{},\"finish_reason\":"
                           "\"stop\"}]}\ndata [DONE]\n";

/* One run of the program without a screen. */
struct scene {
    const char *name;
    const char *script;           /* of the server */
    const char *words[WORDS_MAX]; /* none: -m v/m hi */
    const char *more;             /* of the endpoint's settings */
    const char *url;              /* NULL: that of the server */
    const char *hooks;            /* more of the settings; NULL: none */
    const char *input;
    const char *shown;   /* must stand in what is printed; NULL: anything */
    const char *written; /* a file below home that must be there; NULL: any */
    bool is_unsent;      /* the key is not even sent to its server */
};

/* clang-format off */
static const struct scene scenes[] = {
    { .name = "an answer", .script = fine, .shown = "one" },
    { .name = "400", .script = STATUS("400 Bad Request"), .shown = "redacted" },
    { .name = "401", .script = STATUS("401 Unauthorized"), .shown = "redacted" },
    { .name = "402", .script = STATUS("402 Payment Required"), .shown = "redacted" },
    { .name = "403", .script = STATUS("403 Forbidden"), .shown = "redacted" },
    { .name = "404", .script = STATUS("404 Not Found"), .shown = "redacted" },
    { .name = "405", .script = STATUS("405 Method Not Allowed"), .shown = "redacted" },
    { .name = "408", .script = STATUS("408 Request Timeout") },
    { .name = "413", .script = STATUS("413 Content Too Large"), .shown = "redacted" },
    { .name = "415", .script = STATUS("415 Unsupported Media Type"), .shown = "redacted" },
    { .name = "422", .script = STATUS("422 Unprocessable Content"), .shown = "redacted" },
    { .name = "429", .script = STATUS("429 Too Many Requests\nheader Retry-After: 0") },
    { .name = "500", .script = STATUS("500 KEY") },
    { .name = "502", .script = STATUS("502 Bad Gateway") },
    { .name = "503", .script = STATUS("503 Service Unavailable\nheader Retry-After: 0") },
    { .name = "529", .script = STATUS("529 Overloaded\nheader Retry-After: 0") },
    { .name = "the status line", .script = "status 400 KEY\nbody \"\"\n" },
    { .name = "a header of the answer", .script = "status 401 No\n"
      "header WWW-Authenticate: Bearer realm=\"KEY\"\nbody \"\"\n" },
    { .name = "plain words", .script = "status 400 Bad Request\nbody \"Bearer KEY, no\"\n",
      .shown = "redacted" },
    { .name = "words that are cut within the key", .script = "status 400 Bad Request\nbody \""
      X50 X50 X50 X50 X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx KEY\"\n" },
    { .name = "a web page", .script = "status 403 Forbidden\nheader Content-Type: text/html\n"
      "body \"<html><title>KEY</title></html>\"\n", .shown = "redacted" },
    { .name = "a web page that says 200", .script = "header Content-Type: text/html\n"
      "body \"<html><title>KEY</title></html>\"\n", .shown = "redacted" },
    { .name = "no JSON at all", .script = "body \"KEY\"\n" },
    { .name = "no JSON, cut within the key", .script = "body \"" X50 X50 X50 "KEY\"\n" },
    { .name = "an error within the stream", .script = "header Content-Type: text/event-stream\n"
      "chunked\n" TOKEN "data {\"error\":{\"message\":\"Bearer KEY\"}}\n",
      .shown = "redacted" },
    { .name = "an event that is not readable", .script = "header Content-Type: text/event-stream"
      "\nchunked\n" TOKEN "data {\"KEY\n" },
    { .name = "an error that wraps another", .script = "status 400 Bad Request\nbody \"{\\\"error"
      "\\\":{\\\"message\\\":\\\"{\\\\\\\"detail\\\\\\\":\\\\\\\"KEY\\\\\\\"}"
      "\\\"}}\"\n" },
    { .name = "an answer that is cut", .script = "header Content-Type: text/event-stream\n"
      "chunked\n" TOKEN "close\n" },
    { .name = "an answer that is reset", .script = "header Content-Type: text/event-stream\n"
      "chunked\n" TOKEN "reset\n" },
    { .name = "no answer", .script = "times forever\nraw \"\"\nclose\n" },
    { .name = "as json", .script = STATUS("400 Bad Request"),
      .words = { "-o", "json", "-m", "v/m", "hi" }, .shown = "redacted" },
    { .name = "as stream-json", .script = STATUS("400 Bad Request"),
      .words = { "-o", "stream-json", "-m", "v/m", "hi" },
      .shown = "redacted" },
    { .name = "an answer as stream-json", .script = fine,
      .words = { "-o", "stream-json", "-m", "v/m", "hi" }, .shown = "one" },
    { .name = "a prompt that is kept", .script = STATUS("400 Bad Request"),
      .words = { "-m", "v/m" }, .input = "hi", .shown = "is kept in" },
    { .name = "a dry run", .script = fine, .words = { "--dry-run", "-m", "v/m", "hi" },
      .shown = "key left out", .is_unsent = true },
    { .name = "another address", .script = "status 307 Temporary Redirect\n"
      "header Location: OTHER/v1?key=KEY\nbody \"\"\n" },
    { .name = "another scheme", .script = "status 301 Moved Permanently\n"
      "header Location: https://ann:KEY@127.0.0.1:1/v1\nbody \"\"\n",
      .shown = "127.0.0.1:1/v1" },
    { .name = "a proxy for plain http", .script = fine, .url = "http://e.test",
      .more = "proxy: OTHER", .shown = "over plain http", .is_unsent = true },
    { .name = "a proxy that sees it because it may", .script = fine, .url = "http://e.test",
      .more = "proxy: SELF, allow_cleartext: true", .shown = "one" },
    { .name = "a proxy that refuses", .script = "times forever\nstatus 407 No\nbody \"\"\n",
      .url = "https://e.test", .more = "proxy: SELF", .shown = "407",
      .is_unsent = true },
    { .name = "TLS where there is none", .script = fine, .url = "https", .is_unsent = true },
    { .name = "no such host", .script = fine, .url = "https://e.invalid", .is_unsent = true },
    { .name = "a certificate file that is none", .script = fine, .url = "https",
      .more = "ca_file: /dev/null", .is_unsent = true },
    { .name = "doctor", .script = STATUS("401 Unauthorized"), .words = { "doctor" },
      .shown = "fail" },
    { .name = "doctor that is content", .script = "times forever\nbody \"{\\\"data\\\":[{\\\"id"
      "\\\":\\\"m\\\"}]}\"\n", .words = { "doctor" }, .shown = "TEST_KEY" },
    { .name = "status", .script = fine, .words = { "status" }, .shown = "TEST_KEY",
      .is_unsent = true },
    { .name = "status as json", .script = fine, .words = { "status", "-o", "json" },
      .shown = "TEST_KEY", .is_unsent = true },
    { .name = "a setting that is refused", .script = fine, .words = { "hi" },
      .more = "proxyy: x", .shown = "proxyy", .is_unsent = true },
    { .name = "doctor of settings that are refused", .script = fine, .words = { "doctor" },
      .more = "proxyy: x", .shown = "proxyy", .is_unsent = true },
    { .name = "a debug log", .script = STATUS("400 Bad Request"),
      .words = { "--debug", "HOME/log", "-m", "v/m", "hi" },
      .written = "log", .shown = "redacted" },
    { .name = "config explain", .script = fine,
      .words = { "config", "explain", "endpoints.v.key" },
      .shown = "TEST_KEY", .is_unsent = true },
    { .name = "config explain of all", .script = fine,
      .words = { "config", "explain" }, .shown = "config.yaml",
      .is_unsent = true },
    { .name = "a hook", .script = STATUS("400 Bad Request"),
      .hooks = "hooks:\n  run-finished: [sh, -c, 'env >~/hook-env; "
               "cat >~/hook-in']\n", .written = "hook-in", .shown = "redacted" },
    { .name = "decode", .script = fine, .words = { "decode", "chat-completions" },
      .input = "data: {}\n\n", .is_unsent = true },
};
/* clang-format on */

/* SELF in the settings is the server itself. */
static void write_config(struct program *program, const struct scene *scene,
                         struct server *server, const char *other)
{
    struct buf text = { 0 };
    char url[256], self[64];
    snprintf(self, sizeof self, "%s", server_url(server, ""));
    if (!scene->url)
        snprintf(url, sizeof url, "%s/v1", self);
    else if (!strcmp(scene->url, "https"))
        snprintf(url, sizeof url, "https://127.0.0.1:%d/v1",
                 server_port(server));
    else
        snprintf(url, sizeof url, "%s/v1", scene->url);
    const char *more = scene->more ? scene->more : "";
    const char *proxy = strstr(more, "SELF");
    const char *elsewhere = strstr(more, "OTHER");
    buf_printf(
        &text,
        "model: v/m\nendpoints:\n  v: {dialect: chat-completions, trust: own, "
        "url: \"%s\", key: {env: TEST_KEY}%s",
        url, *more ? ", " : "");
    if (proxy)
        buf_printf(&text, "%.*s\"%s\"%s", (int)(proxy - more), more, self,
                   proxy + strlen("SELF"));
    else if (elsewhere)
        buf_printf(&text, "%.*s\"%s\"%s", (int)(elsewhere - more), more, other,
                   elsewhere + strlen("OTHER"));
    else
        buf_append_string(&text, more);
    buf_printf(&text, "}\n%s", scene->hooks ? scene->hooks : "");
    program_file(program, ".config/sennit/config.yaml", buf_string(&text));
    buf_clear(&text);
}

static void check_shown(const struct program *program,
                        const struct scene *scene)
{
    bool is_shown = !scene->shown ||
                    strstr(buf_string(&program->out), scene->shown) ||
                    strstr(buf_string(&program->err), scene->shown);
    ck_assert_msg(is_shown, "%s: no \"%s\" in:\n%s%s", scene->name,
                  scene->shown, buf_string(&program->out),
                  buf_string(&program->err));
}

static void name_log(struct program *program, char *log)
{
    snprintf(log, LOG_SIZE, "%s/log", program->home);
    for (size_t i = 0; program->arguments[i]; i++) {
        if (!strcmp(program->arguments[i], "HOME/log"))
            program->arguments[i] = log;
    }
}

static void check_written(const struct program *program,
                          const struct scene *scene)
{
    char path[128];
    struct stat about;
    if (!scene->written)
        return;
    snprintf(path, sizeof path, "%s/%s", program->home, scene->written);
    ck_assert_msg(stat(path, &about) == 0 && about.st_size > 0,
                  "%s: %s is not there", scene->name, path);
}

START_TEST(a_key_stands_in_the_requests_to_its_server_only)
{
    const struct scene *scene = &scenes[_i];
    struct canary canary;
    char script[TEXT_MAX], variable[2 * KEY_SIZE], other_url[64];
    char log[LOG_SIZE];
    canary_draw(&canary);
    struct server *other = server_start("times forever\nbody \"\"\n", NULL);
    snprintf(other_url, sizeof other_url, "%s", server_url(other, ""));
    fill_in(script, scene->script, &canary, other_url);
    snprintf(variable, sizeof variable, "TEST_KEY=%s", canary.key);
    struct server *server = server_start(script, NULL);
    struct program program = {
        .arguments = { "-m", "v/m", "hi" },
        .variables = { variable, "OLLAMA_HOST=127.0.0.1:1" },
        .input = scene->input,
    };
    if (scene->words[0])
        memcpy(program.arguments, scene->words, sizeof scene->words);
    write_config(&program, scene, server, other_url);
    name_log(&program, log);
    program_run(&program);
    check_clean(&canary, buf_slice(&program.out), "standard output");
    check_clean(&canary, buf_slice(&program.err), "standard error");
    check_tree(&canary, program.home);
    check_clean(&canary, slice_of(server_received(other)), "another server");
    check_shown(&program, scene);
    check_written(&program, scene);
    bool is_sent = server_count(server, canary.key) > 0;
    ck_assert_msg(is_sent == !scene->is_unsent, "%s: %s", scene->name,
                  server_received(server));
    program_clear(&program);
    server_stop(server);
    server_stop(other);
}
END_TEST

/* User and password of an address go as base64, and are never shown. */
START_TEST(a_password_in_an_address_is_not_shown)
{
    static const char *const words[][4] = { { "-m", "openai/m", "hi" },
                                            { "doctor" },
                                            { "status" },
                                            { "--dry-run", "-m", "openai/m",
                                              "hi" } };
    for (size_t i = 0; i < COUNTOF(words); i++) {
        struct canary canary;
        char variable[4 * KEY_SIZE];
        canary_draw(&canary);
        struct server *server = server_start(
            "times forever\nstatus 404 Not Found\nbody \"\"\n", NULL);
        snprintf(variable, sizeof variable,
                 "OPENAI_BASE_URL=http://ann:%s@127.0.0.1:%d/v1", canary.key,
                 server_port(server));
        struct program program = {
            .variables = { variable, "OLLAMA_HOST=127.0.0.1:1" },
        };
        memcpy(program.arguments, words[i], sizeof words[i]);
        program_run(&program);
        check_clean(&canary, buf_slice(&program.out), "standard output");
        check_clean(&canary, buf_slice(&program.err), "standard error");
        check_tree(&canary, program.home);
        program_clear(&program);
        server_stop(server);
    }
}
END_TEST

/* The full screen. */

struct stage {
    struct canary canary;
    struct server *server;
    struct pty *pty;
    /* A program that notes what it sees, and edits. */
    char editor[SCRATCH_PATH_MAX];
};

static void stage_open(struct stage *stage, const char *script)
{
    static const char editor[] =
        "#!/bin/sh\n"
        "{ env; tr '\\0' '\\n' </proc/$PPID/environ; "
        "tr '\\0' ' ' </proc/$PPID/cmdline; } >\"$HOME/seen\" 2>&1\n"
        "echo edited >\"$1\"\n";
    char text[TEXT_MAX], variable[2 * KEY_SIZE];
    char visual[SCRATCH_PATH_MAX + 16];
    canary_draw(&stage->canary);
    fill_in(text, script, &stage->canary, "");
    stage->server = server_start(text, NULL);
    snprintf(variable, sizeof variable, "TEST_KEY=%s", stage->canary.key);
    int fd = scratch_file(stage->editor, "show");
    ck_assert_int_eq(write(fd, editor, sizeof editor - 1), sizeof editor - 1);
    ck_assert_int_eq(fchmod(fd, 0700), 0);
    close(fd);
    snprintf(visual, sizeof visual, "VISUAL=%s", stage->editor);
    const char *variables[] = { variable, visual, NULL };
    struct pty_options options = { .height = 40, .variables = variables };
    stage->pty = fullscreen_new(NULL, &options);
    snprintf(
        text, sizeof text,
        "model: v/m\nendpoints:\n  v: {dialect: chat-completions, trust: own, "
        "url: \"%s\", key: {env: TEST_KEY}}\n",
        server_url(stage->server, "/v1"));
    pty_write_file(stage->pty, ".config/sennit/config.yaml", text);
    fullscreen_run(stage->pty);
}

static void check_process(const struct canary *canary, int pid)
{
    static const char *const files[] = { "environ", "cmdline" };
    for (size_t i = 0; i < COUNTOF(files); i++) {
        char path[64];
        struct buf text = { 0 };
        struct error err = { 0 };
        snprintf(path, sizeof path, "/proc/%d/%s", pid, files[i]);
        /* Closed to all but root: then there is nothing to be seen. */
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0 && path_read_fd(&text, fd, FILE_MAX, path, &err))
            check_clean(canary, buf_slice(&text), path);
        if (fd >= 0)
            close(fd);
        buf_clear(&text);
    }
}

static void stage_close(struct stage *stage)
{
    check_clean(&stage->canary, pty_output(stage->pty), "the terminal");
    check_tree(&stage->canary, pty_home(stage->pty));
    ck_assert_int_gt(server_count(stage->server, stage->canary.key), 0);
    pty_free(stage->pty);
    server_stop(stage->server);
    unlink(stage->editor);
}

static void ask(struct stage *stage, const char *expected)
{
    pty_send(stage->pty, "hi\r");
    pty_expect(stage->pty, expected);
}

START_TEST(a_key_is_not_on_the_screen_nor_in_what_is_printed_of_it)
{
    struct stage stage;
    stage_open(&stage, STATUS("400 Bad Request"));
    ask(&stage, "redacted");
    static const char *const commands[] = { "/doctor", "/status", "/models" };
    for (size_t i = 0; i < COUNTOF(commands); i++) {
        pty_send(stage.pty, commands[i]);
        pty_send(stage.pty, " \r");
        pty_expect(stage.pty, "Esc closes");
        pty_send(stage.pty, "\033");
        pty_expect_gone(stage.pty, "Esc closes");
    }
    pty_send(stage.pty, "/dump\r");
    pty_expect(stage.pty, "Enter returns to sennit");
    pty_send(stage.pty, "\r");
    pty_expect_gone(stage.pty, "Enter returns to sennit");
    fullscreen_settle(stage.pty);
    fullscreen_quit(stage.pty);
    stage_close(&stage);
}
END_TEST

START_TEST(no_key_is_in_the_environment_of_the_program_or_of_an_editor)
{
    struct stage stage;
    struct buf seen = { 0 };
    struct error err = { 0 };
    stage_open(&stage, fine);
    ask(&stage, "one");
    check_process(&stage.canary, pty_pid(stage.pty));
    check_process(&stage.canary, fullscreen_client(stage.pty));
    pty_send(stage.pty, "\007"); /* Ctrl-G */
    pty_expect(stage.pty, "edited");
    ck_assert(
        path_read_file(&seen, pty_path(stage.pty, "seen"), FILE_MAX, &err));
    ck_assert_msg(strstr(buf_string(&seen), "HOME=") != NULL,
                  "the editor did not look");
    buf_clear(&seen);
    pty_send(stage.pty, "\025"); /* Ctrl-U */
    pty_send(stage.pty, "\003");
    fullscreen_settle(stage.pty);
    fullscreen_quit(stage.pty);
    stage_close(&stage);
}
END_TEST

START_TEST(a_crash_leaves_no_key_behind)
{
    static const int signals[] = { SIGSEGV, SIGABRT, SIGKILL };
    for (size_t i = 0; i < COUNTOF(signals); i++) {
        struct stage stage;
        stage_open(&stage, fine);
        ask(&stage, "one");
        kill(fullscreen_client(stage.pty), signals[i]);
        /* A sanitizer catches some, and what it prints is searched, too. */
        ck_assert_int_gt(pty_wait_exit(stage.pty, PTY_DEADLINE_MS), 0);
        stage_close(&stage);
    }
}
END_TEST

START_TEST(a_key_that_may_go_in_clear_is_told_in_the_status_line)
{
    static const char *const allowed[] = { "true", "false" };
    for (size_t i = 0; i < COUNTOF(allowed); i++) {
        const char *variables[] = { "TEST_KEY=sk-1", NULL };
        struct pty_options options = { .width = 120, .variables = variables };
        struct pty *pty = fullscreen_new(NULL, &options);
        char config[512];
        snprintf(
            config, sizeof config,
            "model: v/m\nendpoints:\n  v: {dialect: chat-completions, trust: own, "
            "url: \"http://e.test/v1\", key: {env: TEST_KEY}, "
            "allow_cleartext: %s}\n",
            allowed[i]);
        pty_write_file(pty, ".config/sennit/config.yaml", config);
        fullscreen_run(pty);
        fullscreen_settle(pty);
        bool is_told = strstr(pty_screen(pty), "KEY IN CLEAR") != NULL;
        ck_assert(is_told == (i == 0));
        fullscreen_quit(pty);
        pty_free(pty);
    }
}
END_TEST

Suite *canary_suite(void)
{
    Suite *suite = suite_create("canary");
    TCase *tcase = tcase_create("canary");
    tcase_set_timeout(tcase, 90);
    tcase_add_loop_test(tcase, a_key_stands_in_the_requests_to_its_server_only,
                        0, COUNTOF(scenes));
    tcase_add_test(tcase, a_password_in_an_address_is_not_shown);
    tcase_add_test(tcase,
                   a_key_is_not_on_the_screen_nor_in_what_is_printed_of_it);
    tcase_add_test(tcase,
                   no_key_is_in_the_environment_of_the_program_or_of_an_editor);
    tcase_add_test(tcase, a_crash_leaves_no_key_behind);
    tcase_add_test(tcase,
                   a_key_that_may_go_in_clear_is_told_in_the_status_line);
    suite_add_tcase(suite, tcase);
    return suite;
}
