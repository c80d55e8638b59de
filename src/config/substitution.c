/* SPDX-License-Identifier: MIT */
#include "config/substitution.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "config/schema.h"
#include "config/yaml.h"

static bool append(struct buf *out, struct slice text, struct error *err)
{
    if (buf_append_capped(out, text, YAML_TEXT_MAX, "the value", err))
        return true;
    err->kind = ERROR_CONFIG;
    return false;
}

static size_t name_length(const char *text)
{
    size_t len = 0;
    if (isdigit((unsigned char)*text))
        return 0;
    while (isalnum((unsigned char)text[len]) || text[len] == '_')
        len++;
    return len <= SCHEMA_KEY_MAX ? len : 0;
}

/* An empty variable has no value where there is a default, as in a shell. */
static bool append_value(struct buf *out, const char *name,
                         const struct slice *otherwise, struct error *err)
{
    const char *value = getenv(name);
    if (otherwise && (!value || !*value))
        return append(out, *otherwise, err);
    if (!value)
        return error_set(err, ERROR_CONFIG,
                         "the variable %s is not set; ${%s:-DEFAULT} gives a "
                         "default, $$ stands for a $",
                         name, name);
    if (!utf8_is_valid(slice_of(value)))
        return error_set(err, ERROR_CONFIG, "the variable %s is not UTF-8 text",
                         name);
    return append(out, slice_of(value), err);
}

/* What stands after "${"; NULL on error, else what follows the "}". The text
 * in between may be a misplaced secret, so it is not repeated. */
static const char *expand_one(struct buf *out, const char *text,
                              struct error *err)
{
    size_t len = name_length(text);
    const char *rest = text + len, *end = strchr(text, '}');
    bool has_default = len && !strncmp(rest, ":-", 2);
    if (!len || !end || (rest != end && !has_default)) {
        error_set(err, ERROR_CONFIG,
                  "after ${ comes the name of a variable and }, or :-DEFAULT}; "
                  "$$ stands for a $");
        return NULL;
    }
    struct buf name = { 0 };
    buf_append(&name, text, len);
    struct slice otherwise = { rest + 2, 0 };
    if (has_default)
        otherwise.len = (size_t)(end - otherwise.ptr);
    bool is_good = append_value(out, buf_string(&name),
                                has_default ? &otherwise : NULL, err);
    buf_clear(&name);
    return is_good ? end + 1 : NULL;
}

bool substitution_expand(struct buf *out, const char *text, struct error *err)
{
    while (*text) {
        size_t len = strcspn(text, "$");
        if (!append(out, (struct slice){ text, len }, err))
            return false;
        text += len;
        if (!strncmp(text, "${", 2)) {
            text = expand_one(out, text + 2, err);
            if (!text)
                return false;
        } else if (*text) {
            if (!append(out, slice_of("$"), err))
                return false;
            text += text[1] == '$' ? 2 : 1;
        }
    }
    return true;
}
