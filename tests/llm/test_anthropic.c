/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/path.h"
#include "llm/anthropic.h"
#include "tests/support/reading.h"
#include "tests/support/skip.h"

Suite *anthropic_suite(void);

#define DATA(json) "data: " json "\n\n"
#define START                                                                  \
    DATA("{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":" \
         "\"message\",\"role\":\"assistant\",\"content\":[],\"model\":\"m\","  \
         "\"stop_reason\":null,\"usage\":{\"input_tokens\":12,\"output_"       \
         "tokens\":1}}}")
#define BLOCK(index, members)                                  \
    DATA("{\"type\":\"content_block_start\",\"index\":" #index \
         ",\"content_block\":{" members "}}")
#define DELTA(index, members)                                  \
    DATA("{\"type\":\"content_block_delta\",\"index\":" #index \
         ",\"delta\":{" members "}}")
#define STOP(index) \
    DATA("{\"type\":\"content_block_stop\",\"index\":" #index "}")
#define TEXT_BLOCK(index) BLOCK(index, "\"type\":\"text\",\"text\":\"\"")
#define THINKING_BLOCK(index) \
    BLOCK(index, "\"type\":\"thinking\",\"thinking\":\"\"")
#define CALL_BLOCK(index, id, name)                                  \
    BLOCK(index, "\"type\":\"tool_use\",\"id\":\"" id "\",\"name\":" \
                 "\"" name "\",\"input\":{}")
#define TEXT(index, text) \
    DELTA(index, "\"type\":\"text_delta\",\"text\":\"" text "\"")
#define THINKING(index, text) \
    DELTA(index, "\"type\":\"thinking_delta\",\"thinking\":\"" text "\"")
#define SIGNATURE(index, text) \
    DELTA(index, "\"type\":\"signature_delta\",\"signature\":\"" text "\"")
#define INPUT(index, json) \
    DELTA(index, "\"type\":\"input_json_delta\",\"partial_json\":\"" json "\"")
#define REASON(word)                                                      \
    DATA("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" word \
         "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":5}}")
#define END DATA("{\"type\":\"message_stop\"}")

#define MODEL "model m\n"
#define USAGE "usage input=12 output=5\n"

static void ck_reads(const char *body, enum answer_outcome outcome,
                     const char *script)
{
    ck_reads_as(&dialect_anthropic, body, outcome, script);
}

static void ck_complete(const char *body, const char *script)
{
    ck_reads(body, ANSWER_COMPLETE, script);
}

static struct answer_result result_of(const char *body, int status)
{
    struct reading reading;
    struct reading_source source = reading_source_of(&dialect_anthropic, body);
    source.status = status;
    reading_every_split(&reading, &source);
    reading_clear(&reading);
    return reading.result;
}

/* 135, 136. */
START_TEST(pings_and_padding_say_nothing)
{
    ck_complete("event: ping\ndata: {\"type\":\"ping\"}\n\n" START TEXT_BLOCK(0)
                    DATA("{\"type\":\"ping\"}") TEXT(0, "Hi") STOP(0) REASON(
                        "end_turn") "event: message_stop\ndata: {\"type\":"
                                    "\"message_stop\"}       \n\n",
                MODEL "text Hi\n" USAGE);
    struct reading reading;
    struct reading_source source = reading_source_of(
        &dialect_anthropic, DATA("{\"type\":\"ping\"}") START);
    reading_whole(&reading, &source);
    ck_assert_int_eq(reading.result.outcome, ANSWER_CUT);
    reading_clear(&reading);
}
END_TEST

/* 137. */
START_TEST(an_error_after_text_fails_and_runs_no_call)
{
    static const char body[] = START TEXT_BLOCK(0) TEXT(0, "Let me") STOP(0)
        CALL_BLOCK(1, "t1", "f") INPUT(1, "{}") STOP(
            1) "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":"
               "\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n" REASON(
                   "tool_use") END;
    ck_reads(body, ANSWER_ERROR,
             MODEL "text Let me\nstart 1 id=t1 name=f\npiece 1 {}\n"
                   "usage input=12 output=1\n");
    ck_assert_ptr_nonnull(strstr(result_of(body, 0).err.text, "Overloaded"));
}
END_TEST

