/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "llm/chat_completions.h"
#include "llm/events.h"
#include "llm/responses.h"
#include "tests/support/reading.h"
#include "tests/support/scenario.h"

Suite *events_suite(void);

#define FINISHED "{\"type\":\"run-finished\",\"outcome\":\"complete\"}\n"

static void ck_says(const char *body, enum answer_outcome outcome,
                    const char *script)
{
    ck_reads_as(&dialect_events, body, outcome, script);
}

static void ck_complete(const char *body, const char *script)
{
    ck_says(body, ANSWER_COMPLETE, script);
}

static struct answer_result result_of(const char *body)
{
    struct reading reading;
    struct reading_source source = reading_source_of(&dialect_events, body);
    reading_every_split(&reading, &source);
    reading_clear(&reading);
    return reading.result;
}

START_TEST(an_answer_is_its_events)
{
    const char *body =
        "{\"type\":\"model-reported\",\"model\":\"m\"}\n"
        "{\"type\":\"thinking-delta\",\"text\":\"hm\"}\n"
        "{\"type\":\"text-delta\",\"text\":\"a\"}\n"
        "{\"type\":\"text-delta\",\"text\":\"no\",\"refusal\":true}\n"
        "{\"type\":\"opaque\",\"kind\":\"k\",\"json\":{\"x\":[1]}}\n"
        "{\"type\":\"usage\",\"input\":9,\"output\":5,\"cost\":0.5}\n"
        "{\"type\":\"run-finished\",\"outcome\":\"complete\","
        "\"finish_reason\":\"stop\"}\n";
    ck_complete(body, "model m\nthinking hm\ntext a\nrefusal no\n"
                      "opaque k {\"x\":[1]}\n"
                      "usage input=9 output=5 cost=0.5\n");
    ck_assert_str_eq(result_of(body).finish_reason, "stop");
}
END_TEST

START_TEST(calls_come_in_fragments_or_whole)
{
    ck_complete(
        "{\"type\":\"tool-call-start\",\"call\":7,\"id\":\"x\",\"name\":\"f\"}\n"
        "{\"type\":\"tool-call-delta\",\"call\":7,\"arguments\":\"{\\\"a\\\"\"}\n"
        "{\"type\":\"tool-call-start\",\"call\":8,\"id\":\"y\",\"name\":\"f\"}\n"
        "{\"type\":\"tool-call-delta\",\"call\":7,\"arguments\":\":1}\"}\n"
        "{\"type\":\"tool-call-end\",\"call\":7,\"id\":\"x\",\"name\":\"f\","
        "\"arguments\":\"{\\\"a\\\":1}\"}\n"
        "{\"type\":\"tool-call-end\",\"call\":8,\"arguments\":\"{}\"}\n" FINISHED,
        "start 1 id=x name=f\npiece 1 {\"a\"\nstart 2 id=y name=f\n"
        "piece 1 :1}\npiece 2 {}\nend 1 id=x name=f {\"a\":1}\n"
        "end 2 id=y name=f {}\n");
    /* No start, and no id. */
    ck_complete("{\"type\":\"tool-call-end\",\"call\":1,\"name\":\"f\","
                "\"arguments\":\"{}\"}\n" FINISHED,
                "start 1 name=f\npiece 1 {}\nend 1 name=f {}\n");
}
END_TEST

/* What decoding prints of a name that came in two pieces. */
START_TEST(the_end_of_a_call_has_its_whole_name)
{
    ck_complete(
        "{\"type\":\"tool-call-start\",\"call\":1,\"name\":\"get_\"}\n"
        "{\"type\":\"tool-call-end\",\"call\":1,\"id\":\"x\","
        "\"name\":\"get_weather\",\"arguments\":\"{}\"}\n" FINISHED,
        "start 1 name=get_\npiece 1 {}\nend 1 id=x name=get_weather {}\n");
}
END_TEST

/* A call that was refused for its arguments is one after a replay, too. */
START_TEST(arguments_that_are_no_json_are_kept)
{
    ck_complete(
        "{\"type\":\"tool-call-start\",\"call\":1,\"name\":\"f\"}\n"
        "{\"type\":\"tool-call-delta\",\"call\":1,\"arguments\":\"{\\\"a\"}\n"
        "{\"type\":\"tool-call-end\",\"call\":1,\"arguments\":\"{\\\"a\"}\n" FINISHED,
        "start 1 name=f\npiece 1 {\"a\nend 1 name=f {\"a\n");
}
END_TEST

