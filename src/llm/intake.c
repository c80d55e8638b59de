/* SPDX-License-Identifier: MIT */
#include "llm/intake.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "graph/ending.h"
#include "llm/tool_name.h"

/* How much of the answer an event is: see FIELD_PLACE. */
static uint64_t extent(const struct event *event)
{
    switch (event->type) {
    case EVENT_TEXT_DELTA:
    case EVENT_THINKING_DELTA: return event_text(event, FIELD_TEXT).len;
    case EVENT_TOOL_CALL_START:
    case EVENT_OPAQUE: return 1;
    default: break;
    }
    return 0;
}

static void forward(void *context, struct event *event)
{
    struct intake *intake = context;
    intake->has_progress = true;
    intake->place += extent(event);
    intake->last_type = event->type;
    intake->fn(intake->context, event);
}

/* Tools get back the names that they have with us. */
static void forward_call(void *context, struct event *event)
{
    struct intake *intake = context;
    for (uint32_t i = 0; i < event->field_count; i++) {
        struct event_value *value = &event->fields[i];
        if (value->field != FIELD_NAME)
            continue;
        const struct tool_offer *tool =
            tool_name_find(intake->tools, intake->tool_count, value->text);
        if (tool)
            value->text = tool->name;
    }
    forward(context, event);
}

static const struct intake_usage no_usage = { -1, -1, -1, -1, -1,
                                              -1, -1, -1, NAN };

void intake_init(struct intake *intake, answer_event_fn *fn, void *context)
{
    *intake = (struct intake){
        .fn = fn,
        .context = context,
        .calls = { .fn = forward_call, .context = intake },
        .usage = no_usage,
        .site = { .status = 200 },
    };
}

void intake_clear(struct intake *intake)
{
    think_clear(&intake->think);
    calls_clear(&intake->calls);
    buf_clear(&intake->model);
    for (size_t i = 0; i < intake->extras.count; i++)
        json_decref(intake->extras.items[i].value);
    array_clear(&intake->extras);
    details_clear(&intake->details);
}

static void emit_text(void *context, bool is_thinking, struct slice text)
{
    struct event event = {
        .type = is_thinking ? EVENT_THINKING_DELTA : EVENT_TEXT_DELTA,
    };
    event_add_text(&event, FIELD_TEXT, text);
    forward(context, &event);
}

void intake_text(struct intake *intake, struct slice text)
{
    if (text.len == 0)
        return;
    intake->has_progress = true;
    think_feed(&intake->think, text, emit_text, intake);
}

/* What comes now is no text: what was held as part of a tag is none. */
static void settle_text(struct intake *intake)
{
    if (intake->think.state == THINK_START)
        think_flush(&intake->think, emit_text, intake);
}

void intake_plain_text(struct intake *intake, struct slice text)
{
    if (text.len == 0)
        return;
    settle_text(intake);
    emit_text(intake, false, text);
}

void intake_refusal(struct intake *intake, struct slice text)
{
    if (text.len == 0)
        return;
    settle_text(intake);
    struct event event = { .type = EVENT_TEXT_DELTA };
    event_add_text(&event, FIELD_TEXT, text);
    event_add_number(&event, FIELD_REFUSAL, 1);
    forward(intake, &event);
}

void intake_thinking(struct intake *intake, struct slice text)
{
    if (text.len == 0)
        return;
    settle_text(intake);
    emit_text(intake, true, text);
}

void intake_fail(struct intake *intake, const struct error *err)
{
    intake->has_failed = true;
    intake->result.err = *err;
}

void intake_call(struct intake *intake, const struct call_fragment *fragment)
{
    struct error err = { 0 };
    settle_text(intake);
    if (!calls_add(&intake->calls, fragment, &err))
        intake_fail(intake, &err);
}

void intake_whole_call(struct intake *intake,
                       const struct call_fragment *fragment)
{
    struct error err = { 0 };
    settle_text(intake);
    if (!calls_add_whole(&intake->calls, fragment, &err))
        intake_fail(intake, &err);
}

void intake_drop_calls(struct intake *intake)
{
    calls_drop(&intake->calls);
}

void intake_restart(struct intake *intake)
{
    struct event event = { .type = EVENT_SUPERSEDED };
    settle_text(intake);
    event_add_string(&event, FIELD_TEXT, "the server began the answer anew");
    forward(intake, &event);
    intake_drop_calls(intake);
    think_clear(&intake->think);
    intake->think = (struct think){ 0 };
    intake->usage = no_usage;
    intake->result.confidence = (struct confidence){ 0 };
    intake->place = 0;
    intake->has_finish_reason = false;
    intake->result.finish_reason[0] = '\0';
}

