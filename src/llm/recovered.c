/* SPDX-License-Identifier: MIT */
#include "llm/recovered.h"

#include <string.h>

#include "base/json.h"
#include "llm/nesting.h"
#include "llm/tool_name.h"

/* Bytes of JSON that are read, whatever the text is made of. */
enum { WORK_MAX = 8 * RECOVERED_TEXT_MAX };

struct finding {
    struct recovered *recovered;
    const struct tool_offer *tools;
    size_t tool_count;
    size_t work;
};

static void cut(struct recovered *recovered, size_t count)
{
    while (recovered->calls.count > count)
        buf_clear(&recovered->calls.items[--recovered->calls.count].arguments);
}

void recovered_clear(struct recovered *recovered)
{
    cut(recovered, 0);
    array_clear(&recovered->calls);
}

static bool add(struct finding *finding, struct slice name,
                const json_t *arguments)
{
    const struct tool_offer *tool =
        tool_name_find(finding->tools, finding->tool_count, slice_trim(name));
    if (!tool || !json_is_object(arguments) ||
        finding->recovered->calls.count == RECOVERED_CALLS_MAX)
        return false;
    struct recovered_call *call = array_add(&finding->recovered->calls);
    *call = (struct recovered_call){ .tool = tool };
    json_append_value(&call->arguments, arguments);
    return true;
}

/* Reading: each of these takes what it reads off the front of the rest. */

static void skip_blanks(struct slice *rest)
{
    while (rest->len && strchr(" \t\r\n", *rest->ptr) && *rest->ptr)
        *rest = slice_skip(*rest, 1);
}

static bool take(struct slice *rest, const char *word)
{
    struct slice at = *rest;
    skip_blanks(&at);
    if (!slice_starts(at, word))
        return false;
    *rest = slice_skip(at, strlen(word));
    return true;
}

static bool take_until(struct slice *rest, const char *word, struct slice *text)
{
    ptrdiff_t len = slice_find(*rest, word);
    if (len < 0)
        return false;
    *text = (struct slice){ rest->ptr, (size_t)len };
    *rest = slice_skip(*rest, (size_t)len + strlen(word));
    return true;
}

/* An object or array; the caller frees it. */
static json_t *take_json(struct finding *finding, struct slice *rest)
{
    struct nesting nesting = { 0 };
    struct error ignored = { 0 };
    struct slice at = *rest;
    skip_blanks(&at);
    for (size_t i = 0;
         i < at.len && !nesting.is_broken && finding->work++ < WORK_MAX; i++) {
        nesting_feed(&nesting, (struct slice){ at.ptr + i, 1 });
        if (!nesting_is_whole(&nesting))
            continue;
        *rest = slice_skip(at, i + 1);
        return json_parse((struct slice){ at.ptr, i + 1 }, &ignored);
    }
    return NULL;
}

/* Calls as JSON. */

/* What else stands beside it makes an object something else. */
static bool has_only(const json_t *object, const char *const *names)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        size_t i = 0;
        while (names[i] && strcmp(names[i], key) != 0)
            i++;
        if (!names[i])
            return false;
    }
    return true;
}

/* Arguments may be a text that is JSON itself. */
static json_t *arguments_of(const json_t *object)
{
    struct error ignored = { 0 };
    json_t *value = json_object_get(object, "arguments");
    if (!value)
        value = json_object_get(object, "parameters");
    return json_is_string(value)
               ? json_parse(json_string_slice(value), &ignored)
               : json_incref(value);
}

static bool add_object(struct finding *finding, const json_t *object)
{
    static const char *const names[] = { "name", "arguments", "parameters",
                                         "id",   "type",      NULL };
    static const char *const outer[] = { "function", "id", "type", NULL };
    const json_t *function = json_member_object(object, "function");
    if (function && !has_only(object, outer))
        return false;
    object = function ? function : object;
    if (!json_is_object(object) || !has_only(object, names))
        return false;
    json_t *arguments = arguments_of(object);
    bool is_added = add(finding, json_slice(object, "name"), arguments);
    json_decref(arguments);
    return is_added;
}

static bool add_value(struct finding *finding, const json_t *value)
{
    static const char *const only[] = { "tool_calls", NULL };
    const json_t *list = json_member_array(value, "tool_calls");
    if (list && has_only(value, only))
        value = list;
    if (!json_is_array(value))
        return add_object(finding, value);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!add_object(finding, json_array_get(value, i)))
            return false;
    return json_array_size(value) > 0;
}

static bool take_value(struct finding *finding, struct slice *rest)
{
    json_t *value = take_json(finding, rest);
    bool is_taken = value && add_value(finding, value);
    json_decref(value);
    return is_taken;
}

/* Calls between tags. */

/* What is no JSON is a text: nobody knows the type that is wanted. */
static json_t *value_of(struct slice text)
{
    struct error ignored = { 0 };
    if (text.len && *text.ptr == '\n')
        text = slice_skip(text, 1);
    if (text.len && text.ptr[text.len - 1] == '\n')
        text.len--;
    json_t *value = json_parse(text, &ignored);
    return value && !json_is_string(value)
               ? value
               : (json_decref(value), json_stringn(text.ptr, text.len));
}

