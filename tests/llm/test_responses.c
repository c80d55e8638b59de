/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <jansson.h>

#include "graph/ending.h"
#include "llm/responses.h"
#include "tests/support/reading.h"
#include "tests/support/scenario.h"

Suite *responses_suite(void);

/* A server-sent event as OpenAI frames it; one without its name. */
#define EVENT(type, json) \
    "event: " type "\ndata: {\"type\":\"" type "\"," json "}\n\n"
#define DATA(json) "data: " json "\n\n"
#define AT(item)   "\"output_index\":" #item

#define CREATED \
    EVENT("response.created", "\"response\":{\"id\":\"r\",\"output\":[]}")
#define ADDED(at, item) \
    EVENT("response.output_item.added", AT(at) ",\"item\":{" item "}")
#define ENDED(at, item) \
    EVENT("response.output_item.done", AT(at) ",\"item\":{" item "}")
#define TEXT(at, text)                  \
    EVENT("response.output_text.delta", \
          AT(at) ",\"content_index\":0,\"delta\":\"" text "\"")
#define SUMMARY(at, index, text)                   \
    EVENT("response.reasoning_summary_text.delta", \
          AT(at) ",\"summary_index\":" #index ",\"delta\":\"" text "\"")
#define ARGUMENTS(at, text)                         \
    EVENT("response.function_call_arguments.delta", \
          AT(at) ",\"delta\":\"" text "\"")
#define ARGUMENTS_DONE(at, text)                   \
    EVENT("response.function_call_arguments.done", \
          AT(at) ",\"arguments\":\"" text "\"")
#define COMPLETED(output) \
    EVENT("response.completed", "\"response\":{\"output\":[" output "]}")

#define MESSAGE_OF(text)                                           \
    "\"type\":\"message\",\"content\":[{\"type\":\"output_text\"," \
    "\"text\":\"" text "\"}]"
#define CALL_OF(arguments)                                         \
    "\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\"," \
    "\"arguments\":\"" arguments "\""
#define REASONING_OF(text)                                            \
    "\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\"," \
    "\"text\":\"" text "\"}]"

static void ck_says(const char *body, enum answer_outcome outcome,
                    const char *script)
{
    ck_reads_as(&dialect_responses, body, outcome, script);
}

static void ck_complete(const char *body, const char *script)
{
    ck_says(body, ANSWER_COMPLETE, script);
}

static struct answer_result result_of(const char *body)
{
    struct reading reading;
    struct reading_source source = reading_source_of(&dialect_responses, body);
    reading_every_split(&reading, &source);
    reading_clear(&reading);
    return reading.result;
}

static void ck_error(const char *body, const char *text)
{
    struct answer_result result = result_of(body);
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    ck_assert_str_eq(result.err.text, text);
}

START_TEST(text_comes_in_the_pieces_of_the_server)
{
    const char *body = CREATED ADDED(0, "\"type\":\"message\",\"content\":[]")
        TEXT(0, "Hel") TEXT(0, "") TEXT(0, "lo")
            EVENT("response.output_text.done",
                  AT(0) ",\"content_index\":0,\"text\":\"Hello\"")
                ENDED(0, MESSAGE_OF("Hello"))
                    COMPLETED("{" MESSAGE_OF("Hello") "}");
    ck_complete(body, "text Hel\ntext lo\n");
    ck_assert_str_eq(result_of(body).finish_reason, "");
}
END_TEST

/* 125 */
START_TEST(an_error_and_the_failure_that_follows_are_one)
{
    ck_error(CREATED TEXT(0, "a") EVENT(
                 "error", "\"sequence_number\":2,\"error\":{\"message\":\"m\","
                          "\"code\":\"insufficient_quota\"}")
                 EVENT("response.failed",
                       "\"response\":{\"status\":\"failed\",\"error\":{"
                       "\"code\":\"insufficient_quota\",\"message\":\"m\"}}"),
             "the account has no credit left (429): m");
    ck_says(CREATED TEXT(0, "a")
                DATA("{\"type\":\"error\",\"error\":{\"message\":\"m\"}}"),
            ANSWER_ERROR, "text a\n");
    /* Without the event before it, and without a word. */
    ck_error(CREATED EVENT("response.failed",
                           "\"response\":{\"status\":\"failed\",\"error\":{"
                           "\"code\":\"server_error\",\"message\":\"m\"}}"),
             "the server failed (500): m");
    ck_error(CREATED EVENT("response.failed",
                           "\"response\":{\"status\":\"failed\",\"error\":"
                           "null}"),
             "the server broke the answer off with an error that it does not "
             "name");
    ck_assert_str_eq(
        result_of(CREATED EVENT("response.failed", "\"response\":{}"))
            .finish_reason,
        "");
}
END_TEST

/* 126 */
START_TEST(errors_come_flat_and_as_chat_completions_has_them)
{
    ck_error(
        CREATED DATA("{\"type\":\"error\",\"code\":\"c\",\"message\":\"m\"}"),
        "the server reported an error: m");
    ck_error(CREATED DATA("{\"error\":{\"message\":\"m\",\"code\":\"500\"}}")
                 DATA("[DONE]"),
             "the server failed (500): m");
}
END_TEST

/* 127 */
START_TEST(items_are_known_by_their_place_and_not_by_their_id)
{
    ck_complete(
        CREATED ADDED(0, "\"id\":\"i1\",\"type\":\"message\"")
            EVENT("response.output_text.delta",
                  AT(0) ",\"item_id\":\"i2\",\"content_index\":0,"
                        "\"delta\":\"a\"")
                EVENT("response.output_text.delta",
                      AT(0) ",\"item_id\":\"i3\",\"content_index\":0,"
                            "\"delta\":\"b\"")
                    ENDED(0, "\"id\":\"i4\"," MESSAGE_OF("ab"))
                        ADDED(1, "\"id\":\"i5\"," CALL_OF("")) EVENT(
                            "response.function_call_arguments.delta",
                            AT(1) ",\"item_id\":\"i6\","
                                  "\"delta\":\"{}\"")
                            ENDED(1, "\"id\":\"i7\"," CALL_OF("{}"))
                                COMPLETED("{\"id\":\"i8\"," MESSAGE_OF(
                                    "ab") "},{\"id\":\"i9\"," CALL_OF("{"
                                                                      "}") "}"),
        "text a\ntext b\nstart 1 id=c name=f\npiece 1 {}\n"
        "end 1 id=c name=f {}\n");
}
END_TEST

START_TEST(interleaved_items_are_not_mixed)
{
    ck_complete(
        CREATED ADDED(0, CALL_OF("")) ADDED(
            1, "\"type\":\"function_call\",\"call_id\":\"d\",\"name\":\"g\"")
            ARGUMENTS(0, "{\\\"a\\\":") ARGUMENTS(1, "{\\\"b\\\":")
                ARGUMENTS(0, "1}") ARGUMENTS(1, "2}") COMPLETED(""),
        "start 1 id=c name=f\nstart 2 id=d name=g\npiece 1 {\"a\":\n"
        "piece 2 {\"b\":\npiece 1 1}\npiece 2 2}\n"
        "end 1 id=c name=f {\"a\":1}\nend 2 id=d name=g {\"b\":2}\n");
}
END_TEST

/* llama-server: no index at all, and all items end at the end. */
START_TEST(items_without_a_place_are_known_by_their_id)
{
    ck_complete(
        DATA("{\"type\":\"response.output_item.added\",\"item\":{\"id\":\"a\","
             "\"type\":\"reasoning\",\"encrypted_content\":\"\"}}")
            DATA("{\"type\":\"response.reasoning_text.delta\",\"item_id\":"
                 "\"a\",\"delta\":\"hm\"}")
                DATA("{\"type\":\"response.output_item.added\",\"item\":{"
                     "\"id\":\"b\",\"type\":\"message\"}}")
                    DATA("{\"type\":\"response.output_text.delta\",\"item_id\":"
                         "\"b\",\"delta\":\"yes\"}")
                        DATA("{\"type\":\"response.output_item.added\","
                             "\"item\":{\"id\":\"c1\",\"type\":\"function_"
                             "call\",\"call_id\":\"x\",\"name\":\"f\"}}")
                            DATA("{\"type\":\"response.function_call_arguments."
                                 "delta\",\"item_id\":\"c1\",\"delta\":\"{}\"}")
                                DATA("{\"type\":\"response.output_item.done\","
                                     "\"item\":{\"id\":\"a\",\"type\":"
                                     "\"reasoning\",\"content\":[{\"type\":"
                                     "\"reasoning_text\",\"text\":\"hm\"}],"
                                     "\"encrypted_content\":\"\"}}")
                                    COMPLETED(
                                        "{\"id\":\"a\",\"type\":"
                                        "\"reasoning\",\"content\":[{"
                                        "\"type\":\"reasoning_text\","
                                        "\"text\":\"hm\"}]},{\"id\":"
                                        "\"b\"," MESSAGE_OF(
                                            "yes") "},{\"id\":\"c1\","
                                                   "\"type\":\"function_"
                                                   "call\",\"call_id\":"
                                                   "\"x\",\"name\":\"f\","
                                                   "\"arguments\":\"{}\"}"),
        "thinking hm\ntext yes\nstart 1 id=x name=f\npiece 1 {}\n"
        "end 1 id=x name=f {}\n");
}
END_TEST

START_TEST(items_with_neither_place_nor_a_known_id_are_told_by_their_kind)
{
    ck_complete(
        DATA("{\"type\":\"response.output_text.delta\",\"item_id\":\"1\","
             "\"delta\":\"a\"}")
            DATA("{\"type\":\"response.output_text.delta\",\"item_id\":\"2\","
                 "\"delta\":\"b\"}")
                DATA("{\"type\":\"response.output_item.done\",\"item\":{"
                     "\"id\":\"3\"," MESSAGE_OF("ab") "}}")
                    COMPLETED("{\"id\":\"4\"," MESSAGE_OF("ab") "}"),
        "text a\ntext b\n");
}
END_TEST

/* 128 */
START_TEST(names_of_events_are_not_needed_and_done_ends_nothing)
{
    ck_complete(DATA("{\"type\":\"response.created\",\"response\":{}}")
                    DATA("{\"type\":\"response.output_text.delta\","
                         "\"output_index\":0,\"content_index\":0,"
                         "\"delta\":\"a\"}")
                        DATA("{\"type\":\"response.completed\",\"response\":{"
                             "\"output\":[]}}") DATA("[DONE]"),
                "text a\n");
    ck_says(CREATED TEXT(0, "a") DATA("[DONE]"), ANSWER_CUT, "text a\n");
}
END_TEST

/* 129 */
START_TEST(what_was_not_streamed_is_in_the_response)
{
    ck_complete(CREATED COMPLETED("{" REASONING_OF("hm") "},{" MESSAGE_OF(
                    "Hi") "},{" CALL_OF("{}") "}"),
                "thinking hm\ntext Hi\nstart 1 id=c name=f\npiece 1 {}\n"
                "end 1 id=c name=f {}\n");
    ck_complete(CREATED ADDED(1, "\"id\":\"m2\",\"type\":\"message\"")
                    TEXT(1, "two") ENDED(1, "\"id\":\"m2\"," MESSAGE_OF("two"))
                        COMPLETED("{\"id\":\"m1\"," MESSAGE_OF(
                            "one") "},{\"id\":\"m2\"," MESSAGE_OF("two") "}"),
                "text two\ntext one\n");
}
END_TEST

START_TEST(what_was_streamed_is_not_doubled_by_a_response_with_other_places)
{
    /* The stream counts an item that the response does not hold. */
    ck_complete(CREATED TEXT(0, "a") TEXT(2, "b")
                    COMPLETED("{" MESSAGE_OF("a") "},{" MESSAGE_OF("b") "}"),
                "text a\ntext b\n");
}
END_TEST

/* 130 */
START_TEST(arguments_may_come_whole)
{
    const char *script = "start 1 id=c name=f\npiece 1 {\"a\":1}\n"
                         "end 1 id=c name=f {\"a\":1}\n";
    ck_complete(CREATED ADDED(0, CALL_OF("")) ARGUMENTS_DONE(0, "{\\\"a\\\":1}")
                    COMPLETED(""),
                script);
    ck_complete(CREATED ADDED(0, CALL_OF("")) ARGUMENTS(0, "{\\\"a\\\":1}")
                    ARGUMENTS_DONE(0, "{\\\"a\\\":1}")
                        ENDED(0, CALL_OF("{\\\"a\\\":1}"))
                            COMPLETED("{" CALL_OF("{\\\"a\\\":1}") "}"),
                script);
    ck_complete(CREATED ENDED(0, CALL_OF("{\\\"a\\\":1}")) COMPLETED(""),
                script);
    ck_complete(CREATED ENDED(0, "\"type\":\"function_call\",\"call_id\":"
                                 "\"c\",\"name\":\"f\",\"arguments\":{\"a\":1}")
                    COMPLETED(""),
                script);
}
END_TEST

START_TEST(a_start_with_a_placeholder_does_not_spoil_arguments)
{
    ck_complete(CREATED ADDED(0, CALL_OF("{}")) ARGUMENTS(0, "{\\\"a\\\"")
                    ARGUMENTS(0, ":1}") ENDED(0, CALL_OF("{\\\"a\\\":1}"))
                        COMPLETED(""),
                "start 1 id=c name=f\npiece 1 {\"a\"\npiece 1 :1}\n"
                "end 1 id=c name=f {\"a\":1}\n");
}
END_TEST

START_TEST(arguments_that_end_otherwise_count_as_they_end)
{
    struct reading reading;
    struct reading_source source = reading_source_of(
        &dialect_responses,
        CREATED ADDED(0, CALL_OF("")) ARGUMENTS(0, "{\\\"a\\\": 1")
            ARGUMENTS_DONE(0, "{\\\"a\\\":12}") COMPLETED(""));
    source.replaces = true;
    reading_every_split(&reading, &source);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&reading.script), "end 1 id=c name=f {\"a\":12}\n"));
    reading_clear(&reading);
}
END_TEST