/* 138. */
START_TEST(the_input_of_a_call_comes_in_pieces)
{
    ck_complete(START CALL_BLOCK(0, "t1", "f") INPUT(0, "")
                    INPUT(0, "{\\\"a\\\"") INPUT(0, ":1}") STOP(0)
                        REASON("tool_use") END,
                MODEL "start 1 id=t1 name=f\npiece 1 {\"a\"\npiece 1 :1}\n"
                      "end 1 id=t1 name=f {\"a\":1}\n" USAGE);
    ck_complete(START CALL_BLOCK(0, "t1", "f") STOP(0) REASON("tool_use") END,
                MODEL "start 1 id=t1 name=f\nend 1 id=t1 name=f {}\n" USAGE);
    /* Imitators put all of it into the start, or leave it away there. */
    ck_complete(START BLOCK(0, "\"type\":\"tool_use\",\"id\":\"t1\",\"name\":"
                               "\"f\",\"input\":{\"a\":1}") STOP(0)
                    REASON("tool_use") END,
                MODEL "start 1 id=t1 name=f\npiece 1 {\"a\":1}\n"
                      "end 1 id=t1 name=f {\"a\":1}\n" USAGE);
    ck_complete(START BLOCK(0, "\"type\":\"tool_use\",\"id\":\"t1\",\"name\":"
                               "\"f\",\"input\":{\"b\":2}")
                    INPUT(0, "{\\\"a\\\":1}") STOP(0) REASON("tool_use") END,
                MODEL "start 1 id=t1 name=f\npiece 1 {\"a\":1}\n"
                      "end 1 id=t1 name=f {\"a\":1}\n" USAGE);
}
END_TEST

START_TEST(calls_of_one_index_and_name_are_two)
{
    ck_complete(START CALL_BLOCK(0, "t1", "f") INPUT(0, "{}") STOP(0)
                    CALL_BLOCK(0, "t2", "f") INPUT(0, "{}") STOP(0)
                        REASON("tool_use") END,
                MODEL "start 1 id=t1 name=f\npiece 1 {}\n"
                      "start 2 id=t2 name=f\npiece 2 {}\n"
                      "end 1 id=t1 name=f {}\nend 2 id=t2 name=f {}\n" USAGE);
}
END_TEST

/* 139. */
START_TEST(signatures_and_hidden_thinking_are_kept_in_their_places)
{
    ck_complete(START THINKING_BLOCK(0) THINKING(0, "hm")
                    SIGNATURE(0, "EqQB+/==") STOP(0) TEXT_BLOCK(1) TEXT(1, "Hi")
                        STOP(1) REASON("end_turn") END,
                MODEL "thinking hm\nopaque signature \"EqQB+/==\"\n"
                      "text Hi\n" USAGE);
    ck_complete(START THINKING_BLOCK(0) SIGNATURE(0, "Eq") STOP(0)
                    BLOCK(1, "\"type\":\"redacted_thinking\",\"data\":"
                             "\"EuoCCg\"") STOP(1) CALL_BLOCK(2, "t1", "f")
                        STOP(2) REASON("tool_use") END,
                MODEL "opaque signature \"Eq\"\n"
                      "opaque redacted-thinking \"EuoCCg\"\n"
                      "start 1 id=t1 name=f\nend 1 id=t1 name=f {}\n" USAGE);
    /* A block that is not stopped before the next one starts. */
    ck_complete(START THINKING_BLOCK(0) THINKING(0, "hm") SIGNATURE(0, "Eq")
                    TEXT_BLOCK(1) TEXT(1, "Hi") STOP(0) STOP(1)
                        REASON("end_turn") END,
                MODEL "thinking hm\nopaque signature \"Eq\"\ntext Hi\n" USAGE);
}
END_TEST