static bool take_parameters(struct slice *rest, json_t *arguments)
{
    struct slice key, text;
    while (take(rest, "<parameter=")) {
        if (!take_until(rest, ">", &key) ||
            !take_until(rest, "</parameter>", &text))
            return false;
        json_t *value = value_of(text);
        struct buf name = { 0 };
        buf_append_slice(&name, slice_trim(key));
        bool is_set =
            json_object_set_new(arguments, buf_string(&name), value) == 0;
        buf_clear(&name);
        if (!is_set)
            return false;
    }
    return true;
}

static bool take_function(struct finding *finding, struct slice *rest)
{
    struct slice name, ahead;
    if (!take(rest, "<function=") || !take_until(rest, ">", &name))
        return false;
    ahead = *rest;
    skip_blanks(&ahead);
    bool is_json = ahead.len && *ahead.ptr == '{';
    json_t *arguments = is_json ? take_json(finding, rest) : json_object();
    bool is_taken =
        take_parameters(rest, arguments) && add(finding, name, arguments);
    json_decref(arguments);
    bool is_at_end = is_json && !slice_trim(*rest).len;
    return is_taken && (take(rest, "</function>") || is_at_end);
}

static bool take_tool_call(struct finding *finding, struct slice *rest)
{
    struct slice ahead = *rest;
    skip_blanks(&ahead);
    bool is_taken = slice_starts(ahead, "<function=")
                        ? take_function(finding, rest)
                        : take_value(finding, rest);
    return is_taken && (take(rest, "</tool_call>") || !slice_trim(*rest).len);
}

static bool take_mistral(struct finding *finding, struct slice *rest)
{
    struct slice ahead = *rest, name;
    skip_blanks(&ahead);
    if (ahead.len && (*ahead.ptr == '[' || *ahead.ptr == '{'))
        return take_value(finding, rest);
    if (!take_until(rest, "[ARGS]", &name))
        return false;
    json_t *arguments = take_json(finding, rest);
    bool is_taken = add(finding, name, arguments);
    json_decref(arguments);
    return is_taken;
}

static bool take_fenced(struct finding *finding, struct slice *rest)
{
    struct slice ahead = *rest, word;
    if (!take_until(&ahead, "\n", &word))
        return false;
    word = slice_trim(word);
    if (word.len && !slice_is(word, "json") && !slice_is(word, "tool_call") &&
        !slice_is(word, "tool_code"))
        return false;
    *rest = ahead;
    return take_value(finding, rest) && take(rest, "```");
}

typedef bool take_fn(struct finding *finding, struct slice *rest);

static const struct {
    const char *opening;
    take_fn *take;
} forms[] = {
    { "<tool_call>", take_tool_call },
    { "<function=", NULL },
    { "[TOOL_CALLS]", take_mistral },
    { "<|python_tag|>", take_value },
    { "```", take_fenced },
    { "{", NULL },
    { "[", NULL },
};

static bool take_form(struct finding *finding, struct slice *rest)
{
    for (size_t i = 0; i < COUNTOF(forms); i++) {
        if (!slice_starts(*rest, forms[i].opening))
            continue;
        if (!forms[i].take)
            return *rest->ptr == '<' ? take_function(finding, rest)
                                     : take_value(finding, rest);
        *rest = slice_skip(*rest, strlen(forms[i].opening));
        return forms[i].take(finding, rest);
    }
    return false;
}

/* Nothing but calls, one after another. */
static bool take_all(struct finding *finding, struct slice rest)
{
    size_t before = finding->recovered->calls.count;
    for (skip_blanks(&rest); rest.len; skip_blanks(&rest)) {
        if (take_form(finding, &rest))
            continue;
        cut(finding->recovered, before);
        return false;
    }
    return finding->recovered->calls.count > before;
}

/* Where a call may begin: a tag anywhere but in quotes, JSON and fences at the
 * start of a line only. */
static bool may_begin(struct slice text, size_t at)
{
    struct slice rest = slice_skip(text, at);
    char before = at ? text.ptr[at - 1] : '\n';
    bool is_tag = slice_starts(rest, "<tool_call>") ||
                  slice_starts(rest, "<function=") ||
                  slice_starts(rest, "<|python_tag|>") ||
                  slice_starts(rest, "[TOOL_CALLS]");
    if (is_tag)
        return before != '`' && before != '"' && before != '\'';
    return before == '\n' &&
           (*rest.ptr == '{' || *rest.ptr == '[' || slice_starts(rest, "```"));
}

static bool is_fence(struct slice text, size_t at)
{
    return (at == 0 || text.ptr[at - 1] == '\n') &&
           slice_starts(slice_skip(text, at), "```");
}

void recovered_find(struct recovered *recovered, struct slice text,
                    const struct tool_offer *tools, size_t count)
{
    struct finding finding = { recovered, tools, count, 0 };
    bool is_code = false;
    text = slice_trim(text);
    for (size_t i = 0; i < text.len && count; i++) {
        bool is_near = text.len - i <= RECOVERED_TEXT_MAX;
        if (is_near && !is_code && may_begin(text, i) &&
            take_all(&finding, slice_skip(text, i)))
            return;
        is_code ^= is_fence(text, i);
    }
}