START_TEST(the_end_of_a_text_may_overtake_its_pieces)
{
    ck_complete(CREATED TEXT(0, "Par")
                    EVENT("response.output_text.done",
                          AT(0) ",\"content_index\":0,\"text\":\"Paris.\"")
                        TEXT(0, "is") TEXT(0, ".!") TEXT(0, "!") COMPLETED(""),
                "text Par\ntext is.\ntext !\ntext !\n");
    ck_complete(CREATED ADDED(0, CALL_OF("")) ARGUMENTS_DONE(0, "{\\\"a\\\":1}")
                    ARGUMENTS(0, "{\\\"a\\\":1}") COMPLETED(""),
                "start 1 id=c name=f\npiece 1 {\"a\":1}\n"
                "end 1 id=c name=f {\"a\":1}\n");
}
END_TEST

START_TEST(the_end_of_a_text_fills_what_its_pieces_left_out)
{
    ck_complete(CREATED TEXT(0, "Hel")
                    EVENT("response.output_text.done",
                          AT(0) ",\"content_index\":0,\"text\":\"Hello\"")
                        ENDED(0, MESSAGE_OF("Hello there")) COMPLETED(""),
                "text Hel\ntext lo\ntext  there\n");
    /* What was shown stays, if the end is another text. */
    ck_complete(CREATED TEXT(0, "Hel") ENDED(0, MESSAGE_OF("Bye"))
                    COMPLETED(""),
                "text Hel\n");
}
END_TEST