/* 140. */
START_TEST(other_blocks_are_kept_as_they_are)
{
    ck_complete(
        START TEXT_BLOCK(0) TEXT(0, "I look") STOP(0) BLOCK(
            1, "\"type\":\"server_tool_use\",\"id\":\"s1\",\"name\":"
               "\"web_search\",\"input\":{},\"caller\":{\"type\":"
               "\"direct\"}") INPUT(1, "") INPUT(1, "{\\\"query\\\":")
            INPUT(1, " \\\"x\\\"}") STOP(1) BLOCK(
                2, "\"type\":\"web_search_tool_result\",\"tool_use_id\":\"s1\","
                   "\"content\":[{\"url\":\"u\",\"n\":1.0}]") STOP(2)
                TEXT_BLOCK(3)
                    DELTA(3, "\"type\":\"citations_delta\",\"citation\":{}")
                        TEXT(3, "Found") STOP(3) REASON("end_turn") END,
        MODEL
        "text I look\n"
        "opaque block {\"type\":\"server_tool_use\",\"id\":\"s1\","
        "\"name\":\"web_search\",\"input\":{\"query\":\"x\"},"
        "\"caller\":{\"type\":\"direct\"}}\n"
        "opaque block {\"type\":\"web_search_tool_result\","
        "\"tool_use_id\":\"s1\",\"content\":[{\"url\":\"u\",\"n\":1.0}]}\n"
        "text \n\n\ntext Found\n" USAGE);
    ck_complete(START BLOCK(0, "\"type\":\"compaction\",\"content\":null")
                    DELTA(0, "\"type\":\"compaction_delta\",\"content\":"
                             "\"Ear\"")
                        DELTA(0, "\"type\":\"compaction_delta\","
                                 "\"content\":\"lier\"") STOP(0)
                            REASON("end_turn") END,
                MODEL "opaque block {\"type\":\"compaction\",\"content\":"
                      "\"Earlier\"}\n" USAGE);
    /* Hidden thinking without its data is nothing. */
    ck_complete(START BLOCK(0, "\"type\":\"redacted_thinking\"") STOP(0)
                    REASON("end_turn") END,
                MODEL USAGE);
    /* A delta that nobody knows, of a block that is known. */
    ck_complete(START TEXT_BLOCK(0) DELTA(0, "\"type\":\"x_delta\",\"x\":\"y\"")
                    TEXT(0, "a") STOP(0) REASON("end_turn") END,
                MODEL "text a\n" USAGE);
}
END_TEST

#define OTHER_START                                                  \
    DATA(                                                            \
        "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_2\"," \
        "\"model\":\"m\",\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}")

/* 141. */
START_TEST(a_second_message_takes_the_place_of_the_first)
{
    ck_complete(START START TEXT_BLOCK(0) TEXT(0, "Hi") STOP(0)
                    REASON("end_turn") END,
                MODEL "text Hi\n" USAGE);
    ck_complete(START THINKING_BLOCK(0) THINKING(0, "one") SIGNATURE(0, "E1")
                    STOP(0) CALL_BLOCK(1, "t1", "f") INPUT(1, "{\\\"a\\\":1}")
                        STOP(1) REASON("tool_use")
                            OTHER_START CALL_BLOCK(0, "t2", "g") STOP(0)
                                REASON("tool_use") END,
                MODEL "thinking one\nopaque signature \"E1\"\n"
                      "start 1 id=t1 name=f\npiece 1 {\"a\":1}\nsuperseded\n"
                      "start 2 id=t2 name=g\nend 2 id=t2 name=g {}\n"
                      "usage input=3 output=5\n");
}
END_TEST

#define DELTA_USAGE(members)                                             \
    DATA("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":null}," \
         "\"usage\":{" members "}}")

