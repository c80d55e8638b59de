/* SPDX-License-Identifier: MIT */
/*
 * `sennit doctor`, `sennit status` and their panels: what people paste.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <check.h>
#include <jansson.h>

#include "base/compiler.h"
#include "tests/support/fullscreen.h"
#include "tests/support/ollama.h"
#include "tests/support/program.h"

Suite *doctor_suite(void);

#define LOADED_MODEL                                              \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"         \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"small:1b\\\","     \
    "\\\"size\\\":1000}]}\"\n",                                   \
        "match GET /api/ps\ntimes forever\nstatus 200 OK\n"       \
        "body \"{\\\"models\\\":[{\\\"name\\\":\\\"small:1b\\\"," \
        "\\\"context_length\\\":4096,\\\"size_vram\\\":1000}]}\"\n"

static void run(struct program *program, struct server *server,
                const char *word, const char *more)
{
    static char host[64];
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server ? server_port(server) : 1);
    program->variables[0] = host;
    program->arguments[0] = word;
    program->arguments[1] = more;
    program->arguments[2] = more ? "json" : NULL;
    program_run(program);
}

/* A row of the report begins with its level and its name. */
static const char *row_of(const struct program *program, const char *level,
                          const char *name)
{
    static char row[1024];
    char start[64];
    struct slice rest = buf_slice(&program->out), line;
    snprintf(start, sizeof start, "  %-4s  %s ", level, name);
    while (slice_next_line(&rest, &line)) {
        if (slice_starts(line, start)) {
            snprintf(row, sizeof row, "%.*s", SLICE_ARG(line));
            return row;
        }
    }
    ck_abort_msg("no row \"%s\" in:\n%s%s", start, buf_string(&program->out),
                 buf_string(&program->err));
    return "";
}

static void ck_has(const char *text, const char *words)
{
    ck_assert_msg(strstr(text, words) != NULL, "no \"%s\" in:\n%s", words,
                  text);
}

