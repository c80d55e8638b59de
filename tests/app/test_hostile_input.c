/* SPDX-License-Identifier: MIT */
/*
 * Hostile bytes through every door that the user, his files and his command
 * line open: typed and pasted text, names of files, settings, arguments.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <check.h>

#include "base/compiler.h"
#include "base/utf8.h"
#include "tests/support/hostile.h"
#include "tests/support/output_grammar.h"

Suite *hostile_input_suite(void);

/* Each of ours, and some of the others: a door takes a moment for each. */
enum { OWN = 24, STEP = 11 };

static bool is_taken(size_t i)
{
    return i < OWN || i % STEP == 0;
}

/* What can stand in an argument, a name, on one typed line. */
static bool is_for_line(struct slice vector)
{
    return vector.len && !memchr(vector.ptr, '\0', vector.len) &&
           !memchr(vector.ptr, '\n', vector.len) &&
           !memchr(vector.ptr, '\r', vector.len) &&
           slice_find(vector, "[201~") < 0;
}

static const char *program(void)
{
    const char *path = getenv("PROGRAM");
    return path ? path : "build/release/sennit";
}

/* Paste a line, press Enter, and see the draft gone or refused. */
static void say(struct stage *stage, const char *before, struct slice vector,
                int number)
{
    char mark[32];
    snprintf(mark, sizeof mark, " :E%d.\x1b[201~", number);
    stage_send(stage, "\x1b[200~", slice_of(before), "");
    stage_send(stage, "", vector, mark);
    snprintf(mark, sizeof mark, ":E%d.", number);
    pty_expect(stage->pty, mark);
    pty_send(stage->pty, "\r");
}

/* Whether the line was taken or refused. */
static void clear_draft(struct stage *stage)
{
    pty_send(stage->pty, "XY");
    pty_expect(stage->pty, "XY");
    pty_send(stage->pty, "\x03");
    pty_expect_gone(stage->pty, "XY");
}

START_TEST(titles_models_and_settings_that_are_typed_stay_in_the_grammar)
{
    static const char *const commands[] = {
        "/rename T",
        "/model x",
        "/model ollama/",
        "/set reply.temperature ",
        "/set reply.",
        "/system ",
        "/",
        "/no",
    };
    struct stage stage = { 0 };
    struct vectors vectors = vectors_read();
    stage_begin(&stage, "");
    stage_start(&stage, 60, 120);
    for (size_t i = 0; i < vectors.list.count; i++) {
        struct slice vector = vectors_at(&vectors, i);
        if (!is_taken(i) || !is_for_line(vector))
            continue;
        say(&stage, commands[i % COUNTOF(commands)], vector, (int)i);
        clear_draft(&stage);
    }
    pty_send(stage.pty, "/model ollama/small:1b\r");
    pty_expect(stage.pty, "small:1b@ollama");
    pty_send(stage.pty, "/system\r");
    pty_expect(stage.pty, "system prompt:");
    vectors_clear(&vectors);
    stage_end(&stage);
}
END_TEST

START_TEST(prompts_that_wait_stay_in_the_grammar)
{
    struct stage stage = { 0 };
    struct vectors vectors = vectors_read();
    int waiting = 0;
    stage_begin(&stage, "");
    stage_add(&stage, "match POST /api/chat\nstatus 200 OK\nchunked\n"
                      "line {\"message\":{\"content\":\"BEGUN\"},"
                      "\"done\":false}\nstall\n");
    stage_start(&stage, 60, 120);
    pty_send(stage.pty, "go\r");
    pty_expect(stage.pty, "BEGUN");
    for (size_t i = 0; i < vectors.list.count; i++) {
        char words[32];
        if (!is_taken(i) || !is_for_line(vectors_at(&vectors, i)))
            continue;
        say(&stage, "q", vectors_at(&vectors, i), (int)i);
        snprintf(words, sizeof words, "queued %d:", ++waiting);
        pty_expect(stage.pty, words);
    }
    /* All of them come back into the draft. */
    pty_send(stage.pty, "\x1b");
    pty_expect(stage.pty, "stopped by you");
    pty_expect_gone(stage.pty, "queued");
    pty_send(stage.pty, "\x03");
    pty_expect_gone(stage.pty, ":E0.");
    vectors_clear(&vectors);
    stage_end(&stage);
}
END_TEST