/* 142. */
START_TEST(counts_are_of_the_whole_message)
{
    ck_complete(START TEXT_BLOCK(0) TEXT(0, "a") STOP(0)
                    DELTA_USAGE("\"output_tokens\":3,\"input_tokens\":null")
                        REASON("end_turn") END,
                MODEL "text a\n" USAGE);
    /* What the cache gave, or took, was read, too. */
    ck_complete(START TEXT_BLOCK(0) TEXT(0, "a") STOP(0) DELTA_USAGE(
                    "\"input_tokens\":20,\"cache_creation_input_tokens\":"
                    "300,\"cache_read_input_tokens\":4000,\"output_tokens_"
                    "details\":{\"thinking_tokens\":2}") REASON("end_turn") END,
                MODEL
                "text a\nusage input=4320 output=5 reasoning=2 cached=4000 "
                "cache_write=300\n");
}
END_TEST

/* 143. */
START_TEST(a_call_that_the_limit_cut_does_not_end)
{
    static const char *const words[] = { "max_tokens",
                                         "model_context_window_exceeded" };
    for (size_t i = 0; i < COUNTOF(words); i++) {
        struct buf body = { 0 };
        buf_printf(&body,
                   START CALL_BLOCK(0, "t1", "f") INPUT(0, "{\\\"a\\\":\\\"lo")
                       STOP(0) REASON("%s") END,
                   words[i]);
        ck_complete(buf_string(&body),
                    MODEL "start 1 id=t1 name=f\npiece 1 {\"a\":\"lo\n" USAGE);
        ck_assert_str_eq(result_of(buf_string(&body), 0).finish_reason,
                         words[i]);
        buf_clear(&body);
    }
}
END_TEST

/* 144. */
START_TEST(the_reason_to_stop_is_told_and_a_refusal_explained)
{
    static const char refused[] = START TEXT_BLOCK(0) TEXT(0, "Well") STOP(0)
        DATA("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
             "\"refusal\",\"stop_details\":{\"type\":\"refusal\","
             "\"category\":\"cyber\",\"explanation\":\"No.\"}},\"usage\":"
             "{\"output_tokens\":5}}") END;
    ck_complete(refused, MODEL "text Well\nrefusal \n\nNo.\n" USAGE);
    ck_assert_str_eq(result_of(refused, 0).finish_reason, "refusal");
    static const char *const words[] = { "end_turn", "pause_turn",
                                         "a_new_reason" };
    for (size_t i = 0; i < COUNTOF(words); i++) {
        struct buf body = { 0 };
        buf_printf(&body,
                   START TEXT_BLOCK(0) TEXT(0, "a") STOP(0) REASON("%s") END,
                   words[i]);
        ck_complete(buf_string(&body), MODEL "text a\n" USAGE);
        ck_assert_str_eq(result_of(buf_string(&body), 0).finish_reason,
                         words[i]);
        buf_clear(&body);
    }
}
END_TEST

/* 145. */
START_TEST(blocks_may_interleave_and_need_not_stop)
{
    ck_complete(START TEXT_BLOCK(0) TEXT(0, "He") TEXT_BLOCK(1) TEXT(1, "wor")
                    TEXT(0, "llo ") TEXT(1, "ld") REASON("end_turn") END,
                MODEL "text He\ntext llo \ntext world\n" USAGE);
    ck_complete(START CALL_BLOCK(0, "t1", "f") CALL_BLOCK(1, "t2", "g")
                    INPUT(1, "{\\\"b\\\":") INPUT(0, "{\\\"a\\\":")
                        INPUT(1, "2}") INPUT(0, "1}") REASON("tool_use") END,
                MODEL "start 1 id=t1 name=f\nstart 2 id=t2 name=g\n"
                      "piece 2 {\"b\":\npiece 1 {\"a\":\npiece 2 2}\n"
                      "piece 1 1}\nend 1 id=t1 name=f {\"a\":1}\n"
                      "end 2 id=t2 name=g {\"b\":2}\n" USAGE);
    /* As llama-server does it: all of them stop at the end. */
    ck_complete(START THINKING_BLOCK(0) THINKING(0, "hm") TEXT_BLOCK(1)
                    TEXT(1, "Hi") BLOCK(2, "\"type\":\"tool_use\",\"id\":"
                                           "\"t1\",\"name\":\"f\"")
                        INPUT(2, "{}") SIGNATURE(0, "") STOP(0) STOP(1) STOP(2)
                            REASON("tool_use") END,
                MODEL "thinking hm\ntext Hi\nstart 1 id=t1 name=f\n"
                      "piece 1 {}\nend 1 id=t1 name=f {}\n" USAGE);
    /* Thinking that comes into a block of text is thinking. */
    ck_complete(START TEXT_BLOCK(0) THINKING(0, "hm") TEXT(0, "Hi")
                    REASON("end_turn") END,
                MODEL "thinking hm\ntext Hi\n" USAGE);
    /* The start of a block may never come. */
    ck_complete(START TEXT(0, "Hi") REASON("end_turn") END,
                MODEL "text Hi\n" USAGE);
}
END_TEST

