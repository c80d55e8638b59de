/* SPDX-License-Identifier: MIT */
#include "graph/event.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/compiler.h"
#include "base/json.h"

struct field_row {
    const char *name;
    enum field_kind kind;
};

#define ROW(field, name, kind) [FIELD_##field] = { name, FIELD_KIND_##kind }

static const struct field_row fields[] = {
    ROW(NONE, "", NUMBER),
    ROW(TEXT, "text", TEXT),
    ROW(PARENT, "parent", NUMBER),
    ROW(NODE, "node", NUMBER),
    ROW(PROMPT, "prompt", NUMBER),
    ROW(CALL, "call", NUMBER),
    ROW(ID, "id", TEXT),
    ROW(NAME, "name", TEXT),
    ROW(ARGUMENTS, "arguments", TEXT),
    ROW(INPUT, "input", NUMBER),
    ROW(OUTPUT, "output", NUMBER),
    ROW(REASONING, "reasoning", NUMBER),
    ROW(CACHED, "cached", NUMBER),
    ROW(COST, "cost", REAL),
    ROW(MODEL, "model", TEXT),
    ROW(ENDPOINT, "endpoint", TEXT),
    ROW(DIALECT, "dialect", TEXT),
    ROW(SCORE, "score", REAL),
    ROW(THRESHOLD, "threshold", REAL),
    ROW(TIER, "tier", TEXT),
    ROW(REASONS, "reasons", JSON),
    ROW(OUTCOME, "outcome", TEXT),
    ROW(FINISH_REASON, "finish_reason", TEXT),
    ROW(ERROR, "error", TEXT),
    ROW(DELAY, "delay", NUMBER),
    ROW(MEDIA_TYPE, "media_type", TEXT),
    ROW(REFUSAL, "refusal", FLAG),
    ROW(RECOVERED, "recovered", FLAG),
    ROW(SPAWNED, "spawned", FLAG),
    ROW(FROM, "from", TEXT),
    ROW(AT_SEQ, "at", NUMBER),
    ROW(SETTINGS, "settings", JSON),
    ROW(STATE, "state", TEXT),
    ROW(TRUST, "trust", TEXT),
    ROW(EVAL_MS, "eval_ms", NUMBER),
    ROW(PROMPT_MS, "prompt_ms", NUMBER),
    ROW(LOAD_MS, "load_ms", NUMBER),
    ROW(KIND, "kind", TEXT),
    ROW(JSON, "json", JSON),
    ROW(DATA, "data", BYTES),
    ROW(URL, "url", TEXT),
    ROW(ALT, "alt", TEXT),
    ROW(LIMITS, "limits", JSON),
    ROW(PATH, "path", TEXT),
    ROW(VALUE, "value", JSON),
    ROW(PLACE, "place", NUMBER),
    ROW(SKIPPED, "skipped", NUMBER),
    ROW(UNDOES, "undoes", NUMBER),
    ROW(FIRST, "first", NUMBER),
    ROW(LAST, "last", NUMBER),
    ROW(SUMMARY, "summary", NUMBER),
    ROW(ON, "on", FLAG),
    ROW(CACHE_WRITE, "cache_write", NUMBER),
    ROW(OTHER, "other", NUMBER),
    ROW(PROFILE, "profile", TEXT),
    ROW(VOTE, "vote", TEXT),
    ROW(LOGPROBS, "logprobs", JSON),
    ROW(WHY, "why", TEXT),
    ROW(BAND, "band", REAL),
    ROW(FEATURES, "features", JSON),
    ROW(OFFERED, "offered", NUMBER),
};
#undef ROW

static_assert(COUNTOF(fields) == FIELD_COUNT, "one row for each field");

/* The fields of a type are a set of bits. */
static_assert(FIELD_COUNT <= 64, "field sets are 64 bits");
#define F(field) (UINT64_C(1) << FIELD_##field)

#define TARGET (F(ENDPOINT) | F(MODEL))
#define ENDING (F(OUTCOME) | F(FINISH_REASON) | F(ERROR))

struct type_row {
    const char *name;
    uint64_t fields;
};

#define TYPE(type, name, fields) [EVENT_##type] = { name, fields }