/* 131 */
START_TEST(an_incomplete_response_is_cut_and_runs_no_half_call)
{
    const char *body =
        CREATED TEXT(0, "a") ADDED(1, CALL_OF("")) ARGUMENTS(1, "{\\\"a\\\":")
            EVENT("response.incomplete",
                  "\"response\":{\"status\":\"incomplete\","
                  "\"incomplete_details\":{\"reason\":\"max_output_tokens\"},"
                  "\"output\":[]}");
    ck_complete(body, "text a\nstart 1 id=c name=f\npiece 1 {\"a\":\n");
    ck_assert_str_eq(result_of(body).finish_reason, "max_output_tokens");
    ck_assert(ending_is_by_length(slice_of("max_output_tokens")));
    /* Whatever the reason is. */
    ck_complete(CREATED ADDED(1, CALL_OF("")) ARGUMENTS(1, "{\\\"a\\\":")
                    EVENT("response.incomplete",
                          "\"response\":{\"incomplete_details\":{\"reason\":"
                          "\"content_filter\"}}"),
                "start 1 id=c name=f\npiece 1 {\"a\":\n");
}
END_TEST

START_TEST(an_incomplete_response_runs_only_calls_that_are_done)
{
    static const char *const ends[] = {
        EVENT("response.incomplete", "\"response\":{\"output\":[]}"),
        EVENT("response.incomplete",
              "\"response\":{\"output\":[{" CALL_OF("{}") "},{" CALL_OF(
                  "{}") ",\"status\":\"in_progress\"}]}"),
        ENDED(1, CALL_OF("{}") ",\"status\":\"incomplete\"")
            EVENT("response.incomplete", "\"response\":{\"output\":[]}"),
    };
    for (size_t i = 0; i < COUNTOF(ends); i++) {
        struct buf body = { 0 };
        buf_printf(&body, "%s%s",
                   CREATED ADDED(0, CALL_OF("")) ARGUMENTS(0, "{}")
                       ARGUMENTS_DONE(0, "{}") ADDED(1, CALL_OF(""))
                           ARGUMENTS(1, "{}"),
                   ends[i]);
        ck_complete(buf_string(&body),
                    "start 1 id=c name=f\npiece 1 {}\nstart 2 id=c name=f\n"
                    "piece 2 {}\nend 1 id=c name=f {}\n");
        buf_clear(&body);
    }
}
END_TEST