/* 147. */
START_TEST(without_its_last_event_calls_must_have_stopped)
{
    ck_complete(START TEXT_BLOCK(0) TEXT(0, "a") REASON("end_turn"),
                MODEL "text a\n" USAGE);
    ck_complete(START CALL_BLOCK(0, "t1", "f") INPUT(0, "{}") STOP(0)
                    REASON("tool_use"),
                MODEL "start 1 id=t1 name=f\npiece 1 {}\n"
                      "end 1 id=t1 name=f {}\n" USAGE);
    ck_complete(START CALL_BLOCK(0, "t1", "f") INPUT(0, "{}") STOP(0)
                    CALL_BLOCK(1, "t2", "g") REASON("tool_use"),
                MODEL "start 1 id=t1 name=f\npiece 1 {}\n"
                      "start 2 id=t2 name=g\n" USAGE);
    /* Without a reason it is cut, whatever else a gateway puts behind it. */
    ck_reads(START TEXT_BLOCK(0) TEXT(0, "a") STOP(0), ANSWER_CUT,
             MODEL "text a\nusage input=12 output=1\n");
    ck_reads(START TEXT_BLOCK(0) TEXT(0, "a") STOP(0) DATA("[DONE]"),
             ANSWER_CUT, MODEL "text a\nusage input=12 output=1\n");
}
END_TEST

START_TEST(an_answer_in_one_piece_gives_the_same_events)
{
    static const char body[] =
        "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
        "\"model\":\"m\",\"content\":[{\"type\":\"thinking\",\"thinking\":"
        "\"hm\",\"signature\":\"Eq\"},{\"type\":\"text\",\"text\":\"Hi\"},"
        "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"f\",\"input\":"
        "{\"a\":1}},{\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"g\","
        "\"input\":{}}],\"stop_reason\":\"tool_use\",\"stop_sequence\":null,"
        "\"usage\":{\"input_tokens\":12,\"output_tokens\":5}}";
    ck_complete(body, MODEL "thinking hm\nopaque signature \"Eq\"\ntext Hi\n"
                            "start 1 id=t1 name=f\npiece 1 {\"a\":1}\n"
                            "start 2 id=t2 name=g\n"
                            "end 1 id=t1 name=f {\"a\":1}\n"
                            "end 2 id=t2 name=g {}\n" USAGE);
    struct answer_result result = result_of(body, 200);
    ck_assert(result.was_unstreamed);
    ck_assert_str_eq(result.finish_reason, "tool_use");
}
END_TEST

START_TEST(a_message_that_holds_nothing_is_no_answer)
{
    static const char *const bodies[] = { "{\"type\":\"message\"}",
                                          "{}\n{\"type\":\"message\"}" };
    for (size_t i = 0; i < COUNTOF(bodies); i++) {
        struct answer_result result = result_of(bodies[i], 200);
        ck_assert_int_eq(result.outcome, ANSWER_ERROR);
        ck_assert_ptr_nonnull(strstr(result.err.text, "no answer of a model"));
    }
    ck_complete("{\"type\":\"message\",\"content\":[]}", "");
}
END_TEST

