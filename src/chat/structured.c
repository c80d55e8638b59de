/* SPDX-License-Identifier: MIT */
#include "chat/structured.h"

#include <stdlib.h>

#include "base/memory.h"

void structured_forget(struct structured *structured)
{
    embedded_json_free(structured->answer);
    structured->answer = NULL;
    buf_reset(&structured->violation);
}

static void forget_schema(struct structured *structured)
{
    free(structured->name);
    buf_clear(&structured->text);
    json_schema_free(structured->schema);
    structured->name = NULL;
    structured->schema = NULL;
    structured->is_unheard = false;
}

void structured_clear(struct structured *structured)
{
    structured_forget(structured);
    forget_schema(structured);
    buf_clear(&structured->violation);
}

bool structured_set(struct structured *structured, struct slice text,
                    const char *name, struct error *err)
{
    json_t *document = NULL;
    struct json_schema *schema = NULL;
    if (text.len) {
        document = json_parse_strict(text, err);
        schema = document ? json_schema_new(document, err) : NULL;
        if (!schema) {
            json_decref(document);
            err->kind = ERROR_CONFIG;
            return error_context(err, "%s", name);
        }
    }
    structured_forget(structured);
    forget_schema(structured);
    if (schema) {
        structured->name = memory_string(name);
        structured->schema = schema;
        json_append_value(&structured->text, document);
        json_decref(document);
    }
    return true;
}

static void on_part(void *context, struct slice path, const json_t *value)
{
    struct structured *structured = context;
    struct buf text = { 0 };
    json_append_value(&text, value);
    struct event event = { .type = EVENT_OBJECT_PARTIAL,
                           .run = structured->run,
                           .attempt = structured->attempt };
    event_add_text(&event, FIELD_PATH, path);
    event_add_text(&event, FIELD_VALUE, buf_slice(&text));
    conversation_append(structured->conversation, &event);
    buf_clear(&text);
}

void structured_begin(struct structured *structured,
                      struct conversation *conversation, uint32_t run,
                      uint32_t attempt)
{
    structured_forget(structured);
    structured->conversation = conversation;
    structured->run = run;
    structured->attempt = attempt;
    if (structured->schema)
        structured->answer = embedded_json_new(on_part, structured);
}

void structured_go_on(struct structured *structured, uint32_t attempt)
{
    structured->attempt = attempt;
}

void structured_take(struct structured *structured, const struct event *event)
{
    if (event->type == EVENT_SUPERSEDED)
        structured_begin(structured, structured->conversation, event->run,
                         event->attempt);
    if (structured->answer && event->type == EVENT_TEXT_DELTA)
        embedded_json_feed(structured->answer, event_text(event, FIELD_TEXT));
}

const json_t *structured_value(struct structured *structured)
{
    bool is_whole = false;
    const json_t *value =
        structured->answer ? embedded_json_value(structured->answer, &is_whole)
                           : NULL;
    return is_whole ? value : NULL;
}

bool structured_check(struct structured *structured)
{
    struct error err = { 0 };
    if (!structured->answer)
        return true;
    embedded_json_end(structured->answer);
    const json_t *value = structured_value(structured);
    bool is_valid = value && json_schema_check(structured->schema, value, &err);
    if (!value)
        embedded_json_fault(structured->answer, &err);
    if (!is_valid)
        buf_append_string(&structured->violation, err.text);
    structured->is_unheard |= !is_valid;
    return is_valid;
}
