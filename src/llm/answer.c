/* SPDX-License-Identifier: MIT */
#include "llm/answer.h"

#include <math.h>
#include <stdio.h>

#include "base/json.h"

static void forward(void *context, struct event *event)
{
    struct answer *answer = context;
    answer->has_progress = true;
    answer->fn(answer->context, event);
}

void answer_init(struct answer *answer, answer_event_fn *fn, void *context)
{
    *answer = (struct answer){
        .fn = fn,
        .context = context,
        .calls = {.fn = forward, .context = answer },
        .usage = { -1,            -1, -1, -1, -1, -1, -1, NAN },
        .site = { .status = 200},
    };
}

void answer_clear(struct answer *answer)
{
    think_clear(&answer->think);
    calls_clear(&answer->calls);
    buf_clear(&answer->model);
}

static void emit_text(void *context, bool is_thinking, struct slice text)
{
    struct event event = {
        .type = is_thinking ? EVENT_THINKING_DELTA : EVENT_TEXT_DELTA,
    };
    event_add_text(&event, FIELD_TEXT, text);
    forward(context, &event);
}

void answer_text(struct answer *answer, struct slice text)
{
    if (text.len == 0)
        return;
    answer->has_progress = true;
    think_feed(&answer->think, text, emit_text, answer);
}

/* What comes now is no text: what was held as part of a tag is none. */
static void settle_text(struct answer *answer)
{
    if (answer->think.state == THINK_START)
        think_flush(&answer->think, emit_text, answer);
}

void answer_refusal(struct answer *answer, struct slice text)
{
    if (text.len == 0)
        return;
    settle_text(answer);
    struct event event = { .type = EVENT_TEXT_DELTA };
    event_add_text(&event, FIELD_TEXT, text);
    event_add_number(&event, FIELD_REFUSAL, 1);
    forward(answer, &event);
}

void answer_thinking(struct answer *answer, struct slice text)
{
    if (text.len == 0)
        return;
    settle_text(answer);
    emit_text(answer, true, text);
}

static void fail(struct answer *answer, const struct error *err)
{
    answer->has_failed = true;
    answer->result.err = *err;
}

void answer_call(struct answer *answer, const struct call_fragment *fragment)
{
    struct error err = { 0 };
    settle_text(answer);
    if (!calls_add(&answer->calls, fragment, &err))
        fail(answer, &err);
}

void answer_whole_call(struct answer *answer,
                       const struct call_fragment *fragment)
{
    struct error err = { 0 };
    settle_text(answer);
    if (calls_add_whole(&answer->calls, fragment, &err))
        return;
    if (err.kind == ERROR_LIMIT)
        fail(answer, &err);
    else
        answer_is_damaged(answer);
}

void answer_model(struct answer *answer, struct slice name)
{
    if (name.len == 0 || slice_equal(buf_slice(&answer->model), name))
        return;
    buf_reset(&answer->model);
    buf_append_slice(&answer->model, name);
    struct event event = { .type = EVENT_MODEL_REPORTED };
    event_add_text(&event, FIELD_MODEL, name);
    forward(answer, &event);
}

void answer_finish_reason(struct answer *answer, struct slice reason)
{
    char *word = answer->result.finish_reason;
    size_t size = sizeof answer->result.finish_reason;
    if (slice_trim(reason).len == 0)
        return;
    answer->has_progress = true;
    /* The first word counts: some servers send it twice. A failure counts
     * whenever it comes. */
    if (answer->has_finish_reason && !slice_is(reason, "error"))
        return;
    answer->has_finish_reason = true;
    reason = failure_excerpt(reason, size - 1);
    snprintf(word, size, "%.*s", SLICE_ARG(reason));
}

bool answer_take_failure(struct answer *answer, const json_t *object)
{
    if (!failure_is_in(object))
        return false;
    struct failure_site site = answer->site;
    site.status = 200;
    answer->has_failed = true;
    failure_of_json(&answer->result, &site, object);
    return true;
}

void answer_is_damaged(struct answer *answer)
{
    answer->result.is_damaged = true;
    answer->result.skipped++;
}

static void add_known(struct event *event, enum event_field field,
                      int64_t number)
{
    if (number >= 0)
        event_add_number(event, field, (uint64_t)number);
}

static void emit_usage(struct answer *answer)
{
    const struct answer_usage *usage = &answer->usage;
    struct event event = { .type = EVENT_USAGE };
    add_known(&event, FIELD_INPUT, usage->input);
    add_known(&event, FIELD_OUTPUT, usage->output);
    add_known(&event, FIELD_REASONING, usage->reasoning);
    add_known(&event, FIELD_CACHED, usage->cached);
    if (!isnan(usage->cost))
        event_add_real(&event, FIELD_COST, usage->cost);
    add_known(&event, FIELD_EVAL_MS, usage->eval_ms);
    add_known(&event, FIELD_PROMPT_MS, usage->prompt_ms);
    add_known(&event, FIELD_LOAD_MS, usage->load_ms);
    if (event.field_count)
        forward(answer, &event);
}

void answer_close(struct answer *answer, bool is_complete)
{
    think_flush(&answer->think, emit_text, answer);
    size_t nameless = is_complete ? calls_end(&answer->calls) : 0;
    while (nameless-- > 0)
        answer_is_damaged(answer);
    emit_usage(answer);
}
