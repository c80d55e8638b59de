/* SPDX-License-Identifier: MIT */
#include "ui/call_words.h"

#include <string.h>

#include "base/json.h"
#include "base/partial_json.h"
#include "base/utf8.h"
#include "ui/receipt.h"

enum {
    ABOUT_SOURCE = 1024,     /* bytes of the arguments that are looked at */
    TAIL_SOURCE = 64 * 1024, /* bytes of an output */
    EXCERPT_LINES = 10,      /* at each end, */
    EXCERPT_SOURCE = 2048,   /* and no more bytes */
};

static struct slice beginning(struct slice text)
{
    if (text.len > ABOUT_SOURCE) {
        text.len = ABOUT_SOURCE;
        text.len -= utf8_partial_tail(text);
    }
    return text;
}

static void append_value(struct buf *out, const json_t *value)
{
    if (json_is_string(value))
        buf_append_slice(out, json_string_slice(value));
    else
        json_append_value(out, value);
}

/* The first text says most, and needs no name. */
static void append_members(struct buf *out, json_t *object)
{
    bool has_text = false;
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        if (out->len)
            buf_append_char(out, ' ');
        if (!json_is_string(value) || has_text)
            buf_printf(out, "%s=", name);
        has_text |= json_is_string(value);
        append_value(out, value);
    }
}

void call_words_about(struct buf *out, struct slice arguments)
{
    struct partial_json *partial = partial_json_new(NULL, NULL);
    struct slice source = beginning(slice_trim(arguments));
    struct buf words = { 0 };
    partial_json_feed(partial, source);
    json_t *value = partial_json_value(partial);
    bool is_object = json_is_object(value) &&
                     partial_json_state(partial) != PARTIAL_JSON_BROKEN;
    if (is_object)
        append_members(&words, value);
    else
        buf_append_slice(&words, source);
    buf_append_slice(out, buf_slice(&words));
    buf_clear(&words);
    partial_json_free(partial);
}

static void append_lines(struct buf *out, struct slice text)
{
    struct slice line;
    while (slice_next_line(&text, &line))
        buf_printf(out, "    %.*s\n", SLICE_ARG(line));
}

static void append_member(struct buf *out, const char *name,
                          const json_t *value)
{
    struct slice text = json_string_slice(value);
    buf_printf(out, "%s:", name);
    if (text.len && memchr(text.ptr, '\n', text.len)) {
        buf_append_char(out, '\n');
        append_lines(out, text);
        return;
    }
    buf_append_char(out, ' ');
    append_value(out, value);
    buf_append_char(out, '\n');
}

void call_words_arguments(struct buf *out, struct slice arguments)
{
    struct error ignored = { 0 };
    json_t *object = json_parse(arguments, &ignored);
    const char *name;
    json_t *value;
    if (!json_is_object(object))
        buf_append_slice(out, arguments);
    json_object_foreach(object, name, value) append_member(out, name, value);
    json_decref(object);
}

struct slice call_words_asked(const struct graph *graph,
                              const struct call *call)
{
    const struct node *node = graph_node(graph, call->node_id);
    if (!node || call->block >= node->blocks.count)
        return slice_of("");
    return buf_slice(&node->blocks.items[call->block].text);
}

void call_words_time(struct buf *out, const struct call *call, int64_t now)
{
    int64_t since = call->started_at;
    if (!since && call->state == CALL_ASKING)
        since = call->asked_at;
    int64_t end = call->ended_at ? call->ended_at : now;
    if (since && end >= since)
        receipt_duration(out, end - since);
}

struct slice call_words_output(const struct graph *graph,
                               const struct call *call)
{
    /* What the user called has it in its note. */
    const struct node *result =
        graph_node(graph, call->run ? call->result_id : call->node_id);
    for (size_t i = 0; result && i < result->blocks.count; i++) {
        if (result->blocks.items[i].kind == BLOCK_OUTPUT)
            return buf_slice(&result->blocks.items[i].text);
    }
    return buf_slice(&call->output);
}

size_t call_words_size(const struct graph *graph, const struct call *call)
{
    return call_words_output(graph, call).len;
}

struct slice call_words_tail(struct slice text, size_t count)
{
    if (text.len > TAIL_SOURCE)
        text = slice_skip(text, text.len - TAIL_SOURCE);
    while (text.len && strchr("\r\n \t", text.ptr[text.len - 1]))
        text.len--;
    size_t at = text.len, lines = 0;
    while (at > 0 && lines < count) {
        at--;
        lines += text.ptr[at] == '\n';
    }
    return slice_skip(text, lines == count && count ? at + 1 : at);
}

static struct slice head_of(struct slice text)
{
    struct slice head = text, line;
    if (head.len > EXCERPT_SOURCE) {
        head.len = EXCERPT_SOURCE;
        head.len -= utf8_partial_tail(head);
    }
    struct slice rest = head;
    for (size_t i = 0; i < EXCERPT_LINES; i++)
        if (!slice_next_line(&rest, &line))
            return head;
    head.len -= rest.len;
    return head;
}

static struct slice end_of(struct slice text)
{
    struct slice end = call_words_tail(text, EXCERPT_LINES);
    if (end.len > EXCERPT_SOURCE)
        end = slice_skip(end, end.len - EXCERPT_SOURCE);
    while (end.len && ((unsigned char)end.ptr[0] & 0xc0) == 0x80)
        end = slice_skip(end, 1);
    return end;
}

void call_words_excerpt(struct buf *out, struct slice text,
                        const char *ellipsis)
{
    struct slice head = head_of(text), end = end_of(text), line;
    size_t lines = 0;
    if (head.len + end.len >= text.len) {
        buf_append_slice(out, text);
        return;
    }
    struct slice middle = slice_skip(text, head.len);
    middle.len = (size_t)(end.ptr - middle.ptr);
    while (slice_next_line(&middle, &line))
        lines++;
    buf_append_slice(out, head);
    if (head.ptr[head.len - 1] != '\n')
        buf_append_char(out, '\n');
    buf_printf(out, "%s %zu more line%s; F5 shows all\n", ellipsis, lines,
               lines == 1 ? "" : "s");
    buf_append_slice(out, end);
}
