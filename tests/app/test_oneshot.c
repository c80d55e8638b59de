/* SPDX-License-Identifier: MIT */
/*
 * The real program without a terminal, against the scripted server.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "tests/support/program.h"
#include "tests/support/server.h"

Suite *oneshot_suite(void);

#define OLLAMA_TAGS                                           \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"     \
    "header Content-Type: application/json\n"                 \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"small:1b\\\"," \
    "\\\"size\\\":1000}]}\"\n"
#define OLLAMA_PS                                       \
    "match GET /api/ps\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: application/json\nbody \"{\\\"models\\\":[]}\"\n"
#define OLLAMA_HELLO                                                    \
    "match POST /api/chat\nstatus 200 OK\n"                             \
    "header Content-Type: application/x-ndjson\nchunked\n"              \
    "line {\"model\":\"small:1b\",\"message\":{\"role\":\"assistant\"," \
    "\"content\":\"Hello \"},\"done\":false}\n"                         \
    "line {\"model\":\"small:1b\",\"message\":{\"role\":\"assistant\"," \
    "\"content\":\"world\"},\"done\":false}\n"                          \
    "line {\"model\":\"small:1b\",\"message\":{\"role\":\"assistant\"," \
    "\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\","         \
    "\"prompt_eval_count\":7,\"eval_count\":2,\"eval_duration\":1000000}\n"

static char host_variable[128];

/* A program that finds Ollama at this server. */
static struct program with_ollama(struct server *server)
{
    struct program program = { 0 };
    snprintf(host_variable, sizeof host_variable, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(server));
    program.variables[0] = host_variable;
    return program;
}