static const struct type_row types[] = {
    TYPE(NONE, "unknown", 0),
    TYPE(SESSION_OPENED, "session-opened",
         F(FROM) | F(AT_SEQ) | F(NAME) | F(TEXT) | F(SETTINGS) | TARGET),
    TYPE(TITLE, "title", F(TEXT)),
    TYPE(PROMPT_QUEUED, "prompt-queued", F(TEXT) | F(PARENT)),
    TYPE(USER_MESSAGE, "user-message",
         F(PROMPT) | F(PARENT) | F(TEXT) | F(SPAWNED) | F(CALL)),
    TYPE(HEAD_MOVED, "head-moved", F(NODE) | F(UNDOES)),
    TYPE(RUN_STARTED, "run-started",
         F(NODE) | F(PROMPT) | F(SPAWNED) | TARGET | F(CALL)),
    TYPE(ROUTED, "routed",
         F(SCORE) | F(THRESHOLD) | F(TIER) | TARGET | F(DIALECT) | F(TRUST) |
             F(COST) | F(REASONS) | F(WHY) | F(BAND) | F(FEATURES)),
    TYPE(ATTEMPT_STARTED, "attempt-started",
         TARGET | F(DIALECT) | F(TRUST) | F(TIER) | F(REASONS) | F(SETTINGS) |
             F(OFFERED)),
    TYPE(CONNECTED, "connected", TARGET | F(DELAY)),
    TYPE(MODEL_LOADING, "model-loading",
         TARGET | F(TEXT) | F(STATE) | F(DELAY)),
    TYPE(TEXT_DELTA, "text-delta", F(TEXT) | F(REFUSAL)),
    TYPE(THINKING_DELTA, "thinking-delta", F(TEXT)),
    TYPE(TOOL_CALL_START, "tool-call-start",
         F(CALL) | F(ID) | F(NAME) | F(RECOVERED)),
    TYPE(TOOL_CALL_DELTA, "tool-call-delta",
         F(CALL) | F(ID) | F(NAME) | F(ARGUMENTS)),
    TYPE(TOOL_CALL_END, "tool-call-end",
         F(CALL) | F(ID) | F(NAME) | F(ARGUMENTS) | F(RECOVERED)),
    TYPE(USAGE, "usage",
         F(INPUT) | F(OUTPUT) | F(REASONING) | F(CACHED) | F(COST) | F(MODEL) |
             F(EVAL_MS) | F(PROMPT_MS) | F(LOAD_MS) | F(CACHE_WRITE)),
    TYPE(MODEL_REPORTED, "model-reported", F(MODEL)),
    TYPE(OBJECT_PARTIAL, "object-partial", F(TEXT) | F(PATH) | F(VALUE)),
    TYPE(ATTEMPT_FINISHED, "attempt-finished", ENDING | F(SKIPPED) | F(COST)),
    TYPE(RETRY_SCHEDULED, "retry-scheduled",
         F(DELAY) | F(ERROR) | F(TEXT) | F(KIND) | F(COST) | TARGET),
    TYPE(FELL_BACK, "fell-back",
         F(ERROR) | F(TEXT) | F(TIER) | TARGET | F(REASONS) | F(WHY)),
    TYPE(SUPERSEDED, "superseded", F(NODE) | F(PROMPT) | F(TEXT)),
    TYPE(CONSENT_ASKED, "consent-asked", F(TEXT) | F(COST) | F(TRUST) | TARGET),
    TYPE(CONSENT_ANSWERED, "consent-answered", F(OUTCOME) | F(TEXT) | TARGET),
    TYPE(ANSWER_CHECKED, "answer-checked",
         F(NODE) | F(OUTCOME) | F(SCORE) | F(THRESHOLD) | F(REASONS) | F(TEXT) |
             F(LOGPROBS)),
    TYPE(PREFERENCE, "preference",
         F(NODE) | F(OUTCOME) | F(SCORE) | F(TEXT) | F(TIER) | TARGET |
             F(OTHER) | F(THRESHOLD) | F(PROFILE) | F(VOTE)),
    TYPE(RUN_FINISHED, "run-finished", ENDING),
    TYPE(RELAY_ASKED, "relay-asked",
         F(CALL) | F(NAME) | F(ARGUMENTS) | F(TEXT) | F(WHY)),
    TYPE(RELAY_ANSWERED, "relay-answered",
         F(CALL) | F(NAME) | F(OUTCOME) | F(TEXT)),
    TYPE(TOOL_STARTED, "tool-started", F(CALL) | F(ID) | F(NAME)),
    TYPE(TOOL_OUTPUT, "tool-output", F(CALL) | F(TEXT)),
    TYPE(TOOL_FINISHED, "tool-finished",
         F(CALL) | F(ID) | F(NAME) | F(OUTCOME) | F(TEXT) | F(ERROR) |
             F(MEDIA_TYPE)),
    TYPE(SYSTEM_SET, "system-set", F(TEXT)),
    TYPE(SETTINGS_SET, "settings-set", F(SETTINGS)),
    TYPE(ATTACHMENT_ADDED, "attachment-added",
         F(NODE) | F(NAME) | F(MEDIA_TYPE) | F(TEXT) | F(DATA) | F(URL) |
             F(ALT)),
    TYPE(PROMPT_WITHDRAWN, "prompt-withdrawn", F(PROMPT)),
    TYPE(BRANCH_NAMED, "branch-named", F(NODE) | F(NAME) | F(UNDOES)),
    TYPE(PRUNED, "pruned", F(NODE) | F(UNDOES)),
    TYPE(RESTORED, "restored", F(NODE) | F(UNDOES)),
    TYPE(REDACTED, "redacted", F(NODE) | F(AT_SEQ) | F(TEXT)),
    TYPE(AGENT_PHASE, "agent-phase", F(STATE) | F(TEXT)),
    TYPE(SUMMARISED, "summarised", F(NODE) | F(TEXT) | F(FIRST) | F(LAST)),
    TYPE(FOLDED, "folded", F(NODE) | F(SUMMARY) | F(ON) | F(UNDOES)),
    TYPE(PINNED, "pinned", F(NODE) | F(STATE) | F(ON)),
    TYPE(REMEMBERED, "remembered",
         F(ID) | F(NAME) | F(TEXT) | F(SCORE) | F(TIER) | F(ON)),
    TYPE(RECALLED, "recalled",
         F(ID) | F(NAME) | F(TEXT) | F(SCORE) | F(REASONS) | F(NODE) |
             F(INPUT) | F(ON)),
    TYPE(FORGOTTEN, "forgotten", F(ID) | F(NAME) | F(TEXT)),
    TYPE(MODEL_STATE, "model-state", TARGET | F(STATE) | F(ERROR) | F(TEXT)),
    TYPE(OPAQUE, "opaque", F(CALL) | F(KIND) | F(JSON) | F(PLACE)),
    TYPE(RATE_LIMITS, "rate-limits", F(LIMITS)),
    TYPE(LEFT_OUT, "left-out", F(NODE) | F(ON) | F(TEXT) | F(UNDOES)),
    TYPE(PRIVACY_MARKED, "privacy-marked",
         F(NODE) | F(KIND) | F(NAME) | F(TEXT) | F(ON)),
    TYPE(NOTED, "noted", F(NODE) | F(NAME) | F(TEXT)),
    TYPE(CALL_MADE, "call-made", F(CALL) | F(PARENT) | F(NAME) | F(ARGUMENTS)),
};
#undef TYPE

