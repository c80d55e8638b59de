/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include <check.h>
#include <jansson.h>

#include "llm/provider.h"
#include "tests/support/dialogue.h"

Suite *provider_suite(void);

static const struct reply_settings unset = {
    .temperature = NAN,
    .top_p = NAN,
    .max_tokens = -1,
    .seed = -1,
    .num_ctx = -1,
};

static struct chat_request request_of(struct dialogue *dialogue)
{
    return (struct chat_request){
        .base_url = "http://h:1",
        .model = "m",
        .messages = dialogue_messages(dialogue),
        .reply = unset,
    };
}

/* The body that a dialect writes; the caller frees it. */
static char *written(const char *dialect, const struct chat_request *request)
{
    struct wire_request wire = { 0 };
    struct error err = { 0 };
    const struct dialect *row = dialect_find(slice_of(dialect));
    ck_assert_msg(row->write_request(request, &wire, &err), "%s", err.text);
    json_t *body = json_loadb(wire.body.ptr, wire.body.len, 0, NULL);
    ck_assert_ptr_nonnull(body);
    json_decref(body);
    char *text = buf_steal(&wire.body);
    wire_request_clear(&wire);
    return text;
}

static void ck_written(const char *dialect, const struct chat_request *request,
                       const char *expected)
{
    char *text = written(dialect, request);
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(dialects_are_found_by_name)
{
    ck_assert_uint_ge(dialect_count(), 4);
    for (size_t i = 0; i < dialect_count(); i++) {
        const struct dialect *row = dialect_at(i);
        ck_assert_ptr_eq(dialect_find(slice_of(row->name)), row);
        ck_assert_int_eq(row->is_builtin, row->write_request == NULL);
        ck_assert_uint_gt(strlen(row->about), 0);
    }
    ck_assert_ptr_nonnull(dialect_find(slice_of("ollama")));
    ck_assert_ptr_nonnull(dialect_find(slice_of("chat-completions")));
    ck_assert_ptr_nonnull(dialect_find(slice_of("responses")));
    ck_assert_ptr_nonnull(dialect_find(slice_of("anthropic")));
    ck_assert_ptr_nonnull(dialect_find(slice_of("guide")));
    ck_assert_ptr_null(dialect_find(slice_of("")));
    ck_assert_ptr_null(dialect_find(slice_of("ollam")));
    ck_assert_ptr_null(dialect_at(dialect_count()));
}
END_TEST

static void ck_join(const char *base, const char *path, const char *expected)
{
    struct buf url = { 0 };
    provider_join_url(&url, base, path);
    ck_assert_str_eq(buf_string(&url), expected);
    buf_clear(&url);
}

START_TEST(bases_with_and_without_version_give_the_same_address)
{
    ck_join("http://h:1", "/v1/models", "http://h:1/v1/models");
    ck_join("http://h:1/", "/v1/models", "http://h:1/v1/models");
    ck_join("http://h:1/v1", "/v1/models", "http://h:1/v1/models");
    ck_join("http://h:1/v1//", "/v1/models", "http://h:1/v1/models");
    ck_join(" http://h:1/v1 ", "/models", "http://h:1/v1/models");
    ck_join("http://h:1", "/models", "http://h:1/v1/models");
    ck_join("http://h/a/v1", "/v1/models", "http://h/a/v1/models");
    ck_join("http://h/a", "/v1/models", "http://h/a/v1/models");
}
END_TEST

START_TEST(what_has_no_version_stands_at_the_root)
{
    static const struct {
        const char *base, *url;
    } cases[] = {
        { "http://h:1", "http://h:1/props" },
        { "http://h:1/v1/", "http://h:1/props" },
        { " http://h/a/v1 ", "http://h/a/props" },
        { "http://h/v1/chat/completions", "http://h/props" },
        { "http://h/v1/messages", "http://h/props" },
        { "http://h/v1?key=x#y", "http://h/props?key=x" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct buf url = { 0 };
        provider_root_url(&url, cases[i].base, "/props");
        ck_assert_str_eq(buf_string(&url), cases[i].url);
        buf_clear(&url);
    }
}
END_TEST

START_TEST(a_base_keeps_its_own_version_path_and_query)
{
    ck_join("https://api/openai/v1", "/v1/chat/completions",
            "https://api/openai/v1/chat/completions");
    ck_join("https://g/v1beta/openai/", "/v1/chat/completions",
            "https://g/v1beta/openai/chat/completions");
    ck_join("https://z/api/paas/v4", "/v1/chat/completions",
            "https://z/api/paas/v4/chat/completions");
    ck_join("https://x/openai/deployments/d?api-version=2024-10-21",
            "/v1/chat/completions",
            "https://x/openai/deployments/d/chat/completions"
            "?api-version=2024-10-21");
    ck_join("http://h/v1?a=/v1#f", "/v1/models", "http://h/v1/models?a=/v1");
    ck_join("http://h/v1/chat/completions", "/v1/chat/completions",
            "http://h/v1/chat/completions");
    ck_join("http://h/v1/chat/completions", "/v1/models", "http://h/v1/models");
    ck_join("http://h/chat/completions", "/v1/chat/completions",
            "http://h/chat/completions");
    ck_join("http://v1:1", "/v1/models", "http://v1:1/v1/models");
}
END_TEST

START_TEST(addresses_of_ollama_have_no_version)
{
    ck_join("http://h:11434", "/api/chat", "http://h:11434/api/chat");
    ck_join("http://h:11434/", "/api/chat", "http://h:11434/api/chat");
    ck_join("http://h:11434/v1", "/api/chat", "http://h:11434/api/chat");
    ck_join("http://h:11434/api", "/api/chat", "http://h:11434/api/chat");
    ck_join("http://h/ollama/", "/api/tags", "http://h/ollama/api/tags");
    ck_join("http://h/ollama/v1/?k=1", "/api/tags",
            "http://h/ollama/api/tags?k=1");
}
END_TEST

START_TEST(headers_end_with_null_and_carry_the_key)
{
    struct dialogue dialogue;
    struct error err = { 0 };
    dialogue_start(&dialogue);
    dialogue_user(&dialogue, "hi");
    struct chat_request request = request_of(&dialogue);
    struct wire_request wire = { 0 };
    const struct dialect *chat = dialect_find(slice_of("chat-completions"));
    ck_assert(chat->write_request(&request, &wire, &err));
    ck_assert_uint_eq(wire.headers.count, 2);
    ck_assert_str_eq(wire.headers.items[0], "Content-Type: application/json");
    ck_assert_str_eq(wire.headers.items[1], "Accept: text/event-stream");
    ck_assert_ptr_null(wire.headers.items[2]);
    ck_assert_str_eq(buf_string(&wire.url), "http://h:1/v1/chat/completions");
    wire_request_clear(&wire);
    request.key = "sk-1";
    ck_assert(chat->write_request(&request, &wire, &err));
    ck_assert_str_eq(wire.headers.items[1], "Authorization: Bearer sk-1");
    ck_assert_ptr_null(wire.headers.items[wire.headers.count]);
    wire_request_clear(&wire);
    dialogue_end(&dialogue);
}
END_TEST

START_TEST(requests_that_cannot_be_sent_are_refused)
{
    struct wire_request wire = { 0 };
    for (size_t i = 0; i < dialect_count(); i++) {
        const struct dialect *row = dialect_at(i);
        struct error err = { 0 };
        struct chat_request request = { .base_url = "http://h",
                                        .model = "m",
                                        .key = "a\nX-Evil: 1" };
        if (row->is_builtin)
            continue;
        ck_assert(!row->write_request(&request, &wire, &err));
        ck_assert_int_eq(err.kind, ERROR_CONFIG);
        ck_assert_ptr_null(strstr(err.text, "Evil"));
        request = (struct chat_request){ .base_url = "http://h" };
        ck_assert(!row->write_request(&request, &wire, &err));
        request = (struct chat_request){ .model = "m" };
        ck_assert(!row->write_request(&request, &wire, &err));
    }
    wire_request_clear(&wire);
}
END_TEST

START_TEST(only_what_is_set_is_sent)
{
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    dialogue_user(&dialogue, "hi \"you\"\n");
    struct chat_request request = request_of(&dialogue);
    ck_written("ollama", &request,
               "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":"
               "\"user\",\"content\":\"hi \\\"you\\\"\\n\"}]}");
    ck_written("chat-completions", &request,
               "{\"model\":\"m\",\"stream\":true,\"stream_options\":{"
               "\"include_usage\":true},\"messages\":[{\"role\":\"user\","
               "\"content\":\"hi \\\"you\\\"\\n\"}]}");
    request.reply.unstreamed = true;
    request.system = "be brief";
    ck_written("chat-completions", &request,
               "{\"model\":\"m\",\"stream\":false,\"messages\":[{\"role\":"
               "\"system\",\"content\":\"be brief\"},{\"role\":\"user\","
               "\"content\":\"hi \\\"you\\\"\\n\"}]}");
    dialogue_end(&dialogue);
}
END_TEST

START_TEST(settings_go_under_the_names_of_the_dialect)
{
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    dialogue_user(&dialogue, "x");
    struct chat_request request = request_of(&dialogue);
    request.reply = (struct reply_settings){
        .temperature = 0.7,
        .top_p = 1,
        .max_tokens = 50,
        .seed = 0,
        .thinking = "low",
        .keep_alive = "30m",
        .num_ctx = 8192,
    };
    ck_written("ollama", &request,
               "{\"model\":\"m\",\"stream\":true,\"think\":\"low\","
               "\"keep_alive\":\"30m\",\"options\":{\"temperature\":0.7,"
               "\"top_p\":1.0,\"num_predict\":50,\"seed\":0,\"num_ctx\":8192},"
               "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    ck_written("chat-completions", &request,
               "{\"model\":\"m\",\"stream\":true,\"stream_options\":{"
               "\"include_usage\":true},\"temperature\":0.7,\"top_p\":1.0,"
               "\"max_tokens\":50,\"seed\":0,\"reasoning_effort\":\"low\","
               "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    dialogue_end(&dialogue);
}
END_TEST

START_TEST(what_a_server_refused_is_left_out)
{
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    dialogue_user(&dialogue, "x");
    struct chat_request request = request_of(&dialogue);
    request.reply.temperature = 1;
    request.reply.top_p = 1;
    request.reply.max_tokens = 9;
    request.reply.thinking = "on";
    request.omit = PART_STREAM_OPTIONS | PART_THINKING | PART_TEMPERATURE |
                   PART_TOP_P | PART_MAX_TOKENS_RENAMED;
    ck_written("chat-completions", &request,
               "{\"model\":\"m\",\"stream\":true,\"max_completion_tokens\":9,"
               "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    request.reply.max_tokens = -1;
    ck_written("ollama", &request,
               "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":"
               "\"user\",\"content\":\"x\"}]}");
    dialogue_end(&dialogue);
}
END_TEST

static void ck_holds(const char *dialect, const struct chat_request *request,
                     const char *part, bool is_there)
{
    char *text = written(dialect, request);
    ck_assert_msg((strstr(text, part) != NULL) == is_there, "%s in %s", part,
                  text);
    free(text);
}

START_TEST(thinking_and_keep_alive_have_two_forms_each)
{
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    dialogue_user(&dialogue, "x");
    struct chat_request request = request_of(&dialogue);
    request.reply.thinking = "on";
    ck_holds("ollama", &request, "\"think\":true", true);
    ck_holds("chat-completions", &request,
             "\"chat_template_kwargs\":{\"enable_thinking\":true}", true);
    request.reply.thinking = "off";
    ck_holds("ollama", &request, "\"think\":false", true);
    ck_holds("chat-completions", &request, "\"enable_thinking\":false", true);
    request.reply.thinking = "auto";
    ck_holds("ollama", &request, "think", false);
    ck_holds("chat-completions", &request, "think", false);
    request.reply.keep_alive = "-1";
    ck_holds("ollama", &request, "\"keep_alive\":-1,", true);
    request.reply.keep_alive = "0";
    ck_holds("ollama", &request, "\"keep_alive\":0,", true);
    request.reply.keep_alive = "1h30m";
    ck_holds("ollama", &request, "\"keep_alive\":\"1h30m\"", true);
    ck_holds("chat-completions", &request, "keep_alive", false);
    dialogue_end(&dialogue);
}
END_TEST

static void play_tool_turn(struct dialogue *dialogue, const char *id)
{
    dialogue_user(dialogue, "x");
    dialogue_assistant(dialogue, &(struct dialogue_turn){
                                     .text = "look",
                                     .call_id = id,
                                     .call_name = "f",
                                     .arguments = "{\"n\": 1e2}",
                                     .result = "r",
                                 });
    dialogue_assistant(dialogue, &(struct dialogue_turn){ .text = "done" });
}

START_TEST(tool_calls_go_as_each_dialect_wants_them)
{
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    play_tool_turn(&dialogue, "c9");
    struct chat_request request = request_of(&dialogue);
    ck_holds("ollama", &request,
             "{\"role\":\"assistant\",\"content\":\"look\",\"tool_calls\":[{"
             "\"id\":\"c9\",\"function\":{\"name\":\"f\",\"arguments\":{"
             "\"n\": 1e2}}}]},{\"role\":\"tool\",\"content\":\"r\","
             "\"tool_name\":\"f\",\"tool_call_id\":\"c9\"},",
             true);
    ck_holds("chat-completions", &request,
             "{\"role\":\"assistant\",\"content\":\"look\",\"tool_calls\":[{"
             "\"id\":\"c9\",\"type\":\"function\",\"function\":{\"name\":"
             "\"f\",\"arguments\":\"{\\\"n\\\": 1e2}\"}}]},{\"role\":\"tool\","
             "\"tool_call_id\":\"c9\",\"content\":\"r\"},",
             true);
    dialogue_end(&dialogue);
}
END_TEST

START_TEST(calls_without_an_id_get_a_stable_one)
{
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    play_tool_turn(&dialogue, NULL);
    struct chat_request request = request_of(&dialogue);
    ck_holds("chat-completions", &request, "[{\"id\":\"call_1\",", true);
    ck_holds("chat-completions", &request, "\"tool_call_id\":\"call_1\"", true);
    ck_holds("ollama", &request, "\"id\"", false);
    ck_holds("ollama", &request, "\"tool_call_id\"", false);
    dialogue_end(&dialogue);
}
END_TEST

START_TEST(a_longer_conversation_begins_with_the_bytes_of_a_shorter)
{
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    play_tool_turn(&dialogue, NULL);
    for (size_t i = 0; i < dialect_count(); i++) {
        const char *name = dialect_at(i)->name;
        if (dialect_at(i)->is_builtin)
            continue;
        struct chat_request request = request_of(&dialogue);
        char *before = written(name, &request);
        char *same = written(name, &request);
        ck_assert_str_eq(before, same);
        dialogue_user(&dialogue, "more");
        dialogue_assistant(&dialogue, &(struct dialogue_turn){ .text = "yes" });
        request = request_of(&dialogue);
        char *after = written(name, &request);
        /* All but the closing "]}". */
        ck_assert_int_eq(strncmp(before, after, strlen(before) - 2), 0);
        ck_assert_uint_gt(strlen(after), strlen(before));
        free(before);
        free(same);
        free(after);
    }
    dialogue_end(&dialogue);
}
END_TEST

Suite *provider_suite(void)
{
    Suite *suite = suite_create("provider");
    TCase *tcase = tcase_create("provider");
    tcase_add_test(tcase, dialects_are_found_by_name);
    tcase_add_test(tcase, what_has_no_version_stands_at_the_root);
    tcase_add_test(tcase, bases_with_and_without_version_give_the_same_address);
    tcase_add_test(tcase, a_base_keeps_its_own_version_path_and_query);
    tcase_add_test(tcase, addresses_of_ollama_have_no_version);
    tcase_add_test(tcase, headers_end_with_null_and_carry_the_key);
    tcase_add_test(tcase, requests_that_cannot_be_sent_are_refused);
    tcase_add_test(tcase, only_what_is_set_is_sent);
    tcase_add_test(tcase, settings_go_under_the_names_of_the_dialect);
    tcase_add_test(tcase, what_a_server_refused_is_left_out);
    tcase_add_test(tcase, thinking_and_keep_alive_have_two_forms_each);
    tcase_add_test(tcase, tool_calls_go_as_each_dialect_wants_them);
    tcase_add_test(tcase, calls_without_an_id_get_a_stable_one);
    tcase_add_test(tcase,
                   a_longer_conversation_begins_with_the_bytes_of_a_shorter);
    suite_add_tcase(suite, tcase);
    return suite;
}