static void emit_opaque(struct intake *intake, struct event *event,
                        const char *kind, const json_t *value)
{
    struct buf json = { 0 };
    settle_text(intake);
    json_append_value(&json, value);
    event_add_string(event, FIELD_KIND, kind);
    event_add_text(event, FIELD_JSON, buf_slice(&json));
    forward(intake, event);
    buf_clear(&json);
}

void intake_opaque(struct intake *intake, const char *kind, const json_t *value,
                   uint32_t call)
{
    struct event event = { .type = EVENT_OPAQUE };
    if (call)
        event_add_number(&event, FIELD_CALL, call);
    emit_opaque(intake, &event, kind, value);
}

void intake_late_opaque(struct intake *intake, const char *kind,
                        const json_t *value, uint64_t place)
{
    struct event event = { .type = EVENT_OPAQUE };
    event_add_number(&event, FIELD_PLACE, place);
    emit_opaque(intake, &event, kind, value);
}

void intake_call_extra(struct intake *intake, const json_t *value)
{
    if (intake->calls.touched >= intake->calls.list.count)
        return;
    *array_add(&intake->extras) = (struct call_extra){
        .call = intake->calls.touched,
        .value = json_incref((json_t *)(uintptr_t)value),
    };
}

void intake_detail(struct intake *intake, const json_t *detail)
{
    details_add(&intake->details, detail);
}

void intake_model(struct intake *intake, struct slice name)
{
    if (name.len == 0 || slice_equal(buf_slice(&intake->model), name))
        return;
    buf_reset(&intake->model);
    buf_append_slice(&intake->model, name);
    struct event event = { .type = EVENT_MODEL_REPORTED };
    event_add_text(&event, FIELD_MODEL, name);
    forward(intake, &event);
}

void intake_finish_reason(struct intake *intake, struct slice reason)
{
    char *word = intake->result.finish_reason;
    size_t size = sizeof intake->result.finish_reason;
    if (slice_trim(reason).len == 0)
        return;
    intake->has_progress = true;
    /* The first word counts: some servers send it twice. A failure counts
     * whenever it comes. */
    if (intake->has_finish_reason && !slice_is(reason, "error"))
        return;
    intake->has_finish_reason = true;
    reason = failure_excerpt(reason, size - 1);
    snprintf(word, size, "%.*s", SLICE_ARG(reason));
}

bool intake_take_failure(struct intake *intake, const json_t *object)
{
    if (!failure_is_in(object))
        return false;
    struct failure_site site = intake->site;
    site.status = 200;
    intake->has_failed = true;
    failure_of_json(&intake->result, &site, object);
    return true;
}

void intake_is_damaged(struct intake *intake)
{
    intake->result.is_damaged = true;
    intake->result.skipped++;
}

static void add_known(struct event *event, enum event_field field,
                      int64_t number)
{
    if (number >= 0)
        event_add_number(event, field, (uint64_t)number);
}

static void emit_usage(struct intake *intake)
{
    const struct intake_usage *usage = &intake->usage;
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
    add_known(&event, FIELD_CACHE_WRITE, usage->cache_write);
    if (event.field_count)
        forward(intake, &event);
}

static bool is_cut_short(const struct intake *intake)
{
    return intake->is_incomplete ||
           ending_is_by_length(slice_of(intake->result.finish_reason));
}

static void emit_opaques(struct intake *intake)
{
    const json_t *details = details_end(&intake->details);
    if (details)
        intake_opaque(intake, OPAQUE_REASONING_DETAILS, details, 0);
    for (size_t i = 0; i < intake->extras.count; i++) {
        const struct call_extra *extra = &intake->extras.items[i];
        uint32_t number = intake->calls.list.items[extra->call].number;
        if (number)
            intake_opaque(intake, OPAQUE_EXTRA_CONTENT, extra->value, number);
    }
}

void intake_close(struct intake *intake, bool is_complete)
{
    think_flush(&intake->think, emit_text, intake);
    /* What could not be read may have belonged to a call. */
    bool has_calls = is_complete && !intake->result.is_damaged;
    size_t strays =
        has_calls ? calls_end(&intake->calls, is_cut_short(intake)) : 0;
    while (strays-- > 0)
        intake_is_damaged(intake);
    if (is_complete)
        emit_opaques(intake);
    emit_usage(intake);
}
