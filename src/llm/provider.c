/* SPDX-License-Identifier: MIT */
#include "llm/provider.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "llm/anthropic.h"
#include "llm/chat_completions.h"
#include "llm/events.h"
#include "llm/guide.h"
#include "llm/ollama.h"
#include "llm/responses.h"

static const struct dialect *const dialects[] = {
    &dialect_ollama,    &dialect_chat_completions, &dialect_responses,
    &dialect_anthropic, &dialect_events,           &dialect_guide,
};

size_t dialect_count(void)
{
    return COUNTOF(dialects);
}

const struct dialect *dialect_at(size_t index)
{
    return index < COUNTOF(dialects) ? dialects[index] : NULL;
}

const char *answer_outcome_name(enum answer_outcome outcome)
{
    static const char *const names[] = {
        [ANSWER_COMPLETE] = "complete",
        [ANSWER_CUT] = "cut",
        [ANSWER_ERROR] = "error",
    };
    return names[outcome];
}

const struct dialect *dialect_find(struct slice name)
{
    for (size_t i = 0; i < COUNTOF(dialects); i++) {
        if (slice_is(name, dialects[i]->name))
            return dialects[i];
    }
    return NULL;
}

static const struct {
    enum request_part part;
    const char *name;
} part_names[] = {
    { PART_TEMPERATURE, "temperature" },
    { PART_TOP_P, "top_p" },
    { PART_MAX_TOKENS, "max_tokens" },
    { PART_STOP, "stop" },
    { PART_SEED, "seed" },
    { PART_REPEAT_PENALTY, "repeat_penalty" },
    { PART_THINKING, "thinking" },
    { PART_TOOLS, "tools" },
};

const char *provider_part_name(enum request_part part)
{
    for (size_t i = 0; i < COUNTOF(part_names); i++) {
        if (part_names[i].part == part)
            return part_names[i].name;
    }
    return NULL;
}

uint32_t provider_reply_parts(const struct reply_settings *reply)
{
    const char *thinking = reply->thinking;
    uint32_t parts = 0;
    if (!isnan(reply->temperature))
        parts |= PART_TEMPERATURE;
    if (!isnan(reply->top_p))
        parts |= PART_TOP_P;
    if (reply->max_tokens >= 0)
        parts |= PART_MAX_TOKENS;
    if (reply->stop && reply->stop[0])
        parts |= PART_STOP;
    if (reply->seed >= 0)
        parts |= PART_SEED;
    if (reply->repeat_penalty > 0)
        parts |= PART_REPEAT_PENALTY;
    if (thinking && *thinking && strcmp(thinking, "auto"))
        parts |= PART_THINKING;
    return parts;
}

bool provider_is_maker(const struct chat_request *request,
                       const struct dialect *dialect,
                       const struct message *message)
{
    const struct message_maker *maker = &message->maker;
    return maker->endpoint && request->endpoint && request->model &&
           !strcmp(maker->endpoint, request->endpoint) &&
           !strcmp(maker->dialect, dialect->name) &&
           !strcmp(maker->model, request->model);
}

void wire_request_clear(struct wire_request *wire)
{
    buf_clear(&wire->url);
    buf_clear(&wire->body);
    for (size_t i = 0; i < wire->headers.count; i++)
        free(wire->headers.items[i]);
    array_clear(&wire->headers);
}

void wire_request_header(struct wire_request *wire, const char *format, ...)
{
    struct buf line = { 0 };
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&line, format, arguments);
    va_end(arguments);
    array_reserve(&wire->headers, 2);
    wire->headers.items[wire->headers.count++] = buf_steal(&line);
    wire->headers.items[wire->headers.count] = NULL;
}

void provider_add_key(const struct dialect *dialect,
                      const struct chat_request *request,
                      struct wire_request *wire)
{
    if (dialect->add_key)
        dialect->add_key(request, wire);
    else if (request->key && *request->key)
        wire_request_header(wire, "Authorization: Bearer %s", request->key);
}

static bool is_version(struct slice segment)
{
    return segment.len >= 2 && segment.ptr[0] == 'v' &&
           isdigit((unsigned char)segment.ptr[1]);
}

/* The path of the base names the version itself (".../v4"), or is one of
 * Azure's, which have none. */
static bool is_versioned(struct slice path)
{
    while (path.len) {
        const char *end = memchr(path.ptr, '/', path.len);
        size_t len = end ? (size_t)(end - path.ptr) : path.len;
        struct slice segment = { path.ptr, len };
        if (is_version(segment) || slice_is(segment, "deployments"))
            return true;
        path = slice_skip(path, len + 1);
    }
    return false;
}

static bool slice_ends(struct slice text, struct slice end)
{
    return text.len >= end.len &&
           slice_equal(slice_skip(text, text.len - end.len), end);
}

static struct slice without_slashes(struct slice text)
{
    while (text.len && text.ptr[text.len - 1] == '/')
        text.len--;
    return text;
}

/* Where the path begins behind scheme and host. */
static struct slice path_of(struct slice base)
{
    ptrdiff_t scheme = slice_find(base, "://");
    struct slice rest = slice_skip(base, scheme < 0 ? 0 : (size_t)scheme + 3);
    const char *slash = rest.len ? memchr(rest.ptr, '/', rest.len) : NULL;
    return slash ? slice_skip(rest, (size_t)(slash - rest.ptr))
                 : (struct slice){ 0 };
}

static struct slice cut_at(struct slice *text, char c)
{
    const char *at = text->len ? memchr(text->ptr, c, text->len) : NULL;
    if (!at)
        return (struct slice){ 0 };
    struct slice rest = slice_skip(*text, (size_t)(at - text->ptr));
    text->len = (size_t)(at - text->ptr);
    return rest;
}

/* Drop an end that the base repeats of the path. */
static bool drop_end(struct slice *base, const char *end)
{
    if (!slice_ends(path_of(*base), slice_of(end)))
        return false;
    base->len -= strlen(end);
    *base = without_slashes(*base);
    return true;
}

void provider_root_url(struct buf *out, const char *base, const char *path)
{
    struct slice front = slice_trim(slice_of(base));
    cut_at(&front, '#');
    struct slice query = cut_at(&front, '?');
    front = without_slashes(front);
    if (!drop_end(&front, "/v1/chat/completions") &&
        !drop_end(&front, "/v1/responses") && !drop_end(&front, "/v1/messages"))
        drop_end(&front, "/v1");
    buf_append_slice(out, front);
    buf_append_string(out, path);
    buf_append_slice(out, query);
}

void provider_join_url(struct buf *out, const char *base, const char *path)
{
    struct slice front = slice_trim(slice_of(base));
    struct slice rest = slice_of(path);
    cut_at(&front, '#');
    struct slice query = cut_at(&front, '?');
    front = without_slashes(front);
    bool needs_version = false;
    if (slice_starts(rest, "/api/")) {
        if (!drop_end(&front, "/v1"))
            drop_end(&front, "/api");
    } else {
        if (slice_starts(rest, "/v1/"))
            rest = slice_skip(rest, strlen("/v1"));
        needs_version = !drop_end(&front, "/chat/completions") &&
                        !drop_end(&front, "/messages") &&
                        !drop_end(&front, "/responses") &&
                        !is_versioned(path_of(front));
    }
    buf_append_slice(out, front);
    if (needs_version)
        buf_append_string(out, "/v1");
    buf_append_slice(out, rest);
    buf_append_slice(out, query);
}
