/* SPDX-License-Identifier: MIT */
/*
 * fault_stream - the words of a stream, in the form of each dialect, by the
 * notes on protocols and not by the program's own.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "tests/support/fault.h"

enum dialect { CHAT, OLLAMA, ANTHROPIC, RESPONSES };

typedef void translate_fn(struct fault_stream *stream, enum dialect dialect,
                          const char *rest, struct buf *out);

/* Inside the string of a server's word: quotes are escaped. */
static void append_body(struct buf *out, const char *json)
{
    buf_append_string(out, "body \"");
    for (; *json; json++) {
        if (*json == '"' || *json == '\\')
            buf_append_char(out, '\\');
        buf_append_char(out, *json);
    }
    buf_append_string(out, "\"\n");
}

static void head(struct fault_stream *stream, enum dialect dialect,
                 const char *rest, struct buf *out)
{
    (void)stream, (void)dialect;
    buf_printf(out, "status %s\nheader Content-Type: application/json\n", rest);
}

static void ok(struct fault_stream *stream, enum dialect dialect,
               const char *rest, struct buf *out)
{
    (void)rest;
    bool has_length = out->len && strstr(buf_string(out), "length ");
    buf_append_string(out, "status 200 OK\n");
    if (!out->len || !strstr(buf_string(out), "Content-Type"))
        buf_printf(out, "header Content-Type: %s\n",
                   dialect == OLLAMA ? "application/x-ndjson"
                                     : "text/event-stream");
    if (!has_length)
        buf_append_string(out, "chunked\n");
    buf_append_string(out, "head\n");
    if (dialect == ANTHROPIC)
        buf_printf(
            out,
            "data {\"type\":\"message_start\",\"message\":{\"id\":\"x\","
            "\"type\":\"message\",\"role\":\"assistant\",\"model\":\"%s\","
            "\"content\":[],\"usage\":{\"input_tokens\":7,"
            "\"output_tokens\":1}}}\n",
            stream->model);
}

static void begin_block(struct fault_stream *stream, const char *type,
                        const char *member, struct buf *out)
{
    if (!stream->has_begun_block)
        buf_printf(out,
                   "data {\"type\":\"content_block_start\",\"index\":0,"
                   "\"content_block\":{\"type\":\"%s\",\"%s\":\"\"}}\n",
                   type, member);
    stream->has_begun_block = true;
}

static void say(struct fault_stream *stream, enum dialect dialect,
                const char *rest, struct buf *out)
{
    switch (dialect) {
    case CHAT:
        buf_printf(out,
                   "data {\"model\":\"%s\",\"choices\":[{\"index\":0,\"delta\":"
                   "{\"content\":\"%s\"}}]}\n",
                   stream->model, rest);
        break;
    case OLLAMA:
        buf_printf(out,
                   "line {\"model\":\"%s\",\"message\":{\"role\":\"assistant\","
                   "\"content\":\"%s\"},\"done\":false}\n",
                   stream->model, rest);
        break;
    case ANTHROPIC:
        begin_block(stream, "text", "text", out);
        buf_printf(out,
                   "data {\"type\":\"content_block_delta\",\"index\":0,"
                   "\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}}\n",
                   rest);
        break;
    case RESPONSES:
        buf_printf(out,
                   "data {\"type\":\"response.output_text.delta\",\"item_id\":"
                   "\"x\",\"output_index\":0,\"content_index\":0,\"delta\":"
                   "\"%s\"}\n",
                   rest);
        break;
    }
}

static void think(struct fault_stream *stream, enum dialect dialect,
                  const char *rest, struct buf *out)
{
    switch (dialect) {
    case CHAT:
        buf_printf(out,
                   "data {\"choices\":[{\"index\":0,\"delta\":"
                   "{\"reasoning_content\":\"%s\"}}]}\n",
                   rest);
        break;
    case OLLAMA:
        buf_printf(out,
                   "line {\"message\":{\"role\":\"assistant\",\"content\":\"\","
                   "\"thinking\":\"%s\"},\"done\":false}\n",
                   rest);
        break;
    case ANTHROPIC:
        begin_block(stream, "thinking", "thinking", out);
        buf_printf(out,
                   "data {\"type\":\"content_block_delta\",\"index\":0,"
                   "\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"%s\"}"
                   "}\n",
                   rest);
        break;
    case RESPONSES:
        buf_printf(out,
                   "data {\"type\":\"response.reasoning_summary_text.delta\","
                   "\"item_id\":\"x\",\"output_index\":0,"
                   "\"summary_index\":0,\"delta\":\"%s\"}\n",
                   rest);
        break;
    }
}

static void done(struct fault_stream *stream, enum dialect dialect,
                 const char *rest, struct buf *out)
{
    const char *reason = *rest ? rest : "stop";
    switch (dialect) {
    case CHAT:
        buf_printf(out,
                   "data {\"choices\":[{\"index\":0,\"delta\":{},"
                   "\"finish_reason\":\"%s\"}]}\ndata [DONE]\n",
                   reason);
        break;
    case OLLAMA:
        buf_printf(out,
                   "line {\"model\":\"%s\",\"message\":{\"content\":\"\"},"
                   "\"done\":true,\"done_reason\":\"%s\"}\n",
                   stream->model, reason);
        break;
    case ANTHROPIC:
        reason = !strcmp(reason, "stop") ? "end_turn" : "max_tokens";
        if (stream->has_begun_block)
            buf_append_string(
                out, "data {\"type\":\"content_block_stop\",\"index\":0}\n");
        buf_printf(
            out,
            "data {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
            "\"%s\"},\"usage\":{\"output_tokens\":2}}\n"
            "data {\"type\":\"message_stop\"}\n",
            reason);
        break;
    case RESPONSES:
        if (!strcmp(reason, "stop"))
            buf_printf(out,
                       "data {\"type\":\"response.completed\",\"response\":{"
                       "\"id\":\"r\",\"status\":\"completed\",\"model\":"
                       "\"%s\",\"output\":[]}}\n",
                       stream->model);
        else
            buf_printf(out,
                       "data {\"type\":\"response.incomplete\",\"response\":{"
                       "\"id\":\"r\",\"status\":\"incomplete\",\"model\":"
                       "\"%s\",\"incomplete_details\":{\"reason\":"
                       "\"max_output_tokens\"},\"output\":[]}}\n",
                       stream->model);
        break;
    }
}

