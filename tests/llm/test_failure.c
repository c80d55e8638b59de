/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/utf8.h"
#include "llm/failure.h"

Suite *failure_suite(void);

static const char url[] = "http://h:1/v1/chat/completions";

static struct answer_result failed(int status, const char *body)
{
    struct answer_result result = { 0 };
    struct failure_site site = { .status = status, .url = url };
    failure_of_body(&result, &site, slice_of(body));
    ck_assert_int_ne(result.err.kind, ERROR_NONE);
    return result;
}

static void ck_failed(int status, const char *body, enum error_kind kind,
                      const char *text)
{
    struct answer_result result = failed(status, body);
    ck_assert_str_eq(result.err.text, text);
    ck_assert_int_eq(result.err.kind, kind);
}

static void ck_says(int status, const char *body, const char *part)
{
    struct answer_result result = failed(status, body);
    ck_assert_msg(strstr(result.err.text, part) != NULL, "%s", result.err.text);
}

START_TEST(the_sentence_is_found_in_every_family)
{
    static const char *const bodies[] = {
        "{\"error\":{\"message\":\"MSG\",\"type\":\"t\",\"param\":null}}",
        "{\"type\":\"error\",\"error\":{\"type\":\"t\",\"message\":\"MSG\"}}",
        "[{\"error\":{\"code\":400,\"message\":\"MSG\"}}]",
        "{\"error\":\"MSG\"}",
        "{\"code\":\"invalid-argument\",\"error\":\"MSG\"}",
        "{\"message\":\"MSG\"}",
        "{\"object\":\"error\",\"message\":\"MSG\",\"code\":400}",
        "{\"detail\":\"MSG\"}",
        "{\"detail\":[{\"loc\":[\"body\",\"x\"],\"msg\":\"MSG\"}]}",
        "{\"errors\":[{\"message\":\"MSG\"}]}",
        "{\"error\":{\"message\":\"MSG\"},\"message\":\"MSG\"}",
        "MSG",
        "\n MSG \n",
    };
    for (size_t i = 0; i < COUNTOF(bodies); i++)
        ck_failed(400, bodies[i], ERROR_SERVER,
                  "the server refused the request (400): MSG");
}
END_TEST

START_TEST(errors_inside_the_string_of_an_error_are_unwrapped)
{
    ck_failed(500,
              "{\"error\":\"{\\\"error\\\":{\\\"code\\\":400,"
              "\\\"message\\\":\\\"inner\\\"}}\"}",
              ERROR_SERVER, "the server failed (500): inner");
    ck_failed(500,
              "{\"error\":\"{\\\"error\\\":\\\"{\\\\\\\"error\\\\\\\":"
              "\\\\\\\"deep\\\\\\\"}\\\"}\"}",
              ERROR_SERVER, "the server failed (500): deep");
    /* What looks like JSON and is none is the message. */
    ck_failed(500, "{\"error\":\"{x}\"}", ERROR_SERVER,
              "the server failed (500): {x}");
    ck_failed(500, "{\"error\":\"{}\"}", ERROR_SERVER,
              "the server failed (500): {}");
}
END_TEST

START_TEST(what_gateways_put_beside_the_message_is_shown)
{
    ck_failed(429,
              "{\"error\":{\"code\":429,\"message\":\"Provider returned "
              "error\",\"metadata\":{\"raw\":\"slow down\"}}}",
              ERROR_SERVER,
              "the server asks to wait (429): Provider returned error: "
              "slow down");
    ck_failed(400,
              "{\"error\":{\"message\":\"bad call\",\"failed_generation\":"
              "\"{x\"}}",
              ERROR_SERVER,
              "the server refused the request (400): bad call; the model "
              "wrote: {x");
}
END_TEST