/* 132 */
START_TEST(summaries_are_paragraphs_of_thinking)
{
    ck_complete(CREATED SUMMARY(0, 0, "a") SUMMARY(0, 0, "b") SUMMARY(0, 1, "c")
                    TEXT(1, "x") COMPLETED(""),
                "thinking a\nthinking b\nthinking \n\n\nthinking c\ntext x\n");
    ck_complete(CREATED EVENT("response.reasoning_text.delta",
                              AT(0) ",\"content_index\":0,\"delta\":\"hm\"")
                    TEXT(1, "x") COMPLETED(""),
                "thinking hm\ntext x\n");
}
END_TEST

START_TEST(thinking_and_its_summary_are_not_both_shown)
{
    ck_complete(CREATED EVENT("response.reasoning_text.delta",
                              AT(0) ",\"content_index\":0,\"delta\":\"hm\"")
                    ENDED(0, "\"content\":[{\"type\":\"reasoning_text\","
                             "\"text\":\"hm\"}]," REASONING_OF("short"))
                        COMPLETED(""),
                "thinking hm\n");
    ck_complete(CREATED SUMMARY(0, 0, "short")
                    ENDED(0, "\"content\":[{\"type\":\"reasoning_text\","
                             "\"text\":\"hm\"}]," REASONING_OF("short"))
                        COMPLETED(""),
                "thinking short\n");
}
END_TEST

/* 133 */
START_TEST(a_stream_that_ends_before_its_end_is_cut)
{
    ck_says(CREATED TEXT(0, "a") ADDED(1, CALL_OF("")) ARGUMENTS(1, "{}")
                ENDED(1, CALL_OF("{}")),
            ANSWER_CUT, "text a\nstart 1 id=c name=f\npiece 1 {}\n");
}
END_TEST

START_TEST(reasoning_is_kept_for_its_maker_once)
{
    ck_complete(
        CREATED ADDED(0, "\"id\":\"rs\",\"encrypted_content\":\"half\","
                         "\"type\":\"reasoning\",\"summary\":[]")
            ENDED(0, "\"id\":\"rs\",\"encrypted_content\":\"gAAA\","
                     "\"type\":\"reasoning\",\"summary\":[]") TEXT(1, "x")
                COMPLETED("{\"id\":\"rs\",\"encrypted_content\":\"gAAA\","
                          "\"type\":\"reasoning\",\"summary\":[]},"
                          "{" MESSAGE_OF("x") "}"),
        "opaque reasoning-item {\"id\":\"rs\",\"encrypted_content\":\"gAAA\","
        "\"type\":\"reasoning\",\"summary\":[]}\ntext x\n");
    /* Nobody could read it back without. */
    ck_complete(CREATED ENDED(0, "\"type\":\"reasoning\",\"summary\":[],"
                                 "\"encrypted_content\":null") TEXT(1, "x")
                    COMPLETED(""),
                "text x\n");
}
END_TEST

START_TEST(what_is_kept_late_belongs_before_what_follows_it)
{
    ck_complete(
        CREATED ADDED(0, "\"type\":\"reasoning\"") SUMMARY(0, 0, "hm")
            ADDED(1, "\"type\":\"mcp_call\"") TEXT(2, "abc")
                ENDED(2, MESSAGE_OF("abc")) ADDED(3, CALL_OF("{}"))
                    ENDED(3, CALL_OF("{}")) ENDED(4, "\"type\":\"x\"")
                        ENDED(0, "\"type\":\"reasoning\",\"encrypted_content\":"
                                 "\"g\"") ENDED(1, "\"type\":\"mcp_call\"")
                            COMPLETED(""),
        "thinking hm\ntext abc\nstart 1 id=c name=f\npiece 1 {}\n"
        "opaque item {\"type\":\"x\"}\n"
        "opaque at 2 reasoning-item {\"type\":\"reasoning\","
        "\"encrypted_content\":\"g\"}\n"
        "opaque at 3 item {\"type\":\"mcp_call\"}\n"
        "end 1 id=c name=f {}\n");
}
END_TEST

START_TEST(items_of_other_kinds_are_kept_as_they_are)
{
    ck_complete(CREATED ADDED(0, "\"type\":\"web_search_call\"")
                    EVENT("response.web_search_call.searching", AT(0))
                        ENDED(0, "\"type\":\"web_search_call\",\"status\":"
                                 "\"completed\",\"id\":\"ws\"") TEXT(1, "x")
                            EVENT("response.tomorrow", "\"x\":{}")
                                COMPLETED(""),
                "opaque item {\"type\":\"web_search_call\",\"status\":"
                "\"completed\",\"id\":\"ws\"}\ntext x\n");
}
END_TEST

START_TEST(a_refusal_is_text_with_a_mark)
{
    ck_complete(CREATED EVENT("response.refusal.delta",
                              AT(0) ",\"content_index\":0,\"delta\":\"I "
                                    "can't\"")
                    ENDED(0, "\"type\":\"message\",\"content\":[{\"type\":"
                             "\"refusal\",\"refusal\":\"I can't\"}]")
                        COMPLETED(""),
                "refusal I can't\n");
    ck_complete(CREATED COMPLETED("{\"type\":\"message\",\"content\":[{"
                                  "\"type\":\"refusal\",\"refusal\":\"no\"}]}"),
                "refusal no\n");
}
END_TEST

START_TEST(usage_and_model_come_with_the_response)
{
    ck_complete(
        EVENT("response.created",
              "\"response\":{\"model\":\"m-1\",\"usage\":null}") TEXT(0, "a")
            EVENT("response.completed",
                  "\"response\":{\"model\":\"m-1\",\"output\":[],\"usage\":{"
                  "\"input_tokens\":9,\"output_tokens\":5,\"total_tokens\":14,"
                  "\"input_tokens_details\":{\"cached_tokens\":4},"
                  "\"output_tokens_details\":{\"reasoning_tokens\":3}}},"
                  "\"timings\":{\"prompt_ms\":1.22,\"predicted_ms\":13.9}"),
        "model m-1\ntext a\n"
        "usage input=9 output=5 reasoning=3 cached=4 eval_ms=14 prompt_ms=1\n");
}
END_TEST

