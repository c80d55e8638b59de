/* SPDX-License-Identifier: MIT */
#include "app/json_lines.h"

#include "base/json.h"

bool json_lines_begin(struct slice text, const char *member)
{
    struct error ignored;
    struct slice line;
    if (!slice_starts(slice_trim(text), "{") || !slice_next_line(&text, &line))
        return false;
    json_t *object = json_parse(line, &ignored);
    bool ok = json_object_get(object, "id") && json_object_get(object, member);
    json_decref(object);
    return ok;
}

static bool read_line(struct slice text, const char *member, json_lines_fn *fn,
                      void *context, struct error *why)
{
    json_t *object = json_parse(text, why);
    json_t *id = json_object_get(object, "id");
    const json_t *value = json_object_get(object, member);
    bool ok = id && json_is_string(value);
    if (ok) {
        const struct json_line line = {
            .object = object,
            .id = id,
            .text = json_string_slice(value),
        };
        fn(context, &line);
    }
    json_decref(object);
    return ok;
}

bool json_lines_each(struct slice text, const char *member, json_lines_fn *fn,
                     void *context, struct error *err)
{
    struct slice line;
    bool ok = true;
    for (int number = 1; slice_next_line(&text, &line); number++) {
        struct error why = { 0 };
        if (!slice_trim(line).len || read_line(line, member, fn, context, &why))
            continue;
        if (!ok)
            print_notice("%s", err->text);
        ok = error_set(err, ERROR_USAGE,
                       "line %d is no JSON object with \"id\" and \"%s\"%s%s",
                       number, member, *why.text ? ": " : "", why.text);
    }
    return ok;
}

void json_lines_print(struct print *out, json_t *take_value)
{
    struct buf line = { 0 };
    json_append_value(&line, take_value);
    buf_append_char(&line, '\n');
    print_text(out, buf_slice(&line));
    buf_clear(&line);
    json_decref(take_value);
}
