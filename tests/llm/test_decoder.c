/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <check.h>

#include "llm/anthropic.h"
#include "llm/chat_completions.h"
#include "llm/ollama.h"
#include "llm/responses.h"
#include "net/capture.h"
#include "tests/support/bytes.h"
#include "tests/support/reading.h"
#include "tests/support/skip.h"

Suite *decoder_suite(void);

#define CHUNK(text)                                                   \
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text \
    "\"}}]}\n\n"
#define DONE "data: [DONE]\n\n"

static struct answer_result read_with(const struct reading_source *source)
{
    struct reading reading;
    reading_every_split(&reading, source);
    reading_clear(&reading);
    return reading.result;
}

static struct answer_result answered(int status, const char *type,
                                     const char *body)
{
    struct reading_source source = {
        .dialect = &dialect_chat_completions,
        .status = status,
        .content_type = type,
        .body = slice_of(body),
    };
    return read_with(&source);
}

static struct answer_result broke_off(const char *body, enum error_kind kind)
{
    struct error transport = { 0 };
    error_set(&transport, kind, "h:1 closed the connection");
    struct reading_source source =
        reading_source_of(&dialect_chat_completions, body);
    source.transport = &transport;
    return read_with(&source);
}

static void ck_part(const struct answer_result *result, const char *part)
{
    ck_assert_msg(strstr(result->err.text, part) != NULL, "%s",
                  result->err.text);
}

START_TEST(the_framing_is_what_comes_and_not_what_is_announced)
{
    static const char *const types[] = {
        NULL,
        "application/octet-stream",
        "application/json",
        "text/event-stream;charset=UTF-8",
    };
    static const char events[] = "\n" CHUNK("a") DONE;
    static const char message[] =
        "\n{\"choices\":[{\"message\":{\"content\":\"a\"}}]}";
    for (size_t i = 0; i < COUNTOF(types); i++) {
        struct answer_result result = answered(200, types[i], events);
        ck_assert_int_eq(result.outcome, ANSWER_COMPLETE);
        result = answered(200, types[i], message);
        ck_assert_int_eq(result.outcome, ANSWER_COMPLETE);
        result = answered(200, types[i], "{\"error\":{\"message\":\"x\"}}");
        ck_assert_int_eq(result.outcome, ANSWER_ERROR);
        ck_part(&result, "x");
    }
}
END_TEST

START_TEST(white_space_marks_and_comments_may_come_first)
{
    ck_reads_as(&dialect_chat_completions, " \r\n\t\n" CHUNK("a") DONE,
                ANSWER_COMPLETE, "text a\n");
    ck_reads_as(&dialect_chat_completions, "\xEF\xBB\xBF" CHUNK("a") DONE,
                ANSWER_COMPLETE, "text a\n");
    ck_reads_as(&dialect_chat_completions, ": ping\r\n\r\n" CHUNK("a") DONE,
                ANSWER_COMPLETE, "text a\n");
    /* Only one mark is a mark. */
    ck_reads_as(&dialect_chat_completions,
                "\xEF\xBB\xBF\xEF\xBB\xBF" CHUNK("a") CHUNK("b") DONE,
                ANSWER_COMPLETE, "text b\n");
}
END_TEST

START_TEST(a_web_page_is_named_with_its_address_and_title)
{
    struct answer_result result = answered(
        200, "text/html", "<!doctype html><title>Sign in</title><p>Hi");
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    ck_assert_int_eq(result.err.kind, ERROR_PROTOCOL);
    ck_assert_str_eq(result.err.text,
                     "got a web page, not an API, from http://h:1/v1/chat: "
                     "Sign in");
}
END_TEST

START_TEST(words_that_are_no_answer_are_quoted)
{
    struct answer_result result = answered(200, "text/plain", "hello you\n");
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    ck_assert_int_eq(result.err.kind, ERROR_PROTOCOL);
    ck_assert_str_eq(result.err.text,
                     "http://h:1/v1/chat sent what is no answer of a model: "
                     "\"hello you\"");
    result = answered(200, NULL, "{\"data\":[{\"id\":\"m\"}]}");
    ck_part(&result, "no answer of a model: \"{\"data\":[{\"id\":\"m\"}]}\"");
    result =
        answered(200, NULL, "event: message_start\ndata: {\"type\":\"x\"}\n\n");
    ck_part(&result, "no answer of a model: \"event: message_start");
    result = answered(200, NULL, "data: Number of choices must be 1\n\n");
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    ck_part(&result, "\"Number of choices must be 1\"");
    result = answered(200, "text/plain", "no\xFF{\xC3");
    ck_part(&result, "of a model: \"no\xEF\xBF\xBD{\xEF\xBF\xBD\"");
}
END_TEST