START_TEST(an_ollama_that_answers_is_found_and_asked)
{
    struct server *server =
        server_start(OLLAMA_TAGS, OLLAMA_PS, OLLAMA_HELLO, NULL);
    struct program program = with_ollama(server);
    program.arguments[0] = "say hello";
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_str_eq(buf_string(&program.out), "Hello world\n");
    ck_assert_str_eq(buf_string(&program.err), "");
    ck_assert_ptr_nonnull(
        strstr(server_received(server), "\"model\":\"small:1b\""));
    ck_assert_ptr_nonnull(strstr(server_received(server), "say hello"));
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(stdin_and_files_go_along_with_the_words)
{
    struct server *server = server_start(OLLAMA_HELLO, NULL);
    struct program program = with_ollama(server);
    char path[128];
    program_file(&program, "notes.txt", "the file's text\n");
    snprintf(path, sizeof path, "%s/notes.txt", program.home);
    program.arguments[0] = "-m";
    program.arguments[1] = "ollama/small:1b";
    program.arguments[2] = "-s";
    program.arguments[3] = "be terse";
    program.arguments[4] = "-f";
    program.arguments[5] = path;
    program.arguments[6] = "sum it up";
    program.input = "piped text\n";
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    const char *received = server_received(server);
    ck_assert_ptr_nonnull(strstr(received, "sum it up\\n\\npiped text"));
    ck_assert_ptr_nonnull(strstr(received, "the file's text"));
    ck_assert_ptr_nonnull(strstr(received, "notes.txt"));
    ck_assert_ptr_nonnull(strstr(received, "be terse"));
    /* Whose the model is: an Ollama may hand prompts on. */
    ck_assert_int_eq(server_count(server, "GET /api/tags"), 1);
    program_clear(&program);
    server_stop(server);
}
END_TEST

/* 320 by 257, and no byte of it is NUL. */
#define GIF "GIF89a\x40\x01\x01\x01\x01\x01\x01,"

#define CAPABLE(name, more)                                                \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"                  \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"" name "\\\",\\\"size\\\":" \
    "1000,\\\"capabilities\\\":[\\\"completion\\\"" more "]}]}\"\n"

static struct program with_picture(struct server *server)
{
    static char path[128];
    struct program program = with_ollama(server);
    program_file(&program, "no-png.txt", GIF);
    snprintf(path, sizeof path, "%s/no-png.txt", program.home);
    program.arguments[0] = "-f";
    program.arguments[1] = path;
    program.arguments[2] = "-o";
    program.arguments[3] = "json";
    program.arguments[4] = "what is it";
    return program;
}

START_TEST(a_picture_goes_along_and_is_named)
{
    struct server *server = server_start(CAPABLE("seer:1b", ",\\\"vision\\\""),
                                         OLLAMA_PS, OLLAMA_HELLO, NULL);
    struct program program = with_picture(server);
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_ptr_nonnull(strstr(server_received(server),
                                 "\"images\":[\"R0lGODlhQAEBAQEBASw=\"]"));
    ck_assert_ptr_nonnull(
        strstr(buf_string(&program.out),
               "\"attachments\":[{\"name\":\"no-png.txt\",\"media_type\":"
               "\"image/gif\",\"alt\":null,\"url\":null,\"bytes\":14}]"));
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(a_picture_for_a_blind_model_is_an_error_of_usage)
{
    struct server *server =
        server_start(CAPABLE("blind:1b", ""), OLLAMA_PS, OLLAMA_HELLO, NULL);
    struct program program = with_picture(server);
    program_run(&program);
    ck_assert_int_eq(program.status, 2);
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err),
                                 "blind:1b sees no images; take a model that "
                                 "does, or leave no-png.txt away"));
    ck_assert_int_eq(server_count(server, "POST /api/chat"), 0);
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(an_at_sign_in_a_script_is_text)
{
    struct server *server =
        server_start(OLLAMA_TAGS, OLLAMA_PS, OLLAMA_HELLO, NULL);
    struct program program = with_ollama(server);
    char words[160];
    program_file(&program, "secret", "do not send\n");
    snprintf(words, sizeof words, "what is @%s/secret", program.home);
    program.arguments[0] = words;
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    ck_assert_ptr_nonnull(strstr(server_received(server), "/secret"));
    ck_assert_ptr_null(strstr(server_received(server), "do not send"));
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(stream_json_ends_with_run_finished)
{
    struct server *server =
        server_start(OLLAMA_TAGS, OLLAMA_PS, OLLAMA_HELLO, NULL);
    struct program program = with_ollama(server);
    program.arguments[0] = "-o";
    program.arguments[1] = "stream-json";
    program.arguments[2] = "hi";
    program_run(&program);
    const char *out = buf_string(&program.out);
    ck_assert_int_eq(program.status, 0);
    const char *last = strstr(out, "{\"type\":\"run-finished\"");
    ck_assert_ptr_nonnull(last);
    ck_assert_ptr_nonnull(strstr(last, "\"outcome\":\"complete\""));
    ck_assert_ptr_eq(strchr(last, '\n') + 1, out + strlen(out));
    ck_assert_ptr_nonnull(strstr(out, "\"text\":\"Hello \""));
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(json_tells_the_answer_and_who_gave_it)
{
    struct server *server =
        server_start(OLLAMA_TAGS, OLLAMA_PS, OLLAMA_HELLO, NULL);
    struct program program = with_ollama(server);
    program.arguments[0] = "-o";
    program.arguments[1] = "json";
    program.arguments[2] = "hi";
    program_run(&program);
    static const char *const parts[] = {
        "\"outcome\":\"complete\"",
        "\"text\":\"Hello world\"",
        "\"endpoint\":\"ollama\"",
        "\"model\":\"small:1b\"",
        "\"input\":7",
        "\"output\":2",
        "\"finish_reason\":\"stop\"",
    };
    for (size_t i = 0; i < COUNTOF(parts); i++)
        ck_assert_msg(strstr(buf_string(&program.out), parts[i]) != NULL,
                      "%s in %s", parts[i], buf_string(&program.out));
    program_clear(&program);
    server_stop(server);
}
END_TEST

/* What goes wrong: the scenario, the status, and words that must be said. */
static const struct trouble {
    const char *scenario;
    int status;
    const char *words;
} troubles[] = {
    { "match POST /api/chat\ntimes forever\nstatus 404 Not Found\n"
      "body \"{\\\"error\\\":\\\"model 'nope' not found\\\"}\"\n",
      1, "sennit pull ollama/nope" },
    { "match POST /api/chat\ntimes forever\nstatus 401 Unauthorized\n"
      "body \"{\\\"error\\\":\\\"unauthorized\\\"}\"\n",
      4, "key" },
    { "match POST /api/chat\ntimes forever\nstatus 200 OK\nheader Content-Type: text/html\n"
      "body \"<!doctype html><title>Log in</title>\"\n",
      1, "web page" },
    { "match POST /api/chat\ntimes forever\nstatus 500 Internal Server Error\n"
      "body \"{\\\"error\\\":\\\"llama runner has died\\\"}\"\n",
      1, "llama runner has died" },
    { "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"
      "line {\"message\":{\"content\":\"Hel\"},\"done\":false}\nclose\n",
      3, "" },
    { "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"
      "line {\"message\":{\"content\":\"Hel\"},\"done\":false}\nreset\n",
      3, "" },
    { "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"
      "line {\"message\":{\"content\":\"Hel\"},\"done\":false}\n"
      "line {\"error\":\"out of memory\"}\n",
      1, "out of memory" },
};

START_TEST(trouble_has_its_status_its_words_and_keeps_the_prompt)
{
    const struct trouble *trouble = &troubles[_i];
    struct server *server = server_start(trouble->scenario, NULL);
    struct program program = with_ollama(server);
    program.arguments[0] = "-m";
    program.arguments[1] = "ollama/nope";
    program.input = "a long piped prompt\n";
    program_run(&program);
    const char *err = buf_string(&program.err);
    ck_assert_msg(program.status == trouble->status, "%d: %s", program.status,
                  err);
    ck_assert_msg(strstr(err, trouble->words) != NULL, "%s", err);
    const char *kept = strstr(err, "the prompt is kept in ");
    ck_assert_ptr_nonnull(kept);
    char path[256], text[64] = "";
    ck_assert_int_eq(sscanf(kept, "the prompt is kept in %255s", path), 1);
    ck_assert_msg(strstr(path, "/sennit/unsent-") != NULL, "%s", path);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(text, sizeof text, file));
    fclose(file);
    ck_assert_str_eq(text, "a long piped prompt");
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(a_cut_answer_shows_what_came)
{
    struct server *server = server_start(troubles[4].scenario, NULL);
    struct program program = with_ollama(server);
    program.arguments[0] = "-m";
    program.arguments[1] = "ollama/x";
    program.arguments[2] = "hi";
    program_run(&program);
    ck_assert_int_eq(program.status, 3);
    ck_assert_str_eq(buf_string(&program.out), "Hel\n");
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(a_named_model_at_a_dead_address_is_a_network_error)
{
    struct program program = { 0 };
    snprintf(host_variable, sizeof host_variable, "OLLAMA_HOST=127.0.0.1:%d",
             server_free_port());
    program.variables[0] = host_variable;
    program.arguments[0] = "-m";
    program.arguments[1] = "ollama/x";
    program.arguments[2] = "hi";
    program_run(&program);
    ck_assert_int_eq(program.status, 5);
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err), "127.0.0.1"));
    ck_assert_str_eq(buf_string(&program.out), "");
    program_clear(&program);
}
END_TEST

