/* SPDX-License-Identifier: MIT */
#include "tests/support/legal.h"

#include <string.h>

#include <check.h>
#include <jansson.h>

#include "base/json.h"

enum { CALLS_MAX = 32, ID_MAX = 64 };

struct reading {
    struct slice body;
    char open[CALLS_MAX][ID_MAX]; /* calls that are not yet answered */
    int open_count;
    bool ends_with_model;
};

static void ck(const struct reading *reading, bool is_right, const char *what)
{
    ck_assert_msg(is_right, "%s: %.*s", what, SLICE_ARG(reading->body));
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void ask(struct reading *reading, const char *id)
{
    ck(reading, reading->open_count < CALLS_MAX && strlen(id) < ID_MAX,
       "too many calls");
    strcpy(reading->open[reading->open_count++], id);
}

/* Ollama's own calls have no ids: they are answered in their order. */
static void answer(struct reading *reading, const char *id)
{
    int i = 0;
    while (i < reading->open_count && strcmp(reading->open[i], id) != 0)
        i++;
    ck(reading, i < reading->open_count, "a result without its call");
    memmove(reading->open[i], reading->open[i + 1],
            sizeof reading->open[0] * (size_t)(--reading->open_count - i));
}

/* Something else than the results of calls. */
static void speak(struct reading *reading, bool is_model)
{
    ck(reading, reading->open_count == 0, "a call without a result");
    reading->ends_with_model = is_model;
}

/* Messages of the form that chat-completions and Ollama share. */
static void read_message(struct reading *reading, const json_t *message)
{
    const json_t *calls = json_object_get(message, "tool_calls"), *call;
    const char *role = text_of(message, "role");
    const json_t *content = json_object_get(message, "content");
    bool has_content = json_array_size(content) || *text_of(message, "content");
    size_t i;
    if (!strcmp(role, "tool")) {
        answer(reading, text_of(message, "tool_call_id"));
        reading->ends_with_model = false;
        return;
    }
    speak(reading, !strcmp(role, "assistant"));
    ck(reading, has_content || json_array_size(calls), "an empty message");
    json_array_foreach(calls, i, call) ask(reading, text_of(call, "id"));
}

static void read_messages(struct reading *reading, const json_t *body)
{
    const json_t *messages = json_object_get(body, "messages"), *message;
    size_t i;
    ck(reading, json_array_size(messages) > 0, "no message");
    json_array_foreach(messages, i, message) read_message(reading, message);
}

static void read_block(struct reading *reading, const json_t *block,
                       bool is_model)
{
    const char *type = text_of(block, "type");
    if (!strcmp(type, "tool_result")) {
        ck(reading, !is_model, "a result of the model's");
        answer(reading, text_of(block, "tool_use_id"));
        reading->ends_with_model = false;
        return;
    }
    if (!strcmp(type, "tool_use"))
        ask(reading, text_of(block, "id"));
    else
        speak(reading, is_model);
    if (!strcmp(type, "text"))
        ck(reading, *text_of(block, "text"), "an empty text");
}

static void read_anthropic(struct reading *reading, const json_t *body)
{
    const json_t *messages = json_object_get(body, "messages"), *message;
    const char *before = "assistant";
    size_t i, k;
    ck(reading, json_array_size(messages) > 0, "no message");
    json_array_foreach(messages, i, message)
    {
        const json_t *content = json_object_get(message, "content"), *block;
        const char *role = text_of(message, "role");
        bool is_model = !strcmp(role, "assistant");
        ck(reading, strcmp(role, before) != 0, "roles do not take turns");
        before = role;
        ck(reading, json_array_size(content) || *text_of(message, "content"),
           "an empty message");
        if (!json_is_array(content))
            speak(reading, is_model);
        json_array_foreach(content, k, block)
            read_block(reading, block, is_model);
        ck(reading, is_model || reading->open_count == 0,
           "a call without a result");
    }
}

static void read_responses(struct reading *reading, const json_t *body)
{
    const json_t *input = json_object_get(body, "input"), *item;
    size_t i;
    ck(reading, json_array_size(input) > 0, "no item");
    json_array_foreach(input, i, item)
    {
        const char *type = text_of(item, "type");
        if (!strcmp(type, "function_call")) {
            ask(reading, text_of(item, "call_id"));
        } else if (!strcmp(type, "function_call_output")) {
            answer(reading, text_of(item, "call_id"));
            reading->ends_with_model = false;
        } else {
            speak(reading, !strcmp(text_of(item, "role"), "assistant"));
        }
    }
}

void legal_check(const char *dialect, struct slice body)
{
    struct error err = { 0 };
    struct reading reading = { .body = body };
    json_t *value = json_parse_strict(body, &err);
    ck(&reading, value != NULL, err.text);
    if (!strcmp(dialect, "anthropic"))
        read_anthropic(&reading, value);
    else if (!strcmp(dialect, "responses"))
        read_responses(&reading, value);
    else
        read_messages(&reading, value);
    ck(&reading, reading.open_count == 0, "a call without a result");
    ck(&reading, !reading.ends_with_model, "the model has the last word");
    json_decref(value);
}
