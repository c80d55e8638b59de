/* SPDX-License-Identifier: MIT */
#include "config/layer.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "config/scalar.h"
#include "config/schema.h"
#include "config/setting.h"
#include "config/substitution.h"

struct layer {
    const struct layer_source *source;
    struct buf path; /* of the value that is looked at; "" at the top */
    int fixed;       /* lists and key sources around it: no null in there */
    struct error *err;
};

static const struct schema_row top_row = { .path = "", .kind = SCHEMA_MAP };

static struct setting *read_value(struct layer *layer,
                                  const struct schema_row *row,
                                  const struct yaml_value *value);

static const char *path_of(const struct layer *layer)
{
    return buf_string(&layer->path);
}

/* "FILE:LINE: KEY: words already in the error". */
static bool refuse(struct layer *layer, const struct yaml_value *value)
{
    struct error inner = *layer->err;
    if (layer->path.len == 0)
        return yaml_error(layer->err, layer->source->name, value->line, "%s",
                          inner.text);
    return yaml_error(layer->err, layer->source->name, value->line, "%s: %s",
                      path_of(layer), inner.text);
}

static bool refuse_type(struct layer *layer, const struct schema_row *row,
                        const struct yaml_value *value)
{
    static const char *const found[] = {
        [YAML_SCALAR] = "text",
        [YAML_MAP] = "a map",
        [YAML_LIST] = "a list",
    };
    bool is_empty =
        value->kind == YAML_SCALAR && value->is_plain && !*value->text;
    scalar_refuse(row, is_empty ? "nothing" : found[value->kind], layer->err);
    return refuse(layer, value);
}

/* A key for an error: cut where it is long, in whole characters. */
static struct slice shown(const char *key)
{
    struct slice slice = slice_of(key);
    if (slice.len <= SCHEMA_KEY_MAX)
        return slice;
    slice.len = SCHEMA_KEY_MAX;
    slice.len -= utf8_partial_tail(slice);
    return slice;
}

/* What stands there may be the key itself, so it is not repeated. */
static bool refuse_secret(struct layer *layer, const struct yaml_value *value)
{
    error_set(layer->err, ERROR_CONFIG,
              "never the key itself: write key: {env: NAME}, {file: PATH} or "
              "{command: [PROGRAM, ARGUMENT]}");
    return refuse(layer, value);
}

static bool refuse_unknown(struct layer *layer, const struct yaml_value *value)
{
    struct buf hint = { 0 };
    const char *nearest = schema_nearest(path_of(layer), value->key);
    const struct schema_row *elsewhere = schema_elsewhere(value->key);
    if (nearest) {
        buf_printf(&hint, " (did you mean \"%s\"?)", nearest);
    } else if (elsewhere) {
        const char *dot = strrchr(elsewhere->path, '.');
        buf_printf(&hint, " (it belongs %s%.*s)", dot ? "in " : "at the top",
                   dot ? (int)(dot - elsewhere->path) : 0, elsewhere->path);
    }
    yaml_error(layer->err, layer->source->name, value->line,
               "unknown key \"%.*s\"%s%s%s", SLICE_ARG(shown(value->key)),
               layer->path.len ? " in " : "", path_of(layer),
               buf_string(&hint));
    buf_clear(&hint);
    return false;
}

static bool refuse_twin(struct layer *layer, const struct yaml_value *value,
                        int first_line)
{
    if (first_line)
        error_set(layer->err, ERROR_CONFIG, "set twice, first on line %d",
                  first_line);
    else
        error_set(layer->err, ERROR_CONFIG, "set twice");
    return refuse(layer, value);
}

/* A chosen name is a part of paths (endpoints.box.url) and of model names
 * (box/fast), so it cannot hold what separates those; but for a dot where
 * nothing follows in the path. */
static bool is_name(const char *name, bool may_have_dots)
{
    size_t len = 0;
    while (isalnum((unsigned char)name[len]) || (name[len] & 0x80) ||
           name[len] == '_' || name[len] == '-' ||
           (may_have_dots && name[len] == '.'))
        len++;
    return len > 0 && len <= SCHEMA_KEY_MAX && !name[len];
}

/* Go down to a key; the caller cuts the path back. */
static const struct schema_row *enter_key(struct layer *layer,
                                          const struct schema_row *row,
                                          const char *key)
{
    if (!is_name(key, row->has_dots))
        return NULL;
    if (layer->path.len)
        buf_append_char(&layer->path, '.');
    buf_append_string(&layer->path, key);
    return schema_find(path_of(layer));
}

static bool add_pair(struct layer *layer, const struct schema_row *row,
                     struct setting *map, const struct yaml_value *value)
{
    size_t path_len = layer->path.len;
    if (row->kind == SCHEMA_NAMES && !is_name(value->key, row->has_dots)) {
        error_set(layer->err, ERROR_CONFIG,
                  "\"%.*s\" is no name: use letters, digits, - and _",
                  SLICE_ARG(shown(value->key)));
        return refuse(layer, value);
    }
    const struct schema_row *below = enter_key(layer, row, value->key);
    if (!below) {
        buf_truncate(&layer->path, path_len);
        return row->kind == SCHEMA_KEY ? refuse_secret(layer, value)
                                       : refuse_unknown(layer, value);
    }
    const struct setting *twin = setting_child(map, value->key);
    if (twin)
        return refuse_twin(layer, value, twin->line);
    struct setting *child = read_value(layer, below, value);
    if (!child)
        return false;
    setting_add(map, child);
    buf_truncate(&layer->path, path_len);
    return true;
}

