/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <jansson.h>

#include "llm/anthropic.h"
#include "llm/anthropic_request.h"
#include "tests/support/scenario.h"

Suite *anthropic_request_suite(void);

#define OLDER "claude-sonnet-4-5-20250929"
#define NEWER "claude-opus-4-7"

static struct chat_request request_of(const char *model)
{
    return (struct chat_request){
        .endpoint = "e",
        .base_url = "https://api.anthropic.com",
        .model = model,
        .reply = { .temperature = NAN,
                   .top_p = NAN,
                   .max_tokens = -1,
                   .seed = -1,
                   .repeat_penalty = NAN,
                   .num_ctx = -1 },
    };
}

/* The body as it is sent; the caller frees it. */
static char *written(const struct chat_request *request)
{
    struct wire_request wire = { 0 };
    struct error err = { 0 };
    ck_assert_msg(dialect_anthropic.write_request(request, &wire, &err), "%s",
                  err.text);
    json_t *body = json_loadb(wire.body.ptr, wire.body.len, 0, NULL);
    ck_assert_msg(body != NULL, "%s", buf_string(&wire.body));
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

/* What stands between model and messages. */
static void ck_settings(const struct chat_request *request,
                        const char *expected)
{
    struct buf whole = { 0 };
    buf_printf(&whole, "{\"model\":\"%s\",%s,\"messages\":[]}", request->model,
               expected);
    ck_written(request, buf_string(&whole));
    buf_clear(&whole);
}

static char *written_of(const struct scenario *scenario,
                        const struct chat_request *request)
{
    struct messages *messages = messages_new();
    struct chat_request filled = *request;
    messages_catch_up(messages, scenario->graph, graph_head(scenario->graph));
    filled.messages = messages;
    char *text = written(&filled);
    messages_free(messages);
    return text;
}

/* The messages that the lines are written as. */
static void ck_messages(const char *lines, const struct chat_request *request,
                        const char *expected)
{
    struct scenario scenario;
    struct buf whole = { 0 };
    scenario_init(&scenario);
    scenario_play(&scenario, lines);
    char *text = written_of(&scenario, request);
    char *from = strstr(text, "\"messages\":[");
    char *end = strstr(text, ",\"cache_control\"");
    ck_assert_ptr_nonnull(from);
    (end ? end : text + strlen(text) - 1)[0] = '\0';
    buf_printf(&whole, "\"messages\":[%s]", expected);
    ck_assert_str_eq(from, buf_string(&whole));
    buf_clear(&whole);
    free(text);
    scenario_clear(&scenario);
}

#define USER(blocks)      "{\"role\":\"user\",\"content\":[" blocks "]}"
#define ASSISTANT(blocks) "{\"role\":\"assistant\",\"content\":[" blocks "]}"
#define TEXT(text)        "{\"type\":\"text\",\"text\":\"" text "\"}"
#define THINKING(text, signature)                 \
    "{\"type\":\"thinking\",\"thinking\":\"" text \
    "\",\"signature\":\"" signature "\"}"
#define CALL(id, name, input)                                   \
    "{\"type\":\"tool_use\",\"id\":\"" id "\",\"name\":\"" name \
    "\",\"input\":" input "}"
#define RESULT(id, text)                                                       \
    "{\"type\":\"tool_result\",\"tool_use_id\":\"" id "\",\"content\":\"" text \
    "\"}"

#define WHY                      \
    "@q user-message text=why\n" \
    "run-started 1 node=@q\n"
#define MADE \
    "attempt-started 1.1 endpoint=e dialect=anthropic model=" OLDER "\n"
#define FOREIGN \
    "attempt-started 1.1 endpoint=f dialect=chat-completions model=x\n"
#define COMPLETE "attempt-finished 1.1 outcome=complete\n"
#define RESULTS                                         \
    "tool-started 1 call=1\n"                           \
    "tool-finished 1 call=1 outcome=completed text=r\n" \
    "tool-started 1 call=2\n"                           \
    "tool-finished 1 call=2 outcome=completed text=s\n"

START_TEST(a_request_holds_only_what_is_set_and_needed)
{
    struct chat_request request = request_of("m");
    ck_settings(&request, "\"max_tokens\":8192,\"stream\":true");
    request.system = "Be brief.";
    request.reply.temperature = 0.7;
    request.reply.top_p = 0.5;
    request.reply.max_tokens = 99;
    request.reply.seed = 7;
    request.reply.repeat_penalty = 1.1;
    request.reply.stop = (const char *const[]){ "END", " \n", "x", NULL };
    request.reply.unstreamed = true;
    ck_settings(&request, "\"max_tokens\":99,\"stream\":false,\"system\":"
                          "\"Be brief.\",\"temperature\":0.7,\"top_p\":0.5,"
                          "\"stop_sequences\":[\"END\",\"x\"]");
    ck_assert_uint_eq(dialect_anthropic.lacks(&request),
                      PART_SEED | PART_REPEAT_PENALTY | PART_KEEP_ALIVE |
                          PART_NUM_CTX);
    /* Thinking that leaves no room for the answer is turned off. */
    request.reply.thinking = "high";
    ck_assert_uint_ne(dialect_anthropic.lacks(&request) & PART_THINKING, 0);
    request.reply.max_tokens = 4096;
    ck_assert_uint_eq(dialect_anthropic.lacks(&request) & PART_THINKING, 0);
    request.reply.max_tokens = 99;
    request.reply.thinking = "off";
    ck_assert_uint_eq(dialect_anthropic.lacks(&request) & PART_THINKING, 0);
    request.reply.thinking = NULL;
    request.omit = PART_TEMPERATURE | PART_TOP_P | PART_STOP;
    request.system = " \n";
    ck_settings(&request, "\"max_tokens\":99,\"stream\":false");
}
END_TEST

START_TEST(the_longest_answer_is_one_that_the_model_takes)
{
    static const struct {
        const char *model;
        int version;
        const char *max_tokens;
    } cases[] = {
        { "claude-3-haiku-20240307", 300, "4096" },
        { "claude-2.1", 201, "4096" },
        { "claude-3-5-sonnet-20241022", 305, "8192" },
        { "claude-3-7-sonnet-latest", 307, "32000" },
        { "claude-sonnet-4-20250514", 400, "32000" },
        { "claude-haiku-4-5", 405, "32000" },
        { "anthropic/claude-opus-4.6", 406, "32000" },
        { "anthropic.claude-opus-4-6-v1:0", 406, "32000" },
        { "claude-fable-5", 500, "32000" },
        { "claude-mythos-preview", 9999, "32000" },
        { "qwen3:8b", 0, "8192" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct chat_request request = request_of(cases[i].model);
        struct buf expected = { 0 };
        ck_assert_int_eq(anthropic_model_version(slice_of(cases[i].model)),
                         cases[i].version);
        buf_printf(&expected, "\"max_tokens\":%s,\"stream\":true",
                   cases[i].max_tokens);
        ck_settings(&request, buf_string(&expected));
        buf_clear(&expected);
    }
}
END_TEST

START_TEST(older_models_count_the_tokens_of_thinking)
{
    struct chat_request request = request_of(OLDER);
    request.reply.thinking = "low";
    /* A model that thinks has its own temperature. */
    request.reply.temperature = 0.2;
    ck_settings(&request, "\"max_tokens\":32000,\"stream\":true,\"thinking\":{"
                          "\"type\":\"enabled\",\"budget_tokens\":2048}");
    request.reply.thinking = "high";
    request.reply.max_tokens = 4000;
    ck_settings(&request, "\"max_tokens\":4000,\"stream\":true,\"thinking\":{"
                          "\"type\":\"enabled\",\"budget_tokens\":2976}");
    /* No room: the least budget is 1024, and it must be less than the whole. */
    request.reply.max_tokens = 1500;
    ck_settings(&request, "\"max_tokens\":1500,\"stream\":true,\"thinking\":{"
                          "\"type\":\"disabled\"},\"temperature\":0.2");
    request.reply.thinking = "off";
    ck_settings(&request, "\"max_tokens\":1500,\"stream\":true,\"thinking\":{"
                          "\"type\":\"disabled\"},\"temperature\":0.2");
    request.omit = PART_THINKING;
    ck_settings(&request,
                "\"max_tokens\":1500,\"stream\":true,\"temperature\":0.2");
    /* Of other servers the longest answer grows with it. */
    request = request_of("m");
    request.reply.thinking = "on";
    ck_settings(&request, "\"max_tokens\":16384,\"stream\":true,\"thinking\":{"
                          "\"type\":\"enabled\",\"budget_tokens\":8192}");
}
END_TEST

START_TEST(newer_models_are_told_how_hard_to_think)
{
    struct chat_request request = request_of(NEWER);
    request.reply.thinking = "high";
    ck_settings(&request,
                "\"max_tokens\":32000,\"stream\":true,\"thinking\":{\"type\":"
                "\"adaptive\"},\"output_config\":{\"effort\":\"high\"}");
    request.reply.thinking = "on";
    request.schema = slice_of(" {\"type\":\"object\"}\n");
    ck_settings(&request,
                "\"max_tokens\":32000,\"stream\":true,\"thinking\":{\"type\":"
                "\"adaptive\"},\"output_config\":{\"format\":{\"type\":"
                "\"json_schema\",\"schema\":{\"type\":\"object\"}}}");
    request.reply.thinking = "off";
    request.omit = PART_SCHEMA;
    ck_settings(&request,
                "\"max_tokens\":32000,\"stream\":true,\"system\":\"Answer with "
                "one JSON value and nothing else. It must follow this JSON "
                "Schema:  {\\\"type\\\":\\\"object\\\"}\\n\"");
}
END_TEST

START_TEST(tools_are_offered_by_names_that_it_takes)
{
    const struct tool_offer tools[] = {
        { slice_of("ls"), slice_of("Lists"),
          slice_of("{\"type\":\"object\"}") },
        { slice_of("now"), slice_of(""), slice_of("") },
    };
    struct chat_request request = request_of("m");
    request.tools = tools;
    request.tool_count = 2;
    ck_settings(&request,
                "\"max_tokens\":8192,\"stream\":true,\"tools\":[{\"name\":"
                "\"ls\",\"description\":\"Lists\",\"input_schema\":{\"type\":"
                "\"object\"}},{\"name\":\"now\",\"input_schema\":{\"type\":"
                "\"object\"}}]");
    request.omit = PART_TOOLS;
    ck_settings(&request, "\"max_tokens\":8192,\"stream\":true");
}
END_TEST

/* Calls of earlier turns want their tools described. */
START_TEST(tools_of_old_calls_are_named_and_not_offered)
{
    struct scenario scenario;
    struct chat_request request = request_of("m");
    scenario_init(&scenario);
    scenario_play(&scenario, SCENARIO_ASKED);
    char *text = written_of(&scenario, &request);
    ck_assert_ptr_nonnull(
        strstr(text, "\"tools\":[{\"name\":\"ls\",\"input_schema\":{\"type\":"
                     "\"object\"}},{\"name\":\"cat\",\"input_schema\":{"
                     "\"type\":\"object\"}}],\"tool_choice\":{\"type\":"
                     "\"none\"},\"messages\""));
    free(text);
    scenario_clear(&scenario);
}
END_TEST

/* 146, of calls: all results first, in one turn, and then the text. */
START_TEST(results_stand_first_in_one_turn)
{
    struct chat_request request = request_of(OLDER);
    ck_messages(
        WHY MADE "text-delta 1.1 text=look\n"
                 "tool-call-start 1.1 call=1 id=toolu_9 name=ls\n"
                 "tool-call-end 1.1 call=1 arguments='{\"n\": 1e2}'\n"
                 "tool-call-start 1.1 call=2 id=toolu_8 name=cat\n"
                 "tool-call-end 1.1 call=2 arguments={}\n" COMPLETE RESULTS,
        &request,
        USER(TEXT("why")) "," ASSISTANT(
            TEXT("look") "," CALL("toolu_9", "ls", "{\"n\": 1e2}") "," CALL(
                "toolu_8", "cat",
                "{}")) "," USER(RESULT("toolu_9", "r") "," RESULT("toolu_8",
                                                                  "s")));
    /* One that never came is made up. */
    ck_messages(
        WHY MADE "tool-call-start 1.1 call=1 id=toolu_9 name=ls\n"
                 "tool-call-end 1.1 call=1 arguments={}\n" COMPLETE,
        &request,
        USER(TEXT("why")) "," ASSISTANT(CALL("toolu_9", "ls", "{}")) "," USER(
            RESULT("toolu_9", "Not run yet.")));
}
END_TEST

START_TEST(ids_and_names_of_other_servers_are_replaced)
{
    struct chat_request request = request_of(OLDER);
    ck_messages(
        WHY FOREIGN "tool-call-start 1.1 call=1 id=functions.ls:0 name=ls\n"
                    "tool-call-end 1.1 call=1 arguments={}\n"
                    "tool-call-start 1.1 call=2 id=call_0 name=ls\n"
                    "tool-call-end 1.1 call=2 arguments={}\n" COMPLETE RESULTS,
        &request,
        USER(TEXT("why")) "," ASSISTANT(CALL("toolu_1", "ls", "{}") "," CALL(
            "toolu_2", "ls",
            "{}")) "," USER(RESULT("toolu_1", "r") "," RESULT("toolu_2", "s")));
    /* Its own, too, if it takes no such id. */
    ck_messages(
        WHY MADE "tool-call-start 1.1 call=1 id=a.b name=ls\n"
                 "tool-call-end 1.1 call=1 arguments={}\n" COMPLETE,
        &request,
        USER(TEXT("why")) "," ASSISTANT(CALL("toolu_1", "ls", "{}")) "," USER(
            RESULT("toolu_1", "Not run yet.")));
}
END_TEST

#define THOUGHT                                    \
    "thinking-delta 1.1 text=hm\n"                 \
    "opaque 1.1 kind=signature json='\"Eq+/=\"'\n" \
    "opaque 1.1 kind=redacted-thinking json='\"Em\"'\n"

/* 139, of the way back. */
START_TEST(thinking_goes_back_to_its_maker_as_it_came)
{
    static const char lines[] =
        WHY MADE THOUGHT "text-delta 1.1 text=look\n"
                         "opaque 1.1 kind=block json='{\"type\":\"x\",\"n\":"
                         "1.0}'\n"
                         "tool-call-start 1.1 call=1 id=t1 name=ls\n"
                         "tool-call-end 1.1 call=1 arguments={}\n"
                         "opaque 1.1 kind=signature json='\"Ez\"'\n" COMPLETE
                         "tool-started 1 call=1\n"
                         "tool-finished 1 call=1 outcome=completed text=r\n";
    struct chat_request request = request_of(OLDER);
    ck_messages(
        lines, &request,
        USER(TEXT("why")) "," ASSISTANT(THINKING(
            "hm",
            "Eq+/=") ","
                     "{\"type\":\"redacted_thinking\",\"data\":\"Em\"}," TEXT("look") ",{\"type\":\"x\",\"n\":1.0}," CALL(
                         "t1", "ls",
                         "{}") "," THINKING("", "Ez")) "," USER(RESULT("t1",
                                                                       "r")));
    /* And to nobody else. */
    static const char plain[] =
        USER(TEXT("why")) "," ASSISTANT(TEXT("look") "," CALL(
            "toolu_1", "ls", "{}")) "," USER(RESULT("toolu_1", "r"));
    request = request_of(NEWER);
    ck_messages(lines, &request, plain);
    request = request_of(OLDER);
    request.endpoint = "other";
    ck_messages(lines, &request, plain);
}
END_TEST

/* Anthropic refuses thinking without a signature; imitators give none. */
START_TEST(unsigned_thinking_goes_back_to_imitators_only)
{
    struct chat_request request = request_of(OLDER);
    ck_messages(WHY MADE "thinking-delta 1.1 text=hm\n"
                         "text-delta 1.1 text=so\n" COMPLETE
                         "run-finished 1 outcome=complete\n",
                &request, USER(TEXT("why")) "," ASSISTANT(TEXT("so")));
    request = request_of("m");
    ck_messages(
        WHY "attempt-started 1.1 endpoint=e dialect=anthropic model=m\n"
            "thinking-delta 1.1 text=hm\n"
            "text-delta 1.1 text=so\n" COMPLETE
            "run-finished 1 outcome=complete\n",
        &request,
        USER(TEXT("why")) "," ASSISTANT(THINKING("hm", "") "," TEXT("so")));
}
END_TEST

/* What is half cannot be proved to be whole: its text only. */
START_TEST(thinking_of_a_cut_answer_stays_here)
{
    struct chat_request request = request_of(OLDER);
    ck_messages(WHY MADE THOUGHT "text-delta 1.1 text=so\n"
                                 "attempt-finished 1.1 outcome=cut\n"
                                 "run-finished 1 outcome=cut\n",
                &request,
                USER(TEXT("why")) "," ASSISTANT(
                    TEXT("so\\n\\n[This answer was cut off here.]")));
}
END_TEST

/* A turn that asked must begin with thinking, if thinking is on. */
START_TEST(thinking_waits_until_calls_of_another_model_are_done)
{
    static const char foreign[] =
        WHY FOREIGN "tool-call-start 1.1 call=1 id=t1 name=ls\n"
                    "tool-call-end 1.1 call=1 arguments={}\n" COMPLETE;
    static const char own[] =
        WHY MADE THOUGHT "tool-call-start 1.1 call=1 id=t1 name=ls\n"
                         "tool-call-end 1.1 call=1 arguments={}\n" COMPLETE;
    const struct {
        const char *lines, *model;
        bool thinks;
    } cases[] = { { foreign, OLDER, false },
                  { own, OLDER, true },
                  { foreign, NEWER, true } };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct scenario scenario;
        struct chat_request request = request_of(cases[i].model);
        request.reply.thinking = "on";
        scenario_init(&scenario);
        scenario_play(&scenario, cases[i].lines);
        char *text = written_of(&scenario, &request);
        bool thinks = strstr(text, "\"enabled\"") || strstr(text, "adaptive");
        ck_assert_int_eq(thinks, cases[i].thinks);
        free(text);
        scenario_clear(&scenario);
    }
}
END_TEST

/* 146, of text. */
START_TEST(blank_text_is_left_out_and_turns_of_one_role_are_one)
{
    struct chat_request request = request_of(OLDER);
    ck_messages(WHY MADE "@a text-delta 1.1 text='\\n '\n" COMPLETE
                         "run-finished 1 outcome=complete\n"
                         "@r user-message text=more parent=@a\n",
                &request, USER(TEXT("why") "," TEXT("more")));
}
END_TEST

START_TEST(the_first_turn_is_the_users_and_the_last_is_where_it_must_be)
{
    static const char lines[] = WHY MADE "text-delta 1.1 text='so  '\n" COMPLETE
                                         "run-finished 1 outcome=complete\n";
    struct chat_request request = request_of(OLDER);
    ck_messages(lines, &request, USER(TEXT("why")) "," ASSISTANT(TEXT("so")));
    request = request_of(NEWER);
    ck_messages(lines, &request,
                USER(TEXT("why")) "," ASSISTANT(TEXT("so")) "," USER(
                    TEXT("Continue.")));
}
END_TEST

/* 144. Also of models for which no answer can be begun. */
START_TEST(a_paused_answer_is_last_and_as_it_came)
{
    static const char lines[] =
        WHY "attempt-started 1.1 endpoint=e dialect=anthropic model=" NEWER
            "\n" THOUGHT "text-delta 1.1 text='look  '\n"
            "opaque 1.1 kind=block json='{\"type\":\"x\",\"n\":1.0}'\n"
            "attempt-finished 1.1 outcome=complete finish_reason=pause_turn\n";
    static const char whole[] = USER(TEXT("why")) "," ASSISTANT(
        THINKING("hm", "Eq+/=") ",{\"type\":\"redacted_thinking\",\"data\":\"Em\"}," TEXT(
            "look  ") ",{\"type\":\"x\",\"n\":1.0}");
    struct chat_request request = request_of(NEWER);
    ck_messages(lines, &request, whole);
    /* Others begin where its text ends. */
    request.endpoint = "other";
    ck_messages(lines, &request,
                USER(TEXT("why")) "," ASSISTANT(TEXT("look")) "," USER(
                    TEXT("Continue.")));
    /* What followed is of the same turn. */
    struct buf more = { 0 };
    buf_printf(&more,
               "%sattempt-started 1.2 endpoint=e dialect=anthropic "
               "model=" NEWER "\ntext-delta 1.2 text=found\n"
               "attempt-finished 1.2 outcome=complete\n"
               "run-finished 1 outcome=complete\n"
               "user-message text=more\n",
               lines);
    request = request_of(NEWER);
    ck_messages(
        buf_string(&more), &request,
        USER(TEXT("why")) "," ASSISTANT(THINKING(
            "hm",
            "Eq+/=") ","
                     "{\"type\":\"redacted_thinking\",\"data\":\"Em\"}," TEXT("look  ") ",{\"type\":\"x\",\"n\":1.0}," TEXT(
                         "found")) "," USER(TEXT("more")));
    buf_clear(&more);
}
END_TEST

START_TEST(pictures_stand_before_the_text)
{
    struct chat_request request = request_of(OLDER);
    ck_messages(
        "@q user-message text=what\n"
        "attachment-added node=@q name=a.png media_type=image/png data=abc\n"
        "attachment-added node=@q name=b media_type=image/png "
        "url=https://x/b.png\n"
        "run-started 1 node=@q\n",
        &request,
        USER("{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type"
             "\":\"image/png\",\"data\":\"YWJj\"}},{\"type\":\"image\","
             "\"source\":{\"type\":\"url\",\"url\":\"https://x/b.png\"}}," TEXT(
                 "what\\n\\nImage: a.png\\n\\nImage: b")));
}
END_TEST

/* How far the messages of a body are the same for every longer one. */
static size_t stable_len(const char *body)
{
    const char *cache = strstr(body, ",\"cache_control\"");
    size_t len = cache ? (size_t)(cache - body) : strlen(body) - 1;
    ck_assert_int_eq(strncmp(body + len - 3, "]}]", 3), 0);
    return len - 3;
}

START_TEST(a_longer_conversation_begins_with_the_bytes_of_a_shorter)
{
    static const char *const turns[] = {
        WHY,
        MADE THOUGHT "text-delta 1.1 text=look\n"
                     "tool-call-start 1.1 call=1 id=t1 name=ls\n"
                     "tool-call-end 1.1 call=1 arguments={}\n" COMPLETE
                     "tool-started 1 call=1\n"
                     "tool-finished 1 call=1 outcome=completed text=r\n",
        "attempt-started 1.2 endpoint=e dialect=anthropic model=" OLDER "\n"
        "@b text-delta 1.2 text=so\n"
        "attempt-finished 1.2 outcome=complete\n"
        "run-finished 1 outcome=complete\n"
        "@r user-message text=more parent=@b\n"
        "run-started 2 node=@r\n",
    };
    const struct tool_offer tool = { slice_of("ls"), slice_of("Lists"),
                                     slice_of("{\"type\":\"object\"}") };
    struct scenario scenario;
    struct chat_request request = request_of(OLDER);
    request.system = "s";
    request.reply.thinking = "high";
    request.tools = &tool;
    request.tool_count = 1;
    scenario_init(&scenario);
    scenario_play(&scenario, turns[0]);
    char *before = written_of(&scenario, &request);
    /* A single question pays nothing for the cache. */
    ck_assert_ptr_null(strstr(before, "cache_control"));
    for (size_t i = 1; i < COUNTOF(turns); i++) {
        scenario_play(&scenario, turns[i]);
        char *after = written_of(&scenario, &request);
        ck_assert_msg(!strncmp(before, after, stable_len(before)), "%s\n%s",
                      before, after);
        ck_assert_ptr_nonnull(
            strstr(after, "],\"cache_control\":{\"type\":\"ephemeral\"}}"));
        free(before);
        before = after;
    }
    free(before);
    scenario_clear(&scenario);
}
END_TEST

static void ck_headers(const char *url, const char *key,
                       const char *const *expected)
{
    struct chat_request request = request_of("m");
    struct wire_request wire = { 0 };
    struct error err = { 0 };
    request.base_url = url;
    request.key = key;
    ck_assert(dialect_anthropic.write_request(&request, &wire, &err));
    for (size_t i = 0; i < wire.headers.count; i++)
        ck_assert_str_eq(wire.headers.items[i], expected[i]);
    ck_assert_ptr_null(expected[wire.headers.count]);
    wire_request_clear(&wire);
}

START_TEST(the_key_goes_as_the_server_reads_it)
{
#define COMMON                                        \
    "Content-Type: application/json", "x-api-key: k", \
        "Accept: text/event-stream", "anthropic-version: 2023-06-01"
    static const char *const anthropics[] = { COMMON, NULL };
    static const char *const gateways[] = { COMMON, "Authorization: Bearer k",
                                            NULL };
    static const char *const none[] = { "Content-Type: application/json",
                                        "Accept: text/event-stream",
                                        "anthropic-version: 2023-06-01", NULL };
    ck_headers("https://api.anthropic.com", "k", anthropics);
    ck_headers("https://api.anthropic.com:443/v1/", "k", anthropics);
    ck_headers("https://llm.example/anthropic.com", "k", gateways);
    ck_headers("https://notanthropic.com/v1", "k", gateways);
    ck_headers("http://127.0.0.1:8080", NULL, none);
    /* A list of models is asked for in the same way. */
    struct chat_request request = request_of(NULL);
    struct wire_request wire = { 0 };
    request.key = "k";
    provider_add_key(&dialect_anthropic, &request, &wire);
    ck_assert_uint_eq(wire.headers.count, 2);
    ck_assert_str_eq(wire.headers.items[0], "x-api-key: k");
    ck_assert_str_eq(wire.headers.items[1], "anthropic-version: 2023-06-01");
    wire_request_clear(&wire);
}
END_TEST

START_TEST(the_address_has_its_version_once)
{
    static const char *const bases[][2] = {
        { "https://api.anthropic.com",
          "https://api.anthropic.com/v1/messages" },
        { "https://h/v1/", "https://h/v1/messages" },
        { "https://h/v1/messages", "https://h/v1/messages" },
        { "https://h/a?k=1", "https://h/a/v1/messages?k=1" },
    };
    for (size_t i = 0; i < COUNTOF(bases); i++) {
        struct chat_request request = request_of("m");
        struct wire_request wire = { 0 };
        struct error err = { 0 };
        request.base_url = bases[i][0];
        ck_assert(dialect_anthropic.write_request(&request, &wire, &err));
        ck_assert_str_eq(buf_string(&wire.url), bases[i][1]);
        wire_request_clear(&wire);
    }
}
END_TEST

Suite *anthropic_request_suite(void)
{
    Suite *suite = suite_create("anthropic_request");
    TCase *tcase = tcase_create("requests");
    tcase_add_test(tcase, a_request_holds_only_what_is_set_and_needed);
    tcase_add_test(tcase, the_longest_answer_is_one_that_the_model_takes);
    tcase_add_test(tcase, older_models_count_the_tokens_of_thinking);
    tcase_add_test(tcase, newer_models_are_told_how_hard_to_think);
    tcase_add_test(tcase, tools_are_offered_by_names_that_it_takes);
    tcase_add_test(tcase, tools_of_old_calls_are_named_and_not_offered);
    tcase_add_test(tcase, results_stand_first_in_one_turn);
    tcase_add_test(tcase, ids_and_names_of_other_servers_are_replaced);
    tcase_add_test(tcase, thinking_goes_back_to_its_maker_as_it_came);
    tcase_add_test(tcase, unsigned_thinking_goes_back_to_imitators_only);
    tcase_add_test(tcase, thinking_of_a_cut_answer_stays_here);
    tcase_add_test(tcase, thinking_waits_until_calls_of_another_model_are_done);
    tcase_add_test(tcase, blank_text_is_left_out_and_turns_of_one_role_are_one);
    tcase_add_test(
        tcase, the_first_turn_is_the_users_and_the_last_is_where_it_must_be);
    tcase_add_test(tcase, a_paused_answer_is_last_and_as_it_came);
    tcase_add_test(tcase, pictures_stand_before_the_text);
    tcase_add_test(tcase,
                   a_longer_conversation_begins_with_the_bytes_of_a_shorter);
    tcase_add_test(tcase, the_key_goes_as_the_server_reads_it);
    tcase_add_test(tcase, the_address_has_its_version_once);
    suite_add_tcase(suite, tcase);
    return suite;
}