/* A gateway may hand on what is ready in the first event. */
START_TEST(a_start_may_hold_blocks_and_the_end)
{
    ck_complete(DATA("{\"type\":\"message_start\",\"message\":{\"id\":\"a\","
                     "\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],"
                     "\"stop_reason\":\"end_turn\"}}") END,
                "text Hi\n");
}
END_TEST

/* Thinking has blocks of its own here: a tag is text. */
START_TEST(a_think_tag_is_text)
{
    ck_complete(START TEXT_BLOCK(0) TEXT(0, "<think>a") TEXT(0, "</think>b")
                    STOP(0) REASON("end_turn") END,
                MODEL "text <think>a\ntext </think>b\n" USAGE);
}
END_TEST

START_TEST(halves_of_a_character_are_joined)
{
    ck_complete(START TEXT_BLOCK(0) TEXT(0, "a\\ud83d") TEXT(0, "\\ude00")
                    STOP(0) REASON("end_turn") END,
                MODEL "text a\ntext \xF0\x9F\x98\x80\n" USAGE);
}
END_TEST

START_TEST(the_model_that_took_over_is_reported)
{
    ck_complete(START BLOCK(0, "\"type\":\"fallback\",\"from\":{\"model\":"
                               "\"m\"},\"to\":{\"model\":\"m2\"}") STOP(0)
                    TEXT_BLOCK(1) TEXT(1, "Hi") STOP(1) REASON("end_turn") END,
                MODEL "model m2\nopaque block {\"type\":\"fallback\",\"from\":"
                      "{\"model\":\"m\"},\"to\":{\"model\":\"m2\"}}\n"
                      "text Hi\n" USAGE);
}
END_TEST

START_TEST(bodies_of_errors_are_understood)
{
    struct answer_result result = result_of(
        "{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\","
        "\"message\":\"invalid x-api-key\"},\"request_id\":\"req_1\"}",
        401);
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    ck_assert_int_eq(result.err.kind, ERROR_AUTH);
    ck_assert_ptr_nonnull(strstr(result.err.text, "invalid x-api-key"));
    result = result_of("{\"type\":\"error\",\"error\":{\"type\":\"invalid_"
                       "request_error\",\"message\":\"prompt is too long: "
                       "210000 tokens > 200000 maximum\"}}",
                       400);
    ck_assert(result.is_context_overflow);
    result = result_of("{\"type\":\"error\",\"error\":{\"type\":\"invalid_"
                       "request_error\",\"message\":\"input length and "
                       "`max_tokens` exceed context limit: 190000 + 32000 > "
                       "200000, decrease input length or `max_tokens` and try "
                       "again\"}}",
                       400);
    ck_assert(result.is_context_overflow);
    ck_assert_int_eq(result.refused, 0);
}
END_TEST

/* What a server can refuse is left away the next time. */
START_TEST(refused_parts_are_named)
{
    static const struct {
        const char *message;
        enum request_part part;
    } cases[] = {
        { "adaptive thinking is not supported on this model", PART_THINKING },
        { "\\\"thinking.type.enabled\\\" is not supported for this model. Use "
          "\\\"thinking.type.adaptive\\\" and \\\"output_config.effort\\\" to "
          "control thinking behavior.",
          PART_THINKING },
        { "This model does not support the effort parameter.", PART_THINKING },
        { "output_config.format: Extra inputs are not permitted", PART_SCHEMA },
        { "output_config.format.schema: For 'object' type, "
          "'additionalProperties' must be explicitly set to false",
          PART_SCHEMA },
        { "`temperature` is deprecated for this model.", PART_TEMPERATURE },
        { "`top_p` is deprecated for this model.", PART_TOP_P },
        { "messages.0.content: Field required", 0 },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct buf body = { 0 };
        buf_printf(&body,
                   "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_"
                   "error\",\"message\":\"%s\"}}",
                   cases[i].message);
        ck_assert_msg(result_of(buf_string(&body), 400).refused ==
                          cases[i].part,
                      "%s", cases[i].message);
        buf_clear(&body);
    }
}
END_TEST

