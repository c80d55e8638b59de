/* SPDX-License-Identifier: MIT */
#include "base/partial_json.h"

#include <string.h>

#include "base/array.h"
#include "base/json_string.h"
#include "base/memory.h"
#include "base/utf8.h"

enum { TOKEN_MAX = 4096 }; /* bytes of a number or word */

/* What may come next. */
enum expected {
    EXPECT_VALUE,
    EXPECT_ITEM,  /* a value or ] */
    EXPECT_NAME,  /* a name or } */
    EXPECT_COLON, /* after a name */
    EXPECT_AFTER, /* a comma or the closing bracket */
    IN_NAME,
    IN_STRING,
    IN_TOKEN, /* a number or a word */
};

static const char *const expectations[] = {
    [EXPECT_VALUE] = "a value",
    [EXPECT_ITEM] = "a value or ]",
    [EXPECT_NAME] = "a name in quotes or }",
    [EXPECT_COLON] = "a colon",
    [EXPECT_AFTER] = "a comma or the closing bracket",
    [IN_NAME] = "an escape that JSON has",
    [IN_STRING] = "an escape that JSON has",
    [IN_TOKEN] = "a number, true, false or null",
};

/* An open object or array. */
struct frame {
    json_t *container; /* borrowed from the tree */
    size_t path_len;
};

struct partial_json {
    partial_json_fn *fn;
    void *context;
    enum partial_json_state state;
    enum expected expected;
    json_t *root;
    ARRAY_OF(struct frame) frames;
    size_t arrays;    /* frames that are arrays */
    struct buf name;  /* of the member whose value comes */
    struct buf path;  /* of the part that comes */
    struct buf token; /* a number or word */
    struct json_string string;
    bool is_placed; /* the open string is the last item already */
    size_t len;     /* bytes taken */
    size_t structure;
    struct error fault;
};

struct partial_json *partial_json_new(partial_json_fn *fn, void *context)
{
    struct partial_json *partial = memory_zero(1, sizeof *partial);
    partial->fn = fn;
    partial->context = context;
    return partial;
}

void partial_json_free(struct partial_json *partial)
{
    if (!partial)
        return;
    json_decref(partial->root);
    array_clear(&partial->frames);
    buf_clear(&partial->name);
    buf_clear(&partial->path);
    buf_clear(&partial->token);
    json_string_clear(&partial->string);
    free(partial);
}

/* Both return 0, the bytes taken. */
static size_t refuse(struct partial_json *partial)
{
    partial->state = PARTIAL_JSON_BROKEN;
    error_set(&partial->fault, ERROR_PROTOCOL,
              "not JSON: after %zu bytes there should be %s", partial->len,
              expectations[partial->expected]);
    return 0;
}

static size_t exceed(struct partial_json *partial, const char *cap)
{
    partial->state = PARTIAL_JSON_BROKEN;
    error_set(&partial->fault, ERROR_LIMIT, "JSON has too many %s", cap);
    return 0;
}

static json_t *top(const struct partial_json *partial)
{
    return partial->frames.count ? array_last(&partial->frames)->container
                                 : NULL;
}

static bool is_in_object(const struct partial_json *partial)
{
    return json_is_object(top(partial));
}

/* Put the value where it belongs; one that is there already is replaced. */
static void place(struct partial_json *partial, json_t *value)
{
    json_t *container = top(partial);
    if (!container) {
        json_decref(partial->root);
        partial->root = value;
    } else if (json_is_object(container)) {
        json_object_set_new(container, buf_string(&partial->name), value);
    } else if (partial->is_placed) {
        json_array_set_new(container, json_array_size(container) - 1, value);
    } else {
        json_array_append_new(container, value);
    }
}