START_TEST(without_a_model_the_guide_answers_and_says_so)
{
    struct program program = { 0 };
    snprintf(host_variable, sizeof host_variable, "OLLAMA_HOST=127.0.0.1:%d",
             server_free_port());
    program.variables[0] = host_variable;
    program.input = "how do I connect Ollama?";
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    ck_assert_ptr_nonnull(strstr(buf_string(&program.out), "guide"));
    ck_assert_ptr_nonnull(strstr(buf_string(&program.out), "OLLAMA_HOST"));
    ck_assert_ptr_nonnull(
        strstr(buf_string(&program.err), "built-in guide answers"));
    program_clear(&program);
}
END_TEST

START_TEST(bad_configuration_names_file_line_and_the_nearest_key)
{
    struct program program = { 0 };
    program_file(&program, ".config/sennit/config.yaml",
                 "reply:\n  temprature: 0.2\n");
    program.arguments[0] = "hi";
    program_run(&program);
    const char *err = buf_string(&program.err);
    ck_assert_int_eq(program.status, 4);
    ck_assert_msg(strstr(err, "config.yaml:2") != NULL, "%s", err);
    ck_assert_msg(strstr(err, "temperature") != NULL, "%s", err);
    program_clear(&program);
}
END_TEST

START_TEST(a_dry_run_prints_the_request_without_the_key_and_sends_nothing)
{
    struct server *server = server_start(OLLAMA_HELLO, NULL);
    struct program program = { 0 };
    char url[128];
    snprintf(url, sizeof url, "OPENAI_BASE_URL=http://127.0.0.1:%d/v1",
             server_port(server));
    program.variables[0] = url;
    program.variables[1] = "OPENAI_API_KEY=sk-canary-4242";
    program.arguments[0] = "--dry-run";
    program.arguments[1] = "-m";
    program.arguments[2] = "openai/some-model";
    program.arguments[3] = "hi";
    program_run(&program);
    const char *out = buf_string(&program.out);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_ptr_nonnull(strstr(out, "/v1/chat/completions"));
    ck_assert_ptr_nonnull(strstr(out, "some-model"));
    ck_assert_ptr_null(strstr(out, "canary"));
    ck_assert_str_eq(server_received(server), "");
    program_clear(&program);
    server_stop(server);
}
END_TEST

