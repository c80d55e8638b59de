/* SPDX-License-Identifier: MIT */
/*
 * The table of failures (failures.txt, which explains its words): the program in
 * one-shot use against the scripted server, every case in every dialect.
 */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/path.h"
#include "llm/provider.h"
#include "tests/support/client.h"
#include "tests/support/fault.h"
#include "tests/support/program.h"
#include "tests/support/server.h"

Suite *failures_suite(void);

#define TABLE "tests/chat/failures.txt"

enum { SCENARIOS_MAX = 8 };

static const char *const dialects[] = { "chat-completions", "ollama",
                                        "anthropic", "responses" };
static const char spare_text[] = "The spare answers.";

static const char own_model[] =
    "match GET /api/*\ntimes forever\nstatus 200 OK\n"
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"m\\\"}]}\"\n";

/* One run of one case. */
struct trial {
    const struct fault *fault;
    const char *dialect;
    struct server *server, *spare;
    struct program program;
    struct deaf deaf;
    ARRAY_OF(char *) settings;
    bool has_seen;
    /* What came of it. */
    struct buf text, error;
    char state[16];
    int retries;
};

/* A text of the table with its ports filled in, owned. */
static char *fill_in(struct trial *trial, const char *text)
{
    struct buf filled = { 0 };
    for (; *text; text++) {
        if (*text != '%') {
            buf_append_char(&filled, *text);
            continue;
        }
        int port = 0;
        if (text[1] == 'H') {
            buf_append_string(&filled, trial->program.home);
            text++;
            continue;
        }
        switch (*++text) {
        case 'P': port = server_port(trial->server); break;
        case 'F': port = server_free_port(); break;
        case 'D':
            if (!trial->deaf.port)
                deaf_open(&trial->deaf);
            port = trial->deaf.port;
            break;
        default: ck_abort_msg("%%%c", *text);
        }
        buf_printf(&filled, "%d", port);
    }
    return buf_steal(&filled);
}

static void start_servers(struct trial *trial, bool has_ladder)
{
    char *texts[SCENARIOS_MAX + 2] = { 0 };
    size_t count = 0;
    /* An Ollama is asked first whose its models are: nothing goes wrong there. */
    if (!strcmp(trial->dialect, "ollama"))
        texts[count++] = memory_string(own_model);
    count += fault_scenarios(trial->fault, trial->dialect, texts + count,
                             SCENARIOS_MAX);
    trial->server = server_start_texts((const char *const *)texts);
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    if (!has_ladder)
        return;
    struct fault_stream stream = { .dialect = trial->dialect, .model = "m" };
    const struct fault_line lines[] = { { "ok", "" },
                                        { "say", spare_text },
                                        { "done", "" } };
    struct buf scenario = { 0 };
    for (size_t i = 0; i < COUNTOF(lines); i++)
        fault_translate(&stream, &lines[i], &scenario);
    trial->spare = server_start(strcmp(trial->dialect, "ollama") != 0
                                    ? buf_string(&scenario)
                                    : own_model,
                                buf_string(&scenario), NULL);
    buf_clear(&scenario);
}

static void configure(struct trial *trial)
{
    const char *version = strcmp(trial->dialect, "ollama") != 0 ? "/v1" : "";
    const char *url = fault_find(trial->fault, "url");
    char *filled = url ? fill_in(trial, url) : NULL;
    struct buf yaml = { 0 };
    buf_printf(&yaml, "endpoints:\n  box: {dialect: %s, trust: own, url: \"%s",
               trial->dialect, filled ? filled : server_url(trial->server, ""));
    buf_printf(&yaml, "%s\"}\n", version);
    if (trial->spare)
        buf_printf(&yaml, "  spare: {dialect: %s, trust: own, url: \"%s%s\"}\n",
                   trial->dialect, server_url(trial->spare, ""), version);
    buf_append_string(&yaml, "limits: {backoff: 10ms}\n");
    if (trial->spare)
        buf_append_string(&yaml, "routing: {ladder: [box/m, spare/m]}\n");
    program_file(&trial->program, ".config/sennit/config.yaml",
                 buf_string(&yaml));
    buf_clear(&yaml);
    free(filled);
}

static int requests_of(struct server *server)
{
    return server_count(server, "--- request") -
           server_count(server, "GET /api/");
}

/* The server goes on when the first delta has come through. */
static void on_output(struct program *program)
{
    struct trial *trial = program->context;
    if (trial->has_seen || !program->out.len ||
        !strstr(program->out.ptr, "\"text-delta\""))
        return;
    trial->has_seen = true;
    server_release(trial->server, "seen");
}