static bool add_pairs(struct layer *layer, const struct schema_row *row,
                      struct setting *map, const struct yaml_value *value)
{
    map->type = SETTING_MAP;
    map->is_whole = row->kind == SCHEMA_KEY;
    layer->fixed += map->is_whole;
    for (size_t i = 0; i < value->count; i++) {
        if (!add_pair(layer, row, map, value->children[i]))
            return false;
    }
    layer->fixed -= map->is_whole;
    if (!map->is_whole || map->child_count == 1)
        return true;
    error_set(layer->err, ERROR_CONFIG,
              "write exactly one of env, file and command");
    return refuse(layer, value);
}

static bool add_items(struct layer *layer, struct setting *list,
                      const struct yaml_value *value)
{
    list->type = SETTING_LIST;
    size_t path_len = layer->path.len;
    buf_append_string(&layer->path, "[]");
    const struct schema_row *row = schema_find(path_of(layer));
    assert(row);
    layer->fixed++;
    for (size_t i = 0; i < value->count; i++) {
        struct setting *item = read_value(layer, row, value->children[i]);
        if (!item)
            return false;
        setting_add(list, item);
    }
    layer->fixed--;
    buf_truncate(&layer->path, path_len);
    return true;
}

/* The name of a variable stands for itself: its value is the key's. */
static bool fill_variables(struct layer *layer, const struct schema_row *row,
                           struct setting *setting,
                           const struct yaml_value *value)
{
    struct buf text = { 0 };
    bool is_good = true;
    if (layer->source->fills_variables && row->kind != SCHEMA_VARIABLE &&
        strchr(value->text, '$'))
        is_good = substitution_expand(&text, value->text, layer->err);
    else
        buf_append_string(&text, value->text);
    if (is_good && strcmp(value->text, buf_string(&text)))
        setting->written = memory_string(value->text);
    setting->text = buf_steal(&text);
    return is_good;
}

static bool set_scalar(struct layer *layer, const struct schema_row *row,
                       struct setting *setting, const struct yaml_value *value)
{
    if (!fill_variables(layer, row, setting, value))
        return refuse(layer, value);
    struct scalar scalar = { setting->text, value->is_plain, setting->written };
    return scalar_parse(setting, row, scalar, layer->err) ||
           refuse(layer, value);
}

static bool is_null(const struct yaml_value *value)
{
    return value->kind == YAML_SCALAR && value->is_plain &&
           (!strcmp(value->text, "null") || !strcmp(value->text, "~"));
}

/* "reply:" with nothing after it, as when all below is a comment. */
static bool is_empty(const struct yaml_value *value)
{
    return value->kind == YAML_SCALAR && value->is_plain && !*value->text;
}

/* "private: true" is "private: {all: true}". */
static bool add_shorthand(struct layer *layer, const struct schema_row *row,
                          struct setting *setting,
                          const struct yaml_value *value)
{
    char key[SCHEMA_KEY_MAX];
    struct yaml_value item = *value;
    snprintf(key, sizeof key, "%s", row->shorthand);
    item.key = key;
    setting->type = SETTING_MAP;
    return add_pair(layer, row, setting, &item);
}

static bool fill(struct layer *layer, const struct schema_row *row,
                 struct setting *setting, const struct yaml_value *value)
{
    switch (row->kind) {
    case SCHEMA_MAP:
    case SCHEMA_NAMES:
    case SCHEMA_KEY:
        if (value->kind == YAML_MAP ||
            (is_empty(value) && row->kind != SCHEMA_KEY))
            return add_pairs(layer, row, setting, value);
        if (row->shorthand && value->kind == YAML_SCALAR)
            return add_shorthand(layer, row, setting, value);
        return row->kind == SCHEMA_KEY ? refuse_secret(layer, value)
                                       : refuse_type(layer, row, value);
    case SCHEMA_LIST:
        return value->kind == YAML_LIST ? add_items(layer, setting, value)
                                        : refuse_type(layer, row, value);
    default:
        return value->kind == YAML_SCALAR
                   ? set_scalar(layer, row, setting, value)
                   : refuse_type(layer, row, value);
    }
}

static struct setting *read_value(struct layer *layer,
                                  const struct schema_row *row,
                                  const struct yaml_value *value)
{
    struct setting *setting =
        setting_new(value->key, layer->source->name, value->line);
    if (is_null(value) && !layer->fixed) {
        setting->type = SETTING_NONE;
        return setting;
    }
    if (fill(layer, row, setting, value))
        return setting;
    setting_free(setting);
    return NULL;
}

struct setting *layer_new(const struct yaml_value *value,
                          const struct layer_source *source, struct error *err)
{
    struct layer layer = { .source = source, .err = err };
    struct setting *top = setting_new("", source->name, value->line);
    bool is_good = fill(&layer, &top_row, top, value);
    buf_clear(&layer.path);
    if (is_good)
        return top;
    setting_free(top);
    return NULL;
}