/* What each of the four begins with and how it ends, as a stream and whole. */
static const struct {
    const struct dialect *dialect;
    const char *stream;
    const char *whole;
    const char *words;
} forms[] = {
    { &dialect_ollama,
      "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":"
      "\"x\"},\"done\":false}\n"
      "{\"message\":{\"content\":\"\"},\"done\":true,"
      "\"done_reason\":\"stop\"}\n",
      "{\"message\":{\"role\":\"assistant\",\"content\":\"x\"},"
      "\"done\":true}",
      "\"; it looks like Ollama's native API: set dialect: ollama" },
    { &dialect_chat_completions,
      CHUNK("x") "data: {\"choices\":[{\"delta\":{},"
                 "\"finish_reason\":\"stop\"}]}\n\n" DONE,
      "{\"object\":\"chat.completion\",\"choices\":[{\"message\":"
      "{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}",
      "\"; it looks like Chat Completions: set dialect: chat-completions" },
    { &dialect_responses,
      "data: {\"type\":\"response.created\",\"response\":{\"id\":\"r\","
      "\"status\":\"in_progress\",\"error\":null}}\n\n"
      "data: {\"type\":\"response.output_text.delta\",\"output_index\":0,"
      "\"content_index\":0,\"delta\":\"x\"}\n\n"
      "data: {\"type\":\"response.completed\",\"response\":"
      "{\"status\":\"completed\",\"error\":null}}\n\n" DONE,
      "{\"object\":\"response\",\"status\":\"completed\",\"error\":null,"
      "\"output\":[{\"type\":\"message\",\"content\":"
      "[{\"type\":\"output_text\",\"text\":\"x\"}]}]}",
      "\"; it looks like the Responses API: set dialect: responses" },
    { &dialect_anthropic,
      "event: message_start\ndata: {\"type\":\"message_start\","
      "\"message\":{\"id\":\"1\",\"role\":\"assistant\"}}\n\n"
      "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
      "{\"type\":\"text_delta\",\"text\":\"x\"}}\n\n"
      "data: {\"type\":\"message_stop\"}\n\n" DONE,
      "{\"type\":\"message\",\"role\":\"assistant\",\"content\":"
      "[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"end_turn\"}",
      "\"; it looks like Anthropic's Messages API: set dialect: anthropic" },
};

static void ck_looks_like(const struct dialect *dialect, const char *body,
                          const char *words)
{
    struct reading reading;
    struct reading_source source = reading_source_of(dialect, body);
    reading_whole(&reading, &source);
    if (words) {
        ck_assert_msg(reading.result.outcome == ANSWER_ERROR, "%s reads %s",
                      dialect->name, body);
        ck_assert_int_eq(reading.result.err.kind, ERROR_PROTOCOL);
        ck_part(&reading.result, "what is no answer of a model: \"");
        ck_part(&reading.result, words);
    } else {
        ck_assert_msg(reading.result.outcome == ANSWER_COMPLETE, "%s: %s",
                      dialect->name, body);
    }
    reading_clear(&reading);
}

START_TEST(the_answer_of_another_dialect_is_none_and_is_named)
{
    for (size_t i = 0; i < COUNTOF(forms); i++) {
        for (size_t j = 0; j < COUNTOF(forms); j++) {
            const char *words = i == j ? NULL : forms[j].words;
            ck_looks_like(forms[i].dialect, forms[j].stream, words);
            ck_looks_like(forms[i].dialect, forms[j].whole, words);
        }
    }
}
END_TEST

START_TEST(the_end_marker_of_another_protocol_ends_nothing)
{
    ck_reads_as(&dialect_ollama,
                "{\"message\":{\"content\":\"x\"},\"done\":false}\n"
                "[DONE]\n",
                ANSWER_CUT, "text x\n");
}
END_TEST