START_TEST(an_answer_in_one_piece_is_the_same_answer)
{
    const char *body =
        "{\"object\":\"response\",\"status\":\"completed\",\"error\":null,"
        "\"model\":\"m\",\"output\":[{" REASONING_OF("hm") "},{" MESSAGE_OF(
            "Hi") "},{" CALL_OF("{}") "}],"
                                      "\"usage\":{\"input_tokens\":1,"
                                      "\"output_tokens\":2}}";
    ck_complete(body, "model m\nthinking hm\ntext Hi\nstart 1 id=c name=f\n"
                      "piece 1 {}\nend 1 id=c name=f {}\n"
                      "usage input=1 output=2\n");
    ck_assert(result_of(body).was_unstreamed);
    ck_error("{\"object\":\"response\",\"status\":\"failed\",\"error\":{"
             "\"message\":\"m\"}}",
             "the server reported an error: m");
    ck_says("{\"object\":\"response\",\"status\":\"in_progress\",\"output\":"
            "[]}",
            ANSWER_CUT, "");
}
END_TEST

START_TEST(members_of_a_wrong_type_count_as_absent)
{
    ck_complete(
        DATA("{\"type\":7}") DATA("{\"type\":\"response.created\"}")
            EVENT("response.output_item.added", "\"item\":[]")
                EVENT("response.output_item.done", "\"item\":7")
                    EVENT("response.output_text.delta", "\"delta\":{}")
                        EVENT("response.output_text.done", AT(-1) ",\"text\":1")
                            ADDED(0, "\"type\":{}")
                                EVENT("response.completed",
                                      "\"response\":{\"output\":[1,null,{},{"
                                      "\"type\":\"message\",\"content\":{}},{"
                                      "\"type\":\"message\",\"content\":[3]}],"
                                      "\"usage\":[],\"model\":1}"),
        "");
    ck_complete(CREATED EVENT("response.completed", "\"response\":[]"), "");
}
END_TEST

START_TEST(halves_of_a_character_in_two_pieces_are_joined)
{
    ck_complete(CREATED TEXT(0, "a\\ud83d") TEXT(0, "\\ude00b") COMPLETED(""),
                "text a\ntext \xF0\x9F\x98\x80"
                "b\n");
    ck_complete(CREATED TEXT(0, "a\\ud83d") COMPLETED(""),
                "text a\ntext \xEF\xBF\xBD\n");
    ck_complete(CREATED SUMMARY(0, 0, "a\\ud83d") COMPLETED(""),
                "thinking a\nthinking \xEF\xBF\xBD\n");
}
END_TEST

START_TEST(think_tags_in_the_text_are_thinking)
{
    ck_complete(CREATED TEXT(0, "<think>hm</th") TEXT(0, "ink>yes")
                    ENDED(0, MESSAGE_OF("<think>hm</think>yes")) COMPLETED(""),
                "thinking hm\ntext yes\n");
}
END_TEST

START_TEST(more_items_than_the_cap_are_an_error)
{
    struct buf body = { 0 };
    buf_append_string(&body, CREATED);
    for (int i = 0; i < 2049; i++)
        buf_printf(&body,
                   "data: {\"type\":\"response.output_text.delta\","
                   "\"output_index\":%d,\"delta\":\"a\"}\n\n",
                   i);
    struct reading reading;
    struct reading_source source = {
        .dialect = &dialect_responses,
        .body = buf_slice(&body),
    };
    reading_whole(&reading, &source);
    ck_assert_int_eq(reading.result.outcome, ANSWER_ERROR);
    ck_assert_int_eq(reading.result.err.kind, ERROR_LIMIT);
    ck_assert_uint_eq(reading.text.len, 2048);
    ck_assert(reading.has_stopped);
    reading_clear(&reading);
    buf_clear(&body);
}
END_TEST

static struct chat_request request_of(const struct messages *messages)
{
    return (struct chat_request){
        .endpoint = "e",
        .base_url = "http://h:1/v1",
        .model = "m",
        .messages = messages,
        .reply = { .temperature = NAN,
                   .top_p = NAN,
                   .repeat_penalty = NAN,
                   .max_tokens = -1,
                   .seed = -1,
                   .num_ctx = -1 },
    };
}

/* The body that is written; the caller frees it. */
static char *written(const struct chat_request *request)
{
    struct wire_request wire = { 0 };
    struct error err = { 0 };
    ck_assert_msg(dialect_responses.write_request(request, &wire, &err), "%s",
                  err.text);
    ck_assert_str_eq(buf_string(&wire.url), "http://h:1/v1/responses");
    json_t *body = json_loadb(wire.body.ptr, wire.body.len, 0, NULL);
    ck_assert_ptr_nonnull(body);
    json_decref(body);
    char *text = buf_steal(&wire.body);
    wire_request_clear(&wire);
    return text;
}

static void ck_written(const struct chat_request *request, const char *expected)
{
    char *text = written(request);
    ck_assert_str_eq(text, expected);
    free(text);
}

/* The input that a conversation is written as. */
static void ck_input(struct scenario *scenario,
                     const struct chat_request *request, const char *expected)
{
    struct messages *messages = messages_new();
    struct chat_request filled = *request;
    struct buf whole = { 0 };
    messages_catch_up(messages, scenario->graph, graph_head(scenario->graph));
    filled.messages = messages;
    buf_printf(&whole,
               "{\"model\":\"%s\",\"stream\":true,\"store\":false,"
               "\"input\":[%s]}",
               request->model, expected);
    ck_written(&filled, buf_string(&whole));
    buf_clear(&whole);
    messages_free(messages);
}

#define ASKED                    \
    "@q user-message text=why\n" \
    "run-started 1 node=@q\n"    \
    "attempt-started 1.1 endpoint=e dialect=responses model=m\n"
#define WHY "{\"role\":\"user\",\"content\":\"why\"}"
#define THOUGHT                                                              \
    "thinking-delta 1.1 text=hm\n"                                           \
    "opaque 1.1 kind=reasoning-item json='{\"id\":\"rs\",\"type\":"          \
    "\"reasoning\",\"summary\":[],\"encrypted_content\":\"g=A\",\"status\":" \
    "null}'\n"
#define REASONING                                         \
    "{\"type\":\"reasoning\",\"summary\":[],\"encrypted_" \
    "content\":\"g=A\"}"

