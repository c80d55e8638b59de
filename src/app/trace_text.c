/* SPDX-License-Identifier: MIT */
#include "app/trace_text.h"

#include <inttypes.h>
#include <stdlib.h>

#include "app/decision_text.h"
#include "base/date.h"
#include "base/filter.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "ui/receipt.h"

enum { VALUE_MAX = 300 }; /* bytes of a value that a line shows */

/* What a line is written of; attempts have one of their own. */
static bool is_decision(enum event_type type)
{
    switch (type) {
    case EVENT_RUN_STARTED:
    case EVENT_ROUTED:
    case EVENT_RETRY_SCHEDULED:
    case EVENT_FELL_BACK:
    case EVENT_SUPERSEDED:
    case EVENT_CONSENT_ASKED:
    case EVENT_CONSENT_ANSWERED:
    case EVENT_ANSWER_CHECKED:
    case EVENT_PREFERENCE:
    case EVENT_RUN_FINISHED:
    case EVENT_RELAY_ASKED:
    case EVENT_RELAY_ANSWERED:
    case EVENT_TOOL_STARTED:
    case EVENT_TOOL_FINISHED: return true;
    default: return false;
    }
}

static void put_time(struct buf *out, int64_t at)
{
    size_t start = out->len;
    date_append(out, at / 1000);
    if (out->len > start)
        buf_truncate(out, out->len - 1);
    buf_printf(out, ".%03dZ", (int)(at % 1000));
}

static void put_value(struct buf *out, const struct event_value *value)
{
    struct slice text = value->text;
    switch (event_field_kind(value->field)) {
    case FIELD_KIND_NUMBER: buf_printf(out, "%" PRIu64, value->number); break;
    case FIELD_KIND_REAL: buf_printf(out, "%g", value->real); break;
    case FIELD_KIND_FLAG:
        buf_append_string(out, value->number ? "yes" : "no");
        break;
    case FIELD_KIND_BYTES: buf_printf(out, "%zu bytes", text.len); break;
    case FIELD_KIND_TEXT:
    case FIELD_KIND_JSON:
        if (text.len > VALUE_MAX) {
            text.len = VALUE_MAX;
            text.len -= utf8_partial_tail(text);
        }
        filter_line(out, text);
        if (text.len < value->text.len)
            buf_append_string(out, "...");
        break;
    }
}

static void put_stamp(struct buf *out, const struct event *event)
{
    if (event->run)
        buf_printf(out, "run %" PRIu32, event->run);
    if (event->run && event->attempt)
        buf_printf(out, ".%" PRIu32, event->attempt);
    if (event->run)
        buf_append_char(out, ' ');
}

/* What a route has to say takes lines of its own. */
static bool has_lines(const struct event *event, enum event_field field)
{
    return event->type == EVENT_ROUTED &&
           (field == FIELD_REASONS || field == FIELD_FEATURES);
}

static void put_decision_line(void *context, struct slice line)
{
    struct buf *out = context;
    buf_append_string(out, "\n    ");
    filter_line(out, line);
}

static void put_route(struct buf *out, const struct event *event)
{
    struct slice reasons = event_text(event, FIELD_REASONS);
    struct slice features = event_text(event, FIELD_FEATURES);
    char *told = memory_copy(reasons.ptr, reasons.len);
    char *made_of = memory_copy(features.ptr, features.len);
    const struct decision_text decision = { .reasons = told,
                                            .features = made_of,
                                            .score = -1 };
    decision_text_each(&decision, 0, put_decision_line, out);
    decision_text_each_feature(&decision, put_decision_line, out);
    free(told);
    free(made_of);
}

static void put_decision(struct buf *out, const struct event *event)
{
    bool is_first = true;
    put_stamp(out, event);
    buf_append_string(out, event_type_name(event->type));
    for (uint32_t i = 0; i < event->field_count; i++) {
        const struct event_value *value = &event->fields[i];
        if (has_lines(event, value->field))
            continue;
        buf_printf(out, "%s %s ", is_first ? ":" : ",",
                   event_field_name(value->field));
        put_value(out, value);
        is_first = false;
    }
    if (event->type == EVENT_ROUTED)
        put_route(out, event);
}