START_TEST(an_error_status_reads_the_body_whatever_it_is)
{
    struct answer_result result =
        answered(503, "application/json",
                 "{\"error\":{\"message\":\"Loading model\",\"type\":"
                 "\"unavailable_error\",\"code\":503}}");
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    ck_assert(result.is_model_loading);
    result = answered(401, NULL, "");
    ck_assert_int_eq(result.err.kind, ERROR_AUTH);
    result = answered(400, "text/event-stream",
                      "{\"error\":\"stream_options is unknown\"}");
    ck_assert_int_eq(result.refused, PART_STREAM_OPTIONS);
    result = answered(307, NULL, "");
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    /* Even if it looks like an answer. */
    result = answered(500, NULL, CHUNK("a") DONE);
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
}
END_TEST

START_TEST(a_long_error_body_is_bounded)
{
    struct buf body = { 0 };
    buf_append_string(&body, "{\"error\":\"");
    for (int i = 0; i < 100000; i++)
        buf_append_char(&body, 'x');
    struct reading reading;
    struct reading_source source = {
        .dialect = &dialect_chat_completions,
        .status = 500,
        .body = buf_slice(&body),
    };
    reading_bytes(&reading, &source);
    ck_assert_int_eq(reading.result.outcome, ANSWER_ERROR);
    ck_assert(reading.has_stopped);
    ck_part(&reading.result, "{\"error\":\"xxx");
    reading_clear(&reading);
    buf_clear(&body);
}
END_TEST

START_TEST(a_stream_that_stops_is_cut_with_the_words_of_the_transport)
{
    struct answer_result result = broke_off(CHUNK("a"), ERROR_NETWORK);
    ck_assert_int_eq(result.outcome, ANSWER_CUT);
    ck_assert_int_eq(result.err.kind, ERROR_CUT);
    ck_assert_str_eq(result.err.text,
                     "the answer broke off: h:1 closed the connection");
    /* One that says itself that it is a cut is not told so twice. */
    result = broke_off(CHUNK("a"), ERROR_CUT);
    ck_assert_str_eq(result.err.text, "h:1 closed the connection");
    /* Before a word came it is the transport's error as it is. */
    result = broke_off("", ERROR_NETWORK);
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    ck_assert_int_eq(result.err.kind, ERROR_NETWORK);
    ck_assert_str_eq(result.err.text, "h:1 closed the connection");
    result = broke_off("", ERROR_CUT);
    ck_assert_int_eq(result.outcome, ANSWER_CUT);
    result = broke_off(": ping\n\n", ERROR_NETWORK);
    ck_assert_int_eq(result.err.kind, ERROR_NETWORK);
    result = broke_off(CHUNK("a"), ERROR_CANCELLED);
    ck_assert_int_eq(result.err.kind, ERROR_CANCELLED);
    result = answered(200, NULL, CHUNK("a"));
    ck_assert_int_eq(result.err.kind, ERROR_CUT);
    ck_assert_str_eq(result.err.text,
                     "http://h:1/v1/chat ended the stream without its end "
                     "marker: the answer is cut");
    result = answered(200, NULL, "");
    ck_assert_str_eq(result.err.text,
                     "http://h:1/v1/chat ended the stream without an answer");
}
END_TEST

START_TEST(a_stream_that_stops_before_its_first_event_is_cut)
{
    static const char *const starts[] = {
        "event: message_start\n",
        "event: message_start",
        "event",
        "id: 5\n\n",
        "retry: 9\r\n",
        "d",
        "\xEF\xBB\xBF\ndata:",
        ": pi",
        ": ping\n\nev",
        "data\n",
    };
    static const char *const words[] = { "internal failure", "error", "death",
                                         "eventually: no", "i: 5" };
    for (size_t i = 0; i < COUNTOF(starts); i++) {
        struct answer_result result = answered(200, NULL, starts[i]);
        ck_assert_msg(result.outcome == ANSWER_CUT, "%s", starts[i]);
        ck_assert_int_eq(result.err.kind, ERROR_CUT);
    }
    for (size_t i = 0; i < COUNTOF(words); i++) {
        struct answer_result result = answered(200, NULL, words[i]);
        ck_assert_msg(result.outcome == ANSWER_ERROR, "%s", words[i]);
        ck_part(&result, words[i]);
    }
}
END_TEST