START_TEST(a_bad_key_is_an_error_of_the_key)
{
    ck_failed(401, "{\"detail\":\"Invalid API Key\"}", ERROR_AUTH,
              "the server rejected the key (401): Invalid API Key");
    ck_failed(400,
              "{\"code\":\"invalid-argument\",\"error\":\"Incorrect API key "
              "provided\"}",
              ERROR_AUTH,
              "the server rejected the key (400): Incorrect API key provided");
    ck_failed(403, "{\"error\":\"Your API key is blocked\"}", ERROR_AUTH,
              "the server rejected the key (403): Your API key is blocked");
    /* It may be the right one, for something else. */
    ck_failed(403, "{\"error\":\"no\"}", ERROR_AUTH,
              "the server does not allow it (403): no");
    ck_failed(403, "{\"error\":\"Your account may not use model m\"}",
              ERROR_AUTH,
              "the server does not allow it (403): Your account may not use "
              "model m");
    ck_failed(
        403,
        "{\"error\":{\"type\":\"permission_error\",\"message\":\"Your API "
        "key does not have permission\"}}",
        ERROR_AUTH,
        "the server does not allow it (403): Your API key does not have "
        "permission");
    ck_failed(401, "", ERROR_AUTH,
              "http://h:1/v1/chat/completions answered 401 Unauthorized "
              "without a word: is the key right?");
    ck_says(401,
            "{\"error\":\"unauthorized\",\"signin_url\":\"https://o/c?x\"}",
            "unauthorized; sign in at https://o/c?x");
    /* Advice about keys is no complaint about one. */
    ck_assert_int_eq(
        failed(429, "{\"error\":\"add your own API key\"}").err.kind,
        ERROR_SERVER);
}
END_TEST