static void run_program(struct trial *trial)
{
    struct program *program = &trial->program;
    const struct fault *fault = trial->fault;
    size_t count = 0, from = 0, variables = 0;
    const char *rest;
    program->context = trial;
    program->on_output = on_output;
    program->arguments[count++] = "-o";
    program->arguments[count++] = "stream-json";
    if (!trial->spare) {
        program->arguments[count++] = "-m";
        program->arguments[count++] = "box/m";
    }
    while ((rest = fault_next(fault, "set", &from))) {
        program->arguments[count++] = "--set";
        *array_add(&trial->settings) = fill_in(trial, rest);
        program->arguments[count++] = *array_last(&trial->settings);
    }
    program->arguments[count] = "Say Hello.";
    for (from = 0; (rest = fault_next(fault, "env", &from));)
        program->variables[variables++] = rest;
    program_run(program);
}

static void take_event(struct trial *trial, const json_t *event)
{
    struct slice type = json_slice(event, "type");
    if (slice_is(type, "text-delta"))
        buf_append_slice(&trial->text, json_slice(event, "text"));
    /* What another rung is asked for stands in the place of what came. */
    if (slice_is(type, "fell-back"))
        buf_reset(&trial->text);
    trial->retries += slice_is(type, "retry-scheduled");
    if (!slice_is(type, "run-finished"))
        return;
    snprintf(trial->state, sizeof trial->state, "%.*s",
             SLICE_ARG(json_slice(event, "outcome")));
    buf_append_slice(&trial->error, json_slice(event, "error"));
}

static void read_output(struct trial *trial)
{
    struct slice rest = buf_slice(&trial->program.out), line;
    memcpy(trial->state, "none", 5);
    while (slice_next_line(&rest, &line)) {
        struct error err = { 0 };
        json_t *event = json_parse(line, &err);
        ck_assert_msg(event, "%s: %.*s", err.text, SLICE_ARG(line));
        take_event(trial, event);
        json_decref(event);
    }
}

static void begin(struct trial *trial, bool has_ladder)
{
    start_servers(trial, has_ladder);
    configure(trial);
    run_program(trial);
    read_output(trial);
}

static void end(struct trial *trial)
{
    server_stop(trial->server);
    server_stop(trial->spare);
    program_clear(&trial->program);
    if (trial->deaf.port)
        deaf_close(&trial->deaf);
    for (size_t i = 0; i < trial->settings.count; i++)
        free(trial->settings.items[i]);
    array_clear(&trial->settings);
    buf_clear(&trial->text);
    buf_clear(&trial->error);
}

/* Everything at a glance where something is wrong. */
static void ck_trial(struct trial *trial, bool is_right, const char *what)
{
    ck_assert_msg(
        is_right,
        "%d %s (%s): %s: %s, exit %d, %d requests, %d retries, kept "
        "\"%s\": %s\n%s\n%s",
        trial->fault->kind, trial->fault->title, trial->dialect, what,
        trial->state, trial->program.status, requests_of(trial->server),
        trial->retries, buf_string(&trial->text), buf_string(&trial->error),
        buf_string(&trial->program.err), buf_string(&trial->program.out));
}

static bool matches(const char *pattern, const struct buf *text)
{
    regex_t regex;
    ck_assert_msg(
        regcomp(&regex, pattern, REG_EXTENDED | REG_NEWLINE | REG_NOSUB) == 0,
        "%s", pattern);
    bool is_found = regexec(&regex, buf_string(text), 0, NULL, 0) == 0;
    regfree(&regex);
    return is_found;
}

/* Each pattern behind a word is, or is not, in the text. */
static void ck_patterns(struct trial *trial, const char *word,
                        const struct buf *text, bool is_wanted)
{
    size_t from = 0;
    const char *pattern;
    while ((pattern = fault_next(trial->fault, word, &from)))
        ck_trial(trial, matches(pattern, text) == is_wanted, word);
}

static void ck_result(struct trial *trial)
{
    const struct fault *fault = trial->fault;
    char state[16];
    int status = -1;
    ck_assert_int_eq(sscanf(fault_find(fault, "="), "%15s %d", state, &status),
                     2);
    ck_trial(trial, !strcmp(trial->state, state), "state");
    ck_trial(trial, trial->program.status == status, "exit");
    ck_patterns(trial, "says", &trial->error, true);
    ck_patterns(trial, "notes", &trial->program.err, true);
    ck_patterns(trial, "shows", &trial->program.out, true);
    ck_patterns(trial, "hides", &trial->program.out, false);
}