START_TEST(a_request_holds_only_what_was_set)
{
    struct chat_request request = request_of(NULL);
    ck_written(&request, "{\"model\":\"m\",\"stream\":true,\"store\":false,"
                         "\"input\":[]}");
    request.system = "Be brief.";
    request.reply.temperature = 0.7;
    request.reply.top_p = 0.5;
    request.reply.max_tokens = 99;
    request.reply.seed = 7;
    request.reply.thinking = "low";
    request.reply.unstreamed = true;
    ck_written(&request,
               "{\"model\":\"m\",\"stream\":false,\"store\":false,"
               "\"temperature\":0.7,\"top_p\":0.5,\"max_output_tokens\":99,"
               "\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"},"
               "\"include\":[\"reasoning.encrypted_content\"],"
               "\"instructions\":\"Be brief.\",\"input\":[]}");
}
END_TEST

START_TEST(what_a_server_refused_is_left_out)
{
    struct chat_request request = request_of(NULL);
    request.reply.temperature = 0.7;
    request.reply.top_p = 0.5;
    request.reply.max_tokens = 99;
    request.reply.thinking = "on";
    request.omit =
        PART_TEMPERATURE | PART_TOP_P | PART_MAX_TOKENS | PART_THINKING_SUMMARY;
    ck_written(&request, "{\"model\":\"m\",\"stream\":true,\"store\":false,"
                         "\"reasoning\":{},\"include\":[\"reasoning."
                         "encrypted_content\"],\"input\":[]}");
    request.omit |= PART_THINKING;
    ck_written(&request, "{\"model\":\"m\",\"stream\":true,\"store\":false,"
                         "\"input\":[]}");
    request.reply.thinking = "off";
    request.omit &= ~(uint32_t)PART_THINKING;
    ck_written(&request, "{\"model\":\"m\",\"stream\":true,\"store\":false,"
                         "\"reasoning\":{\"effort\":\"none\"},\"input\":[]}");
}
END_TEST

START_TEST(tools_are_flat_and_a_schema_is_the_format_of_the_text)
{
    const struct tool_offer tools[] = {
        { slice_of("ls"), slice_of("Lists"),
          slice_of("{\"type\":\"object\"}") },
        { slice_of("now"), slice_of(""), slice_of("{}") },
    };
    struct chat_request request = request_of(NULL);
    request.tools = tools;
    request.tool_count = 2;
    request.schema = slice_of("{\"type\":\"object\"}");
    ck_written(
        &request,
        "{\"model\":\"m\",\"stream\":true,\"store\":false,"
        "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":"
        "\"answer\",\"schema\":{\"type\":\"object\"},\"strict\":"
        "false}},\"tools\":[{\"type\":\"function\",\"name\":\"ls\","
        "\"description\":\"Lists\",\"parameters\":{\"type\":"
        "\"object\"},\"strict\":false},{\"type\":\"function\","
        "\"name\":\"now\",\"description\":\"\",\"parameters\":{},\"strict\":false}],"
        "\"input\":[]}");
    request.omit = PART_SCHEMA | PART_TOOLS;
    ck_written(
        &request,
        "{\"model\":\"m\",\"stream\":true,\"store\":false,"
        "\"text\":{\"format\":{\"type\":\"json_object\"}},"
        "\"instructions\":\"Answer with one JSON value and nothing else. "
        "It must follow this JSON Schema: {\\\"type\\\":"
        "\\\"object\\\"}\",\"input\":[]}");
    request.omit = PART_TOOLS;
    request.schema = slice_of("{\"type\":\"object\",\"properties\":{},"
                              "\"required\":[],"
                              "\"additionalProperties\":false}");
    ck_written(&request,
               "{\"model\":\"m\",\"stream\":true,\"store\":false,"
               "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":"
               "\"answer\",\"schema\":{\"type\":\"object\","
               "\"properties\":{},\"required\":[],"
               "\"additionalProperties\":false},\"strict\":true}},"
               "\"input\":[]}");
}
END_TEST

START_TEST(calls_and_their_results_are_items_in_pairs)
{
    struct scenario scenario;
    struct chat_request request = request_of(NULL);
    scenario_init(&scenario);
    scenario_play(&scenario,
                  ASKED "text-delta 1.1 text=look\n"
                        "tool-call-start 1.1 call=1 id=c-9 name=f\n"
                        "tool-call-end 1.1 call=1 arguments='{\"n\": 1e2}'\n"
                        "tool-call-start 1.1 call=2 id=a.b name=g\n"
                        "tool-call-end 1.1 call=2 arguments={}\n"
                        "attempt-finished 1.1 outcome=complete\n"
                        "tool-started 1 call=1\n"
                        "tool-finished 1 call=1 outcome=completed text=r\n"
                        "tool-started 1 call=2\n"
                        "tool-finished 1 call=2 outcome=completed text=s\n");
    ck_input(
        &scenario, &request,
        WHY
        ",{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"look\"}]},"
        "{\"type\":\"function_call\",\"call_id\":\"c-9\",\"name\":"
        "\"f\",\"arguments\":\"{\\\"n\\\": 1e2}\"},"
        /* OpenAI refuses ids of that form. */
        "{\"type\":\"function_call\",\"call_id\":\"call_2\","
        "\"name\":\"g\",\"arguments\":\"{}\"},"
        "{\"type\":\"function_call_output\",\"call_id\":\"c-9\","
        "\"output\":\"r\"},"
        "{\"type\":\"function_call_output\",\"call_id\":\"call_2\","
        "\"output\":\"s\"}");
    scenario_clear(&scenario);
}
END_TEST

