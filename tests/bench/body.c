/* SPDX-License-Identifier: MIT */
#include "tests/bench/body.h"

#include <string.h>

#include "base/compiler.h"
#include "base/json.h"

enum { LINES_MAX = 4 };

/* A line is a JSON value, or "event NAME" before one. @ is the token's text as
 * a JSON string, # its number. */
struct form {
    const char *dialect;
    bool is_sse;
    const char *before[LINES_MAX + 1];
    const char *token[LINES_MAX + 1];
    const char *after[LINES_MAX + 1];
    const char *end_mark; /* NULL: none */
};

#define CHUNK                                                           \
    "{\"id\":\"chatcmpl-8Zk\",\"object\":\"chat.completion.chunk\","    \
    "\"created\":1764331200,\"model\":\"small\",\"system_fingerprint\"" \
    ":\"b4400\",\"choices\":["
#define LINE "{\"model\":\"small:1b\",\"created_at\":\"2026-11-28T12:00:00Z\","

static const struct form forms[] = {
    {
        .dialect = "chat-completions",
        .is_sse = true,
        .before = { CHUNK "{\"index\":0,\"delta\":{\"role\":\"assistant\","
                          "\"content\":null},\"finish_reason\":null}]}" },
        .token = { CHUNK "{\"index\":0,\"delta\":{\"content\":@},"
                         "\"finish_reason\":null}]}" },
        .after = { CHUNK "{\"index\":0,\"delta\":{},"
                         "\"finish_reason\":\"stop\"}]}",
                   CHUNK "],\"usage\":{\"prompt_tokens\":9,"
                         "\"completion_tokens\":#}}" },
        .end_mark = "data: [DONE]\n\n",
    },
    {
        .dialect = "ollama",
        .token = { LINE "\"message\":{\"role\":\"assistant\",\"content\":@},"
                        "\"done\":false}" },
        .after = { LINE "\"message\":{\"role\":\"assistant\",\"content\":\"\"},"
                        "\"done\":true,\"done_reason\":\"stop\","
                        "\"prompt_eval_count\":9,\"eval_count\":#,"
                        "\"eval_duration\":1000000000}" },
    },
    {
        .dialect = "responses",
        .is_sse = true,
        .before = { "event response.created",
                    "{\"type\":\"response.created\",\"sequence_number\":0,"
                    "\"response\":{\"id\":\"resp_1\",\"object\":\"response\","
                    "\"status\":\"in_progress\",\"model\":\"small\","
                    "\"output\":[]}}",
                    "event response.output_item.added",
                    "{\"type\":\"response.output_item.added\","
                    "\"sequence_number\":1,\"output_index\":0,\"item\":{"
                    "\"id\":\"msg_1\",\"type\":\"message\",\"status\":"
                    "\"in_progress\",\"role\":\"assistant\","
                    "\"content\":[]}}" },
        .token = { "event response.output_text.delta",
                   "{\"type\":\"response.output_text.delta\","
                   "\"sequence_number\":#,\"item_id\":\"msg_1\","
                   "\"output_index\":0,\"content_index\":0,\"delta\":@,"
                   "\"logprobs\":[]}" },
        .after = { "event response.completed",
                   "{\"type\":\"response.completed\",\"sequence_number\":#,"
                   "\"response\":{\"id\":\"resp_1\",\"status\":\"completed\","
                   "\"model\":\"small\",\"output\":[],\"usage\":{"
                   "\"input_tokens\":9,\"output_tokens\":#}}}" },
    },
    {
        .dialect = "anthropic",
        .is_sse = true,
        .before = { "event message_start",
                    "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\","
                    "\"type\":\"message\",\"role\":\"assistant\",\"model\":"
                    "\"small\",\"content\":[],\"stop_reason\":null,\"usage\":{"
                    "\"input_tokens\":9,\"output_tokens\":1}}}",
                    "event content_block_start",
                    "{\"type\":\"content_block_start\",\"index\":0,"
                    "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}" },
        .token = { "event content_block_delta",
                   "{\"type\":\"content_block_delta\",\"index\":0,"
                   "\"delta\":{\"type\":\"text_delta\",\"text\":@}}" },
        .after = { "{\"type\":\"content_block_stop\",\"index\":0}",
                   "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
                   "\"end_turn\"},\"usage\":{\"output_tokens\":#}}",
                   "event message_stop", "{\"type\":\"message_stop\"}" },
    },
    {
        .dialect = "events",
        .token = { "{\"type\":\"text-delta\",\"seq\":#,\"run\":1,"
                   "\"attempt\":1,\"text\":@}" },
        .after = { "{\"type\":\"run-finished\",\"seq\":#,\"run\":1,"
                   "\"outcome\":\"complete\",\"finish_reason\":\"stop\"}" },
    },
};

static void add_payload(struct body *body, const struct form *form,
                        const char *line, struct slice text, size_t number)
{
    struct buf *bytes = &body->bytes;
    if (form->is_sse)
        buf_append_string(bytes, "data: ");
    struct payload payload = { .offset = bytes->len };
    for (; *line; line++) {
        if (*line == '@')
            json_append_quoted(bytes, text);
        else if (*line == '#')
            buf_printf(bytes, "%zu", number);
        else
            buf_append_char(bytes, *line);
    }
    payload.len = bytes->len - payload.offset;
    *array_add(&body->payloads) = payload;
    buf_append_string(bytes, form->is_sse ? "\n\n" : "\n");
}

static void add_lines(struct body *body, const struct form *form,
                      const char *const *lines, struct slice text,
                      size_t number)
{
    static const char event[] = "event ";
    for (; *lines; lines++) {
        if (strncmp(*lines, event, strlen(event)) == 0)
            buf_printf(&body->bytes, "event: %s\n", *lines + strlen(event));
        else
            add_payload(body, form, *lines, text, number);
    }
}

static const struct form *find_form(const char *dialect)
{
    for (size_t i = 0; i < COUNTOF(forms); i++) {
        if (strcmp(forms[i].dialect, dialect) == 0)
            return &forms[i];
    }
    return NULL;
}

bool body_make(struct body *body, const char *dialect,
               const struct answer_text *answer, size_t tokens)
{
    static const struct slice none = { "", 0 };
    const struct form *form = find_form(dialect);
    if (!form)
        return false;
    add_lines(body, form, form->before, none, 0);
    for (size_t i = 0; i < tokens; i++)
        add_lines(body, form, form->token, answer_token(answer, i), i + 2);
    add_lines(body, form, form->after, none, tokens + 2);
    if (form->end_mark)
        buf_append_string(&body->bytes, form->end_mark);
    return true;
}

void body_clear(struct body *body)
{
    buf_clear(&body->bytes);
    array_clear(&body->payloads);
}