/* What a run would refuse is refused as by the run: nothing that could be copied
 * and sent is shown. */
static const struct {
    const char *model, *set, *prompt;
    int status;
    const char *why; /* in the words of the refusal; NULL: it would be sent */
} dry_runs[] = {
    { "-mshop/large", "privacy.private.text=[heron]", "project heron", 4,
      "shop is a vendor, and this is private: privacy.private.text: heron" },
    { "-mshop/large", "privacy.private.all=true", "look", 4,
      "the profile is private (privacy.private)" },
    { NULL, "model=shop/large", "look", 4,
      "not sent: it would leave this machine" },
    { NULL, "privacy.first_send_to_vendor=never", "look", 4,
      "privacy.first_send_to_vendor is never" },
    { "-mshop/large", "limits.run=0.0001", "look", 4, "limits.run" },
    { NULL, "privacy.first_send_to_vendor=always", "look", 0, NULL },
    { "-mshop/large", "privacy.private.text=[heron]", "look", 0, NULL },
};

START_TEST(a_dry_run_of_what_is_refused_says_so)
{
    const char *why = dry_runs[_i].why;
    struct program program = { 0 };
    size_t i = 0;
    program_file(&program, ".config/sennit/config.yaml",
                 "endpoints:\n"
                 "  shop: {dialect: chat-completions, trust: vendor,\n"
                 "    url: \"http://127.0.0.1:9/v1\", models: {large: large},\n"
                 "    price: [{in: 10, out: 30}]}\n"
                 "routing: {ladder: [shop/large]}\n");
    program.arguments[i++] = "--dry-run";
    program.arguments[i++] = "--set";
    program.arguments[i++] = dry_runs[_i].set;
    if (dry_runs[_i].model)
        program.arguments[i++] = dry_runs[_i].model;
    program.arguments[i] = dry_runs[_i].prompt;
    program_run(&program);
    const char *out = buf_string(&program.out);
    const char *err = buf_string(&program.err);
    ck_assert_msg(program.status == dry_runs[_i].status, "%d %s",
                  program.status, err);
    if (why)
        ck_assert_msg(strstr(err, why) && !*out, "%s%s", out, err);
    else
        ck_assert_msg(strstr(out, "/v1/chat/completions") && !*err, "%s%s", out,
                      err);
    program_clear(&program);
}
END_TEST