/* Characters that keys can bring; the rest of a vector is keys. */
START_TEST(a_filter_that_is_typed_stays_in_the_grammar)
{
    static const char *const typed[] = {
        "\xe2\x80\xae", "\xe2\x80\x8b", "\xf3\xa0\x81\xa8", "\xe3\x85\xa4",
        "\xef\xbf\xb9", "\xef\xb8\x8f", "\xf0\x9f\x8f\xbb", "e\xcc\x81\xcc\x82",
        "\xef\xbf\xbf", "\xe2\x80\xa8", "\xc2\x85",         "\xff",
    };
    static const char *const openers[] = { "\x18p", "\x18h" };
    struct stage stage = { 0 };
    stage_begin(&stage, "");
    stage_start(&stage, 30, 120);
    for (size_t k = 0; k < COUNTOF(openers); k++) {
        pty_send(stage.pty, openers[k]);
        pty_expect(stage.pty, "Esc closes");
        for (size_t i = 0; i < COUNTOF(typed); i++) {
            pty_send(stage.pty, typed[i]);
            pty_send(stage.pty, "z");
            pty_expect(stage.pty, "find: ");
            pty_send(stage.pty, "\x15");
            pty_expect_gone(stage.pty, "find: ");
        }
        pty_send(stage.pty, openers[k]);
        pty_expect_gone(stage.pty, "Esc closes");
    }
    /* And what completes a slash. */
    for (size_t i = 0; i < COUNTOF(typed); i++) {
        pty_send(stage.pty, "/m");
        pty_send(stage.pty, typed[i]);
        pty_expect(stage.pty, "> /m");
        pty_send(stage.pty, "\x15");
        pty_expect_gone(stage.pty, "> /m");
    }
    stage_end(&stage);
}
END_TEST

/* The program to its end with these words, on a terminal. */
static int run(struct pty *pty, const char *const words[])
{
    pty_start(pty, words);
    return pty_wait_exit(pty, PTY_DEADLINE_MS);
}

START_TEST(arguments_and_their_complaints_stay_in_the_grammar)
{
    static const char *const variables[] = { "OLLAMA_HOST=127.0.0.1:1", NULL };
    struct pty_options options = { .variables = variables };
    struct pty *pty = pty_new(&options);
    struct vectors vectors = vectors_read();
    for (size_t i = 0; i < vectors.list.count; i++) {
        struct buf word = { 0 }, option = { 0 }, pair = { 0 };
        if (!is_taken(i) || !is_for_line(vectors_at(&vectors, i)))
            continue;
        buf_append_slice(&word, vectors_at(&vectors, i));
        buf_printf(&option, "--%s", buf_string(&word));
        buf_printf(&pair, "%s=%s", buf_string(&word), buf_string(&word));
        const char *w = buf_string(&word);
        const char *const lines[][8] = {
            { program(), buf_string(&option), NULL },
            { program(), "-P", w, "x", NULL },
            { program(), "-m", w, "-p", "x", NULL },
            { program(), "--set", buf_string(&pair), "-p", "x", NULL },
            { program(), "--config", w, "-p", "x", NULL },
            { program(), "-f", w, "-p", "x", NULL },
            { program(), "-o", w, "-p", "x", NULL },
            { program(), "decode", w, NULL },
            { program(), "decode", "ollama", w, NULL },
        };
        /* Two of them for each. */
        for (size_t k = 0; k < 2; k++)
            ck_assert_int_ne(run(pty, lines[(2 * i + k) % COUNTOF(lines)]), 0);
        buf_clear(&word);
        buf_clear(&option);
        buf_clear(&pair);
    }
    const char *const help[] = { program(), "--help", NULL };
    ck_assert_int_eq(run(pty, help), 0);
    output_check(pty_output(pty));
    vectors_clear(&vectors);
    pty_free(pty);
}
END_TEST