START_TEST(after_the_end_marker_the_transport_does_not_matter)
{
    struct answer_result result = broke_off(CHUNK("a") DONE, ERROR_NETWORK);
    ck_assert_int_eq(result.outcome, ANSWER_COMPLETE);
    ck_assert_int_eq(result.err.kind, ERROR_NONE);
    result = broke_off(CHUNK("a") "data: {\"choices\":[{\"delta\":{},"
                                  "\"finish_reason\":\"stop\"}]}\n\n",
                       ERROR_NETWORK);
    ck_assert_int_eq(result.outcome, ANSWER_COMPLETE);
}
END_TEST

START_TEST(an_error_from_the_server_outweighs_that_of_the_transport)
{
    struct answer_result result = broke_off(
        CHUNK("a") "data: {\"error\":\"boom\"}\n\n" DONE, ERROR_CANCELLED);
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    ck_assert_str_eq(result.err.text, "the server reported an error: boom");
}
END_TEST

START_TEST(an_error_in_the_stream_stops_the_transfer)
{
    struct reading reading;
    struct reading_source source = reading_source_of(
        &dialect_chat_completions,
        CHUNK("a") "data: {\"error\":\"boom\"}\n\n" CHUNK("b"));
    reading_whole(&reading, &source);
    ck_assert(reading.has_stopped);
    ck_assert(!reading.was_complete);
    ck_assert_str_eq(buf_string(&reading.script), "text a\n");
    reading_clear(&reading);
    source.body = slice_of(CHUNK("a") DONE);
    reading_whole(&reading, &source);
    ck_assert(!reading.has_stopped);
    ck_assert(reading.was_complete);
    reading_clear(&reading);
}
END_TEST

static void ignore(void *context, struct event *event)
{
    (void)context;
    (void)event;
}

START_TEST(comments_and_empty_deltas_are_no_progress)
{
    static const struct {
        const char *bytes;
        bool is_progress;
    } steps[] = {
        { ": OPENROUTER PROCESSING\n\n", false },
        { CHUNK(""), false },
        { "data: {\"prompt_progress\":{\"total\":9}}\n\n", true },
        { CHUNK("<thi"), true },
        { ":\n\n", false },
        { CHUNK("x"), true },
        { "\n\n", false },
    };
    struct decoder *decoder =
        decoder_new(&dialect_chat_completions, ignore, NULL);
    for (size_t i = 0; i < COUNTOF(steps); i++) {
        ck_assert(decoder_feed(decoder, slice_of(steps[i].bytes)));
        ck_assert_msg(decoder_take_progress(decoder) == steps[i].is_progress,
                      "%s", steps[i].bytes);
        ck_assert(!decoder_take_progress(decoder));
    }
    decoder_free(decoder);
    decoder_free(NULL);
}
END_TEST

START_TEST(a_value_over_the_cap_ends_the_answer)
{
    struct buf piece = { 0 };
    struct answer_result result;
    for (int i = 0; i < 1024 * 1024; i++)
        buf_append_char(&piece, 'x');
    struct decoder *decoder =
        decoder_new(&dialect_chat_completions, ignore, NULL);
    bool goes_on = decoder_feed(decoder, slice_of("data: {\"a\":\""));
    for (int i = 0; goes_on && i < 32; i++)
        goes_on = decoder_feed(decoder, buf_slice(&piece));
    ck_assert(!goes_on);
    decoder_finish(decoder, NULL, &result);
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    ck_assert_int_eq(result.err.kind, ERROR_LIMIT);
    decoder_free(decoder);
    buf_clear(&piece);
}
END_TEST

/* The recordings that a dialect can read, by folder and name. */
struct recordings {
    const char *folder;
    const char *prefix; /* of the name, "": any */
    const char *suffix;
    const struct dialect *dialect;
    int count; /* at least so many, else the table is out of date */
};

static bool is_recording(const char *name, const struct recordings *row)
{
    size_t len = strlen(name);
    size_t end = strlen(row->suffix);
    return name[0] != '.' && !strncmp(name, row->prefix, strlen(row->prefix)) &&
           len > end && !strcmp(name + len - end, row->suffix);
}

static struct reading_source source_of(const struct capture *capture,
                                       const struct dialect *dialect)
{
    static const struct error cut = { .kind = ERROR_NETWORK, .text = "cut" };
    return (struct reading_source){
        .dialect = dialect,
        .body = buf_slice(&capture->body),
        .status = capture->status,
        .content_type = buf_string(&capture->content_type),
        .transport = capture->is_cut ? &cut : NULL,
    };
}