START_TEST(a_settings_flag_reaches_the_request)
{
    struct server *server = server_start(OLLAMA_HELLO, NULL);
    struct program program = with_ollama(server);
    program.arguments[0] = "-m";
    program.arguments[1] = "ollama/x";
    program.arguments[2] = "--set";
    program.arguments[3] = "reply.temperature=0.25";
    program.arguments[4] = "hi";
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    ck_assert_ptr_nonnull(
        strstr(server_received(server), "\"temperature\":0.25"));
    program_clear(&program);
    server_stop(server);
}
END_TEST

/* Ollama takes seconds as a number, and durations only with a unit. */
START_TEST(keep_alive_is_written_as_ollama_reads_it)
{
    static const char *const lines[][2] = {
        { "-1", "\"keep_alive\":-1" },
        { "90", "\"keep_alive\":90" },
        { "1.5", "\"keep_alive\":\"1.5s\"" },
        { "30m", "\"keep_alive\":\"30m\"" },
    };
    for (size_t i = 0; i < COUNTOF(lines); i++) {
        struct program program = { 0 };
        char set[64];
        program_file(&program, ".config/sennit/config.yaml",
                     "endpoints:\n  b: {dialect: ollama, url: \"http://x\"}\n");
        snprintf(set, sizeof set, "endpoints.b.keep_alive=%s", lines[i][0]);
        program.arguments[0] = "--dry-run";
        program.arguments[1] = "--set";
        program.arguments[2] = set;
        program.arguments[3] = "-m";
        program.arguments[4] = "b/x";
        program.arguments[5] = "hi";
        program_run(&program);
        ck_assert_msg(strstr(buf_string(&program.out), lines[i][1]) != NULL,
                      "%s%s", buf_string(&program.out),
                      buf_string(&program.err));
        program_clear(&program);
    }
}
END_TEST

START_TEST(a_pipe_gets_the_bytes_as_they_came)
{
    struct server *server = server_start(
        "match POST /api/chat\nstatus 200 OK\nchunked\n"
        "line {\"message\":{\"content\":\"a\\u001b[31mb\\u0000c\"},"
        "\"done\":true}\n",
        NULL);
    struct program program = with_ollama(server);
    program.arguments[0] = "-m";
    program.arguments[1] = "ollama/x";
    program.arguments[2] = "hi";
    program_run(&program);
    ck_assert_uint_eq(program.out.len, 10);
    ck_assert_int_eq(memcmp(program.out.ptr, "a\x1b[31mb\0c\n", 10), 0);
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(an_answer_that_ends_at_its_limit_says_so)
{
    struct server *server =
        server_start("match POST /api/chat\nstatus 200 OK\nchunked\n"
                     "line {\"message\":{\"content\":\"He\"},\"done\":true,"
                     "\"done_reason\":\"length\"}\n",
                     NULL);
    struct program program = with_ollama(server);
    program.arguments[0] = "-m";
    program.arguments[1] = "ollama/x";
    program.arguments[2] = "hi";
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    ck_assert_str_eq(buf_string(&program.out), "He\n");
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err), "max_tokens"));
    program_clear(&program);
    server_stop(server);
}
END_TEST

/* One prompt to ollama/x with these answers. */
static struct program asked(const char *first, const char *then,
                            const char *form, const char *set)
{
    struct server *server = server_start(first, then, NULL);
    struct program program = with_ollama(server);
    program.arguments[0] = "-m";
    program.arguments[1] = "ollama/x";
    program.arguments[2] = "-o";
    program.arguments[3] = form;
    program.arguments[4] = "--set";
    program.arguments[5] = set;
    program.arguments[6] = "hi";
    program_run(&program);
    server_stop(server);
    return program;
}

