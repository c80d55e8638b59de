/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include <check.h>
#include <jansson.h>

#include "llm/chat_completions.h"
#include "llm/completions_request.h"
#include "llm/ollama.h"
#include "tests/support/scenario.h"

Suite *completions_request_suite(void);

static struct scenario s;
static struct messages *messages;

static void setup(void)
{
    scenario_init(&s);
    messages = messages_new();
}

static void teardown(void)
{
    scenario_clear(&s);
    messages_free(messages);
}

static const struct chat_request plain = {
    .endpoint = "e",
    .base_url = "http://h",
    .model = "m",
    .reply = { .temperature = NAN,
               .top_p = NAN,
               .max_tokens = -1,
               .seed = -1,
               .num_ctx = -1 },
};

static char *written(const struct dialect *dialect,
                     const struct chat_request *request)
{
    struct wire_request wire = { 0 };
    struct error err = { 0 };
    struct chat_request whole = *request;
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    whole.messages = messages;
    ck_assert_msg(dialect->write_request(&whole, &wire, &err), "%s", err.text);
    json_t *body = json_loadb(wire.body.ptr, wire.body.len, 0, NULL);
    ck_assert_msg(body != NULL, "%s", buf_string(&wire.body));
    json_decref(body);
    char *text = buf_steal(&wire.body);
    wire_request_clear(&wire);
    return text;
}

static void ck_part(const struct dialect *dialect,
                    const struct chat_request *request, const char *part,
                    bool is_there)
{
    char *text = written(dialect, request);
    ck_assert_msg((strstr(text, part) != NULL) == is_there, "%s%s in %s",
                  is_there ? "" : "no ", part, text);
    free(text);
}

static void ck_holds(const struct chat_request *request, const char *part)
{
    ck_part(&dialect_chat_completions, request, part, true);
}

static void ck_lacks(const struct chat_request *request, const char *part)
{
    ck_part(&dialect_chat_completions, request, part, false);
}

START_TEST(each_family_has_its_own_names)
{
    static const char *const stop[] = { "END", "\n#", NULL };
    struct chat_request request = plain;
    request.reply.max_tokens = 9;
    request.reply.seed = 5;
    request.reply.repeat_penalty = 1.5;
    request.reply.stop = stop;
    ck_holds(&request, "\"max_tokens\":9,\"stop\":[\"END\",\"\\n#\"],"
                       "\"seed\":5,\"repeat_penalty\":1.5,");
    request.like = "openai";
    ck_holds(&request, "\"max_completion_tokens\":9,\"stop\":[\"END\",\"\\n#\"]"
                       ",\"seed\":5,\"messages\"");
    request.like = "mistral";
    ck_holds(&request, "\"max_tokens\":9,\"stop\":[\"END\",\"\\n#\"],"
                       "\"random_seed\":5,\"messages\"");
    request.like = "openrouter";
    ck_holds(&request, "\"repetition_penalty\":1.5");
    request.like = "gemini";
    ck_lacks(&request, "seed");
    ck_assert_uint_ne(completions_lacks(&request) & PART_SEED, 0);
    ck_assert_uint_ne(completions_lacks(&request) & PART_REPEAT_PENALTY, 0);
    request.like = NULL;
    ck_assert_uint_eq(completions_lacks(&request) &
                          (PART_SEED | PART_REPEAT_PENALTY | PART_THINKING),
                      0);
}
END_TEST

