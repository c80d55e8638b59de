/* SPDX-License-Identifier: MIT */
#include "llm/responses.h"

#include <string.h>

#include "base/json.h"
#include "llm/answer_schema.h"
#include "llm/completions_request.h"
#include "llm/dialect.h"
#include "llm/response_input.h"
#include "llm/response_items.h"
#include "llm/traits.h"

/* By words "on", "off", or how hard. */
static void append_reasoning(struct buf *body,
                             const struct chat_request *request)
{
    struct slice word = slice_of(request->reply.thinking);
    if (!dialect_is_thinking_set(request))
        return;
    dialect_append_name(body, "reasoning");
    buf_append_char(body, '{');
    if (slice_is(word, "off"))
        dialect_append_text(body, "effort", slice_of("none"));
    else if (!slice_is(word, "on"))
        dialect_append_text(body, "effort", word);
    if (!slice_is(word, "off") && !(request->omit & PART_THINKING_SUMMARY))
        dialect_append_text(body, "summary", slice_of("auto"));
    buf_append_char(body, '}');
}

/* What the server says only if it is asked to. */
static void append_include(struct buf *body, const struct chat_request *request)
{
    bool has_thinking = dialect_is_thinking_set(request) &&
                        strcmp(request->reply.thinking, "off") != 0;
    bool has_logprobs = dialect_wants_logprobs(request);
    if (!has_thinking && !has_logprobs)
        return;
    buf_printf(body, ",\"include\":[%s%s%s]",
               has_thinking ? "\"reasoning.encrypted_content\"" : "",
               has_thinking && has_logprobs ? "," : "",
               has_logprobs ? "\"message.output_text.logprobs\"" : "");
}

static void append_schema(struct buf *body, const struct chat_request *request)
{
    if (!request->schema.len)
        return;
    buf_append_string(body, ",\"text\":{\"format\":{");
    if (answer_schema_is_weak(request)) {
        buf_append_string(body, "\"type\":\"json_object\"}}");
        return;
    }
    buf_append_string(body, "\"type\":\"json_schema\",\"name\":\"answer\","
                            "\"schema\":");
    buf_append_slice(body, request->schema);
    dialect_append_flag(body, "strict",
                        answer_schema_is_strict(request->schema));
    buf_append_string(body, "}}");
}

static void append_instructions(struct buf *body,
                                const struct chat_request *request)
{
    struct buf words = { 0 };
    struct slice system =
        answer_schema_system(request, !answer_schema_is_weak(request), &words);
    if (system.len)
        dialect_append_text(body, "instructions", system);
    buf_clear(&words);
}

static void append_tools(struct buf *body, const struct chat_request *request)
{
    if (!request->tool_count || request->omit & PART_TOOLS)
        return;
    dialect_append_name(body, "tools");
    buf_append_char(body, '[');
    for (size_t i = 0; i < request->tool_count; i++) {
        const struct tool_offer *tool = &request->tools[i];
        buf_append_string(body, i ? ",{" : "{");
        dialect_append_text(body, "type", slice_of("function"));
        dialect_append_tool_name(body, "name", tool->name);
        dialect_append_text(body, "description", tool->about);
        dialect_append_name(body, "parameters");
        buf_append_slice(body, tool->schema);
        dialect_append_flag(body, "strict", false);
        buf_append_char(body, '}');
    }
    buf_append_char(body, ']');
}

static void append_reply(struct buf *body, const struct chat_request *request)
{
    const struct reply_settings *reply = &request->reply;
    uint32_t set = provider_reply_parts(reply) & ~request->omit;
    if (set & PART_TEMPERATURE)
        dialect_append_real(body, "temperature", reply->temperature);
    if (set & PART_TOP_P)
        dialect_append_real(body, "top_p", reply->top_p);
    if (set & PART_MAX_TOKENS)
        dialect_append_number(body, "max_output_tokens", reply->max_tokens);
    append_reasoning(body, request);
    append_include(body, request);
    append_schema(body, request);
}

/* What the API has no name for. */
static uint32_t lacks(const struct chat_request *request)
{
    (void)request;
    return PART_SEED | PART_STOP | PART_REPEAT_PENALTY | PART_KEEP_ALIVE |
           PART_NUM_CTX;
}

static bool write_request(const struct chat_request *request,
                          struct wire_request *wire, struct error *err)
{
    struct buf *body = &wire->body;
    bool is_streamed = !request->reply.unstreamed;
    const struct traits *traits = traits_of(request->base_url, request->like);
    if (!dialect_start_request_as(request, traits->key_header, wire, err))
        return false;
    wire_request_header(wire, "Accept: %s",
                        is_streamed ? "text/event-stream" : "application/json");
    provider_join_url(&wire->url, request->base_url, "/v1/responses");
    buf_append_char(body, '{');
    dialect_append_text(body, "model", slice_of(request->model));
    dialect_append_flag(body, "stream", is_streamed);
    dialect_append_flag(body, "store", false);
    append_reply(body, request);
    append_tools(body, request);
    append_instructions(body, request);
    /* Last: a longer conversation then begins with the bytes of a shorter. */
    response_input_append(body, request, &dialect_responses);
    buf_append_char(body, '}');
    return true;
}

static void read_usage(struct intake_usage *usage, const json_t *report)
{
    if (json_object_size(report) == 0)
        return;
    dialect_read_count(report, "input_tokens", &usage->input);
    dialect_read_count(report, "output_tokens", &usage->output);
    dialect_read_count(json_member_object(report, "input_tokens_details"),
                       "cached_tokens", &usage->cached);
    dialect_read_count(json_member_object(report, "output_tokens_details"),
                       "reasoning_tokens", &usage->reasoning);
    json_number(report, "cost", &usage->cost);
}

