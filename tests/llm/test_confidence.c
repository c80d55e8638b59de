/* SPDX-License-Identifier: MIT */
/*
 * Log probabilities as the servers tell them: Chat Completions
 * (choices[].logprobs.content[]), Responses (logprobs of output_text.delta, of an
 * output_text in one piece) and Ollama (logprobs beside the message), by their
 * documentation.
 */
#include <math.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "llm/chat_completions.h"
#include "llm/confidence.h"
#include "llm/ollama.h"
#include "llm/responses.h"
#include "tests/support/bytes.h"
#include "tests/support/reading.h"
#include "tests/support/scenario.h"
#include "tests/support/skip.h"

Suite *confidence_suite(void);

/* exp(-0.1) is .9, exp(-0.7) .497, exp(-2) .135. */
#define TOKEN(text, value)                                          \
    "{\"token\":\"" text "\",\"logprob\":" value ",\"bytes\":[65]," \
    "\"top_logprobs\":[{\"token\":\"z\",\"logprob\":-9}]}"

#define CHUNK(delta, more) \
    "data: {\"choices\":[{\"index\":0,\"delta\":{" delta "}" more "}]}\n\n"
#define CHAT(list) ",\"logprobs\":{\"content\":[" list "],\"refusal\":null}"
#define ITEM                                                              \
    "data: {\"type\":\"response.output_item.added\",\"output_index\":0,"  \
    "\"item\":{\"id\":\"i\",\"type\":\"message\",\"role\":\"assistant\"," \
    "\"content\":[]}}\n\n"
#define DELTA(text, list)                                               \
    "data: {\"type\":\"response.output_text.delta\",\"item_id\":\"i\"," \
    "\"output_index\":0,\"content_index\":0,\"delta\":\"" text          \
    "\",\"logprobs\":[" list "]}\n\n"
#define OUTPUT(list)                                                        \
    "\"output\":[{\"id\":\"i\",\"type\":\"message\",\"role\":"              \
    "\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"ab\"," \
    "\"annotations\":[],\"logprobs\":[" list "]}]}]"

static const struct {
    const struct dialect *dialect;
    const char *body;
    uint32_t tokens, unsure;
    double mean, least;
} answers[] = {
    { &dialect_chat_completions,
      CHUNK("\"role\":\"assistant\",\"content\":\"\"", ",\"logprobs\":null")
          CHUNK("\"content\":\"a\"", CHAT(TOKEN("a", "-0.1")))
              CHUNK("\"content\":\"bc\"",
                    CHAT(TOKEN("b", "-0.7") "," TOKEN("c", "-2")))
                  CHUNK("", ",\"finish_reason\":\"stop\"") "data: [DONE]\n\n",
      3, 2, -2.8 / 3, -2 },
    /* In one piece. */
    { &dialect_chat_completions,
      "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
      "\"content\":\"ab\"}" CHAT(TOKEN("a", "-0.1") "," TOKEN(
          "b", "-0.3")) ",\"finish_reason\":\"stop\"}]}",
      2, 0, -.2, -.3 },
    /* Of thinking, and of a call, nothing is kept. */
    { &dialect_chat_completions,
      CHUNK("\"reasoning_content\":\"hm\"", CHAT(TOKEN("hm", "-3")))
          CHUNK("\"content\":\"a\"", CHAT(TOKEN("a", "0")))
              CHUNK("", ",\"finish_reason\":\"stop\"") "data: [DONE]\n\n",
      1, 0, 0, 0 },
    { &dialect_responses,
      ITEM DELTA("a", TOKEN("a", "-0.1")) DELTA(
          "b",
          TOKEN(
              "b",
              "-2")) "data: {\"type\":\"response.output_text.done\",\"item_id\":\"i\","
                     "\"output_index\":0,\"content_index\":0,\"text\":\"ab\",\"logprobs\":[" TOKEN(
                         "a",
                         "-0.1") "," TOKEN("b",
                                           "-2") "]}\n\n"
                                                 "data: {\"type\":\"response.completed\",\"response\":{\"status\":"
                                                 "\"completed\"," OUTPUT(
                                                     TOKEN("a", "-0.1") "," TOKEN(
                                                         "b", "-2")) "}}\n\n",
      2, 1, -1.05, -2 },
    { &dialect_responses,
      "{\"object\":\"response\",\"status\":\"completed\"," OUTPUT(
          TOKEN("a", "-0.4") "," TOKEN("b", "-0.6")) "}",
      2, 0, -.5, -.6 },
    { &dialect_ollama,
      "{\"message\":{\"content\":\"\",\"thinking\":\"t\"},\"done\":false,"
      "\"logprobs\":[" TOKEN(
          "t",
          "-3") "]}\n"
                "{\"message\":{\"content\":\"a\"},\"done\":false,\"logprobs\":[" TOKEN(
                    "a",
                    "-0.1") "]}\n"
                            "{\"message\":{\"content\":\"b\"},\"done\":false,\"logprobs\":[" TOKEN(
                                "b",
                                "-0.9") "]}\n{\"message\":{\"content\":\"\"},\"done\":true}\n",
      2, 1, -.5, -.9 },
    /* What is none, or cannot be, spoils nothing. */
    { &dialect_ollama,
      "{\"message\":{\"content\":\"a\"},\"done\":false,\"logprobs\":[1,null,"
      "{\"logprob\":\"x\"},{\"logprob\":-9999},{\"logprob\":0.5}]}\n"
      "{\"message\":{\"content\":\"b\"},\"done\":true,\"logprobs\":7}\n",
      2, 1, -50, -100 },
    { &dialect_ollama, "{\"message\":{\"content\":\"a\"},\"done\":true}\n", 0,
      0, 0, 0 },
};