/* It was refused, or opens with its complaints. */
static bool has_begun(struct pty *pty, void *context)
{
    (void)context;
    return strstr(pty_screen(pty), "F1 help") ||
           strstr(pty_screen(pty), "sennit: ");
}

/* A profile whose path, endpoints, models and keys are vectors. */
START_TEST(names_in_a_profile_and_of_it_stay_in_the_grammar)
{
    struct vectors vectors = vectors_read();
    for (size_t i = 0; i < vectors.list.count; i++) {
        struct slice vector = vectors_at(&vectors, i);
        struct buf text = { 0 }, name = { 0 }, quoted = { 0 };
        static const char *const variables[] = { "OLLAMA_HOST=127.0.0.1:1",
                                                 NULL };
        struct pty_options options = { 40, 120, NULL, variables };
        if (!is_for_line(vector) || i >= OWN ||
            memchr(vector.ptr, '/', vector.len))
            continue;
        struct pty *pty = pty_new(&options);
        vectors_append_json(&quoted, vector);
        const char *q = buf_string(&quoted);
        buf_printf(&text,
                   "endpoints:\n  \"e%s\":\n    dialect: ollama\n"
                   "    url: http://127.0.0.1:1\n    trust: own\n"
                   "    models: {\"a%s\": \"m%s\"}\n"
                   "keys:\n  \"k%s\": F1\n  retry: \"%s\"\n  quit: Ctrl-Q\n",
                   q, q, q, q, q);
        buf_printf(&name, "p%.*s.yaml", SLICE_ARG(vector));
        pty_write_file(pty, buf_string(&name), buf_string(&text));
        const char *const words[] = { program(), "--config",
                                      pty_path(pty, buf_string(&name)), NULL };
        pty_start(pty, words);
        ck_assert(pty_wait_until(pty, has_begun, NULL, PTY_DEADLINE_MS));
        if (strstr(pty_screen(pty), "F1 help")) {
            pty_send(pty, "\x18m");
            pty_expect(pty, "models F6");
            pty_send(pty, "\x18m");
            pty_expect_gone(pty, "models F6");
            pty_send(pty, "/status\r");
            pty_expect(pty, "Next prompt");
            pty_send(pty, "\x03");
            pty_expect_gone(pty, "Next prompt");
            pty_send(pty, "\x04");
        }
        ck_assert_int_ge(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
        output_check(pty_output(pty));
        pty_free(pty);
        buf_clear(&text);
        buf_clear(&name);
        buf_clear(&quoted);
    }
    vectors_clear(&vectors);
}
END_TEST

START_TEST(a_one_shot_on_a_terminal_stays_in_the_grammar)
{
    struct stage stage = { 0 };
    struct vectors vectors = vectors_read();
    struct buf text = { 0 };
    char host[64];
    stage_begin(&stage, "");
    buf_append_string(&text, "match POST /api/chat\ntimes 2\nstatus 200 OK\n"
                             "chunked\n");
    for (size_t i = 0; i < vectors.list.count; i++) {
        buf_append_string(&text, "line {\"model\":\"m");
        vectors_append_json(&text, vectors_at(&vectors, i));
        buf_append_string(&text, "\",\"message\":{\"content\":\"");
        vectors_append_json(&text, vectors_at(&vectors, i));
        buf_append_string(&text, "\"},\"done\":false}\n");
    }
    buf_append_string(&text, "line {\"message\":{\"content\":\"END.\"},"
                             "\"done\":true,\"done_reason\":\"stop\"}\n");
    stage_add(&stage, buf_string(&text));
    buf_reset(&text);
    buf_append_string(&text, "match POST /api/chat\nstatus 400 No\nchunked\n"
                             "line {\"error\":\"E. ");
    for (size_t i = 0; i < OWN; i++)
        vectors_append_json(&text, vectors_at(&vectors, i));
    buf_append_string(&text, "\"}\n");
    stage_add(&stage, buf_string(&text));
    stage.server = server_start_files(stage.files);
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(stage.server));
    const char *variables[] = { host, NULL };
    struct pty_options options = { .variables = variables };
    struct pty *pty = pty_new(&options);
    const char *const words[] = { program(), "-m", "ollama/small:1b",
                                  "-p",      "x",  NULL };
    const char *const files[] = { program(),
                                  "-m",
                                  "ollama/small:1b",
                                  "-f",
                                  pty_path(pty,
                                           "f\x1b]0;pwned\x07\xe2\x80\xae.txt"),
                                  "-p",
                                  "x",
                                  NULL };
    pty_write_file(pty, "f\x1b]0;pwned\x07\xe2\x80\xae.txt", "text");
    ck_assert_int_eq(run(pty, words), 0);
    ck_assert_int_eq(run(pty, files), 0);
    ck_assert_int_ge(slice_find(pty_output(pty), "END."), 0);
    ck_assert_int_ne(run(pty, words), 0);
    ck_assert_int_ge(slice_find(pty_output(pty), "E. "), 0);
    output_check_printed(pty_output(pty));
    pty_free(pty);
    pty_free(stage.folder);
    server_stop(stage.server);
    vectors_clear(&vectors);
    buf_clear(&text);
}
END_TEST