static void read_response(struct intake *intake, const json_t *response)
{
    intake_model(intake, json_slice(response, "model"));
    read_usage(&intake->usage, json_member_object(response, "usage"));
}

static void fail_without_words(struct intake *intake)
{
    struct error err = { 0 };
    failure_without_words(&err);
    intake_fail(intake, &err);
}

/* Of an answer in one piece; where it was streamed its pieces had them. */
static void read_whole_logprobs(struct intake *intake, const json_t *response)
{
    size_t index, part_index;
    json_t *item, *part;
    if (intake->result.confidence.tokens)
        return;
    json_array_foreach(json_member_array(response, "output"), index, item)
    {
        json_array_foreach(json_member_array(item, "content"), part_index, part)
            confidence_read(&intake->result.confidence,
                            json_member_array(part, "logprobs"));
    }
}

/* The response as a whole, and how it ended. */
static void read_end(struct intake *intake, const json_t *response,
                     struct slice status)
{
    struct slice reason = json_slice(
        json_member_object(response, "incomplete_details"), "reason");
    read_response(intake, response);
    if (intake_take_failure(intake, response))
        return;
    if (slice_is(status, "failed")) {
        fail_without_words(intake);
        return;
    }
    response_items_settle(intake, intake->memory,
                          json_member_array(response, "output"));
    read_whole_logprobs(intake, response);
    intake->is_incomplete = slice_is(status, "incomplete");
    if (intake->is_incomplete) {
        response_items_drop_open(intake, intake->memory);
        intake_finish_reason(intake, reason.len ? reason : status);
    }
    intake->has_end_marker = true;
    intake->has_progress = true;
}

/* The events that hold texts, by their names without "response.". */
static const struct {
    const char *type;
    enum text_kind kind;
    const char *member;
    bool is_whole;
} texts[] = {
    { "output_text.delta", TEXT_ANSWER, "delta", false },
    { "output_text.done", TEXT_ANSWER, "text", true },
    { "refusal.delta", TEXT_REFUSAL, "delta", false },
    { "refusal.done", TEXT_REFUSAL, "refusal", true },
    { "reasoning_text.delta", TEXT_REASONING, "delta", false },
    { "reasoning_text.done", TEXT_REASONING, "text", true },
    { "reasoning_summary_text.delta", TEXT_SUMMARY, "delta", false },
    { "reasoning_summary_text.done", TEXT_SUMMARY, "text", true },
    { "function_call_arguments.delta", TEXT_ARGUMENTS, "delta", false },
    { "function_call_arguments.done", TEXT_ARGUMENTS, "arguments", true },
};

static void read_text(struct intake *intake, const json_t *chunk,
                      struct slice name)
{
    if (slice_is(name, "output_text.delta"))
        confidence_read(&intake->result.confidence,
                        json_member_array(chunk, "logprobs"));
    for (size_t i = 0; i < COUNTOF(texts); i++) {
        if (slice_is(name, texts[i].type))
            response_items_add(intake, intake->memory, chunk, texts[i].kind,
                               json_slice(chunk, texts[i].member),
                               texts[i].is_whole);
    }
}

static bool is_start(struct slice name)
{
    return slice_is(name, "created") || slice_is(name, "queued") ||
           slice_is(name, "in_progress");
}

static bool is_end(struct slice name)
{
    return slice_is(name, "completed") || slice_is(name, "incomplete") ||
           slice_is(name, "failed");
}

/* One event, by its name without "response.". */
static void read_event(struct intake *intake, const json_t *chunk,
                       struct slice name)
{
    const json_t *response = json_member_object(chunk, "response");
    intake->has_begun = true;
    if (is_start(name)) {
        read_response(intake, response);
        return;
    }
    /* Tools that run at the server tell how far they are: it works. */
    intake->has_progress = true;
    if (is_end(name))
        read_end(intake, response, name);
    else if (slice_is(name, "output_item.added"))
        response_items_begin(intake, intake->memory, chunk);
    else if (slice_is(name, "output_item.done"))
        response_items_end(intake, intake->memory, chunk);
    else
        read_text(intake, chunk, name);
}

/* An answer in one piece. One that is still being made is none. */
static void read_whole(struct intake *intake, const json_t *response)
{
    struct slice status = json_slice(response, "status");
    intake->has_begun = true;
    if (!status.len)
        status = slice_of("completed");
    if (is_end(status))
        read_end(intake, response, status);
}

static bool is_whole_answer(const json_t *chunk)
{
    return slice_is(json_slice(chunk, "object"), "response");
}

static bool has_form(const json_t *chunk)
{
    return is_whole_answer(chunk) ||
           slice_starts(json_slice(chunk, "type"), "response.");
}

static void read_chunk(struct intake *intake, const json_t *chunk)
{
    struct slice type = json_slice(chunk, "type");
    dialect_read_timings(&intake->usage, chunk);
    if (is_whole_answer(chunk)) {
        read_whole(intake, chunk);
        return;
    }
    if (intake_take_failure(intake, chunk))
        return;
    if (slice_starts(type, "response."))
        read_event(intake, chunk, slice_skip(type, strlen("response.")));
}

static void forget(void *memory)
{
    response_items_clear(memory);
}

static const struct dialect_reader reader = {
    .is_sse = true,
    .has_own_end = true,
    .protocol = "the Responses API",
    .has_form = has_form,
    .memory_size = sizeof(struct response_items),
    .forget = forget,
    .read = read_chunk,
};

const struct dialect dialect_responses = {
    .name = "responses",
    .about = "OpenAI's Responses API, and servers that speak it too",
    .write_request = write_request,
    .add_key = completions_add_key,
    .lacks = lacks,
    .images = { .takes_addresses = true },
    .reader = &reader,
};