/* 134 */
START_TEST(reasoning_goes_back_to_its_maker_before_what_it_led_to)
{
    struct scenario scenario;
    struct chat_request request = request_of(NULL);
    scenario_init(&scenario);
    scenario_play(&scenario, ASKED THOUGHT
                  "tool-call-start 1.1 call=1 id=c name=f\n"
                  "tool-call-end 1.1 call=1 arguments={}\n" THOUGHT
                  "text-delta 1.1 text=so\n"
                  "attempt-finished 1.1 outcome=complete\n"
                  "tool-started 1 call=1\n"
                  "tool-finished 1 call=1 outcome=completed "
                  "text=r\n");
    ck_input(
        &scenario, &request,
        WHY
        "," REASONING ",{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":"
        "\"f\",\"arguments\":\"{}\"}," REASONING
        ",{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"so\"}]},"
        "{\"type\":\"function_call_output\",\"call_id\":\"c\","
        "\"output\":\"r\"}");
    /* Another model, and another endpoint, cannot read it. */
    const char *plain = WHY
        ",{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"so\"}]},"
        "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":"
        "\"f\",\"arguments\":\"{}\"},"
        "{\"type\":\"function_call_output\",\"call_id\":\"c\","
        "\"output\":\"r\"}";
    request.model = "n";
    ck_input(&scenario, &request, plain);
    request = request_of(NULL);
    request.endpoint = "other";
    ck_input(&scenario, &request, plain);
    scenario_clear(&scenario);
}
END_TEST

START_TEST(reasoning_that_came_late_goes_back_before_what_it_led_to)
{
    struct scenario scenario;
    struct chat_request request = request_of(NULL);
    scenario_init(&scenario);
    scenario_play(&scenario,
                  ASKED "thinking-delta 1.1 text=hm\n"
                        "text-delta 1.1 text=so\n"
                        "opaque 1.1 kind=reasoning-item place=2 "
                        "json='{\"type\":\"reasoning\",\"summary\":[],"
                        "\"encrypted_content\":\"g=A\"}'\n"
                        "attempt-finished 1.1 outcome=complete\n");
    ck_input(&scenario, &request,
             WHY "," REASONING ",{\"type\":\"message\",\"role\":\"assistant\","
                 "\"content\":[{\"type\":\"output_text\",\"text\":\"so\"}]}");
    scenario_clear(&scenario);
}
END_TEST

START_TEST(reasoning_that_led_nowhere_stays_out)
{
    struct scenario scenario;
    struct chat_request request = request_of(NULL);
    scenario_init(&scenario);
    scenario_play(&scenario, ASKED "text-delta 1.1 text=so\n" THOUGHT
                                   "attempt-finished 1.1 outcome=complete\n"
                                   "run-finished 1 outcome=complete\n");
    ck_input(
        &scenario, &request,
        WHY
        ",{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"so\"}]}");
    scenario_clear(&scenario);
    /* Nor before an item that waits for an answer that nobody gave. */
    scenario_init(&scenario);
    scenario_play(&scenario, ASKED THOUGHT
                  "opaque 1.1 kind=item json='{\"type\":\"computer_call\"}'\n"
                  "text-delta 1.1 text=so\n"
                  "attempt-finished 1.1 outcome=complete\n"
                  "run-finished 1 outcome=complete\n");
    ck_input(
        &scenario, &request,
        WHY
        ",{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"so\"}]}");
    scenario_clear(&scenario);
    scenario_init(&scenario);
    scenario_play(&scenario, ASKED THOUGHT
                  "opaque 1.1 kind=item json='{\"id\":\"ws\",\"type\":"
                  "\"web_search_call\",\"status\":\"completed\"}'\n"
                  "text-delta 1.1 text=so\n"
                  "attempt-finished 1.1 outcome=complete\n"
                  "run-finished 1 outcome=complete\n");
    ck_input(
        &scenario, &request,
        WHY
        "," REASONING
        ",{\"type\":\"web_search_call\"},{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"so\"}]}");
    scenario_clear(&scenario);
}
END_TEST