START_TEST(where_all_is_well_nothing_fails)
{
    struct server *server = server_start(LOADED_MODEL, NULL);
    struct program program = { 0 };
    run(&program, server, "doctor", NULL);
    ck_assert_int_eq(program.status, 0);
    ck_has(row_of(&program, "ok", "ollama"), "ollama, own: answers");
    ck_has(row_of(&program, "ok", "  models"),
           "1, 1 of them for chat, small:1b loaded with a window of 4096");
    ck_has(row_of(&program, "ok", "next prompt"), "small:1b@ollama");
    ck_has(row_of(&program, "ok", "characters"), "UTF-8");
    ck_has(row_of(&program, "ok", "libcurl"), "OpenSSL");
    ck_has(row_of(&program, "ok", "memory"), "closed to other programs");
    ck_has(row_of(&program, "ok", "state"), "is made when it is needed");
    ck_has(row_of(&program, "ok", "state.db"), "is made when it is needed");
    ck_has(buf_string(&program.out), "\n0 failed, ");
    ck_assert_msg(!strstr(buf_string(&program.out), program.home),
                  "the home directory is ~ in what is pasted");
    ck_assert_str_eq(buf_string(&program.err), "");
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(what_fails_stands_beside_its_cure)
{
    static const struct {
        const char *config, *row, *cure;
        int status;
    } rows[] = {
        { "endpoints:\n  v: {dialect: ollama, url: \"http://127.0.0.1:1\"}\n",
          "v", "nothing listens on 127.0.0.1:1", 1 },
        { "endpoints:\n  v: {dialect: chat-completions, url: "
          "\"http://127.0.0.1:1\", key: {file: ~/key}}\n",
          "  key", "run: chmod 600 ", 1 },
        { "endpoints:\n  v: {dialect: chat-completions, url: "
          "\"http://127.0.0.1:1\", key: {env: NO_SUCH_KEY}}\n",
          "  key", "NO_SUCH_KEY is not set or empty", 1 },
        { "endpoints:\n  v: {dialect: chat-completions, url: "
          "\"http://127.0.0.1:1\", key: {command: [\"false\"]}}\n",
          "  key", "run it: its first line must be the key", 1 },
        { "endpoints:\n  v: {dialect: chat-completions, url: "
          "\"https://127.0.0.1:1\", ca_file: ~/none.pem}\n",
          "  certificates", "mend ca_file", 1 },
        { "endpoints:\n  v: {dialect: ollama}\n", "settings",
          "sennit(5) lists the keys", 4 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct program program = { 0 };
        program_file(&program, ".config/sennit/config.yaml", rows[i].config);
        program_file(&program, "key", "sk-1\n");
        run(&program, NULL, "doctor", NULL);
        row_of(&program, "fail", rows[i].row);
        ck_has(buf_string(&program.out), rows[i].cure);
        ck_assert_int_eq(program.status, rows[i].status);
        program_clear(&program);
    }
}
END_TEST

START_TEST(a_state_that_was_damaged_is_said)
{
    struct program program = { 0 };
    program_file(&program, ".local/state/sennit/state.db",
                 "no database by any stretch of the imagination, but long "
                 "enough that one may look for a header in it........\n");
    run(&program, NULL, "doctor", NULL);
    ck_has(row_of(&program, "warn", "state.db"), "state.db.damaged-");
    ck_has(buf_string(&program.out), "may be removed at any time");
    program_clear(&program);
}
END_TEST

START_TEST(a_refused_setting_is_named_by_file_and_line)
{
    struct program program = { 0 };
    program_file(&program, ".config/sennit/config.yaml",
                 "reply:\n  temprature: 1\n");
    run(&program, NULL, "doctor", NULL);
    ck_has(row_of(&program, "fail", "settings"), "config.yaml:2: ");
    ck_assert_int_eq(program.status, 4);
    program_clear(&program);
}
END_TEST

START_TEST(the_files_that_count_are_listed)
{
    struct program program = { 0 };
    program_file(&program, ".config/sennit/config.yaml",
                 "reply:\n  temperature: 1\n");
    run(&program, NULL, "doctor", NULL);
    ck_has(row_of(&program, "ok", "settings"),
           "from ~/.config/sennit/config.yaml");
    program_clear(&program);
}
END_TEST

START_TEST(a_directory_that_others_may_write_fails)
{
    struct program program = { 0 };
    char path[128];
    program_file(&program, ".config/sennit/config.yaml", "");
    snprintf(path, sizeof path, "%s/.config/sennit", program.home);
    ck_assert_int_eq(chmod(path, 0777), 0);
    run(&program, NULL, "doctor", NULL);
    ck_has(row_of(&program, "fail", "configuration"), "mode 0777");
    ck_has(buf_string(&program.out), "-> chmod 700 ~/.config/sennit\n");
    ck_assert_int_eq(program.status, 1);
    program_clear(&program);
}
END_TEST

/* Nobody spoke of an Ollama: that there is none is no fault. */
START_TEST(a_bare_machine_is_warned_and_does_not_fail)
{
    struct program program = { .arguments = { "doctor" } };
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    ck_has(row_of(&program, "warn", "next prompt"), "guide@guide");
    ck_has(buf_string(&program.out), "start a server (ollama serve)");
    program_clear(&program);
}
END_TEST

/* A session of the guide, one in the trash, and what trouble may leave. */
START_TEST(what_is_kept_and_what_trouble_left_is_counted)
{
    static const char *const rests[] = { "zzzzzzzz.db.damaged-1700000000",
                                         "zzzzzzzz.db.backup-v1" };
    struct program program = { .arguments = { "-m", "guide", "-p", "Hello" } };
    char path[96];
    program_run(&program);
    for (size_t i = 0; i < COUNTOF(rests); i++) {
        snprintf(path, sizeof path, ".local/share/sennit/sessions/%s",
                 rests[i]);
        program_file(&program, path, "12345");
    }
    program_file(&program, ".local/share/sennit/trash/abcdefgh-1700000000.db",
                 "123456");
    run(&program, NULL, "doctor", NULL);
    ck_has(row_of(&program, "ok", "kept"),
           "~/.local/share/sennit/sessions: 1 session, ");
    ck_has(row_of(&program, "ok", "kept"), "; in the trash 1 session, 6 B");
    ck_has(row_of(&program, "ok", "disk"), " free, ");
    ck_has(row_of(&program, "ok", "backups"), "1 file, 5 B, the last of 20");
    ck_has(row_of(&program, "warn", "damaged"), "1 file, 5 B, the last of 20");
    ck_has(row_of(&program, "ok", "sessions.keep"), "for ever");
    ck_has(row_of(&program, "ok", "SQLite"), "3.");
    run(&program, NULL, "status", NULL);
    ck_has(buf_string(&program.out), "sessions  1, ");
    ck_has(buf_string(&program.out), "; 1 in the trash; 1 damaged; free: ");
    program_clear(&program);
}
END_TEST

START_TEST(what_is_done_with_old_sessions_is_said)
{
    struct program program = { .arguments = { "-m", "guide", "-p", "Hello",
                                              "--set", "sessions.keep=90d" } };
    program_run(&program);
    memset(program.arguments, 0, sizeof program.arguments);
    program.variables[1] = "SENNIT_SESSIONS_KEEP=90d";
    run(&program, NULL, "doctor", NULL);
    ck_has(row_of(&program, "ok", "sessions.keep"), "90 days; 20");
    ck_has(row_of(&program, "ok", "sessions.keep"),
           "Z: 0 moved to the trash, 0 removed");
    program_clear(&program);
}
END_TEST

START_TEST(status_as_json_has_these_fields)
{
    struct server *server = server_start(LOADED_MODEL, NULL);
    struct program program = { 0 };
    const char *endpoint, *dialect, *url, *trust, *model, *reason, *version;
    json_t *key, *proxy, *error, *private, *sessions;
    json_int_t window;
    int is_pinned;
    run(&program, server, "status", "-o");
    ck_assert_int_eq(program.status, 0);
    json_t *root = json_loads(buf_string(&program.out), 0, NULL);
    ck_assert_int_eq(
        json_unpack(root,
                    "{s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:b, s:I, s:s, s:o, "
                    "s:o, s:o, s:s!}",
                    "endpoint", &endpoint, "dialect", &dialect, "url", &url,
                    "trust", &trust, "key", &key, "proxy", &proxy, "model",
                    &model, "pinned", &is_pinned, "window", &window, "reason",
                    &reason, "error", &error, "private", &private, "sessions",
                    &sessions, "version", &version),
        0);
    ck_assert_str_eq(endpoint, "ollama");
    ck_assert_str_eq(dialect, "ollama");
    ck_assert_str_eq(url, server_url(server, ""));
    ck_assert_str_eq(trust, "own");
    ck_assert(json_is_null(key) && json_is_null(proxy) && json_is_null(error));
    ck_assert(json_is_null(private));
    ck_assert_int_eq(json_integer_value(json_object_get(sessions, "count")), 0);
    ck_assert(json_is_null(json_object_get(sessions, "free")));
    ck_assert_str_eq(model, "small:1b");
    ck_assert(!is_pinned);
    ck_assert_int_eq(window, 4096);
    json_decref(root);
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(status_says_why_a_prompt_goes_nowhere)
{
    struct program program = { 0 };
    program_file(&program, ".config/sennit/config.yaml",
                 "endpoints:\n  v: {dialect: ollama, url: "
                 "\"http://127.0.0.1:1\"}\n");
    run(&program, NULL, "status", "-o");
    ck_assert_int_eq(program.status, 5);
    json_t *root = json_loads(buf_string(&program.out), 0, NULL);
    ck_assert(json_is_string(json_object_get(root, "error")));
    ck_assert(json_is_null(json_object_get(root, "model")));
    json_decref(root);
    program_clear(&program);
}
END_TEST

START_TEST(the_panel_fills_as_the_servers_answer)
{
    struct server *server = server_start(
        "match GET /api/tags\nawait go\nbody \"{\\\"models\\\":[]}\"\n",
        "match GET /api/tags\ntimes forever\nbody \"{\\\"models\\\":[]}\"\n",
        "match GET /api/ps\ntimes forever\nbody \"{\\\"models\\\":[]}\"\n",
        NULL);
    struct pty_options options = { .height = 60 };
    struct pty *pty = fullscreen_start(server, &options);
    pty_send(pty, "/doctor\r");
    pty_expect(pty, "own: asking");
    pty_expect(pty, "60 rows");
    server_release(server, "go");
    pty_expect(pty, "own: answers");
    pty_expect(pty, "get one: ollama pull");
    pty_send(pty, "\033");
    pty_expect_gone(pty, "own: answers");
    fullscreen_quit(pty);
    pty_free(pty);
    server_stop(server);
}
END_TEST

/* Lower rows than a report has are read by scrolling; the words are the same
 * on a terminal, and the terminal is asked how it counts. */
START_TEST(on_a_terminal_the_terminal_is_asked)
{
    const char *path = getenv("PROGRAM");
    const char *const words[] = { path ? path : "build/release/sennit",
                                  "doctor", NULL };
    const char *variables[] = { "OLLAMA_HOST=127.0.0.1:1", NULL };
    struct pty_options options = { .height = 60, .variables = variables };
    struct pty *pty = pty_new(&options);
    pty_start(pty, words);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 1);
    ck_has(pty_screen(pty), "marks are counted as we do");
    ck_has(pty_screen(pty), "80 columns, 60 rows");
    pty_free(pty);
}
END_TEST

Suite *doctor_suite(void)
{
    Suite *suite = suite_create("doctor");
    TCase *tcase = tcase_create("doctor");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, where_all_is_well_nothing_fails);
    tcase_add_test(tcase, what_fails_stands_beside_its_cure);
    tcase_add_test(tcase, a_state_that_was_damaged_is_said);
    tcase_add_test(tcase, a_refused_setting_is_named_by_file_and_line);
    tcase_add_test(tcase, the_files_that_count_are_listed);
    tcase_add_test(tcase, a_directory_that_others_may_write_fails);
    tcase_add_test(tcase, a_bare_machine_is_warned_and_does_not_fail);
    tcase_add_test(tcase, what_is_kept_and_what_trouble_left_is_counted);
    tcase_add_test(tcase, what_is_done_with_old_sessions_is_said);
    tcase_add_test(tcase, status_as_json_has_these_fields);
    tcase_add_test(tcase, status_says_why_a_prompt_goes_nowhere);
    tcase_add_test(tcase, the_panel_fills_as_the_servers_answer);
    tcase_add_test(tcase, on_a_terminal_the_terminal_is_asked);
    suite_add_tcase(suite, tcase);
    return suite;
}