static void ck_counts(struct trial *trial)
{
    const struct fault *fault = trial->fault;
    int requests = requests_of(trial->server);
    const char *kept = fault_find(fault, "keeps");
    ck_trial(trial, requests == fault_number(fault, "requests", requests),
             "requests");
    ck_trial(trial, trial->retries == fault_number(fault, "retries", 0),
             "retries");
    /* What is complete may say more than the table cares for. */
    if (kept || strcmp(trial->state, "complete") != 0)
        ck_trial(trial, !strcmp(buf_string(&trial->text), kept ? kept : ""),
                 "kept");
}

/* With nothing pinned and a rung above that answers. */
static void ck_fallback(const struct fault *fault, const char *dialect,
                        bool is_wanted)
{
    struct trial trial = { .fault = fault, .dialect = dialect };
    begin(&trial, true);
    int requests = requests_of(trial.spare);
    ck_trial(&trial, requests == is_wanted, "fallback");
    if (is_wanted) {
        ck_trial(&trial, !strcmp(trial.state, "complete"), "fallback");
        ck_trial(&trial, trial.program.status == 0, "fallback");
        ck_trial(&trial, !strcmp(buf_string(&trial.text), spare_text),
                 "fallback");
        ck_trial(&trial, matches("\"fell-back\".*spare", &trial.program.out),
                 "fallback");
    } else {
        ck_result(&trial);
    }
    end(&trial);
}

START_TEST(what_goes_wrong_is_told_and_nothing_is_lost)
{
    struct faults faults;
    faults_read(&faults, TABLE);
    const struct fault *fault =
        &faults.list.items[(size_t)_i / COUNTOF(dialects)];
    const char *dialect = dialects[(size_t)_i % COUNTOF(dialects)];
    if (fault_is_run(fault, dialect) && dialect_find(slice_of(dialect))) {
        struct trial trial = { .fault = fault, .dialect = dialect };
        begin(&trial, false);
        ck_result(&trial);
        ck_counts(&trial);
        end(&trial);
        const char *fallback = fault_find(fault, "fallback");
        if (fallback)
            ck_fallback(fault, dialect, !strcmp(fallback, "yes"));
    }
    faults_clear(&faults);
}
END_TEST

/* The words of the test are in its file. */
static void ck_elsewhere(const struct fault *fault, const char *place)
{
    char path[128];
    int len = 0;
    struct buf text = { 0 };
    struct error err = { 0 };
    ck_assert_int_eq(sscanf(place, "%127s %n", path, &len), 1);
    ck_assert_msg(path_read_file(&text, path, 4 * 1024 * 1024, &err), "%d: %s",
                  fault->kind, err.text);
    ck_assert_msg(strstr(buf_string(&text), place + len), "%d: %s", fault->kind,
                  place);
    buf_clear(&text);
}

START_TEST(every_kind_of_failure_has_a_case_or_a_reason)
{
    struct faults faults;
    bool has_kind[FAULT_KINDS + 1] = { false };
    int run = 0, elsewhere = 0, later = 0, never = 0;
    faults_read(&faults, TABLE);
    for (size_t i = 0; i < faults.list.count; i++) {
        const struct fault *fault = &faults.list.items[i];
        const char *place = fault_find(fault, "elsewhere");
        ck_assert_int_ge(fault->kind, 1);
        ck_assert_int_le(fault->kind, FAULT_KINDS);
        has_kind[fault->kind] = true;
        if (place)
            ck_elsewhere(fault, place);
        elsewhere += place != NULL;
        run += fault_find(fault, "=") != NULL;
        later += fault_find(fault, "later") != NULL;
        never += fault_find(fault, "never") != NULL;
        ck_assert_msg(fault_find(fault, "=") || place ||
                          fault_find(fault, "later") ||
                          fault_find(fault, "never"),
                      "%d %s: nothing is expected", fault->kind, fault->title);
    }
    for (int kind = 1; kind <= FAULT_KINDS; kind++)
        ck_assert_msg(has_kind[kind], "no case of %d", kind);
    /* Nothing goes missing unseen: who adds a case counts it here. */
    ck_assert_int_eq(run, 98);
    ck_assert_int_eq(elsewhere, 16);
    ck_assert_int_eq(later, 11);
    ck_assert_int_eq(never, 2);
    faults_clear(&faults);
}
END_TEST

static int case_count(void)
{
    struct faults faults;
    faults_read(&faults, TABLE);
    int count = (int)faults.list.count;
    faults_clear(&faults);
    return count;
}

Suite *failures_suite(void)
{
    Suite *suite = suite_create("failures");
    TCase *tcase = tcase_create("failures");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, every_kind_of_failure_has_a_case_or_a_reason);
    tcase_add_loop_test(tcase, what_goes_wrong_is_told_and_nothing_is_lost, 0,
                        case_count() * (int)COUNTOF(dialects));
    suite_add_tcase(suite, tcase);
    return suite;
}