static_assert(COUNTOF(types) == EVENT_TYPE_COUNT, "one row for each type");

const char *event_type_name(enum event_type type)
{
    assert(type < EVENT_TYPE_COUNT);
    return types[type].name;
}

enum event_type event_type_parse(struct slice name)
{
    for (size_t i = EVENT_NONE + 1; i < COUNTOF(types); i++)
        if (slice_is(name, types[i].name))
            return (enum event_type)i;
    return EVENT_NONE;
}

bool event_type_carries(enum event_type type, enum event_field field)
{
    assert(type < EVENT_TYPE_COUNT && field < FIELD_COUNT);
    return types[type].fields >> field & 1;
}

const char *event_field_name(enum event_field field)
{
    assert(field < FIELD_COUNT);
    return fields[field].name;
}

enum field_kind event_field_kind(enum event_field field)
{
    assert(field < FIELD_COUNT);
    return fields[field].kind;
}

static const struct event_value *find(const struct event *event,
                                      enum event_field field)
{
    for (uint32_t i = 0; i < event->field_count; i++)
        if (event->fields[i].field == field)
            return &event->fields[i];
    return NULL;
}

static struct event_value *add(struct event *event, enum event_field field)
{
    assert(event_type_carries(event->type, field));
    assert(event->field_count < EVENT_FIELDS_MAX && !find(event, field));
    struct event_value *value = &event->fields[event->field_count++];
    *value = (struct event_value){ .field = field };
    return value;
}