static void error(struct fault_stream *stream, enum dialect dialect,
                  const char *rest, struct buf *out)
{
    struct buf json = { 0 };
    (void)stream;
    switch (dialect) {
    case CHAT:
    case RESPONSES:
        buf_printf(&json, "{\"error\":{\"message\":\"%s\"}}", rest);
        break;
    case OLLAMA: buf_printf(&json, "{\"error\":\"%s\"}", rest); break;
    case ANTHROPIC:
        buf_printf(&json,
                   "{\"type\":\"error\",\"error\":{\"type\":\"some_error\","
                   "\"message\":\"%s\"}}",
                   rest);
        break;
    }
    append_body(out, buf_string(&json));
    buf_clear(&json);
}

static void fail_as(enum dialect dialect, const char *code, const char *type,
                    const char *rest, struct buf *out)
{
    switch (dialect) {
    case CHAT:
        buf_printf(out, "data {\"error\":{\"message\":\"%s\"%s}}\n", rest,
                   code);
        break;
    case OLLAMA: buf_printf(out, "line {\"error\":\"%s\"}\n", rest); break;
    case ANTHROPIC:
        buf_printf(out,
                   "data {\"type\":\"error\",\"error\":{\"type\":\"%s\","
                   "\"message\":\"%s\"}}\n",
                   type, rest);
        break;
    case RESPONSES:
        buf_printf(out, "data {\"type\":\"error\",\"message\":\"%s\"%s}\n",
                   rest, code);
        break;
    }
}

static void fail_stream(struct fault_stream *stream, enum dialect dialect,
                        const char *rest, struct buf *out)
{
    (void)stream;
    fail_as(dialect, "", "api_error", rest, out);
}

static void overloaded(struct fault_stream *stream, enum dialect dialect,
                       const char *rest, struct buf *out)
{
    (void)stream;
    fail_as(dialect, ",\"code\":\"server_is_overloaded\"", "overloaded_error",
            rest, out);
}

static void whole(struct fault_stream *stream, enum dialect dialect,
                  const char *rest, struct buf *out)
{
    struct buf json = { 0 };
    switch (dialect) {
    case CHAT:
        buf_printf(&json,
                   "{\"model\":\"%s\",\"choices\":[{\"index\":0,\"message\":{"
                   "\"role\":\"assistant\",\"content\":\"%s\"},"
                   "\"finish_reason\":\"stop\"}]}",
                   stream->model, rest);
        break;
    case OLLAMA:
        buf_printf(
            &json,
            "{\"model\":\"%s\",\"message\":{\"role\":\"assistant\","
            "\"content\":\"%s\"},\"done\":true,\"done_reason\":\"stop\"}",
            stream->model, rest);
        break;
    case ANTHROPIC:
        buf_printf(
            &json,
            "{\"type\":\"message\",\"role\":\"assistant\",\"model\":\"%s\","
            "\"content\":[{\"type\":\"text\",\"text\":\"%s\"}],"
            "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":7,"
            "\"output_tokens\":2}}",
            stream->model, rest);
        break;
    case RESPONSES:
        buf_printf(&json,
                   "{\"id\":\"r\",\"object\":\"response\",\"status\":"
                   "\"completed\",\"model\":\"%s\",\"output\":[{\"type\":"
                   "\"message\",\"role\":\"assistant\",\"content\":[{"
                   "\"type\":\"output_text\",\"text\":\"%s\"}]}]}",
                   stream->model, rest);
        break;
    }
    append_body(out, buf_string(&json));
    buf_clear(&json);
}

static void junk(struct fault_stream *stream, enum dialect dialect,
                 const char *rest, struct buf *out)
{
    (void)stream;
    buf_printf(out, "%s %s\n", dialect == OLLAMA ? "line" : "data", rest);
}

static void from(struct fault_stream *stream, enum dialect dialect,
                 const char *rest, struct buf *out)
{
    (void)dialect, (void)out;
    stream->model = rest;
}

static const struct {
    const char *word;
    translate_fn *translate;
} translations[] = {
    { "head", head },        { "ok", ok },
    { "say", say },          { "think", think },
    { "done", done },        { "error", error },
    { "fail", fail_stream }, { "overloaded", overloaded },
    { "whole", whole },      { "junk", junk },
    { "from", from },
};

static enum dialect dialect_of(const char *name)
{
    static const char *const names[] = {
        [CHAT] = "chat-completions",
        [OLLAMA] = "ollama",
        [ANTHROPIC] = "anthropic",
        [RESPONSES] = "responses",
    };
    size_t i = 0;
    while (strcmp(names[i], name) != 0)
        ck_assert_uint_lt(++i, COUNTOF(names));
    return (enum dialect)i;
}

void fault_translate(struct fault_stream *stream, const struct fault_line *line,
                     struct buf *scenario)
{
    for (size_t i = 0; i < COUNTOF(translations); i++) {
        if (strcmp(translations[i].word, line->word) != 0)
            continue;
        translations[i].translate(stream, dialect_of(stream->dialect),
                                  line->rest, scenario);
        return;
    }
    buf_printf(scenario, "%s %s\n", line->word, line->rest);
}