/* The path of the value that comes, kept only where parts are told. */
static void step_path(struct partial_json *partial)
{
    const struct frame *frame = array_last(&partial->frames);
    buf_truncate(&partial->path, frame->path_len);
    if (json_is_array(frame->container)) {
        buf_printf(&partial->path, "/%zu", json_array_size(frame->container));
        return;
    }
    buf_append_char(&partial->path, '/');
    for (size_t i = 0; i < partial->name.len; i++) {
        char c = partial->name.ptr[i];
        if (c == '~' || c == '/')
            buf_append_string(&partial->path, c == '~' ? "~0" : "~1");
        else
            buf_append_char(&partial->path, c);
    }
}

static bool is_part_place(const struct partial_json *partial)
{
    return partial->arrays == 0 ||
           (partial->arrays == 1 && json_is_array(top(partial)));
}

static void begin_value(struct partial_json *partial)
{
    partial->is_placed = false;
    if (partial->frames.count && is_part_place(partial))
        step_path(partial);
}

/* A value stands whole in its place. */
static void finish_value(struct partial_json *partial, const json_t *value,
                         bool has_parts)
{
    if (partial->fn && is_part_place(partial) && !has_parts)
        partial->fn(partial->context, buf_slice(&partial->path), value);
    partial->expected = EXPECT_AFTER;
    if (!partial->frames.count)
        partial->state = PARTIAL_JSON_WHOLE;
}

static size_t open_container(struct partial_json *partial, json_t *container)
{
    place(partial, container);
    if (partial->frames.count == JSON_DEPTH_MAX)
        return exceed(partial, "levels");
    *array_add(&partial->frames) =
        (struct frame){ container, partial->path.len };
    partial->arrays += json_is_array(container);
    partial->expected = json_is_array(container) ? EXPECT_ITEM : EXPECT_NAME;
    return 1;
}

static size_t close_container(struct partial_json *partial)
{
    struct frame frame = *array_last(&partial->frames);
    bool is_array = json_is_array(frame.container);
    partial->frames.count--;
    partial->arrays -= is_array;
    buf_truncate(&partial->path, frame.path_len);
    bool is_empty = is_array ? json_array_size(frame.container) == 0
                             : json_object_size(frame.container) == 0;
    finish_value(partial, frame.container, partial->arrays == 0 && !is_empty);
    return 1;
}

static bool is_token_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || c == '+' || c == '-' || c == '.';
}

static size_t take_value(struct partial_json *partial, char c)
{
    begin_value(partial);
    if (c == '{')
        return open_container(partial, json_object());
    if (c == '[')
        return open_container(partial, json_array());
    if (c == '"') {
        json_string_start(&partial->string);
        partial->expected = IN_STRING;
        return 1;
    }
    if (!is_token_byte(c) || c == '+' || c == '.')
        return refuse(partial);
    buf_reset(&partial->token);
    buf_append_char(&partial->token, c);
    partial->expected = IN_TOKEN;
    return 1;
}

static size_t take_after(struct partial_json *partial, char c)
{
    bool in_object = is_in_object(partial);
    if (c == (in_object ? '}' : ']'))
        return close_container(partial);
    if (c != ',')
        return refuse(partial);
    partial->expected = in_object ? EXPECT_NAME : EXPECT_ITEM;
    return 1;
}

static void finish_token(struct partial_json *partial)
{
    struct error ignored;
    json_t *value = json_parse(buf_slice(&partial->token), &ignored);
    if (!value) {
        refuse(partial);
        return;
    }
    place(partial, value);
    finish_value(partial, value, false);
}

static size_t take_token(struct partial_json *partial, struct slice bytes)
{
    size_t len = 0;
    while (len < bytes.len && is_token_byte(bytes.ptr[len]))
        len++;
    if (partial->token.len + len > TOKEN_MAX)
        return refuse(partial);
    buf_append(&partial->token, bytes.ptr, len);
    if (len < bytes.len)
        finish_token(partial);
    return len;
}

/* The characters so far as a value. jansson looks for itself whether the bytes
 * are UTF-8; mostly they are. */
