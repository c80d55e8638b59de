/* SPDX-License-Identifier: MIT */
#include "llm/dialect.h"

#include "base/base64.h"
#include "base/json.h"
#include "llm/answer_schema.h"
#include "llm/tool_name.h"

const char *dialect_role_name(enum message_role role)
{
    switch (role) {
    case ROLE_SYSTEM: return "system";
    case ROLE_USER: return "user";
    case ROLE_ASSISTANT: return "assistant";
    case ROLE_TOOL: break;
    }
    return "tool";
}

void dialect_append_name(struct buf *body, const char *name)
{
    char last = body->len ? body->ptr[body->len - 1] : '{';
    if (last != '{' && last != '[')
        buf_append_char(body, ',');
    buf_printf(body, "\"%s\":", name);
}

void dialect_append_text(struct buf *body, const char *name, struct slice text)
{
    dialect_append_name(body, name);
    json_append_quoted(body, text);
}

void dialect_append_number(struct buf *body, const char *name, int64_t number)
{
    dialect_append_name(body, name);
    buf_printf(body, "%lld", (long long)number);
}

void dialect_append_real(struct buf *body, const char *name, double number)
{
    /* jansson writes a point whatever the locale says. Six digits: 0.7 stays
     * 0.7. */
    char text[64];
    json_t *value = json_real(number);
    size_t len = json_dumpb(value, text, sizeof text,
                            JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
    json_decref(value);
    dialect_append_name(body, name);
    buf_append(body, text, len < sizeof text ? len : 0);
}

void dialect_append_flag(struct buf *body, const char *name, bool flag)
{
    dialect_append_name(body, name);
    buf_append_string(body, flag ? "true" : "false");
}

void dialect_append_tool_name(struct buf *body, const char *name,
                              struct slice tool)
{
    struct buf sent = { 0 };
    tool_name_append(&sent, tool);
    dialect_append_text(body, name, buf_slice(&sent));
    buf_clear(&sent);
}

void dialect_append_texts(struct buf *body, const char *name,
                          const char *const *texts)
{
    dialect_append_name(body, name);
    buf_append_char(body, '[');
    for (size_t i = 0; texts[i]; i++) {
        if (i)
            buf_append_char(body, ',');
        json_append_quoted(body, slice_of(texts[i]));
    }
    buf_append_char(body, ']');
}

void dialect_append_messages(struct buf *body,
                             const struct chat_request *request,
                             dialect_message_fn *append)
{
    size_t count = request->messages ? messages_count(request->messages) : 0;
    struct buf words = { 0 };
    struct message system = {
        .role = ROLE_SYSTEM,
        .text = answer_schema_system(request, !answer_schema_is_weak(request),
                                     &words),
    };
    dialect_append_name(body, "messages");
    buf_append_char(body, '[');
    if (system.text.len)
        append(body, &system);
    for (size_t i = 0; i < count; i++) {
        if (i || system.text.len)
            buf_append_char(body, ',');
        append(body, messages_at(request->messages, i));
    }
    buf_append_char(body, ']');
    buf_clear(&words);
}

void dialect_append_image_url(struct buf *body, const struct image *image)
{
    if (*image->url) {
        json_append_quoted(body, slice_of(image->url));
        return;
    }
    buf_printf(body, "\"data:%s;base64,", image->media_type);
    base64_append(body, buf_slice(&image->data));
    buf_append_char(body, '"');
}

static bool can_be_header(const char *text)
{
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            return false;
    }
    return true;
}

bool dialect_start_request(const struct chat_request *request,
                           struct wire_request *wire, struct error *err)
{
    return dialect_start_request_as(request, "Authorization: Bearer", wire,
                                    err);
}

bool dialect_start_request_as(const struct chat_request *request,
                              const char *key_header, struct wire_request *wire,
                              struct error *err)
{
    if (!request->base_url || !*request->base_url)
        return error_set(err, ERROR_CONFIG, "no address of a server is set");
    if (!request->model || !*request->model)
        return error_set(err, ERROR_CONFIG, "no model is chosen for %s",
                         request->base_url);
    if (request->key && !can_be_header(request->key))
        return error_set(err, ERROR_CONFIG,
                         "the key for %s holds a line break or control "
                         "character",
                         request->base_url);
    wire_request_header(wire, "Content-Type: application/json");
    if (request->key && *request->key)
        wire_request_header(wire, "%s %s", key_header, request->key);
    return true;
}

bool dialect_wants_logprobs(const struct chat_request *request)
{
    return request->wants_confidence && !(request->omit & PART_LOGPROBS);
}

bool dialect_is_thinking_set(const struct chat_request *request)
{
    const char *thinking = request->reply.thinking;
    return thinking && *thinking && !slice_is(slice_of(thinking), "auto") &&
           !(request->omit & PART_THINKING);
}

void dialect_read_count(const json_t *object, const char *name, int64_t *count)
{
    uint64_t number = 0;
    if (json_count(object, name, &number) && number <= INT64_MAX)
        *count = (int64_t)number;
}

void dialect_read_timings(struct intake_usage *usage, const json_t *chunk)
{
    double ms = 0;
    const json_t *timings = json_member_object(chunk, "timings");
    if (json_number(timings, "prompt_ms", &ms) && ms >= 0 && ms < 1e15)
        usage->prompt_ms = (int64_t)(ms + 0.5);
    if (json_number(timings, "predicted_ms", &ms) && ms >= 0 && ms < 1e15)
        usage->eval_ms = (int64_t)(ms + 0.5);
}

json_t *dialect_parse_list(struct slice body, struct error *err)
{
    struct error ignored = { 0 };
    json_t *root = json_parse(body, &ignored);
    if (root && !failure_is_in(root))
        return root;
    struct answer_result result = { 0 };
    struct failure_site site = { .status = 200 };
    if (root) {
        failure_of_json(&result, &site, root);
        *err = result.err;
    } else if (slice_starts(slice_trim(body), "<")) {
        failure_of_page(&result, &site, body);
        *err = result.err;
    } else {
        *err = ignored;
    }
    error_context(err, "list of models");
    json_decref(root);
    return NULL;
}

bool dialect_holds(const json_t *array, const char *word)
{
    size_t index;
    json_t *item;
    json_array_foreach(array, index, item)
    {
        if (slice_is(json_string_slice(item), word))
            return true;
    }
    return false;
}
