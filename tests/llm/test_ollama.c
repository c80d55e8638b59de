/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "llm/ollama.h"
#include "tests/support/reading.h"

Suite *ollama_suite(void);

#define MESSAGE(text) "{\"message\":{\"content\":\"" text "\"}"
#define CONTENT(text) MESSAGE(text) ",\"done\":false}\n"
#define DONE(more)    MESSAGE("") ",\"done\":true" more "}\n"

static void ck_ollama(const char *body, enum answer_outcome outcome,
                      const char *script)
{
    ck_reads_as(&dialect_ollama, body, outcome, script);
}

static void ck_complete(const char *body, const char *script)
{
    ck_ollama(body, ANSWER_COMPLETE, script);
}

static struct answer_result result_of(const char *body)
{
    struct reading reading;
    struct reading_source source = reading_source_of(&dialect_ollama, body);
    reading_every_split(&reading, &source);
    reading_clear(&reading);
    return reading.result;
}

START_TEST(text_and_thinking_stream)
{
    ck_complete("{\"model\":\"m\",\"message\":{\"content\":\"\",\"thinking\":"
                "\"t\"},\"done\":false}\n" CONTENT("a") CONTENT("") CONTENT("b")
                    DONE(",\"done_reason\":\"stop\""),
                "model m\nthinking t\ntext a\ntext b\n");
    ck_assert_str_eq(result_of(CONTENT("a") DONE(",\"done_reason\":"
                                                 "\"length\""))
                         .finish_reason,
                     "length");
}
END_TEST

START_TEST(counts_and_durations_are_usage)
{
    ck_complete(CONTENT("a")
                    DONE(",\"total_duration\":294756213,\"load_duration\":"
                         "256306416,\"prompt_eval_count\":17,\"prompt_eval_"
                         "duration\":2670000,\"eval_count\":117,\"eval_"
                         "duration\":33218000"),
                "text a\nusage input=17 output=117 eval_ms=33 prompt_ms=3 "
                "load_ms=256\n");
    /* What is zero is left away, and what is absent is unknown. */
    ck_complete(CONTENT("a") DONE(",\"eval_count\":2"),
                "text a\nusage output=2\n");
    ck_complete(CONTENT("a") DONE(""), "text a\n");
}
END_TEST

START_TEST(only_done_is_the_end)
{
    ck_ollama(CONTENT("a"), ANSWER_CUT, "text a\n");
    ck_ollama(CONTENT("a") "{\"done\":fal", ANSWER_CUT, "text a\n");
    ck_ollama(CONTENT("a") CONTENT("b\",\"x\":\""), ANSWER_CUT,
              "text a\ntext b\n");
    /* The last line may lack its end. */
    ck_complete(CONTENT("a") "{\"message\":{\"content\":\"b\"},\"done\":true}",
                "text a\ntext b\n");
    ck_complete(CONTENT("a") DONE("") CONTENT("b"), "text a\n");
    /* But an error counts whenever it comes. */
    ck_ollama(CONTENT("a") DONE("") "{\"error\":\"x\"}\n", ANSWER_ERROR,
              "text a\n");
}
END_TEST

START_TEST(an_error_line_ends_the_answer)
{
    struct answer_result result = result_of(
        CONTENT("a") "{\"error\":\"an error was encountered while running "
                     "the model: CUDA error\"}\n" DONE(""));
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    ck_assert_str_eq(result.err.text,
                     "the server reported an error: an error was encountered "
                     "while running the model: CUDA error");
    result = result_of("{\"StatusCode\":429,\"Status\":\"429 Too Many "
                       "Requests\",\"error\":\"weekly limit\"}\n");
    ck_assert_str_eq(result.err.text,
                     "the server asks to wait (429): weekly limit");
}
END_TEST