static json_t *string_value(const struct partial_json *partial)
{
    struct slice bytes = buf_slice(&partial->string.text);
    json_t *value = NULL;
    if (partial->string.is_closed)
        value = json_stringn(bytes.ptr ? bytes.ptr : "", bytes.len);
    if (value)
        return value;
    struct buf text = { 0 };
    json_string_append(&text, &partial->string);
    value = json_stringn(buf_string(&text), text.len);
    buf_clear(&text);
    return value;
}

/* A name cannot hold NUL, to jansson. */
static void replace_nuls(struct buf *name)
{
    struct buf text = *name;
    *name = (struct buf){ 0 };
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i])
            buf_append_char(name, text.ptr[i]);
        else
            utf8_append(name, UTF8_REPLACEMENT);
    }
    buf_clear(&text);
}

static void keep_name(struct partial_json *partial)
{
    struct buf *name = &partial->name;
    buf_reset(name);
    json_string_append(name, &partial->string);
    if (name->len && memchr(name->ptr, '\0', name->len))
        replace_nuls(name);
    partial->expected = EXPECT_COLON;
}

static size_t take_string(struct partial_json *partial, struct slice bytes)
{
    size_t len = json_string_feed(&partial->string, bytes);
    if (partial->string.is_broken) {
        refuse(partial);
    } else if (partial->string.is_closed && partial->expected == IN_NAME) {
        keep_name(partial);
    } else if (partial->string.is_closed) {
        json_t *value = string_value(partial);
        place(partial, value);
        finish_value(partial, value, false);
    }
    return len;
}

static size_t take_name(struct partial_json *partial, char c)
{
    if (c == '}')
        return close_container(partial);
    if (c != '"')
        return refuse(partial);
    json_string_start(&partial->string);
    partial->expected = IN_NAME;
    return 1;
}

static size_t take_colon(struct partial_json *partial, char c)
{
    if (c != ':')
        return refuse(partial);
    partial->expected = EXPECT_VALUE;
    return 1;
}

static size_t take_structure(struct partial_json *partial, char c)
{
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        return 1;
    partial->structure += c == '{' || c == '[' || c == ',';
    if (partial->structure > JSON_STRUCTURE_MAX)
        return exceed(partial, "values");
    switch (partial->expected) {
    case EXPECT_NAME: return take_name(partial, c);
    case EXPECT_COLON: return take_colon(partial, c);
    case EXPECT_AFTER: return take_after(partial, c);
    case EXPECT_ITEM:
        if (c == ']')
            return close_container(partial);
        break;
    default: break;
    }
    return take_value(partial, c);
}

static size_t take(struct partial_json *partial, struct slice bytes)
{
    switch (partial->expected) {
    case IN_NAME:
    case IN_STRING: return take_string(partial, bytes);
    case IN_TOKEN: return take_token(partial, bytes);
    default: return take_structure(partial, bytes.ptr[0]);
    }
}

size_t partial_json_feed(struct partial_json *partial, struct slice bytes)
{
    size_t taken = 0;
    while (taken < bytes.len && partial->state == PARTIAL_JSON_OPEN) {
        size_t len = take(partial, slice_skip(bytes, taken));
        taken += len;
        partial->len += len;
        if (partial->len > JSON_TEXT_MAX)
            exceed(partial, "bytes");
    }
    return taken;
}

void partial_json_end(struct partial_json *partial)
{
    bool is_last = partial->state == PARTIAL_JSON_OPEN &&
                   partial->expected == IN_TOKEN && !partial->frames.count;
    if (is_last)
        finish_token(partial);
}

enum partial_json_state partial_json_state(const struct partial_json *partial)
{
    return partial->state;
}

const struct error *partial_json_fault(const struct partial_json *partial)
{
    return &partial->fault;
}

json_t *partial_json_value(struct partial_json *partial)
{
    /* Also where it broke in a string: what came of that stays. */
    bool is_growing =
        partial->state != PARTIAL_JSON_WHOLE && partial->expected == IN_STRING;
    if (is_growing) {
        place(partial, string_value(partial));
        partial->is_placed = true;
    }
    return partial->root;
}