START_TEST(what_a_server_tells_of_its_tokens_is_kept)
{
    struct reading reading;
    struct reading_source source =
        reading_source_of(answers[_i].dialect, answers[_i].body);
    reading_every_split(&reading, &source);
    const struct confidence *found = &reading.result.confidence;
    ck_assert_int_eq(reading.result.outcome, ANSWER_COMPLETE);
    ck_assert_uint_eq(found->tokens, answers[_i].tokens);
    ck_assert_uint_eq(found->unsure, answers[_i].unsure);
    ck_assert_double_eq_tol(confidence_mean(found), answers[_i].mean, 1e-9);
    ck_assert_double_eq_tol(found->least, answers[_i].least, 1e-9);
    reading_clear(&reading);
}
END_TEST

START_TEST(real_servers_tell_it_so)
{
    static const struct {
        const char *path;
        const struct dialect *dialect;
        uint32_t tokens;
    } captures[] = {
        { "captures/ollama/chat-logprobs.http", &dialect_ollama, 3 },
        { "captures/llama-server/chat-stream-logprobs.http",
          &dialect_chat_completions, 4 },
    };
    const char *path = shared_path(captures[_i].path);
    struct buf bytes = { 0 };
    struct reading reading;
    if (!path)
        return;
    bytes_from_file(&bytes, path);
    struct slice body = buf_slice(&bytes);
    ptrdiff_t head = slice_find(body, "\r\n\r\n");
    ck_assert_int_gt(head, 0);
    reading_whole(&reading, &(struct reading_source){
                                .dialect = captures[_i].dialect,
                                .body = slice_skip(body, (size_t)head + 4),
                                .status = 200,
                            });
    ck_assert_uint_eq(reading.result.confidence.tokens, captures[_i].tokens);
    ck_assert_uint_eq(reading.result.confidence.unsure, 0);
    reading_clear(&reading);
    buf_clear(&bytes);
}
END_TEST

/* How each dialect asks for it. */
static const struct {
    const struct dialect *dialect;
    const char *thinking, *words;
} wishes[] = {
    { &dialect_chat_completions, NULL, "\"logprobs\":true,\"top_logprobs\":1" },
    { &dialect_ollama, NULL, "\"logprobs\":true" },
    { &dialect_responses, NULL,
      "\"include\":[\"message.output_text.logprobs\"]" },
    { &dialect_responses, "low",
      "\"include\":[\"reasoning.encrypted_content\","
      "\"message.output_text.logprobs\"]" },
};

static void ck_asks(const struct chat_request *request,
                    const struct dialect *dialect, const char *words,
                    bool is_there)
{
    struct wire_request wire = { 0 };
    struct error err = { 0 };
    ck_assert_msg(dialect->write_request(request, &wire, &err), "%s", err.text);
    ck_assert_msg((strstr(buf_string(&wire.body), words) != NULL) == is_there,
                  "%s", buf_string(&wire.body));
    wire_request_clear(&wire);
}

START_TEST(it_is_asked_for_only_where_it_is_wanted_and_was_not_refused)
{
    struct scenario scenario;
    struct messages *messages = messages_new();
    scenario_init(&scenario);
    scenario_play(&scenario, "user-message text=hi\n");
    messages_catch_up(messages, scenario.graph, graph_head(scenario.graph));
    struct chat_request request = {
        .endpoint = "e",
        .base_url = "http://h",
        .model = "m",
        .messages = messages,
        .reply = { .temperature = NAN,
                   .top_p = NAN,
                   .max_tokens = -1,
                   .seed = -1,
                   .num_ctx = -1,
                   .thinking = wishes[_i].thinking },
    };
    ck_asks(&request, wishes[_i].dialect, "logprobs", false);
    request.wants_confidence = true;
    ck_asks(&request, wishes[_i].dialect, wishes[_i].words, true);
    request.omit = PART_LOGPROBS;
    ck_asks(&request, wishes[_i].dialect, "logprobs", false);
    messages_free(messages);
    scenario_clear(&scenario);
}
END_TEST

START_TEST(it_is_written_as_one_small_object)
{
    struct confidence confidence = {
        .tokens = 4, .unsure = 1, .sum = -2, .least = -1.25
    };
    struct buf json = { 0 };
    confidence_append(&confidence, &json);
    ck_assert_str_eq(buf_string(&json), "{\"tokens\":4,\"mean\":-0.500,"
                                        "\"least\":-1.250,\"unsure\":0.250}");
    buf_clear(&json);
}
END_TEST

Suite *confidence_suite(void)
{
    Suite *suite = suite_create("confidence");
    TCase *tcase = tcase_create("confidence");
    tcase_add_loop_test(tcase, what_a_server_tells_of_its_tokens_is_kept, 0,
                        COUNTOF(answers));
    tcase_add_loop_test(tcase, real_servers_tell_it_so, 0, 2);
    tcase_add_loop_test(
        tcase, it_is_asked_for_only_where_it_is_wanted_and_was_not_refused, 0,
        COUNTOF(wishes));
    tcase_add_test(tcase, it_is_written_as_one_small_object);
    suite_add_tcase(suite, tcase);
    return suite;
}