START_TEST(calls_come_whole_whatever_their_index_says)
{
    ck_complete("{\"message\":{\"content\":\"\",\"tool_calls\":[{\"function\":"
                "{\"name\":\"a\",\"arguments\":{\"x\":1}}},{\"function\":{"
                "\"name\":\"b\",\"arguments\":{}}}]},\"done\":false}\n" DONE(
                    ",\"done_reason\":\"stop\""),
                "start 1 name=a\nstart 2 name=b\n"
                "end 1 name=a {\"x\":1}\nend 2 name=b {}\n");
    ck_complete("{\"message\":{\"tool_calls\":[{\"id\":\"i\",\"function\":{"
                "\"index\":0,\"name\":\"a\",\"arguments\":{}}}]}}\n"
                "{\"message\":{\"tool_calls\":[{\"function\":{\"index\":0,"
                "\"name\":\"a\",\"arguments\":{}}}]},\"done\":true}\n",
                "start 1 id=i name=a\nstart 2 name=a\n"
                "end 1 id=i name=a {}\nend 2 name=a {}\n");
}
END_TEST

START_TEST(arguments_may_be_absent_or_text)
{
    ck_complete("{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"a\"}}"
                ",{\"function\":{\"name\":\"b\",\"arguments\":\"{\\\"x\\\":1}"
                "\"}}]},\"done\":true}",
                "start 1 name=a\nstart 2 name=b\n"
                "end 1 name=a {}\nend 2 name=b {\"x\":1}\n");
}
END_TEST

START_TEST(a_call_without_a_name_is_one_and_what_is_none_damages_the_answer)
{
    ck_complete("{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"a\","
                "\"arguments\":{}}},{\"function\":{\"arguments\":{}}}]},"
                "\"done\":true}\n",
                "start 1 name=a\nstart 2\nend 1 name=a {}\nend 2 {}\n");
    ck_complete("{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"\"}"
                "}]},\"done\":true}\n",
                "start 1\nend 1 {}\n");
    struct answer_result result =
        result_of("{\"message\":{\"tool_calls\":[null]},\"done\":true}");
    ck_assert_int_eq(result.outcome, ANSWER_COMPLETE);
    ck_assert(result.is_damaged);
}
END_TEST

START_TEST(tags_left_in_the_text_are_thinking)
{
    ck_complete(CONTENT("<think>") CONTENT("a</think>\\n") CONTENT("b")
                    DONE(""),
                "thinking a\ntext b\n");
    ck_complete("{\"message\":{\"thinking\":\"t\",\"content\":\"<think>a\"},"
                "\"done\":true}",
                "thinking t\ntext <think>a\n");
}
END_TEST

START_TEST(answers_in_one_piece_take_the_same_way)
{
    ck_complete("{\"model\":\"m\",\"message\":{\"content\":\"hi\"},\"done\":"
                "true,\"done_reason\":\"stop\",\"eval_count\":1}",
                "model m\ntext hi\nusage output=1\n");
    ck_assert(result_of("{\"message\":{\"content\":\"hi\"},\"done\":true}")
                  .was_unstreamed);
    ck_complete("{\n \"message\": {\n  \"content\": \"hi\"\n },\n \"done\": "
                "true\n}\n",
                "text hi\n");
    /* Loading and unloading answer without a word, and that is no fault. */
    ck_complete("{\"message\":{\"content\":\"\"},\"done\":true,"
                "\"done_reason\":\"load\"}",
                "");
    ck_complete("{\"response\":\"hi\",\"thinking\":\"t\",\"done\":true}",
                "thinking t\ntext hi\n");
}
END_TEST

START_TEST(a_body_that_turns_out_to_be_events_works)
{
    ck_complete("data: {\"message\":{\"content\":\"a\"}}\n\n"
                "data: {\"message\":{\"content\":\"b\"},\"done\":true}\n\n",
                "text a\ntext b\n");
}
END_TEST

START_TEST(halves_of_a_character_in_two_lines_are_joined)
{
    ck_complete(CONTENT("\\ud83d") CONTENT("\\ude00") DONE(""),
                "text \xF0\x9F\x98\x80\n");
    ck_complete(
        "{\"message\":{\"content\":\"\",\"thinking\":\"\\ud83d\"}}\n"
        "{\"message\":{\"content\":\"\",\"thinking\":\"\\ude00\"}}\n" DONE(""),
        "thinking \xF0\x9F\x98\x80\n");
}
END_TEST