#define DAMAGED                                                     \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n" \
    "line {\"message\":{\"content\":\"Before \"},\"done\":false}\n" \
    "line {\"message\":{\"content\":\"lost\n"                       \
    "line {\"message\":{\"content\":\"after\"},\"done\":true,"      \
    "\"done_reason\":\"stop\"}\n"

START_TEST(a_piece_that_could_not_be_read_is_told)
{
    struct program program = asked(DAMAGED, NULL, "text", "reply.seed=1");
    ck_assert_int_eq(program.status, 0);
    ck_assert_str_eq(buf_string(&program.out), "Before after\n");
    ck_assert_str_eq(
        buf_string(&program.err),
        "sennit: 1 piece of the answer could not be read and is missing\n");
    program_clear(&program);
    program = asked(DAMAGED, NULL, "json", "reply.seed=1");
    ck_assert_ptr_nonnull(strstr(buf_string(&program.out), "\"skipped\":1"));
    program_clear(&program);
    program = asked(DAMAGED, NULL, "stream-json", "reply.seed=1");
    ck_assert_ptr_nonnull(strstr(buf_string(&program.out), "\"skipped\":1"));
    program_clear(&program);
}
END_TEST

START_TEST(an_answer_without_anything_is_not_said_to_have_thinking)
{
    struct program program =
        asked("match POST /api/chat\nstatus 200 OK\nchunked\n"
              "line {\"message\":{\"content\":\"\"},\"done\":true,"
              "\"done_reason\":\"stop\"}\n",
              NULL, "text", "reply.seed=1");
    ck_assert_int_eq(program.status, 0);
    ck_assert_str_eq(buf_string(&program.err),
                     "sennit: the answer has no text\n");
    program_clear(&program);
    program = asked("match POST /api/chat\nstatus 200 OK\nchunked\n"
                    "line {\"message\":{\"thinking\":\"hm\"},\"done\":true,"
                    "\"done_reason\":\"stop\"}\n",
                    NULL, "text", "reply.seed=1");
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err), "only thinking"));
    program_clear(&program);
}
END_TEST

START_TEST(a_setting_that_did_not_go_along_is_told)
{
    struct program program =
        asked("match POST /api/chat\nstatus 400 Bad Request\n"
              "body \"{\\\"error\\\":\\\"temperature is not supported\\\"}\"\n",
              OLLAMA_HELLO, "text", "reply.temperature=0.5");
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_str_eq(
        buf_string(&program.err),
        "sennit: ollama was sent no temperature, although that is set\n");
    program_clear(&program);
}
END_TEST

START_TEST(what_it_waits_for_is_told_if_that_is_long)
{
    struct program program =
        asked("match POST /api/chat\nstatus 429 Too Many Requests\n"
              "header Retry-After: 2\nbody \"{\\\"error\\\":\\\"slow\\\"}\"\n",
              OLLAMA_HELLO, "text", "reply.seed=1");
    ck_assert_str_eq(buf_string(&program.err),
                     "sennit: waiting: rate limited (1/2), again in 2.0 s\n");
    ck_assert_str_eq(buf_string(&program.out), "Hello world\n");
    program_clear(&program);
    program = asked("match POST /api/chat\nstatus 503 Service Unavailable\n"
                    "body \"{\\\"error\\\":\\\"Loading model\\\"}\"\n",
                    OLLAMA_HELLO, "text", "reply.seed=1");
    ck_assert_str_eq(buf_string(&program.err),
                     "sennit: waiting: x is being loaded\n");
    program_clear(&program);
    program = asked("match POST /api/chat\nstatus 429 Too Many Requests\n"
                    "header retry-after-ms: 5\n"
                    "body \"{\\\"error\\\":\\\"slow\\\"}\"\n",
                    OLLAMA_HELLO, "text", "reply.seed=1");
    ck_assert_str_eq(buf_string(&program.err), "");
    program_clear(&program);
}
END_TEST

