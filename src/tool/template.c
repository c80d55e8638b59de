/* SPDX-License-Identifier: MIT */
#include "tool/template.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"

enum part_kind { PART_TEXT, PART_NAME };

/* What an element is made of. */
struct part {
    enum part_kind kind;
    struct slice text; /* as it stands, or the name */
};

void template_clear(struct template *template)
{
    for (size_t i = 0; i < template->elements.count; i++)
        free(template->elements.items[i]);
    array_clear(&template->elements);
}

void template_add(struct template *template, const char *element)
{
    *array_add(&template->elements) = memory_string(element);
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' ||
           ((unsigned char)c & 0x80);
}

/* Bytes of a "{name}" at the start; 0: there is none. */
static size_t place_len(const char *text)
{
    size_t len = 1;
    if (text[0] != '{')
        return 0;
    while (is_name_char(text[len]))
        len++;
    return len > 1 && text[len] == '}' ? len + 1 : 0;
}

static bool next_part(const char **rest, struct part *part)
{
    const char *text = *rest;
    if (!*text)
        return false;
    size_t len = place_len(text);
    bool is_brace = text[0] == text[1] && (text[0] == '{' || text[0] == '}');
    if (len && !is_brace) {
        *part = (struct part){ PART_NAME, { text + 1, len - 2 } };
        *rest += len;
        return true;
    }
    len = 1 + strcspn(text + 1, "{}");
    *part = (struct part){ PART_TEXT, { text, is_brace ? 1 : len } };
    *rest += is_brace ? 2 : len;
    return true;
}

bool template_names(const char *element, template_name_fn *fn, void *context)
{
    struct part part;
    while (next_part(&element, &part)) {
        if (part.kind == PART_NAME && !fn(context, part.text))
            return false;
    }
    return true;
}

static json_t *value_of(const json_t *arguments, struct slice name)
{
    char *key = memory_copy(name.ptr, name.len);
    json_t *value = json_object_get(arguments, key);
    free(key);
    return json_is_null(value) ? NULL : value;
}

static void append_value(struct buf *out, const json_t *value)
{
    if (json_is_string(value))
        buf_append_slice(out, json_string_slice(value));
    else
        json_append_value(out, value);
}

bool template_append(struct buf *out, const char *element,
                     const json_t *arguments)
{
    size_t before = out->len;
    struct part part;
    while (next_part(&element, &part)) {
        const json_t *value =
            part.kind == PART_NAME ? value_of(arguments, part.text) : NULL;
        if (part.kind == PART_TEXT) {
            buf_append_slice(out, part.text);
        } else if (value) {
            append_value(out, value);
        } else {
            buf_truncate(out, before);
            return false;
        }
    }
    return true;
}

/* Of the first argument that the element names: what is wrong is its value. */
static bool refuse(const char *element, const char *words, struct error *err)
{
    struct part part = { PART_TEXT, { NULL, 0 } };
    while (part.kind != PART_NAME && next_part(&element, &part))
        continue;
    return error_set(err, ERROR_TOOL, "\"%.*s\" must not %s",
                     SLICE_ARG(part.text), words);
}

static bool is_fine(const char *element, const struct buf *made,
                    bool has_options_ended, struct error *err)
{
    struct part first = { PART_TEXT, { NULL, 0 } };
    const char *rest = element;
    bool has_place = next_part(&rest, &first) && first.kind == PART_NAME;
    if (made->len && memchr(made->ptr, '\0', made->len))
        return refuse(element, "hold a NUL character", err);
    if (made->len > TEMPLATE_ELEMENT_MAX)
        return refuse(element, "be longer than 131071 bytes", err);
    if (has_place && !has_options_ended && made->len && made->ptr[0] == '-')
        return refuse(element, "begin with \"-\": it would be an option", err);
    return true;
}

char **template_fill(const struct template *template, const json_t *arguments,
                     struct error *err)
{
    ARRAY_OF(char *) argv = { 0 };
    bool ok = true, has_options_ended = false;
    for (size_t i = 0; i < template->elements.count && ok; i++) {
        const char *element = template->elements.items[i];
        struct buf made = { 0 };
        if (template_append(&made, element, arguments)) {
            ok = is_fine(element, &made, has_options_ended, err);
            *array_add(&argv) = buf_steal(&made);
        }
        has_options_ended = has_options_ended || !strcmp(element, "--");
        buf_clear(&made);
    }
    *array_add(&argv) = NULL;
    if (ok)
        return argv.items;
    for (size_t i = 0; i + 1 < argv.count; i++)
        free(argv.items[i]);
    array_clear(&argv);
    return NULL;
}