START_TEST(a_call_that_has_not_ended_is_not_run)
{
    ck_complete("{\"type\":\"tool-call-start\",\"call\":1,\"name\":\"f\"}\n"
                "{\"type\":\"tool-call-delta\",\"call\":1,\"arguments\":"
                "\"{\\\"a\\\"\"}\n" FINISHED,
                "start 1 name=f\npiece 1 {\"a\"\n");
}
END_TEST

START_TEST(the_outcome_is_the_one_that_the_stream_tells)
{
    static const struct {
        const char *members;
        enum answer_outcome outcome;
        const char *text;
        enum error_kind kind;
    } cases[] = {
        { "\"outcome\":\"cut\",\"error\":\"the line went dead\"", ANSWER_CUT,
          "the line went dead", ERROR_CUT },
        { "\"outcome\":\"aborted\"", ANSWER_CUT,
          "the stream says that its answer was broken off", ERROR_CUT },
        { "\"outcome\":\"error\",\"error\":\"no luck\"", ANSWER_ERROR,
          "no luck", ERROR_SERVER },
        { "\"outcome\":\"error\"", ANSWER_ERROR,
          "the stream ended in an error that it does not name", ERROR_SERVER },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct buf body = { 0 };
        buf_printf(&body,
                   "{\"type\":\"text-delta\",\"text\":\"a\"}\n"
                   "{\"type\":\"tool-call-end\",\"call\":1,\"name\":\"f\","
                   "\"arguments\":\"{}\"}\n"
                   "{\"type\":\"run-finished\",%s}\n",
                   cases[i].members);
        ck_says(buf_string(&body), cases[i].outcome,
                "text a\nstart 1 name=f\npiece 1 {}\n");
        struct answer_result result = result_of(buf_string(&body));
        ck_assert_str_eq(result.err.text, cases[i].text);
        ck_assert_int_eq(result.err.kind, cases[i].kind);
        buf_clear(&body);
    }
}
END_TEST

START_TEST(a_stream_without_its_end_is_cut)
{
    ck_says("{\"type\":\"text-delta\",\"text\":\"a\"}\n", ANSWER_CUT,
            "text a\n");
    ck_says("{\"type\":\"text-delta\",\"text\":\"a\"}\n[DONE]\n", ANSWER_CUT,
            "text a\n");
    ck_says("", ANSWER_CUT, "");
}
END_TEST

START_TEST(events_that_are_no_part_of_an_answer_are_passed_over)
{
    const char *body =
        "{\"type\":\"session-opened\",\"seq\":1,\"at\":5}\n"
        "{\"type\":\"user-message\",\"text\":\"why\"}\n"
        "{\"type\":\"attempt-started\",\"run\":1,\"attempt\":1}\n"
        "{\"type\":\"attempt-finished\",\"outcome\":\"error\",\"error\":\"x\"}\n"
        "{\"type\":\"retry-scheduled\",\"error\":\"x\",\"delay\":5}\n"
        "{\"type\":\"tomorrow\"}\n{\"type\":\"next-week\"}\n"
        "{\"type\":\"text-delta\",\"text\":\"a\"}\n" FINISHED;
    ck_complete(body, "text a\n");
    ck_assert_uint_eq(result_of(body).skipped, 2);
    ck_assert(!result_of(body).is_damaged);
}
END_TEST

/* Of a run with tools: the answer that asked for them is one. */
START_TEST(a_step_that_is_complete_is_an_answer)
{
    ck_complete("{\"type\":\"tool-call-end\",\"call\":1,\"name\":\"f\","
                "\"arguments\":\"{}\"}\n"
                "{\"type\":\"attempt-finished\",\"outcome\":\"complete\"}\n"
                "{\"type\":\"tool-output\",\"call\":1,\"text\":\"r\"}\n"
                "{\"type\":\"attempt-started\"}\n"
                "{\"type\":\"text-delta\",\"text\":\"b\"}\n" FINISHED,
                "start 1 name=f\npiece 1 {}\nend 1 name=f {}\n");
}
END_TEST

START_TEST(tags_are_text)
{
    ck_complete("{\"type\":\"text-delta\",\"text\":\"<think>a\"}\n" FINISHED,
                "text <think>a\n");
}
END_TEST

START_TEST(members_of_a_wrong_type_count_as_absent)
{
    ck_complete("{\"type\":\"text-delta\",\"text\":7}\n"
                "{\"type\":\"thinking-delta\"}\n"
                "{\"type\":\"tool-call-start\",\"call\":\"1\"}\n"
                "{\"type\":\"tool-call-end\",\"call\":-1}\n"
                "{\"type\":\"usage\",\"input\":\"9\",\"output\":[]}\n"
                "{\"type\":\"opaque\"}\n"
                "{\"type\":\"model-reported\",\"model\":{}}\n" FINISHED,
                "");
}
END_TEST