START_TEST(an_answer_that_was_cut_goes_back_as_text)
{
    struct scenario scenario;
    struct chat_request request = request_of(NULL);
    scenario_init(&scenario);
    scenario_play(&scenario, ASKED THOUGHT "text-delta 1.1 text=so\n"
                                           "attempt-finished 1.1 outcome=cut\n"
                                           "run-finished 1 outcome=cut\n");
    struct messages *messages = messages_new();
    messages_catch_up(messages, scenario.graph, graph_head(scenario.graph));
    request.messages = messages;
    char *text = written(&request);
    ck_assert_ptr_null(strstr(text, "reasoning"));
    ck_assert_ptr_nonnull(strstr(
        text,
        "\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"so"));
    free(text);
    messages_free(messages);
    scenario_clear(&scenario);
}
END_TEST

START_TEST(a_longer_conversation_begins_with_the_bytes_of_a_shorter)
{
    struct scenario scenario;
    struct chat_request request = request_of(NULL);
    struct messages *messages = messages_new();
    scenario_init(&scenario);
    scenario_play(&scenario, ASKED THOUGHT "text-delta 1.1 text=so\n"
                                           "attempt-finished 1.1 "
                                           "outcome=complete\n"
                                           "@e run-finished 1 "
                                           "outcome=complete\n");
    messages_catch_up(messages, scenario.graph, graph_head(scenario.graph));
    request.messages = messages;
    request.system = "s";
    request.reply.thinking = "high";
    char *before = written(&request);
    scenario_play(&scenario, "@r user-message text=more parent=@q\n");
    struct event more = { .type = EVENT_USER_MESSAGE };
    event_add_number(&more, FIELD_PARENT, messages_at(messages, 1)->node_id);
    event_add_string(&more, FIELD_TEXT, "more");
    scenario_add(&scenario, &more);
    messages_catch_up(messages, scenario.graph, more.seq);
    char *after = written(&request);
    ck_assert_int_eq(strncmp(before, after, strlen(before) - 2), 0);
    ck_assert_str_eq(after + strlen(before) - 2,
                     ",{\"role\":\"user\",\"content\":\"more\"}]}");
    free(before);
    free(after);
    messages_free(messages);
    scenario_clear(&scenario);
}
END_TEST

START_TEST(pictures_are_parts_of_the_turn)
{
    struct scenario scenario;
    struct chat_request request = request_of(NULL);
    scenario_init(&scenario);
    scenario_play(&scenario,
                  "@q user-message text=what\n"
                  "attachment-added node=@q name=a.png media_type=image/png "
                  "data=abc\n"
                  "attachment-added node=@q name=b media_type=image/png "
                  "url=https://x/b.png\n"
                  "run-started 1 node=@q\n");
    ck_input(
        &scenario, &request,
        "{\"role\":\"user\",\"content\":[{\"type\":\"input_text\","
        "\"text\":\"what\\n\\nImage: a.png\\n\\nImage: b\"},{\"type\":\"input_image\",\"image_url\":"
        "\"data:image/png;base64,YWJj\",\"detail\":\"auto\"},{\"type\":"
        "\"input_image\",\"image_url\":\"https://x/b.png\",\"detail\":"
        "\"auto\"}]}");
    scenario_clear(&scenario);
}
END_TEST

static enum request_part refused_by(const char *body)
{
    struct reading reading;
    struct reading_source source = reading_source_of(&dialect_responses, body);
    source.status = 400;
    reading_whole(&reading, &source);
    reading_clear(&reading);
    return reading.result.refused;
}

START_TEST(refusals_name_the_part)
{
    ck_assert_int_eq(
        refused_by("{\"error\":{\"message\":\"Unsupported parameter: "
                   "'reasoning.effort' is not supported with this model.\","
                   "\"param\":\"reasoning.effort\",\"code\":"
                   "\"unsupported_parameter\"}}"),
        PART_THINKING);
    ck_assert_int_eq(
        refused_by("{\"error\":{\"message\":\"Your organization must be "
                   "verified to generate reasoning summaries.\",\"param\":"
                   "\"reasoning.summary\",\"code\":\"unsupported_value\"}}"),
        PART_THINKING_SUMMARY);
    ck_assert_int_eq(
        refused_by("{\"error\":{\"message\":\"Encrypted content is not "
                   "supported with this model.\",\"param\":\"include\","
                   "\"code\":null}}"),
        PART_THINKING);
    ck_assert_int_eq(
        refused_by("{\"error\":{\"message\":\"Invalid schema for "
                   "response_format 'answer': 'additionalProperties' is "
                   "required to be supplied and to be false.\",\"param\":"
                   "\"text.format.schema\",\"code\":"
                   "\"invalid_json_schema\"}}"),
        PART_SCHEMA);
    ck_assert_int_eq(
        refused_by("{\"error\":{\"message\":\"Unsupported parameter: "
                   "'max_output_tokens'\",\"param\":\"max_output_tokens\","
                   "\"code\":\"unsupported_parameter\"}}"),
        PART_MAX_TOKENS);
}
END_TEST

Suite *responses_suite(void)
{
    Suite *suite = suite_create("responses");
    TCase *streams = tcase_create("streams");
    tcase_add_test(streams, text_comes_in_the_pieces_of_the_server);
    tcase_add_test(streams, an_error_and_the_failure_that_follows_are_one);
    tcase_add_test(streams, errors_come_flat_and_as_chat_completions_has_them);
    tcase_add_test(streams, items_are_known_by_their_place_and_not_by_their_id);
    tcase_add_test(streams, interleaved_items_are_not_mixed);
    tcase_add_test(streams, items_without_a_place_are_known_by_their_id);
    tcase_add_test(
        streams,
        items_with_neither_place_nor_a_known_id_are_told_by_their_kind);
    tcase_add_test(streams,
                   names_of_events_are_not_needed_and_done_ends_nothing);
    tcase_add_test(streams, what_was_not_streamed_is_in_the_response);
    tcase_add_test(
        streams,
        what_was_streamed_is_not_doubled_by_a_response_with_other_places);
    tcase_add_test(streams, arguments_may_come_whole);
    tcase_add_test(streams,
                   a_start_with_a_placeholder_does_not_spoil_arguments);
    tcase_add_test(streams, arguments_that_end_otherwise_count_as_they_end);
    tcase_add_test(streams, the_end_of_a_text_may_overtake_its_pieces);
    tcase_add_test(streams, the_end_of_a_text_fills_what_its_pieces_left_out);
    tcase_add_test(streams,
                   an_incomplete_response_is_cut_and_runs_no_half_call);
    tcase_add_test(streams,
                   an_incomplete_response_runs_only_calls_that_are_done);
    tcase_add_test(streams, summaries_are_paragraphs_of_thinking);
    tcase_add_test(streams, thinking_and_its_summary_are_not_both_shown);
    tcase_add_test(streams, a_stream_that_ends_before_its_end_is_cut);
    tcase_add_test(streams, reasoning_is_kept_for_its_maker_once);
    tcase_add_test(streams, what_is_kept_late_belongs_before_what_follows_it);
    tcase_add_test(streams, items_of_other_kinds_are_kept_as_they_are);
    tcase_add_test(streams, a_refusal_is_text_with_a_mark);
    tcase_add_test(streams, usage_and_model_come_with_the_response);
    tcase_add_test(streams, an_answer_in_one_piece_is_the_same_answer);
    tcase_add_test(streams, members_of_a_wrong_type_count_as_absent);
    tcase_add_test(streams, halves_of_a_character_in_two_pieces_are_joined);
    tcase_add_test(streams, think_tags_in_the_text_are_thinking);
    tcase_add_test(streams, more_items_than_the_cap_are_an_error);
    suite_add_tcase(suite, streams);
    TCase *requests = tcase_create("requests");
    tcase_add_test(requests, a_request_holds_only_what_was_set);
    tcase_add_test(requests, what_a_server_refused_is_left_out);
    tcase_add_test(requests,
                   tools_are_flat_and_a_schema_is_the_format_of_the_text);
    tcase_add_test(requests, calls_and_their_results_are_items_in_pairs);
    tcase_add_test(requests,
                   reasoning_goes_back_to_its_maker_before_what_it_led_to);
    tcase_add_test(requests,
                   reasoning_that_came_late_goes_back_before_what_it_led_to);
    tcase_add_test(requests, reasoning_that_led_nowhere_stays_out);
    tcase_add_test(requests, an_answer_that_was_cut_goes_back_as_text);
    tcase_add_test(requests,
                   a_longer_conversation_begins_with_the_bytes_of_a_shorter);
    tcase_add_test(requests, pictures_are_parts_of_the_turn);
    tcase_add_test(requests, refusals_name_the_part);
    suite_add_tcase(suite, requests);
    return suite;
}
