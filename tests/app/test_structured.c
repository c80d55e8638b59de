/* SPDX-License-Identifier: MIT */
/*
 * Answers that must follow a schema: the real program against the scripted
 * server, in each dialect.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/json.h"
#include "tests/support/fullscreen.h"
#include "tests/support/ollama.h"
#include "tests/support/program.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *structured_suite(void);

#define SCHEMA                                                             \
    "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}," \
    "\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\","        \
    "\"properties\":{\"price\":{\"type\":\"number\",\"minimum\":0}}}}},"   \
    "\"required\":[\"name\",\"items\"]}"
#define GOOD "{\"name\":\"x\",\"items\":[{\"price\":1},{\"price\":2}]}"
#define BAD  "{\"name\":\"x\",\"items\":[{\"price\":1},{\"price\":-2}]}"

/* How a dialect is reached, and how it says that an answer must follow. */
struct speaker {
    const char *dialect, *path;
    const char *line, *end; /* line has %s for a piece of text */
    const char *asked;      /* of a request, before the schema */
};

/* clang-format off */
static const struct speaker speakers[] = {
    { "ollama", "/api/chat",
      "line {\"model\":\"small\",\"message\":{\"role\":\"assistant\","
      "\"content\":%s},\"done\":false}\n",
      "line {\"model\":\"small\",\"message\":{\"role\":\"assistant\","
      "\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}\n",
      "\"format\":" },
    { "chat-completions", "/v1/chat/completions",
      "data {\"choices\":[{\"index\":0,\"delta\":{\"content\":%s}}]}\n",
      "data {\"choices\":[{\"index\":0,\"delta\":{},"
      "\"finish_reason\":\"stop\"}]}\ndata [DONE]\n",
      "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
      "{\"name\":\"answer\",\"strict\":false,\"schema\":" },
    { "responses", "/v1/responses",
      "data {\"type\":\"response.output_text.delta\",\"item_id\":\"m\","
      "\"output_index\":0,\"content_index\":0,\"delta\":%s}\n",
      "data {\"type\":\"response.completed\",\"response\":{\"id\":\"r\","
      "\"status\":\"completed\",\"model\":\"small\",\"output\":[]}}\n",
      "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"answer\","
      "\"schema\":" },
    { "anthropic", "/v1/messages",
      "data {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
      "{\"type\":\"text_delta\",\"text\":%s}}\n",
      "data {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
      "\"end_turn\"}}\ndata {\"type\":\"message_stop\"}\n",
      "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":" },
};
/* clang-format on */

/* An answer in pieces of a few bytes. */
static void append_answer(struct buf *scenario, const struct speaker *speaker,
                          const char *text)
{
    struct slice rest = slice_of(text);
    buf_printf(scenario,
               "match POST %s\nstatus 200 OK\nheader Content-Type: %s\n"
               "chunked\n",
               speaker->path,
               slice_starts(slice_of(speaker->line), "line")
                   ? "application/x-ndjson"
                   : "text/event-stream");
    while (rest.len) {
        struct slice piece = { rest.ptr, rest.len < 5 ? rest.len : 5 };
        struct buf quoted = { 0 };
        json_append_quoted(&quoted, piece);
        const char *at = strstr(speaker->line, "%s");
        buf_append(scenario, speaker->line, (size_t)(at - speaker->line));
        buf_append_slice(scenario, buf_slice(&quoted));
        buf_append_string(scenario, at + 2);
        buf_clear(&quoted);
        rest = slice_skip(rest, piece.len);
    }
    buf_append_string(scenario, speaker->end);
}

struct asking {
    const struct speaker *speaker;
    struct server *server;
    struct program program;
    char url[100], dialect[100], path[200];
    size_t arguments;
};

static void add_argument(struct asking *asking, const char *argument)
{
    asking->program.arguments[asking->arguments++] = argument;
}

/* `second` may be NULL. */
static void ask(struct asking *asking, const struct speaker *speaker,
                const char *first, const char *second)
{
    struct buf answers[2] = { { 0 }, { 0 } };
    append_answer(&answers[0], speaker, first);
    if (second)
        append_answer(&answers[1], speaker, second);
    asking->speaker = speaker;
    asking->server = server_start(
        buf_string(&answers[0]), second ? buf_string(&answers[1]) : NULL, NULL);
    buf_clear(&answers[0]);
    buf_clear(&answers[1]);
    snprintf(asking->url, sizeof asking->url,
             "endpoints.box.url=http://127.0.0.1:%d",
             server_port(asking->server));
    snprintf(asking->dialect, sizeof asking->dialect,
             "endpoints.box.dialect=%s", speaker->dialect);
    program_file(&asking->program, "schema.json", SCHEMA);
    snprintf(asking->path, sizeof asking->path, "%s/schema.json",
             asking->program.home);
    const char *const words[] = {
        "--set",    asking->url,  "--set", asking->dialect, "-m", "box/small",
        "--schema", asking->path, "-p",    "an order",
    };
    for (size_t i = 0; i < COUNTOF(words); i++)
        add_argument(asking, words[i]);
    program_run(&asking->program);
}

static void end(struct asking *asking)
{
    program_clear(&asking->program);
    server_stop(asking->server);
}

START_TEST(the_server_is_asked_and_the_value_is_printed)
{
    struct asking asking = { 0 };
    ask(&asking, &speakers[_i], "Here it is:\n```json\n" GOOD "\n```\nDone.",
        NULL);
    ck_assert_msg(asking.program.status == 0, "%s",
                  buf_string(&asking.program.err));
    ck_assert_str_eq(buf_string(&asking.program.out), GOOD "\n");
    const char *asked =
        strstr(server_received(asking.server), speakers[_i].asked);
    ck_assert_ptr_nonnull(asked);
    asked += strlen(speakers[_i].asked);
    ck_assert(!strncmp(asked, SCHEMA, strlen(SCHEMA)));
    end(&asking);
}
END_TEST

START_TEST(a_violation_is_an_error_with_its_place)
{
    struct asking asking = { 0 };
    ask(&asking, &speakers[_i], BAD, NULL);
    ck_assert_int_eq(asking.program.status, 1);
    ck_assert_str_eq(buf_string(&asking.program.out), BAD "\n");
    ck_assert_str_eq(buf_string(&asking.program.err),
                     "sennit: the answer is not as schema.json asks: "
                     "/items/1/price: must be >= 0\n");
    end(&asking);
}
END_TEST

START_TEST(an_answer_without_a_value_is_shown_as_it_is)
{
    struct asking asking = { 0 };
    ask(&asking, &speakers[_i], "I cannot.", NULL);
    ck_assert_int_eq(asking.program.status, 1);
    ck_assert_str_eq(buf_string(&asking.program.out), "I cannot.\n");
    ck_assert_ptr_nonnull(strstr(buf_string(&asking.program.err),
                                 "the answer holds no JSON value"));
    end(&asking);
}
END_TEST

/* Events of a type, without their stamps. */
static void append_events(struct buf *out, const char *lines, const char *type)
{
    struct slice rest = slice_of(lines), line;
    while (slice_next_line(&rest, &line)) {
        struct error err;
        json_t *event = json_parse(line, &err);
        ck_assert_ptr_nonnull(event);
        bool is_meant = slice_is(json_slice(event, "type"), type);
        const char *stamps[] = { "type", "seq", "run", "attempt", "at" };
        for (size_t i = 0; i < COUNTOF(stamps); i++)
            json_object_del(event, stamps[i]);
        if (is_meant) {
            json_append_value(out, event);
            buf_append_char(out, '\n');
        }
        json_decref(event);
    }
}

START_TEST(parts_are_told_as_they_close)
{
    struct asking asking = { 0 };
    add_argument(&asking, "-o");
    add_argument(&asking, "stream-json");
    ask(&asking, &speakers[_i], GOOD, NULL);
    struct buf events = { 0 };
    append_events(&events, buf_string(&asking.program.out), "object-partial");
    ck_assert_str_eq(buf_string(&events),
                     "{\"path\":\"/name\",\"value\":\"x\"}\n"
                     "{\"path\":\"/items/0\",\"value\":{\"price\":1}}\n"
                     "{\"path\":\"/items/1\",\"value\":{\"price\":2}}\n");
    /* Before the text that follows. */
    const char *part = strstr(buf_string(&asking.program.out), "/items/0");
    ck_assert_ptr_nonnull(strstr(part, "\"type\":\"text-delta\""));
    buf_reset(&events);
    append_events(&events, buf_string(&asking.program.out), "answer-checked");
    ck_assert_ptr_nonnull(strstr(buf_string(&events), "\"outcome\":\"valid\""));
    buf_clear(&events);
    end(&asking);
}
END_TEST

START_TEST(json_has_the_value_as_object)
{
    struct asking asking = { 0 };
    struct error err;
    add_argument(&asking, "-o");
    add_argument(&asking, "json");
    ask(&asking, &speakers[_i], "Sure: " GOOD, NULL);
    json_t *answer = json_parse(buf_slice(&asking.program.out), &err);
    json_t *expected = json_parse(slice_of(GOOD), &err);
    ck_assert(json_equal(json_object_get(answer, "object"), expected));
    json_decref(answer);
    json_decref(expected);
    end(&asking);
}
END_TEST

START_TEST(one_repair_is_made_where_that_is_wanted)
{
    struct asking asking = { 0 };
    add_argument(&asking, "--set");
    add_argument(&asking, "reply.repair=true");
    ask(&asking, &speakers[_i], BAD, GOOD);
    ck_assert_msg(asking.program.status == 0, "%s",
                  buf_string(&asking.program.err));
    ck_assert_str_eq(buf_string(&asking.program.out), GOOD "\n");
    /* What is asked again has the schema in words, too. */
    const char *first = strstr(server_received(asking.server), "POST ");
    const char *words = strstr(first, "this JSON Schema: {");
    ck_assert_ptr_nonnull(words);
    ck_assert(strstr(first + 1, "POST ") < words);
    ck_assert_ptr_nonnull(
        strstr(first, "was asked for: /items/1/price: must be >= 0"));
    end(&asking);
}
END_TEST

START_TEST(no_more_than_one_repair_is_made)
{
    struct asking asking = { 0 };
    add_argument(&asking, "--set");
    add_argument(&asking, "reply.repair=true");
    ask(&asking, &speakers[_i], BAD, "{\"name\":1}");
    ck_assert_int_eq(asking.program.status, 1);
    ck_assert_str_eq(buf_string(&asking.program.out), "{\"name\":1}\n");
    ck_assert_ptr_nonnull(strstr(buf_string(&asking.program.err),
                                 "/name: must be a string, not a number"));
    ck_assert_int_eq(server_count(asking.server, "POST "), 2);
    end(&asking);
}
END_TEST

/* clang-format off */
static const struct {
    const char *schema; /* NULL: there is no such file */
    int status;
    const char *words;
} bad_files[] = {
    { NULL, 2, "schema.json" },
    { "  \n", 4, "schema.json: the file is empty" },
    { "{\n \"type\": \"object\",\n}", 4,
      "schema.json: not JSON: line 3, column 1" },
    { "{\"properties\":{\"a\":{\"type\":\"text\"}}}", 4,
      "schema.json: not a JSON Schema 2020-12: /properties/a/type: must be" },
    { "{\"$ref\":\"other.json\"}", 4,
      "schema.json: $ref \"other.json\" leads to nothing" },
};
/* clang-format on */

START_TEST(a_file_that_is_no_schema_is_refused_before_anything_is_sent)
{
    struct program program = { 0 };
    char path[200];
    program_file(&program, "other.json", "true");
    if (bad_files[_i].schema)
        program_file(&program, "schema.json", bad_files[_i].schema);
    snprintf(path, sizeof path, "%s/schema.json", program.home);
    program.arguments[0] = "--schema";
    program.arguments[1] = path;
    program.arguments[2] = "-p";
    program.arguments[3] = "hi";
    program_run(&program);
    ck_assert_int_eq(program.status, bad_files[_i].status);
    ck_assert_msg(strstr(buf_string(&program.err), bad_files[_i].words), "%s",
                  buf_string(&program.err));
    ck_assert_str_eq(buf_string(&program.out), "");
    program_clear(&program);
}
END_TEST

#define REFUSED                                                        \
    "match POST /v1/chat/completions\nstatus 400 Bad Request\n"        \
    "header Content-Type: application/json\n"                          \
    "body \"{\\\"error\\\":{\\\"message\\\":\\\"'response_format' of " \
    "type json_schema is not supported\\\",\\\"param\\\":"             \
    "\\\"response_format\\\",\\\"code\\\":\\\"unsupported_value\\\"}}\"\n"

START_TEST(a_server_that_refuses_schemas_is_told_it_in_words)
{
    struct buf answer = { 0 };
    struct program program = { 0 };
    char variable[100], path[200];
    append_answer(&answer, &speakers[1], GOOD);
    struct server *server = server_start(REFUSED, buf_string(&answer), NULL);
    snprintf(variable, sizeof variable, "OPENAI_BASE_URL=http://127.0.0.1:%d",
             server_port(server));
    program_file(&program, "schema.json", SCHEMA);
    snprintf(path, sizeof path, "%s/schema.json", program.home);
    program.variables[0] = variable;
    program.variables[1] = "OPENAI_API_KEY=key";
    program.arguments[0] = "-m";
    program.arguments[1] = "openai/small";
    program.arguments[2] = "--schema";
    program.arguments[3] = path;
    program.arguments[4] = "hi";
    program_run(&program);
    ck_assert_msg(program.status == 0, "%s", buf_string(&program.err));
    const char *second =
        strstr(server_received(server), "{\"type\":\"json_object\"}");
    ck_assert_ptr_nonnull(second);
    ck_assert_ptr_nonnull(strstr(second, "JSON Schema: {\\\"type\\\":"));
    program_clear(&program);
    server_stop(server);
    buf_clear(&answer);
}
END_TEST

/* The screen: a schema is taken by a command, a repair offered and made. */

START_TEST(the_screen_offers_a_repair)
{
    struct buf answers[2] = { { 0 }, { 0 } };
    append_answer(&answers[0], &speakers[0], BAD);
    append_answer(&answers[1], &speakers[0], GOOD);
    struct server *server = server_start(OLLAMA_MODELS, buf_string(&answers[0]),
                                         buf_string(&answers[1]), NULL);
    struct pty *pty =
        fullscreen_new(server, &(struct pty_options){ .width = 100 });
    pty_write_file(pty, "schema.json", SCHEMA);
    fullscreen_run(pty);
    pty_send(pty, "/schema ~/schema.json\r");
    pty_expect(pty, "answers are JSON as schema.json asks");
    pty_send(pty, "an order\r");
    pty_expect(pty, "/items/1/price: must be >= 0; /repair asks for it");
    pty_expect(pty, " does not follow the schema | ");
    pty_send(pty, "/repair\r");
    pty_expect(pty, "{\"price\":2}]}");
    pty_expect(pty, "complete");
    pty_send(pty, "/schema off\r");
    pty_expect(pty, "answers are free");
    fullscreen_quit(pty);
    pty_free(pty);
    server_stop(server);
    buf_clear(&answers[0]);
    buf_clear(&answers[1]);
}
END_TEST

Suite *structured_suite(void)
{
    Suite *suite = suite_create("structured");
    TCase *tcase = tcase_create("structured");
    int count = COUNTOF(speakers);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, the_server_is_asked_and_the_value_is_printed, 0,
                        count);
    tcase_add_loop_test(tcase, a_violation_is_an_error_with_its_place, 0,
                        count);
    tcase_add_loop_test(tcase, an_answer_without_a_value_is_shown_as_it_is, 0,
                        count);
    tcase_add_loop_test(tcase, parts_are_told_as_they_close, 0, count);
    tcase_add_loop_test(tcase, json_has_the_value_as_object, 0, count);
    tcase_add_loop_test(tcase, one_repair_is_made_where_that_is_wanted, 0,
                        count);
    tcase_add_loop_test(tcase, no_more_than_one_repair_is_made, 0, count);
    tcase_add_loop_test(
        tcase, a_file_that_is_no_schema_is_refused_before_anything_is_sent, 0,
        COUNTOF(bad_files));
    tcase_add_test(tcase, the_screen_offers_a_repair);
    tcase_add_test(tcase, a_server_that_refuses_schemas_is_told_it_in_words);
    suite_add_tcase(suite, tcase);
    return suite;
}