static bool is_textual(enum event_field field)
{
    return fields[field].kind == FIELD_KIND_TEXT ||
           fields[field].kind == FIELD_KIND_JSON ||
           fields[field].kind == FIELD_KIND_BYTES;
}

struct event *event_add_text(struct event *event, enum event_field field,
                             struct slice text)
{
    assert(is_textual(field));
    if (text.len)
        add(event, field)->text = text;
    return event;
}

struct event *event_add_string(struct event *event, enum event_field field,
                               const char *string)
{
    return event_add_text(event, field, slice_of(string));
}

struct event *event_add_number(struct event *event, enum event_field field,
                               uint64_t number)
{
    assert(fields[field].kind == FIELD_KIND_NUMBER ||
           fields[field].kind == FIELD_KIND_FLAG);
    bool is_flag = fields[field].kind == FIELD_KIND_FLAG;
    add(event, field)->number = is_flag ? number != 0 : number;
    return event;
}

struct event *event_add_real(struct event *event, enum event_field field,
                             double real)
{
    assert(fields[field].kind == FIELD_KIND_REAL);
    if (isfinite(real))
        add(event, field)->real = real;
    return event;
}

bool event_has(const struct event *event, enum event_field field)
{
    return find(event, field) != NULL;
}

struct slice event_text(const struct event *event, enum event_field field)
{
    const struct event_value *value = find(event, field);
    return value ? value->text : (struct slice){ 0 };
}

uint64_t event_number(const struct event *event, enum event_field field)
{
    const struct event_value *value = find(event, field);
    return value ? value->number : 0;
}

double event_real(const struct event *event, enum event_field field)
{
    const struct event_value *value = find(event, field);
    return value ? value->real : 0;
}

/* The shortest of the three that reads back as the same number. */
static void put_json_real(struct buf *out, double real)
{
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, real);
        if (strtod(text, NULL) == real)
            break;
    }
    buf_append_string(out, text);
}

/* White space between JSON tokens may hold line breaks; strings may not, so
 * that none of these is lost. */
static void put_json_line(struct buf *out, struct slice json)
{
    size_t start = out->len;
    buf_append_slice(out, json);
    for (size_t i = start; i < out->len; i++)
        if (out->ptr[i] == '\n' || out->ptr[i] == '\r')
            out->ptr[i] = ' ';
}

static void put_base64(struct buf *out, struct slice bytes)
{
    buf_append_char(out, '"');
    base64_append(out, bytes);
    buf_append_char(out, '"');
}

static void put_json_value(struct buf *out, const struct event_value *value)
{
    switch (fields[value->field].kind) {
    case FIELD_KIND_NUMBER: buf_printf(out, "%" PRIu64, value->number); break;
    case FIELD_KIND_REAL: put_json_real(out, value->real); break;
    case FIELD_KIND_FLAG:
        buf_append_string(out, value->number ? "true" : "false");
        break;
    case FIELD_KIND_TEXT: json_append_quoted(out, value->text); break;
    case FIELD_KIND_JSON: put_json_line(out, value->text); break;
    case FIELD_KIND_BYTES: put_base64(out, value->text); break;
    }
}

void event_to_json(struct buf *out, const struct event *event)
{
    buf_printf(out, "{\"type\":\"%s\"", event_type_name(event->type));
    if (event->seq)
        buf_printf(out, ",\"seq\":%" PRIu64, event->seq);
    if (event->run)
        buf_printf(out, ",\"run\":%" PRIu32, event->run);
    if (event->attempt)
        buf_printf(out, ",\"attempt\":%" PRIu32, event->attempt);
    if (event->at && !event_has(event, FIELD_AT_SEQ))
        buf_printf(out, ",\"at\":%" PRId64, event->at);
    for (uint32_t i = 0; i < event->field_count; i++) {
        const struct event_value *value = &event->fields[i];
        buf_printf(out, ",\"%s\":", fields[value->field].name);
        put_json_value(out, value);
    }
    buf_append_char(out, '}');
}