START_TEST(errors_of_a_server_in_between_count)
{
    ck_assert_str_eq(result_of("{\"error\":\"no room\"}\n").err.text,
                     "the server reported an error: no room");
}
END_TEST

/* What one dialect read, printed and read again. */
static void ck_round_trip(const struct dialect *dialect, const char *body)
{
    struct reading first, second;
    struct reading_source source = reading_source_of(dialect, body);
    reading_whole(&first, &source);
    struct event end = { .type = EVENT_RUN_FINISHED };
    event_add_string(&end, FIELD_OUTCOME,
                     answer_outcome_name(first.result.outcome));
    event_add_string(&end, FIELD_FINISH_REASON, first.result.finish_reason);
    event_add_string(&end, FIELD_ERROR, first.result.err.text);
    event_to_json(&first.json, &end);
    buf_append_char(&first.json, '\n');
    source = reading_source_of(&dialect_events, buf_string(&first.json));
    reading_every_split(&second, &source);
    ck_assert_str_eq(buf_string(&second.script), buf_string(&first.script));
    ck_assert_int_eq(second.result.outcome, first.result.outcome);
    ck_assert_str_eq(second.result.finish_reason, first.result.finish_reason);
    ck_assert_str_eq(second.result.err.text, first.result.err.text);
    reading_clear(&first);
    reading_clear(&second);
}

START_TEST(what_was_printed_is_the_same_answer_again)
{
    ck_round_trip(
        &dialect_chat_completions,
        "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}"
        "\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"<think>\\u00e9\\n\"}"
        "}]}\n\ndata: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
        "\"id\":\"x\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\"\"}"
        "}]}}]}\n\ndata: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
        "\"function\":{\"arguments\":\":1}\"}}]},\"finish_reason\":"
        "\"tool_calls\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":"
        "5,\"cost\":0.25}}\n\ndata: [DONE]\n\n");
    ck_round_trip(&dialect_chat_completions,
                  "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n");
    ck_round_trip(&dialect_chat_completions,
                  "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
                  "data: {\"error\":\"no room\"}\n\n");
    ck_round_trip(&dialect_responses,
                  "data: {\"type\":\"response.output_item.done\",\"output_index"
                  "\":0,\"item\":{\"type\":\"reasoning\",\"encrypted_content\":"
                  "\"g=\"}}\n\ndata: {\"type\":\"response.output_text.delta\","
                  "\"output_index\":1,\"delta\":\"a\"}\n\ndata: {\"type\":"
                  "\"response.incomplete\",\"response\":{}}\n\n");
    ck_round_trip(
        &dialect_chat_completions,
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
        "\"function\":{\"name\":\"get_\"}}]}}]}\n\n"
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
        "\"id\":\"x\",\"function\":{\"name\":\"weather\",\"arguments\":"
        "\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n");
    /* Late, and told where it belongs. */
    ck_round_trip(&dialect_responses,
                  "data: {\"type\":\"response.output_text.delta\",\"output_"
                  "index\":1,\"delta\":\"a\"}\n\ndata: {\"type\":\"response."
                  "output_item.done\",\"output_index\":0,\"item\":{\"type\":"
                  "\"reasoning\",\"encrypted_content\":\"g=\"}}\n\ndata: "
                  "{\"type\":\"response.completed\",\"response\":{}}\n\n");
}
END_TEST

static void ck_written(struct scenario *scenario, struct chat_request *request,
                       const char *expected)
{
    struct messages *messages = messages_new();
    struct wire_request wire = { 0 };
    struct error err = { 0 };
    messages_catch_up(messages, scenario->graph, graph_head(scenario->graph));
    request->messages = messages;
    ck_assert(dialect_events.write_request(request, &wire, &err));
    ck_assert_str_eq(buf_string(&wire.body), expected);
    ck_assert_str_eq(buf_string(&wire.url), request->base_url);
    wire_request_clear(&wire);
    messages_free(messages);
}

