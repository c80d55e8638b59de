/* SPDX-License-Identifier: MIT */
#include "llm/chat_completions.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "llm/completions_request.h"
#include "llm/dialect.h"

static void read_usage(struct intake_usage *usage, const json_t *report)
{
    if (json_object_size(report) == 0)
        return;
    usage->input = usage->output = usage->reasoning = usage->cached = -1;
    usage->cost = NAN;
    dialect_read_count(report, "prompt_tokens", &usage->input);
    dialect_read_count(report, "completion_tokens", &usage->output);
    dialect_read_count(report, "prompt_cache_hit_tokens", &usage->cached);
    dialect_read_count(json_member_object(report, "prompt_tokens_details"),
                       "cached_tokens", &usage->cached);
    dialect_read_count(json_member_object(report, "completion_tokens_details"),
                       "reasoning_tokens", &usage->reasoning);
    json_number(report, "cost", &usage->cost); /* OpenRouter */
    json_number(json_member_object(report, "cost"), "total_cost",
                &usage->cost); /* Perplexity */
}

/* Parts of text: [{"type":"text","text":...},{"type":"thinking",...}]. */
static void read_thinking_part(struct intake *intake, const json_t *part)
{
    size_t index;
    json_t *inner;
    intake_thinking(intake, json_slice(part, "thinking"));
    json_array_foreach(json_member_array(part, "thinking"), index, inner)
        intake_thinking(intake, json_slice(inner, "text"));
}

static void read_part(struct intake *intake, const json_t *part)
{
    struct slice type = json_slice(part, "type");
    if (slice_is(type, "thinking")) {
        read_thinking_part(intake, part);
    } else if (slice_is(type, "text")) {
        intake_text(intake, json_slice(part, "text"));
    } else if (type.len) {
        struct buf placeholder = { 0 };
        buf_printf(&placeholder, "[%.*s]", SLICE_ARG(type));
        intake_text(intake, buf_slice(&placeholder));
        buf_clear(&placeholder);
    }
}

static void read_content(struct intake *intake, const json_t *delta)
{
    size_t index;
    json_t *part;
    intake_text(intake, json_slice(delta, "content"));
    json_array_foreach(json_member_array(delta, "content"), index, part)
        read_part(intake, part);
}

static void read_reasoning(struct intake *intake, const json_t *delta)
{
    size_t index;
    json_t *detail;
    struct slice text = json_slice(delta, "reasoning_content");
    if (!text.len)
        text = json_slice(delta, "reasoning");
    intake_thinking(intake, text);
    json_array_foreach(json_member_array(delta, "reasoning_details"), index,
                       detail)
    {
        intake_detail(intake, detail);
        /* Mostly a copy of the text above; alone on some gateways. */
        if (text.len)
            continue;
        intake_thinking(intake, json_slice(detail, "text"));
        intake_thinking(intake, json_slice(detail, "summary"));
    }
}

static void add_call(struct intake *intake, struct call_fragment *fragment,
                     const json_t *function, bool is_whole)
{
    struct buf arguments = { 0 };
    json_t *value = json_member_object(function, "arguments");
    fragment->name = json_slice(function, "name");
    fragment->arguments = json_slice(function, "arguments");
    if (value) {
        json_append_value(&arguments, value);
        fragment->arguments = buf_slice(&arguments);
        fragment->is_object = true;
    } else if (is_whole && function && !fragment->arguments.len) {
        fragment->arguments = slice_of("{}");
    }
    if (is_whole)
        intake_whole_call(intake, fragment);
    else
        intake_call(intake, fragment);
    buf_clear(&arguments);
}

/* Before tools there was one function call without id: it is as good as one
 * with an index of its own. */
enum { LEGACY_CALL_INDEX = -1 };

static void read_calls(struct intake *intake, const json_t *delta,
                       bool is_whole)
{
    size_t position;
    json_t *item;
    json_array_foreach(json_member_array(delta, "tool_calls"), position, item)
    {
        const json_t *index = json_object_get(item, "index");
        struct call_fragment fragment = {
            .has_index = json_is_integer(index),
            .index = json_integer_value(index),
            .id = json_slice(item, "id"),
        };
        const json_t *function = json_member_object(item, "function");
        const json_t *extra = json_object_get(item, "extra_content");
        /* Some come alone, after their call. */
        if (function || (json_is_object(item) && !extra))
            add_call(intake, &fragment, function, is_whole);
        if (json_is_object(extra))
            intake_call_extra(intake, extra);
    }
    const json_t *legacy = json_member_object(delta, "function_call");
    struct call_fragment fragment = { .has_index = true,
                                      .index = LEGACY_CALL_INDEX };
    if (legacy)
        add_call(intake, &fragment, legacy, is_whole);
}

static void read_delta(struct intake *intake, const json_t *delta,
                       bool is_whole)
{
    read_reasoning(intake, delta);
    read_content(intake, delta);
    intake_refusal(intake, json_slice(delta, "refusal"));
    read_calls(intake, delta, is_whole);
}

/* What stands beside thinking or a call is not of the answer. */
static void read_logprobs(struct intake *intake, const json_t *choice,
                          const json_t *delta)
{
    if (json_slice(delta, "content").len)
        confidence_read(&intake->result.confidence,
                        json_member_array(
                            json_member_object(choice, "logprobs"), "content"));
}

static void read_choice(struct intake *intake, const json_t *choice)
{
    const json_t *delta = json_member_object(choice, "delta");
    const json_t *message = json_member_object(choice, "message");
    uint64_t index = 0;
    if (json_count(choice, "index", &index) && index != 0)
        return;
    if (delta) {
        intake->has_delta = true;
        read_delta(intake, delta, false);
        read_logprobs(intake, choice, delta);
    } else if (message && !intake->has_delta && !intake->has_message) {
        intake->has_message = true;
        read_delta(intake, message, true);
        read_logprobs(intake, choice, message);
    }
    intake_finish_reason(intake, json_slice(choice, "finish_reason"));
}

static bool has_form(const json_t *chunk)
{
    return json_member_array(chunk, "choices") != NULL;
}

static void read_chunk(struct intake *intake, const json_t *chunk)
{
    size_t index;
    json_t *choice;
    intake_model(intake, json_slice(chunk, "model"));
    read_usage(
        &intake->usage,
        json_member_object(json_member_object(chunk, "x_groq"), "usage"));
    read_usage(&intake->usage, json_member_object(chunk, "usage"));
    dialect_read_timings(&intake->usage, chunk);
    if (intake_take_failure(intake, chunk))
        return;
    intake->has_begun |= has_form(chunk);
    /* A long prompt is being read: the server works. */
    if (json_member_object(chunk, "prompt_progress"))
        intake->has_progress = true;
    json_array_foreach(json_member_array(chunk, "choices"), index, choice)
        read_choice(intake, choice);
}

static const struct dialect_reader reader = {
    .is_sse = true,
    .protocol = "Chat Completions",
    .has_form = has_form,
    .read = read_chunk,
};

const struct dialect dialect_chat_completions = {
    .name = "chat-completions",
    .about = "OpenAI's Chat Completions, llama-server, vLLM and others",
    .write_request = completions_write_request,
    .lacks = completions_lacks,
    .images = { .takes_addresses = true },
    .add_key = completions_add_key,
    .reader = &reader,
};