static void parse_file(struct capture *capture, const char *path)
{
    struct buf bytes = { 0 };
    bytes_from_file(&bytes, path);
    *capture = (struct capture){ 0 };
    capture_parse(capture, buf_slice(&bytes));
    buf_clear(&bytes);
}

/* Beside the raw recording stands one that was put together by others. */
static void ck_twin(const struct buf *path, const struct dialect *dialect,
                    const struct reading *raw)
{
    struct buf twin = { 0 };
    struct capture capture;
    struct reading reading;
    buf_append(&twin, path->ptr, path->len - strlen("wire"));
    buf_append_string(&twin, "http");
    parse_file(&capture, buf_string(&twin));
    struct reading_source source = source_of(&capture, dialect);
    reading_whole(&reading, &source);
    ck_assert_str_eq(buf_string(&reading.json), buf_string(&raw->json));
    ck_assert_int_eq(reading.result.outcome, raw->result.outcome);
    reading_clear(&reading);
    capture_clear(&capture);
    buf_clear(&twin);
}

static void read_recording(const struct buf *path, const struct recordings *row)
{
    struct capture capture;
    struct reading reading;
    const char *name = buf_string(path);
    parse_file(&capture, name);
    struct reading_source source = source_of(&capture, row->dialect);
    reading_every_split(&reading, &source);
    /* Nothing in the recordings is unreadable but what is so on purpose. */
    if (!strstr(name, "invalid_streaming"))
        ck_assert_msg(!reading.result.is_damaged, "%s", name);
    if (!strcmp(row->suffix, ".wire"))
        ck_twin(path, row->dialect, &reading);
    reading_clear(&reading);
    capture_clear(&capture);
}

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static void read_recordings(const char *root, const struct recordings *row)
{
    struct buf relative = { 0 };
    buf_printf(&relative, "%s/%s", root, row->folder);
    const char *folder = shared_path(buf_string(&relative));
    buf_clear(&relative);
    if (!folder)
        return;
    int count = 0;
    DIR *dir = opendir(folder);
    ck_assert_ptr_nonnull(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct buf path = { 0 };
        buf_printf(&path, "%s/%s", folder, entry->d_name);
        if (is_recording(entry->d_name, row) && is_file(buf_string(&path))) {
            read_recording(&path, row);
            count++;
        }
        buf_clear(&path);
    }
    closedir(dir);
    ck_assert_msg(count >= row->count, "%s: %d", row->folder, count);
}

#define CHAT   &dialect_chat_completions
#define OLLAMA &dialect_ollama

static const struct recordings recordings[] = {
    { "ollama", "chat-", ".wire", OLLAMA, 14 },
    { "ollama", "error-", ".wire", OLLAMA, 9 },
    { "ollama", "runner-", ".wire", OLLAMA, 1 },
    { "ollama", "context-", ".wire", OLLAMA, 1 },
    { "ollama", "queue-", ".wire", OLLAMA, 2 },
    { "ollama", "v1-chat-", ".wire", CHAT, 4 },
    { "llama-server", "chat-", ".wire", CHAT, 28 },
    { "llama-server", "error-", ".wire", CHAT, 18 },
    { "llama-server", "server-", ".wire", CHAT, 2 },
    { "llama-server", "tool-", ".wire", CHAT, 3 },
    { "llama-server", "loading-", ".wire", CHAT, 1 },
};

START_TEST(every_split_of_every_capture_gives_the_same_events)
{
    read_recordings("captures", &recordings[_i]);
}
END_TEST