START_TEST(each_family_is_asked_to_think_in_its_own_way)
{
    static const struct {
        const char *like, *word, *part;
    } rows[] = {
        { "openai", "high", "\"reasoning_effort\":\"high\"" },
        { "openai", "off", "\"reasoning_effort\":\"none\"" },
        { "openai", "on", "\"reasoning_effort\":\"medium\"" },
        { "openrouter", "low", "\"reasoning\":{\"effort\":\"low\"}" },
        { "openrouter", "off", "\"reasoning\":{\"enabled\":false}" },
        { "deepseek", "on", "\"thinking\":{\"type\":\"enabled\"}" },
        { "deepseek", "high", "\"thinking\":{\"type\":\"enabled\"}" },
        { "deepseek", "off", "\"thinking\":{\"type\":\"disabled\"}" },
        { "generic", "off",
          "\"chat_template_kwargs\":{\"enable_thinking\":false}" },
        { "generic", "low", "\"reasoning_effort\":\"low\"" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct chat_request request = plain;
        request.like = rows[i].like;
        request.reply.thinking = rows[i].word;
        ck_holds(&request, rows[i].part);
        request.omit = PART_THINKING;
        ck_lacks(&request, "thinking");
        ck_lacks(&request, "reasoning");
    }
}
END_TEST

START_TEST(the_key_stands_in_the_header_of_the_family)
{
    struct chat_request request = plain;
    struct wire_request wire = { 0 };
    struct error err = { 0 };
    request.base_url = "https://x.openai.azure.com/openai/v1";
    request.key = "k";
    ck_assert(completions_write_request(&request, &wire, &err));
    ck_assert_str_eq(wire.headers.items[1], "api-key: k");
    wire_request_clear(&wire);
}
END_TEST

#define CALL(id, name, arguments)                                           \
    "tool-call-start 1.1 call=1 id=" id " name=" name "\n"                  \
    "tool-call-end 1.1 call=1 id=" id " name=" name " arguments=" arguments \
    "\n"

#define TURN(maker, answer)                      \
    "@q user-message text=why\n"                 \
    "run-started 1 node=@q\n"                    \
    "attempt-started 1.1 endpoint=" maker        \
    " dialect=chat-completions model=m\n" answer \
    "attempt-finished 1.1 outcome=complete\n"

START_TEST(what_only_the_maker_reads_goes_back_to_it_alone)
{
    scenario_play(
        &s, TURN("e", "thinking-delta 1.1 text=hm\n" CALL(
                          "c1", "f",
                          "{}") "opaque 1.1 kind=extra-content call=1 "
                                "json='{\"g\":1e2}'\n"
                                "opaque 1.1 kind=reasoning-details "
                                "json='[{\"a\": 1}]'\n"
                                "opaque 1.1 kind=other json='\"never\"'\n"));
    struct chat_request request = plain;
    ck_holds(&request, "\"reasoning_details\":[{\"a\": 1}]");
    ck_holds(&request, "\"arguments\":\"{}\"},\"extra_content\":{\"g\":1e2}}");
    ck_lacks(&request, "never");
    ck_lacks(&request, "reasoning_content");
    struct chat_request other = plain;
    other.endpoint = "f";
    ck_lacks(&other, "reasoning_details");
    ck_lacks(&other, "extra_content");
    other = plain;
    other.model = "n";
    ck_lacks(&other, "reasoning_details");
    other = plain;
    other.base_url = "http://elsewhere";
    ck_holds(&other, "reasoning_details");
}
END_TEST

START_TEST(thinking_goes_back_where_it_is_demanded)
{
    scenario_play(
        &s, TURN("e", "thinking-delta 1.1 text=hm\n"
                      "text-delta 1.1 text=so\n") "user-message text=and\n");
    struct chat_request request = plain;
    ck_lacks(&request, "reasoning_content");
    request.like = "deepseek";
    ck_holds(&request, "{\"role\":\"assistant\",\"content\":\"so\","
                       "\"reasoning_content\":\"hm\"}");
    request = plain;
    request.omit = PART_THINKING_LEFT_OUT;
    ck_holds(&request, "\"reasoning_content\":\"hm\"");
}
END_TEST

START_TEST(ids_of_calls_are_such_as_the_server_takes)
{
    scenario_play(
        &s,
        TURN(
            "e",
            CALL(
                "functions.f:0", "f",
                "{}")) "tool-started 1 call=1\ntool-finished 1 call=1 outcome=completed text=r\n");
    struct chat_request request = plain;
    ck_holds(&request, "\"id\":\"functions.f:0\"");
    ck_holds(&request, "\"tool_call_id\":\"functions.f:0\"");
    request.endpoint = "other";
    ck_holds(&request, "\"id\":\"call_1\"");
    ck_holds(&request, "\"tool_call_id\":\"call_1\"");
    request.like = "mistral";
    ck_holds(&request, "\"id\":\"c00000001\"");
    ck_holds(&request, "\"tool_call_id\":\"c00000001\"");
}
END_TEST

#define TEXT(text)             \
    {                          \
        text, sizeof(text) - 1 \
    }

static const struct tool_offer tools[] = {
    { .name = TEXT("docs.read"),
      .about = TEXT("Read \"it\"."),
      .schema = TEXT("{\"type\":\"object\",\"properties\":{\"x\":true}}") },
};

START_TEST(tools_are_offered_under_names_that_every_server_takes)
{
    struct chat_request request = plain;
    request.tools = tools;
    request.tool_count = COUNTOF(tools);
    ck_holds(&request, "\"tools\":[{\"type\":\"function\",\"function\":{"
                       "\"name\":\"docs_read_");
    ck_holds(&request, "\",\"description\":\"Read \\\"it\\\".\",\"parameters\":"
                       "{\"type\":\"object\",\"properties\":{\"x\":true}}}}],"
                       "\"messages\"");
    ck_part(&dialect_ollama, &request,
            "\"parameters\":{\"type\":\"object\",\"properties\":{\"x\":{}}}",
            true);
    request.omit = PART_TOOLS;
    ck_lacks(&request, "tools");
    ck_part(&dialect_ollama, &request, "tools", false);
}
END_TEST

START_TEST(a_schema_of_the_answer_has_a_form_for_each)
{
    struct chat_request request = plain;
    request.schema = slice_of("{\"type\":\"object\"}");
    ck_holds(&request, "\"response_format\":{\"type\":\"json_schema\","
                       "\"json_schema\":{\"name\":\"answer\",\"strict\":false,"
                       "\"schema\":{\"type\":\"object\"}}}");
    ck_lacks(&request, "JSON Schema");
    ck_part(&dialect_ollama, &request, "\"format\":{\"type\":\"object\"}",
            true);
    request.omit = PART_SCHEMA;
    ck_holds(&request, "\"response_format\":{\"type\":\"json_object\"}");
    ck_holds(&request, "this JSON Schema: {\\\"type\\\":\\\"object\\\"}\"");
    ck_part(&dialect_ollama, &request, "\"format\":\"json\"", true);
    ck_part(&dialect_ollama, &request, "this JSON Schema: {", true);
    request.omit = 0;
    request.like = "deepseek";
    ck_holds(&request, "{\"type\":\"json_object\"}");
    ck_holds(&request, "this JSON Schema: {");
}
END_TEST

START_TEST(a_longer_conversation_begins_with_the_bytes_of_a_shorter)
{
    scenario_play(
        &s,
        TURN(
            "e",
            "thinking-delta 1.1 text=hm\n" CALL(
                "c1", "f",
                "{}") "opaque 1.1 kind=reasoning-details json=[]\n") "tool-started 1 call=1\ntool-finished 1 call=1 outcome=completed text=r\n");
    struct chat_request request = plain;
    request.tools = tools;
    request.tool_count = COUNTOF(tools);
    char *before = written(&dialect_chat_completions, &request);
    scenario_play(&s, "run-finished 1 outcome=complete\n"
                      "user-message text=more\n");
    char *after = written(&dialect_chat_completions, &request);
    size_t kept = strlen(before) - strlen("]}");
    ck_assert_uint_gt(strlen(after), kept);
    ck_assert_msg(strncmp(before, after, kept) == 0, "%s\n%s", before, after);
    free(before);
    free(after);
}
END_TEST

Suite *completions_request_suite(void)
{
    Suite *suite = suite_create("completions_request");
    TCase *tcase = tcase_create("completions_request");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, each_family_has_its_own_names);
    tcase_add_test(tcase, each_family_is_asked_to_think_in_its_own_way);
    tcase_add_test(tcase, the_key_stands_in_the_header_of_the_family);
    tcase_add_test(tcase, what_only_the_maker_reads_goes_back_to_it_alone);
    tcase_add_test(tcase, thinking_goes_back_where_it_is_demanded);
    tcase_add_test(tcase, ids_of_calls_are_such_as_the_server_takes);
    tcase_add_test(tcase,
                   tools_are_offered_under_names_that_every_server_takes);
    tcase_add_test(tcase, a_schema_of_the_answer_has_a_form_for_each);
    tcase_add_test(tcase,
                   a_longer_conversation_begins_with_the_bytes_of_a_shorter);
    suite_add_tcase(suite, tcase);
    return suite;
}