/* An editor that leaves all of it in the file. */
START_TEST(what_an_external_editor_wrote_stays_in_the_grammar)
{
    struct stage stage = { 0 };
    struct vectors vectors = vectors_read();
    struct buf text = { 0 };
    char visual[256];
    stage_begin(&stage, "");
    for (size_t i = 0; i < vectors.list.count; i++) {
        struct slice vector = vectors_at(&vectors, i);
        /* A file of others is refused. */
        if (!vector.len || !utf8_is_valid(vector) ||
            memchr(vector.ptr, '\0', vector.len))
            continue;
        buf_append_slice(&text, vector);
        buf_append_string(&text, "|\n");
    }
    buf_append_string(&text, "LAST");
    pty_write_file(stage.folder, "written", buf_string(&text));
    snprintf(visual, sizeof visual, "#!/bin/sh\ncat %s >\"$1\"\n",
             pty_path(stage.folder, "written"));
    pty_write_file(stage.folder, "ed.sh", visual);
    ck_assert_int_eq(chmod(pty_path(stage.folder, "ed.sh"), 0700), 0);
    snprintf(visual, sizeof visual, "VISUAL=%s",
             pty_path(stage.folder, "ed.sh"));
    stage.variable = visual;
    stage_start(&stage, 60, 120);
    pty_send(stage.pty, "\x07");
    pty_expect(stage.pty, "LAST");
    pty_send(stage.pty, "\x03");
    pty_expect_gone(stage.pty, "LAST");
    buf_clear(&text);
    vectors_clear(&vectors);
    stage_end(&stage);
}
END_TEST

Suite *hostile_input_suite(void)
{
    Suite *suite = suite_create("hostile_input");
    TCase *tcase = tcase_create("hostile_input");
    tcase_set_timeout(tcase, 240);
    tcase_add_test(
        tcase, titles_models_and_settings_that_are_typed_stay_in_the_grammar);
    tcase_add_test(tcase, prompts_that_wait_stay_in_the_grammar);
    tcase_add_test(tcase, a_filter_that_is_typed_stays_in_the_grammar);
    tcase_add_test(tcase, arguments_and_their_complaints_stay_in_the_grammar);
    tcase_add_test(tcase, names_in_a_profile_and_of_it_stay_in_the_grammar);
    tcase_add_test(tcase, a_one_shot_on_a_terminal_stays_in_the_grammar);
    tcase_add_test(tcase, what_an_external_editor_wrote_stays_in_the_grammar);
    suite_add_tcase(suite, tcase);
    return suite;
}
