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

/* What stands escaped inside of a JSON string, as it is. */
static void append_plain(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' && text[1])
            text++;
        buf_append_char(out, *text);
    }
}

/* One write of bytes, be they a whole event or not. */
static void append_chunk(struct buf *out, const struct buf *bytes)
{
    buf_append_string(out, "chunk \"");
    for (const char *c = buf_string(bytes); *c; c++) {
        if (*c == '"' || *c == '\\')
            buf_append_char(out, '\\');
        buf_append_char(out, *c);
    }
    buf_append_string(out, "\"\n");
}

/* Where a call begins, up to its arguments. */
static void append_call_start(enum dialect dialect, const char *name, int len,
                              struct buf *out)
{
    switch (dialect) {
    case CHAT:
        buf_printf(
            out,
            "data {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":["
            "{\"index\":0,\"id\":\"c1\",\"type\":\"function\","
            "\"function\":{\"name\":\"%.*s\",\"arguments\":\"\"}}]}}]}\n",
            len, name);
        break;
    case RESPONSES:
        buf_printf(out,
                   "data {\"type\":\"response.output_item.added\","
                   "\"output_index\":1,\"item\":{\"type\":\"function_call\","
                   "\"id\":\"f1\",\"call_id\":\"c1\",\"name\":\"%.*s\","
                   "\"arguments\":\"\"}}\n",
                   len, name);
        break;
    case ANTHROPIC:
        buf_printf(out,
                   "data {\"type\":\"content_block_start\",\"index\":1,"
                   "\"content_block\":{\"type\":\"tool_use\",\"id\":\"c1\","
                   "\"name\":\"%.*s\",\"input\":{}}}\n",
                   len, name);
        break;
    case OLLAMA: break; /* has calls only whole */
    }
}

static void append_arguments(enum dialect dialect, const char *arguments,
                             struct buf *out)
{
    switch (dialect) {
    case CHAT:
        buf_printf(out,
                   "data {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":["
                   "{\"index\":0,\"function\":{\"arguments\":\"%s\"}}]}}]}\n",
                   arguments);
        break;
    case RESPONSES:
        buf_printf(out,
                   "data {\"type\":\"response.function_call_arguments.delta\","
                   "\"item_id\":\"f1\",\"output_index\":1,\"delta\":\"%s\"}\n",
                   arguments);
        break;
    case ANTHROPIC:
        buf_printf(out,
                   "data {\"type\":\"content_block_delta\",\"index\":1,"
                   "\"delta\":{\"type\":\"input_json_delta\","
                   "\"partial_json\":\"%s\"}}\n",
                   arguments);
        break;
    case OLLAMA: break;
    }
}

static void append_call_end(enum dialect dialect, struct buf *out)
{
    if (dialect == ANTHROPIC)
        buf_append_string(
            out, "data {\"type\":\"content_block_stop\",\"index\":1}\n");
    if (dialect == RESPONSES)
        buf_append_string(
            out, "data {\"type\":\"response.function_call_arguments.done\","
                 "\"item_id\":\"f1\",\"output_index\":1}\n");
}

static void append_ollama_call(const char *rest, bool is_whole, struct buf *out)
{
    struct buf line = { 0 };
    int len = (int)strcspn(rest, " ");
    buf_printf(&line,
               "{\"message\":{\"role\":\"assistant\",\"content\":\"\","
               "\"tool_calls\":[{\"function\":{\"name\":\"%.*s\","
               "\"arguments\":",
               len, rest);
    append_plain(&line, rest + len + strspn(rest + len, " "));
    if (is_whole)
        buf_printf(out, "line %s}}]},\"done\":false}\n", buf_string(&line));
    else
        append_chunk(out, &line);
    buf_clear(&line);
}

static void append_call(enum dialect dialect, const char *rest, bool is_whole,
                        struct buf *out)
{
    int len = (int)strcspn(rest, " ");
    if (dialect == OLLAMA) {
        append_ollama_call(rest, is_whole, out);
        return;
    }
    append_call_start(dialect, rest, len, out);
    append_arguments(dialect, rest + len + strspn(rest + len, " "), out);
    if (is_whole)
        append_call_end(dialect, out);
}

static void call(struct fault_stream *stream, enum dialect dialect,
                 const char *rest, struct buf *out)
{
    (void)stream;
    append_call(dialect, rest, true, out);
}

static void half(struct fault_stream *stream, enum dialect dialect,
                 const char *rest, struct buf *out)
{
    (void)stream;
    append_call(dialect, rest, false, out);
}

static void half_token(struct fault_stream *stream, enum dialect dialect,
                       const char *rest, struct buf *out)
{
    static const char *const beginnings[] = {
        [CHAT] = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Se",
        [OLLAMA] = "{\"model\":\"m\",\"message\":{\"content\":\"Se",
        [ANTHROPIC] = "data: {\"type\":\"content_block_delta\",\"index\":0,"
                      "\"delta\":{\"type\":\"text_delta\",\"text\":\"Se",
        [RESPONSES] = "data: {\"type\":\"response.output_text.delta\","
                      "\"delta\":\"Se",
    };
    struct buf bytes = { 0 };
    (void)stream, (void)rest;
    buf_append_string(&bytes, beginnings[dialect]);
    append_chunk(out, &bytes);
    buf_clear(&bytes);
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
    { "from", from },        { "call", call },
    { "half", half },        { "half-token", half_token },
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