START_TEST(plain_words_are_quoted_in_the_error)
{
    struct answer_result result = result_of("upstream connect error\n");
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    ck_assert_int_eq(result.err.kind, ERROR_SERVER);
    ck_assert_ptr_nonnull(strstr(result.err.text, "upstream connect error"));
    result = result_of("Ollama is running");
    ck_assert_ptr_nonnull(strstr(result.err.text, "Ollama is running"));
}
END_TEST

START_TEST(ollama_host_is_read_as_ollama_reads_it)
{
    static const struct {
        const char *value, *url;
    } cases[] = {
        { "", "http://127.0.0.1:11434" },
        { NULL, "http://127.0.0.1:11434" },
        { "1.2.3.4", "http://1.2.3.4:11434" },
        { "example.com", "http://example.com:11434" },
        { "example.com:80", "http://example.com:80" },
        { ":1234", "http://127.0.0.1:1234" },
        { ":", "http://127.0.0.1:11434" },
        { ":66000", "http://127.0.0.1:11434" },
        { ":-1", "http://127.0.0.1:11434" },
        { ":0", "http://127.0.0.1:0" },
        { "h:12x", "http://h:11434" },
        { "0.0.0.0", "http://127.0.0.1:11434" },
        { "0.0.0.0:1234", "http://127.0.0.1:1234" },
        { "[::]", "http://[::1]:11434" },
        { "[::]:99", "http://[::1]:99" },
        { "::1", "http://[::1]:11434" },
        { "[::1]", "http://[::1]:11434" },
        { "[::1]:1337", "http://[::1]:1337" },
        { "http://1.2.3.4", "http://1.2.3.4:80" },
        { "http://1.2.3.4:11434", "http://1.2.3.4:11434" },
        { "https://1.2.3.4", "https://1.2.3.4:443" },
        { "https://[::1]:8443/x/", "https://[::1]:8443/x" },
        { "https://example.com/ollama", "https://example.com:443/ollama" },
        { "example.com:8080/a/b", "http://example.com:8080/a/b" },
        { "ollama.com", "https://ollama.com:443" },
        { "\"1.2.3.4\"", "http://1.2.3.4:11434" },
        { "'1.2.3.4:5'", "http://1.2.3.4:5" },
        { " 1.2.3.4 ", "http://1.2.3.4:11434" },
        { " \"http://h:1/p/\" ", "http://h:1/p" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct buf url = { 0 };
        ollama_host_url(&url, cases[i].value);
        ck_assert_str_eq(buf_string(&url), cases[i].url);
        buf_clear(&url);
    }
}
END_TEST

Suite *ollama_suite(void)
{
    Suite *suite = suite_create("ollama");
    TCase *answers = tcase_create("answers");
    TCase *servers = tcase_create("servers");
    tcase_add_test(answers, text_and_thinking_stream);
    tcase_add_test(answers, counts_and_durations_are_usage);
    tcase_add_test(answers, only_done_is_the_end);
    tcase_add_test(answers, an_error_line_ends_the_answer);
    tcase_add_test(answers, calls_come_whole_whatever_their_index_says);
    tcase_add_test(answers, arguments_may_be_absent_or_text);
    tcase_add_test(
        answers,
        a_call_without_a_name_is_one_and_what_is_none_damages_the_answer);
    tcase_add_test(answers, tags_left_in_the_text_are_thinking);
    tcase_add_test(answers, answers_in_one_piece_take_the_same_way);
    tcase_add_test(answers, a_body_that_turns_out_to_be_events_works);
    tcase_add_test(answers, halves_of_a_character_in_two_lines_are_joined);
    tcase_add_test(answers, plain_words_are_quoted_in_the_error);
    tcase_add_test(servers, ollama_host_is_read_as_ollama_reads_it);
    suite_add_tcase(suite, answers);
    suite_add_tcase(suite, servers);
    return suite;
}