START_TEST(a_key_that_was_not_sent_was_not_rejected)
{
    static const struct {
        int status;
        const char *body, *words;
    } cases[] = {
        { 401, "{\"error\":\"Invalid API Key\"}",
          "the server wants a key (401), and none is set: endpoints.box.key, or "
          "/connect; it says: Invalid API Key" },
        { 403, "{\"error\":\"missing credentials\"}",
          "the server wants a key (403), and none is set: endpoints.box.key, or "
          "/connect; it says: missing credentials" },
        { 403, "{\"error\":\"not for you\"}",
          "the server does not allow it (403): not for you; no key is set: "
          "endpoints.box.key, or /connect" },
        { 401, "",
          "http://h:1/v1/chat/completions answered 401 Unauthorized without a "
          "word; no key is set: endpoints.box.key, or /connect" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct answer_result result = { 0 };
        struct failure_site site = { .status = cases[i].status,
                                     .url = url,
                                     .keyless = "box" };
        failure_of_body(&result, &site, slice_of(cases[i].body));
        ck_assert_str_eq(result.err.text, cases[i].words);
        ck_assert_int_eq(result.err.kind, ERROR_AUTH);
    }
}
END_TEST

START_TEST(nothing_is_lost_behind_a_zero_byte)
{
    static const char plain[] = "out of\0 memory";
    struct answer_result result = { 0 };
    struct failure_site site = { .status = 500, .url = url };
    ck_failed(400, "{\"error\":\"before\\u0000after\"}", ERROR_SERVER,
              "the server refused the request (400): before after");
    failure_of_body(&result, &site, (struct slice){ plain, sizeof plain - 1 });
    ck_assert_str_eq(result.err.text,
                     "the server failed (500): out of  memory");
}
END_TEST

START_TEST(a_missing_model_is_named_with_what_to_do)
{
    struct answer_result result = { 0 };
    struct failure_site site = { .status = 404, .url = url, .can_pull = true };
    failure_of_body(&result, &site,
                    slice_of("{\"error\":\"model 'nope:1b' not found\"}"));
    ck_assert_str_eq(result.err.text, "model 'nope:1b' not found; "
                                      "`ollama pull nope:1b` fetches it");
    failure_of_body(&result, &site,
                    slice_of("{\"error\":\"model \\\"x\\\" not found, try "
                             "pulling it first\"}"));
    ck_assert_str_eq(result.err.text,
                     "model \"x\" not found, try pulling it first; "
                     "`ollama pull x` fetches it");
    /* By ourselves, where the endpoint has a name. */
    site.endpoint = "box";
    failure_of_body(&result, &site,
                    slice_of("{\"error\":\"model 'nope:1b' not found\"}"));
    ck_assert_str_eq(result.err.text, "model 'nope:1b' not found; "
                                      "`sennit pull box/nope:1b` fetches it");
    ck_assert(result.is_missing_model);
    ck_says(404,
            "{\"error\":{\"code\":\"model_not_found\",\"message\":\"The "
            "model `gpt-9` does not exist or you do not have access\"}}",
            "access; choose one that the server lists");
    ck_says(400, "{\"error\":{\"message\":\"model 'nope' not found\"}}",
            "model 'nope' not found; choose one that the server lists");
}
END_TEST

START_TEST(an_unknown_address_asks_for_the_base_url)
{
    ck_failed(404, "404 page not found", ERROR_SERVER,
              "http://h:1/v1/chat/completions is unknown to the server (404: "
              "404 page not found): is the base URL right, with or without "
              "/v1?");
    ck_says(404, "{\"error\":{\"message\":\"File Not Found\",\"code\":404}}",
            "is the base URL right");
    ck_says(404, "", "is the base URL right");
}
END_TEST

START_TEST(silence_and_web_pages_are_named_by_status_and_url)
{
    ck_failed(502, "", ERROR_SERVER,
              "http://h:1/v1/chat/completions answered 502 Bad Gateway "
              "without a word");
    ck_failed(502, "<html><head><TITLE>502 Bad Gateway</TITLE></head></html>",
              ERROR_SERVER,
              "http://h:1/v1/chat/completions answered 502 Bad Gateway with "
              "a web page: 502 Bad Gateway");
    ck_failed(413, "<!doctype html><body>x", ERROR_SERVER,
              "http://h:1/v1/chat/completions answered 413 Content Too Large "
              "with a web page");
    ck_failed(403, "<title >\n Sign in\n</title>", ERROR_AUTH,
              "http://h:1/v1/chat/completions answered 403 Forbidden with a "
              "web page: Sign in");
    ck_says(301, "", "answered 301 Moved Permanently");
}
END_TEST

START_TEST(an_empty_403_of_ollama_is_about_the_host_name)
{
    struct answer_result result = { 0 };
    struct failure_site site = { .status = 403, .can_pull = true };
    failure_of_body(&result, &site, slice_of(""));
    ck_assert_ptr_nonnull(strstr(result.err.text, "local host names"));
}
END_TEST

START_TEST(a_context_overflow_is_recognised)
{
    static const char *const bodies[] = {
        "{\"error\":\"{\\\"error\\\":{\\\"message\\\":\\\"request (9412 "
        "tokens) exceeds the available context size (8192 tokens)\\\"}}\"}",
        "{\"error\":{\"message\":\"m\",\"type\":"
        "\"exceed_context_size_error\"}}",
        "{\"error\":{\"code\":\"context_length_exceeded\",\"message\":"
        "\"m\"}}",
        "{\"error\":{\"message\":\"This model's maximum context length is "
        "4096 tokens, in max_tokens not supported\"}}",
    };
    for (size_t i = 0; i < COUNTOF(bodies); i++) {
        struct answer_result result = failed(400, bodies[i]);
        ck_assert(result.is_context_overflow);
        ck_assert_int_eq(result.refused, 0);
        ck_assert_ptr_nonnull(strstr(result.err.text, "too long"));
    }
    ck_assert(!failed(400, "{\"error\":\"context\"}").is_context_overflow);
}
END_TEST

START_TEST(a_loading_model_is_recognised)
{
    struct answer_result result =
        failed(503, "{\"error\":{\"message\":\"Loading model\",\"type\":"
                    "\"unavailable_error\",\"code\":503}}");
    ck_assert(result.is_model_loading);
    ck_assert_str_eq(result.err.text,
                     "the model is still loading (503): Loading model");
    result = failed(503, "{\"error\":\"server busy, please try again\"}");
    ck_assert(!result.is_model_loading);
    ck_assert_str_eq(result.err.text, "the server is busy (503): server "
                                      "busy, please try again");
}
END_TEST

static void ck_refused(int status, const char *body, enum request_part refused)
{
    struct answer_result result = failed(status, body);
    ck_assert_msg(result.refused == refused, "%s", body);
}

START_TEST(a_refused_part_of_the_request_is_named)
{
    ck_refused(
        400,
        "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens' is "
        "not supported with this model. Use 'max_completion_tokens' "
        "instead.\",\"param\":\"max_tokens\",\"code\":"
        "\"unsupported_parameter\"}}",
        PART_MAX_TOKENS_RENAMED);
    ck_refused(400,
               "{\"error\":{\"message\":\"`logprobs` is not supported with "
               "this model\",\"type\":\"invalid_request_error\"}}",
               PART_LOGPROBS);
    ck_refused(400,
               "{\"error\":{\"message\":\"You are not allowed to request "
               "logprobs from this model.\",\"param\":\"include\"}}",
               PART_LOGPROBS);
    ck_refused(403,
               "{\"error\":{\"message\":\"You are not allowed to request "
               "logprobs from this model.\"}}",
               PART_LOGPROBS);
    ck_refused(400, "{\"error\":{\"message\":\"stream_options is bad\"}}",
               PART_STREAM_OPTIONS);
    ck_refused(422,
               "{\"detail\":[{\"loc\":[\"body\",\"stream_options\"],\"msg\":"
               "\"stream_options: Extra inputs are not permitted\"}]}",
               PART_STREAM_OPTIONS);
    ck_refused(400, "{\"error\":\"\\\"m\\\" does not support thinking\"}",
               PART_THINKING);
    ck_refused(400,
               "{\"error\":{\"message\":\"Unsupported value\",\"param\":"
               "\"temperature\",\"code\":\"unsupported_value\"}}",
               PART_TEMPERATURE);
    ck_refused(
        400,
        "{\"error\":{\"message\":\"Unrecognized request argument supplied: "
        "chat_template_kwargs\"}}",
        PART_THINKING);
    ck_refused(400, "{\"error\":{\"message\":\"top_p is not supported\"}}",
               PART_TOP_P);
}
END_TEST

START_TEST(a_schema_that_a_server_cannot_follow_is_a_refused_part)
{
    ck_refused(500, "{\"error\":\"invalid JSON schema in format\"}",
               PART_SCHEMA);
    ck_refused(400,
               "{\"error\":\"json: cannot unmarshal object into Go struct "
               "field ChatRequest.format of type string\"}",
               PART_SCHEMA);
    ck_refused(400,
               "{\"error\":{\"code\":400,\"message\":\"JSON schema conversion "
               "failed:\\nUnrecognized schema: {}\",\"type\":"
               "\"invalid_request_error\"}}",
               PART_SCHEMA);
    ck_refused(400,
               "{\"error\":{\"message\":\"Invalid schema for response_format "
               "'answer': In context=(), 'additionalProperties' is required to "
               "be supplied and to be false.\",\"param\":\"response_format\"}}",
               PART_SCHEMA);
    ck_refused(500, "{\"error\":\"something else\"}", 0);
}
END_TEST

START_TEST(a_value_out_of_range_is_not_a_refused_part)
{
    ck_refused(400, "{\"error\":\"temperature must be at most 2\"}", 0);
    ck_refused(
        400,
        "{\"error\":{\"message\":\"max_tokens is too large: 9\",\"param\":"
        "\"max_tokens\",\"code\":\"invalid_value\"}}",
        0);
    ck_refused(500, "{\"error\":\"stream_options is not supported\"}", 0);
}
END_TEST

START_TEST(an_error_in_a_stream_takes_its_status_from_the_body)
{
    ck_failed(200,
              "{\"StatusCode\":429,\"Status\":\"429 Too Many Requests\","
              "\"error\":\"weekly limit\"}",
              ERROR_SERVER, "the server asks to wait (429): weekly limit");
    ck_failed(200, "{\"error\":{\"code\":\"500\",\"message\":\"x\"}}",
              ERROR_SERVER, "the server failed (500): x");
    ck_failed(200, "{\"error\":\"CUDA error\"}", ERROR_SERVER,
              "the server reported an error: CUDA error");
    ck_failed(200, "{\"error\":{\"code\":401,\"message\":\"x\"}}", ERROR_AUTH,
              "the server rejected the key (401): x");
}
END_TEST

/* The types of Anthropic's errors with the statuses that its manual gives them;
 * OpenAI's of rate limits. */
START_TEST(the_word_of_an_error_in_a_stream_is_its_status)
{
    static const struct {
        const char *type;
        int status;
    } words[] = {
        { "invalid_request_error", 400 },
        { "authentication_error", 401 },
        { "billing_error", 402 },
        { "permission_error", 403 },
        { "not_found_error", 404 },
        { "rate_limit_error", 429 },
        { "api_error", 500 },
        { "timeout_error", 504 },
        { "overloaded_error", 529 },
        { "rate_limit_exceeded", 429 },
        { "server_is_overloaded", 503 },
        { "server_error", 500 },
        { "whatever", 200 },
    };
    for (size_t i = 0; i < COUNTOF(words); i++) {
        char body[200];
        snprintf(body, sizeof body,
                 "{\"type\":\"error\",\"error\":{\"type\":\"%s\","
                 "\"message\":\"m\"}}",
                 words[i].type);
        ck_assert_int_eq(failed(200, body).status, words[i].status);
        /* A status line is the server's own word. */
        ck_assert_int_eq(failed(418, body).status, 418);
    }
}
END_TEST

START_TEST(an_account_without_credit_is_recognised)
{
    static const struct {
        int status;
        const char *body;
        bool is_out;
    } bodies[] = {
        { 429,
          "{\"error\":{\"message\":\"m\",\"type\":\"insufficient_quota\"}}",
          true },
        { 429,
          "{\"error\":{\"message\":\"m\",\"code\":\"insufficient_quota\"}}",
          true },
        { 429, "{\"error\":{\"message\":\"You exceeded your current quota\"}}",
          true },
        { 402, "{\"error\":{\"message\":\"m\"}}", true },
        { 400, "{\"error\":{\"message\":\"Your credit balance is too low\"}}",
          true },
        { 429, "{\"error\":{\"message\":\"slow down\"}}", false },
        { 500, "{\"error\":\"m\"}", false },
    };
    for (size_t i = 0; i < COUNTOF(bodies); i++) {
        struct answer_result result = failed(bodies[i].status, bodies[i].body);
        ck_assert_msg(result.is_out_of_credit == bodies[i].is_out, "%s",
                      bodies[i].body);
        ck_assert(!bodies[i].is_out || strstr(result.err.text, "no credit"));
    }
}
END_TEST

START_TEST(only_what_says_something_is_an_error)
{
    static const struct {
        const char *json;
        bool is_failure;
    } cases[] = {
        { "{\"error\":null}", false },
        { "{\"error\":\"\"}", false },
        { "{\"error\":{}}", false },
        { "{\"error\":false}", false },
        { "{\"object\":\"chat.completion.chunk\"}", false },
        { "{\"error\":\"x\"}", true },
        { "{\"error\":{\"message\":\"x\"}}", true },
        { "{\"error\":true}", true },
        { "{\"object\":\"error\",\"message\":\"x\"}", true },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        json_t *value = json_loads(cases[i].json, 0, NULL);
        ck_assert_int_eq(failure_is_in(value), cases[i].is_failure);
        json_decref(value);
    }
}
END_TEST

START_TEST(long_words_are_cut_between_characters)
{
    struct buf body = { 0 };
    buf_append_string(&body, "{\"error\":\"x");
    for (int i = 0; i < 20000; i++)
        buf_append_string(&body, "\xC3\xA4");
    buf_append_string(&body, "\"}");
    struct answer_result result = failed(500, buf_string(&body));
    ck_assert(utf8_is_valid(slice_of(result.err.text)));
    ck_assert_uint_le(strlen(result.err.text), FAILURE_EXCERPT_MAX + 40);
    ck_assert_uint_ge(strlen(result.err.text), FAILURE_EXCERPT_MAX);
    buf_clear(&body);
}
END_TEST

/* As Ollama's scheduler, its runner, llama-server and vLLM say it. */
START_TEST(memory_that_does_not_suffice_is_recognised_and_named)
{
    static const struct {
        int status;
        const char *body, *words;
    } cases[] = {
        { 500,
          "{\"error\":\"model requires more system memory (5.6 GiB) than is "
          "available (3.2 GiB)\"}",
          "the model does not fit: it needs 5.6 GiB, 3.2 GiB is free" },
        { 400,
          "{\"error\":\"model requires more system memory (5.6 GiB) than is "
          "available (3.2 GiB)\"}",
          "the model does not fit: it needs 5.6 GiB, 3.2 GiB is free" },
        { 500,
          "{\"error\":\"llama runner process has terminated: cudaMalloc "
          "failed: out of memory\"}",
          "the model does not fit into the memory that is free (500): llama "
          "runner process has terminated: cudaMalloc failed: out of memory" },
        { 500, "{\"error\":\"unable to allocate CUDA0 buffer\"}",
          "the model does not fit into the memory that is free (500): unable "
          "to allocate CUDA0 buffer" },
        { 500,
          "{\"error\":{\"message\":\"No available memory for the cache "
          "blocks. Try increasing gpu_memory_utilization\"}}",
          "the model does not fit into the memory that is free (500): No "
          "available memory for the cache blocks. Try increasing "
          "gpu_memory_utilization" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        ck_failed(cases[i].status, cases[i].body, ERROR_SERVER, cases[i].words);
        ck_assert(failed(cases[i].status, cases[i].body).is_out_of_memory);
    }
    /* A user who talks about it is no failure of that kind. */
    ck_assert(!failed(400, "{\"error\":\"invalid tool: out of memory\"}")
                   .is_out_of_memory);
    ck_assert(!failed(500, "{\"error\":\"boom\"}").is_out_of_memory);
}
END_TEST

/* As the servers write it. */
START_TEST(a_model_that_takes_no_images_is_said_to)
{
    static const struct {
        int status;
        const char *body;
    } cases[] = {
        { 500, "{\"error\":{\"code\":500,\"message\":\"image input is not "
               "supported - hint: if this is unexpected, you may need to "
               "provide the mmproj\",\"type\":\"server_error\"}}" },
        { 500, "{\"error\":\"Failed to create new sequence: failed to process "
               "inputs: this model is missing data required for image "
               "input\"}" },
        { 400, "{\"error\":\"this model does not support image input\"}" },
        { 404, "{\"error\":{\"message\":\"No endpoints found that support "
               "image input\",\"code\":404}}" },
        { 400, "{\"error\":\"Model does not support images. Please use a "
               "model that does.\"}" },
        { 400, "{\"object\":\"error\",\"message\":\"m is not a multimodal "
               "model\",\"code\":400}" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct answer_result result = failed(cases[i].status, cases[i].body);
        ck_assert_int_eq(result.err.kind, ERROR_SERVER);
        ck_assert_msg(slice_starts(slice_of(result.err.text),
                                   "the model sees no images; take one that "
                                   "does"),
                      "%s", result.err.text);
        ck_assert(result.is_blind);
    }
    ck_assert(!failed(400, "{\"error\":\"the image is too large\"}").is_blind);
}
END_TEST

Suite *failure_suite(void)
{
    Suite *suite = suite_create("failure");
    TCase *tcase = tcase_create("failure");
    tcase_add_test(tcase, the_sentence_is_found_in_every_family);
    tcase_add_test(tcase, a_model_that_takes_no_images_is_said_to);
    tcase_add_test(tcase, errors_inside_the_string_of_an_error_are_unwrapped);
    tcase_add_test(tcase, what_gateways_put_beside_the_message_is_shown);
    tcase_add_test(tcase, memory_that_does_not_suffice_is_recognised_and_named);
    tcase_add_test(tcase, a_bad_key_is_an_error_of_the_key);
    tcase_add_test(tcase, a_key_that_was_not_sent_was_not_rejected);
    tcase_add_test(tcase, nothing_is_lost_behind_a_zero_byte);
    tcase_add_test(tcase, a_missing_model_is_named_with_what_to_do);
    tcase_add_test(tcase, an_unknown_address_asks_for_the_base_url);
    tcase_add_test(tcase, silence_and_web_pages_are_named_by_status_and_url);
    tcase_add_test(tcase, an_empty_403_of_ollama_is_about_the_host_name);
    tcase_add_test(tcase, a_context_overflow_is_recognised);
    tcase_add_test(tcase, a_loading_model_is_recognised);
    tcase_add_test(tcase, a_refused_part_of_the_request_is_named);
    tcase_add_test(tcase,
                   a_schema_that_a_server_cannot_follow_is_a_refused_part);
    tcase_add_test(tcase, a_value_out_of_range_is_not_a_refused_part);
    tcase_add_test(tcase, an_error_in_a_stream_takes_its_status_from_the_body);
    tcase_add_test(tcase, the_word_of_an_error_in_a_stream_is_its_status);
    tcase_add_test(tcase, an_account_without_credit_is_recognised);
    tcase_add_test(tcase, only_what_says_something_is_an_error);
    tcase_add_test(tcase, long_words_are_cut_between_characters);
    suite_add_tcase(suite, tcase);
    return suite;
}