static const struct recordings fixtures[] = {
    { "fantasy/azure", "chat__", ".sse", CHAT, 1 },
    { "fantasy/groq", "chat__", ".sse", CHAT, 5 },
    { "fantasy/huggingface", "chat__", ".sse", CHAT, 5 },
    { "fantasy/llama-server", "chat__", "", CHAT, 10 },
    { "fantasy/openai", "chat__", ".sse", CHAT, 20 },
    { "fantasy/openrouter", "chat__", ".sse", CHAT, 20 },
    { "fantasy/vercel-gateway", "chat__", ".sse", CHAT, 20 },
    { "fantasy/xai", "chat__", ".sse", CHAT, 10 },
    { "fantasy/zai", "chat__", ".sse", CHAT, 5 },
    { "pydantic-ai/deepseek", "chat__", ".sse", CHAT, 1 },
    { "pydantic-ai/groq", "chat", "", CHAT, 10 },
    { "pydantic-ai/huggingface", "chat", "", CHAT, 1 },
    { "pydantic-ai/mistral", "chat", "", CHAT, 1 },
    { "pydantic-ai/ollama-cloud", "chat", "", CHAT, 3 },
    { "pydantic-ai/openai", "chat", "", CHAT, 20 },
    { "pydantic-ai/openrouter", "chat", "", CHAT, 9 },
    { "pydantic-ai/snowflake", "chat", "", CHAT, 2 },
    { "pydantic-ai/vllm-crusoe", "chat", "", CHAT, 1 },
    { "pydantic-ai/zai", "chat", "", CHAT, 1 },
    { "semantic-kernel/Ollama", "", ".txt", OLLAMA, 5 },
    { "semantic-kernel/OpenAI", "", "", CHAT, 15 },
    { "semantic-kernel/AzureOpenAI", "chat", "", CHAT, 10 },
    { "semantic-kernel/AzureAIInference", "chat", "", CHAT, 2 },
    { "semantic-kernel/MistralAI", "chat", "", CHAT, 5 },
    { "semantic-kernel/HuggingFace", "chat", "", CHAT, 2 },
    { "vercel-ai/alibaba", "", "", CHAT, 6 },
    { "vercel-ai/cerebras", "", "", CHAT, 3 },
    { "vercel-ai/deepseek/chat", "", "", CHAT, 7 },
    { "vercel-ai/groq", "", "", CHAT, 4 },
    { "vercel-ai/mistral", "", "", CHAT, 7 },
    { "vercel-ai/moonshotai", "", "", CHAT, 4 },
    { "vercel-ai/openai-compatible/chat", "", "", CHAT, 3 },
    { "vercel-ai/openai/chat", "", "", CHAT, 4 },
    { "vercel-ai/perplexity", "", "", CHAT, 2 },
    { "vercel-ai/xai", "", "", CHAT, 2 },
};

START_TEST(every_split_of_every_fixture_gives_the_same_events)
{
    read_recordings("fixtures", &fixtures[_i]);
}
END_TEST

Suite *decoder_suite(void)
{
    Suite *suite = suite_create("decoder");
    TCase *tcase = tcase_create("decoder");
    TCase *recorded = tcase_create("recorded");
    /* Not a measure: only that a slow machine under a sanitizer gets done. */
    tcase_set_timeout(recorded, 600);
    tcase_add_test(tcase, the_framing_is_what_comes_and_not_what_is_announced);
    tcase_add_test(tcase, white_space_marks_and_comments_may_come_first);
    tcase_add_test(tcase, a_web_page_is_named_with_its_address_and_title);
    tcase_add_test(tcase, words_that_are_no_answer_are_quoted);
    tcase_add_test(tcase, the_answer_of_another_dialect_is_none_and_is_named);
    tcase_add_test(tcase, the_end_marker_of_another_protocol_ends_nothing);
    tcase_add_test(tcase, an_error_status_reads_the_body_whatever_it_is);
    tcase_add_test(tcase, a_long_error_body_is_bounded);
    tcase_add_test(tcase,
                   a_stream_that_stops_is_cut_with_the_words_of_the_transport);
    tcase_add_test(tcase, a_stream_that_stops_before_its_first_event_is_cut);
    tcase_add_test(tcase, after_the_end_marker_the_transport_does_not_matter);
    tcase_add_test(tcase,
                   an_error_from_the_server_outweighs_that_of_the_transport);
    tcase_add_test(tcase, an_error_in_the_stream_stops_the_transfer);
    tcase_add_test(tcase, comments_and_empty_deltas_are_no_progress);
    tcase_add_test(tcase, a_value_over_the_cap_ends_the_answer);
    tcase_add_loop_test(recorded,
                        every_split_of_every_capture_gives_the_same_events, 0,
                        COUNTOF(recordings));
    tcase_add_loop_test(recorded,
                        every_split_of_every_fixture_gives_the_same_events, 0,
                        COUNTOF(fixtures));
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, recorded);
    return suite;
}