START_TEST(blocks_that_are_open_at_once_are_limited)
{
    struct buf body = { 0 };
    buf_append_string(&body, START);
    for (int i = 0; i < 600; i++)
        buf_printf(&body,
                   DATA("{\"type\":\"content_block_start\",\"index\":%d,"
                        "\"content_block\":{\"type\":\"x\"}}"),
                   i);
    struct reading reading;
    struct reading_source source = {
        .dialect = &dialect_anthropic,
        .body = buf_slice(&body),
    };
    reading_whole(&reading, &source);
    ck_assert_int_eq(reading.result.outcome, ANSWER_ERROR);
    ck_assert_int_eq(reading.result.err.kind, ERROR_LIMIT);
    reading_clear(&reading);
    buf_clear(&body);
}
END_TEST

/* The blocks of llama-server: thinking, text and a call, stopped at the end. */
START_TEST(a_recording_of_llama_server_is_read)
{
    const char *path =
        shared_path("captures/llama-server/messages-stream-think-tool.http");
    if (!path)
        return;
    struct buf bytes = { 0 };
    struct error err = { 0 };
    ck_assert(path_read_file(&bytes, path, 1024 * 1024, &err));
    struct slice body = buf_slice(&bytes);
    struct reading reading;
    struct reading_source source = {
        .dialect = &dialect_anthropic,
        .body = slice_skip(body, (size_t)slice_find(body, "event:")),
    };
    reading_every_split(&reading, &source);
    ck_assert_int_eq(reading.result.outcome, ANSWER_COMPLETE);
    ck_assert_str_eq(reading.result.finish_reason, "tool_use");
    ck_assert(slice_starts(buf_slice(&reading.thinking), "They want the"));
    ck_assert_uint_eq(reading.calls.count, 1);
    ck_assert_str_eq(buf_string(&reading.calls.items[0].joined),
                     "{\"city\": \"Oslo\", \"days\": 2, \"unit\": \"c\"}");
    reading_clear(&reading);
    buf_clear(&bytes);
}
END_TEST

Suite *anthropic_suite(void)
{
    Suite *suite = suite_create("anthropic");
    TCase *tcase = tcase_create("answers");
    tcase_add_test(tcase, pings_and_padding_say_nothing);
    tcase_add_test(tcase, an_error_after_text_fails_and_runs_no_call);
    tcase_add_test(tcase, the_input_of_a_call_comes_in_pieces);
    tcase_add_test(tcase, calls_of_one_index_and_name_are_two);
    tcase_add_test(tcase,
                   signatures_and_hidden_thinking_are_kept_in_their_places);
    tcase_add_test(tcase, other_blocks_are_kept_as_they_are);
    tcase_add_test(tcase, a_second_message_takes_the_place_of_the_first);
    tcase_add_test(tcase, counts_are_of_the_whole_message);
    tcase_add_test(tcase, a_call_that_the_limit_cut_does_not_end);
    tcase_add_test(tcase, the_reason_to_stop_is_told_and_a_refusal_explained);
    tcase_add_test(tcase, blocks_may_interleave_and_need_not_stop);
    tcase_add_test(tcase, without_its_last_event_calls_must_have_stopped);
    tcase_add_test(tcase, an_answer_in_one_piece_gives_the_same_events);
    tcase_add_test(tcase, a_message_that_holds_nothing_is_no_answer);
    tcase_add_test(tcase, a_start_may_hold_blocks_and_the_end);
    tcase_add_test(tcase, a_think_tag_is_text);
    tcase_add_test(tcase, halves_of_a_character_are_joined);
    tcase_add_test(tcase, the_model_that_took_over_is_reported);
    tcase_add_test(tcase, bodies_of_errors_are_understood);
    tcase_add_test(tcase, refused_parts_are_named);
    tcase_add_test(tcase, blocks_that_are_open_at_once_are_limited);
    tcase_add_test(tcase, a_recording_of_llama_server_is_read);
    suite_add_tcase(suite, tcase);
    return suite;
}