START_TEST(a_request_is_neutral)
{
    const char *const stop[] = { "END", NULL };
    const struct tool_offer tool = { slice_of("a.b"), slice_of("Does"),
                                     slice_of("{\"type\":\"object\"}") };
    struct scenario scenario;
    struct chat_request request = {
        .endpoint = "e",
        .base_url = "http://h:1/answer?x=1",
        .model = "m",
        .system = "Be brief.",
        .reply = { .temperature = 0.5,
                   .top_p = NAN,
                   .max_tokens = 9,
                   .seed = 0,
                   .stop = stop,
                   .thinking = "low" },
        .tools = &tool,
        .tool_count = 1,
        .schema = slice_of("{}"),
    };
    scenario_init(&scenario);
    scenario_play(&scenario,
                  "@q user-message text=why\n"
                  "attachment-added node=@q name=a.png media_type=image/png "
                  "data=abc\n"
                  "run-started 1 node=@q\n"
                  "attempt-started 1.1 endpoint=e dialect=events model=m\n"
                  "thinking-delta 1.1 text=hm\n"
                  "opaque 1.1 kind=k json='{\"x\":1}'\n"
                  "tool-call-start 1.1 call=1 id=c name=a.b\n"
                  "tool-call-end 1.1 call=1 arguments={}\n"
                  "attempt-finished 1.1 outcome=complete\n"
                  "tool-started 1 call=1\n"
                  "tool-finished 1 call=1 outcome=completed text=r\n");
    ck_written(
        &scenario, &request,
        "{\"model\":\"m\",\"reply\":{\"temperature\":0.5,\"max_tokens\":9,"
        "\"stop\":[\"END\"],\"seed\":0,\"thinking\":\"low\"},\"schema\":{},"
        "\"tools\":[{\"name\":\"a.b\",\"description\":\"Does\",\"schema\":"
        "{\"type\":\"object\"}}],\"system\":\"Be brief.\",\"messages\":["
        "{\"role\":\"user\",\"content\":\"why\\n\\nImage: a.png\",\"images\":[{\"name\":"
        "\"a.png\",\"media_type\":\"image/png\",\"data\":\"YWJj\"}]},"
        "{\"role\":\"assistant\",\"content\":\"\",\"calls\":[{\"call\":1,"
        "\"id\":\"c\",\"name\":\"a.b\",\"arguments\":\"{}\"}],\"parts\":["
        "{\"type\":\"thinking\",\"text\":\"hm\"},{\"type\":\"opaque\","
        "\"kind\":\"k\",\"json\":{\"x\":1}},{\"type\":\"call\",\"call\":1}]},"
        "{\"role\":\"tool\",\"call\":1,\"id\":\"c\",\"name\":\"a.b\","
        "\"content\":\"r\"}]}");
    /* Nobody else gets what it alone can read. */
    request = (struct chat_request){
        .endpoint = "other",
        .base_url = "file:///x",
        .model = "m",
        .reply = { .temperature = NAN,
                   .top_p = NAN,
                   .max_tokens = -1,
                   .seed = -1 },
    };
    ck_written(
        &scenario, &request,
        "{\"model\":\"m\",\"messages\":["
        "{\"role\":\"user\",\"content\":\"why\\n\\nImage: a.png\",\"images\":[{\"name\":"
        "\"a.png\",\"media_type\":\"image/png\",\"data\":\"YWJj\"}]},"
        "{\"role\":\"assistant\",\"content\":\"\",\"calls\":[{\"call\":1,"
        "\"id\":\"c\",\"name\":\"a.b\",\"arguments\":\"{}\"}]},"
        "{\"role\":\"tool\",\"call\":1,\"id\":\"c\",\"name\":\"a.b\","
        "\"content\":\"r\"}]}");
    scenario_clear(&scenario);
}
END_TEST

Suite *events_suite(void)
{
    Suite *suite = suite_create("events");
    TCase *streams = tcase_create("streams");
    tcase_add_test(streams, an_answer_is_its_events);
    tcase_add_test(streams, calls_come_in_fragments_or_whole);
    tcase_add_test(streams, the_end_of_a_call_has_its_whole_name);
    tcase_add_test(streams, arguments_that_are_no_json_are_kept);
    tcase_add_test(streams, a_call_that_has_not_ended_is_not_run);
    tcase_add_test(streams, the_outcome_is_the_one_that_the_stream_tells);
    tcase_add_test(streams, a_stream_without_its_end_is_cut);
    tcase_add_test(streams,
                   events_that_are_no_part_of_an_answer_are_passed_over);
    tcase_add_test(streams, a_step_that_is_complete_is_an_answer);
    tcase_add_test(streams, tags_are_text);
    tcase_add_test(streams, members_of_a_wrong_type_count_as_absent);
    tcase_add_test(streams, errors_of_a_server_in_between_count);
    tcase_add_test(streams, what_was_printed_is_the_same_answer_again);
    suite_add_tcase(suite, streams);
    TCase *requests = tcase_create("requests");
    tcase_add_test(requests, a_request_is_neutral);
    suite_add_tcase(suite, requests);
    return suite;
}