static void put_receipt(struct buf *out, const struct attempt *attempt)
{
    struct buf parts[RECEIPT_PARTS] = { { 0 } };
    if (attempt->node_id && attempt->ended_at)
        receipt_parts(parts, attempt, 0);
    if (attempt->usage.output < 0)
        buf_reset(&parts[RECEIPT_TOKENS]);
    for (size_t i = 0; i < RECEIPT_PARTS; i++) {
        if (parts[i].len)
            buf_append_string(out, ", ");
        buf_append_slice(out, buf_slice(&parts[i]));
        buf_clear(&parts[i]);
    }
}

static void put_times(struct buf *out, const struct run *run, uint32_t number)
{
    struct buf times = { 0 };
    receipt_times(&times, run, number - 1);
    if (run->attempts.items[number - 1].ended_at && times.len)
        buf_printf(out, "\n    %s", buf_string(&times));
    buf_clear(&times);
}

/* How it ended is told where it began: one line for one attempt. */
static void put_attempt(struct buf *out, const struct event *event,
                        const struct attempt *attempt)
{
    struct buf model = { 0 };
    receipt_model(&model, attempt, "->");
    put_stamp(out, event);
    filter_line(out, buf_slice(&model));
    buf_append_char(out, ' ');
    filter_line(out, slice_of(attempt->endpoint));
    buf_printf(out, "%s: ", attempt->is_vendor ? " (vendor)" : "");
    receipt_state(out, attempt, 0);
    if (attempt->ended_at) {
        buf_append_string(out, " after ");
        receipt_duration(out, attempt->ended_at - attempt->started_at);
    }
    put_receipt(out, attempt);
    if (attempt->error[0]) {
        buf_append_string(out, ", ");
        filter_line(out, slice_of(attempt->error));
    }
    buf_clear(&model);
}

static uint64_t count_rejected(const struct graph *graph)
{
    uint64_t count = 0;
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        count += graph_rejected_count(graph, (enum reject_reason)i);
    return count;
}

/* Fold the event; REJECT_NONE if it had its effect. */
static enum reject_reason fold(struct graph *again, const struct event *event)
{
    uint64_t before = count_rejected(again);
    graph_apply(again, event);
    if (count_rejected(again) == before)
        return REJECT_NONE;
    return graph_rejected(again, graph_rejected_kept(again) - 1)->reason;
}

static void put_line(struct buf *out, const struct graph *graph,
                     const struct event *event, enum reject_reason reason)
{
    const struct attempt *attempt =
        event->type == EVENT_ATTEMPT_STARTED
            ? graph_attempt(graph, event->run, event->attempt)
            : NULL;
    if (reason == REJECT_NONE && !attempt && !is_decision(event->type))
        return;
    put_time(out, event->at);
    buf_printf(out, " #%" PRIu64 " ", event->seq);
    if (reason != REJECT_NONE)
        buf_printf(out, "%s changed nothing: %s", event_type_name(event->type),
                   graph_reject_name(reason));
    else if (attempt)
        put_attempt(out, event, attempt);
    else
        put_decision(out, event);
    if (reason == REJECT_NONE && attempt)
        put_times(out, graph_run(graph, event->run), event->attempt);
    buf_append_char(out, '\n');
}

/* The graph keeps the last of the rejected events: folded again, each tells. */
void trace_text_append(struct buf *out, const struct graph *graph,
                       const struct log *log)
{
    struct graph *again = graph_new();
    struct event event;
    uint64_t last = graph_seq(graph);
    for (uint64_t seq = 1; seq <= last && log_read(log, seq, &event); seq++)
        put_line(out, graph, &event, fold(again, &event));
    graph_free(again);
}