START_TEST(output_that_cannot_be_written_is_an_error)
{
    static const char *const lines[][3] = { { "--version" },
                                            { "--help" },
                                            { "-m", "guide", "hi" },
                                            { "decode", "ollama" } };
    for (size_t i = 0; i < COUNTOF(lines); i++) {
        struct program program = { .output = "/dev/full" };
        for (size_t j = 0; j < COUNTOF(lines[i]); j++)
            program.arguments[j] = lines[i][j];
        program_run(&program);
        ck_assert_int_eq(program.status, 1);
        ck_assert_msg(strstr(buf_string(&program.err), "No space left"),
                      "%zu: %s", i, buf_string(&program.err));
        program_clear(&program);
    }
}
END_TEST

/* Words of the command line are in the shell's history. */
START_TEST(only_a_piped_prompt_is_kept)
{
    struct server *server = server_start(troubles[0].scenario, NULL);
    struct program program = with_ollama(server);
    program.arguments[0] = "-m";
    program.arguments[1] = "ollama/x";
    program.arguments[2] = "hi";
    program_run(&program);
    ck_assert_int_eq(program.status, 1);
    ck_assert_ptr_null(strstr(buf_string(&program.err), "kept"));
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(a_proxy_is_never_used_for_this_machine)
{
    struct server *server =
        server_start("match POST /v1/chat/completions\nstatus 200 OK\n"
                     "data {\"choices\":[{\"delta\":{\"content\":\"hi\"},"
                     "\"finish_reason\":\"stop\"}]}\ndata [DONE]\nclose\n",
                     NULL);
    struct program program = { 0 };
    char url[128];
    snprintf(url, sizeof url, "OPENAI_BASE_URL=http://127.0.0.1:%d/v1",
             server_port(server));
    program.variables[0] = url;
    program.variables[1] = "http_proxy=http://gpu.example:1";
    program.variables[2] = "all_proxy=http://gpu.example:1";
    program.arguments[0] = "-m";
    program.arguments[1] = "openai/x";
    program.arguments[2] = "hi";
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    ck_assert_str_eq(buf_string(&program.out), "hi\n");
    program_clear(&program);
    server_stop(server);
}
END_TEST

START_TEST(a_file_that_is_too_large_exits_like_any_that_cannot_go)
{
    enum { LARGE = 5 * 1024 * 1024 };
    struct program program = { 0 };
    char path[160];
    char *text = memory_zero(LARGE + 1, 1);
    memset(text, 'x', LARGE);
    program_file(&program, "large.txt", text);
    free(text);
    snprintf(path, sizeof path, "%s/large.txt", program.home);
    program.arguments[0] = "-f";
    program.arguments[1] = path;
    program.arguments[2] = "hi";
    program_run(&program);
    ck_assert_int_eq(program.status, 2);
    program_clear(&program);
}
END_TEST

START_TEST(usage_errors_exit_with_2)
{
    static const char *const lines[][2] = { { "--modle", "--model" },
                                            { "-o", "needs a value" },
                                            { NULL, "no prompt" } };
    for (size_t i = 0; i < COUNTOF(lines); i++) {
        struct program program = { 0 };
        program.arguments[0] = lines[i][0];
        program_run(&program);
        ck_assert_int_eq(program.status, 2);
        ck_assert_ptr_nonnull(strstr(buf_string(&program.err), lines[i][1]));
        ck_assert_str_eq(buf_string(&program.out), "");
        program_clear(&program);
    }
}
END_TEST

START_TEST(version_and_help_go_to_stdout)
{
    struct program program = { 0 };
    program.arguments[0] = "--version";
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    ck_assert_int_eq(strncmp(buf_string(&program.out), "sennit ", 7), 0);
    program.arguments[0] = "--help";
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    ck_assert_ptr_nonnull(strstr(buf_string(&program.out), "--dry-run"));
    program_clear(&program);
}
END_TEST

START_TEST(that_another_model_answers_is_told)
{
    struct server *server =
        server_start(OLLAMA_TAGS, OLLAMA_PS, OLLAMA_HELLO, NULL);
    struct program program = with_ollama(server);
    char url[96];
    snprintf(url, sizeof url, "endpoints.a.url=http://127.0.0.1:%d",
             server_free_port());
    const char *const arguments[] = {
        "hello",
        "--set",
        "endpoints.a.dialect=ollama",
        "--set",
        "endpoints.a.trust=own",
        "--set",
        url,
        "--set",
        "routing.ladder=[a/m, ollama/small:1b]",
    };
    memcpy(program.arguments, arguments, sizeof arguments);
    program_run(&program);
    const char *err = buf_string(&program.err);
    ck_assert_msg(program.status == 0, "%s", err);
    ck_assert_str_eq(buf_string(&program.out), "Hello world\n");
    ck_assert_msg(strstr(err, "sennit: a failed (nothing listens on "), "%s",
                  err);
    ck_assert_msg(strstr(err, "): answered by ollama/small:1b\n"), "%s", err);
    program_clear(&program);
    server_stop(server);
}
END_TEST

Suite *oneshot_suite(void)
{
    Suite *suite = suite_create("oneshot");
    TCase *tcase = tcase_create("oneshot");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, an_ollama_that_answers_is_found_and_asked);
    tcase_add_test(tcase, stdin_and_files_go_along_with_the_words);
    tcase_add_test(tcase, a_picture_goes_along_and_is_named);
    tcase_add_test(tcase, a_picture_for_a_blind_model_is_an_error_of_usage);
    tcase_add_test(tcase, an_at_sign_in_a_script_is_text);
    tcase_add_test(tcase, stream_json_ends_with_run_finished);
    tcase_add_test(tcase, json_tells_the_answer_and_who_gave_it);
    tcase_add_loop_test(tcase,
                        trouble_has_its_status_its_words_and_keeps_the_prompt,
                        0, COUNTOF(troubles));
    tcase_add_test(tcase, a_cut_answer_shows_what_came);
    tcase_add_test(tcase, a_named_model_at_a_dead_address_is_a_network_error);
    tcase_add_test(tcase, without_a_model_the_guide_answers_and_says_so);
    tcase_add_test(tcase,
                   bad_configuration_names_file_line_and_the_nearest_key);
    tcase_add_test(
        tcase, a_dry_run_prints_the_request_without_the_key_and_sends_nothing);
    tcase_add_loop_test(tcase, a_dry_run_of_what_is_refused_says_so, 0,
                        COUNTOF(dry_runs));
    tcase_add_test(tcase, a_settings_flag_reaches_the_request);
    tcase_add_test(tcase, keep_alive_is_written_as_ollama_reads_it);
    tcase_add_test(tcase, a_pipe_gets_the_bytes_as_they_came);
    tcase_add_test(tcase, an_answer_that_ends_at_its_limit_says_so);
    tcase_add_test(tcase, a_piece_that_could_not_be_read_is_told);
    tcase_add_test(tcase,
                   an_answer_without_anything_is_not_said_to_have_thinking);
    tcase_add_test(tcase, a_setting_that_did_not_go_along_is_told);
    tcase_add_test(tcase, what_it_waits_for_is_told_if_that_is_long);
    tcase_add_test(tcase, output_that_cannot_be_written_is_an_error);
    tcase_add_test(tcase, only_a_piped_prompt_is_kept);
    tcase_add_test(tcase, a_proxy_is_never_used_for_this_machine);
    tcase_add_test(tcase,
                   a_file_that_is_too_large_exits_like_any_that_cannot_go);
    tcase_add_test(tcase, usage_errors_exit_with_2);
    tcase_add_test(tcase, version_and_help_go_to_stdout);
    tcase_add_test(tcase, that_another_model_answers_is_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
