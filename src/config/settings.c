/* SPDX-License-Identifier: MIT */
#include "config/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/memory.h"
#include "base/path.h"
#include "config/layer.h"
#include "config/schema.h"
#include "config/setting.h"
#include "config/yaml.h"

struct settings_layer {
    char *key; /* the one that settings_set() set; NULL: a file */
    struct setting *tree;
};

struct settings {
    struct setting *top; /* all layers, merged */
    ARRAY_OF(struct settings_layer) layers;
    ARRAY_OF(char *) names; /* of files and origins; settings borrow them */
    struct buf refused;     /* a file */
    char *distrusted;       /* NULL, or what is to be mended */
};

struct settings *settings_new(void)
{
    struct settings *settings = memory_zero(1, sizeof *settings);
    settings->top = setting_new("", "", 0);
    return settings;
}

static void layer_clear(struct settings_layer *layer)
{
    free(layer->key);
    setting_free(layer->tree);
}

void settings_free(struct settings *settings)
{
    if (!settings)
        return;
    setting_free(settings->top);
    for (size_t i = 0; i < settings->layers.count; i++)
        layer_clear(&settings->layers.items[i]);
    array_clear(&settings->layers);
    for (size_t i = 0; i < settings->names.count; i++)
        free(settings->names.items[i]);
    array_clear(&settings->names);
    buf_clear(&settings->refused);
    free(settings->distrusted);
    free(settings);
}

/* The same name is kept once, so that setting a value often costs nothing. */
static const char *keep_name(struct settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->names.count; i++) {
        if (!strcmp(settings->names.items[i], name))
            return settings->names.items[i];
    }
    *array_add(&settings->names) = memory_string(name);
    return *array_last(&settings->names);
}

/* Setting a value again and again must not pile up layers. */
static void forget_layer(struct settings *settings, const char *key,
                         const char *origin)
{
    for (size_t i = 0; i < settings->layers.count; i++) {
        struct settings_layer *layer = &settings->layers.items[i];
        if (!layer->key || strcmp(layer->key, key) ||
            strcmp(layer->tree->file, origin))
            continue;
        layer_clear(layer);
        settings->layers.count--;
        memmove(layer, layer + 1, (settings->layers.count - i) * sizeof *layer);
        return;
    }
}

/* `key` is NULL for a file. */
static bool add_layer(struct settings *settings,
                      const struct layer_source *source,
                      struct yaml_value *take, const char *key,
                      struct error *err)
{
    struct layer_source kept = *source;
    kept.name = keep_name(settings, source->name);
    struct setting *tree = take ? layer_new(take, &kept, err) : NULL;
    yaml_value_free(take);
    if (!tree)
        return false;
    if (key)
        forget_layer(settings, key, kept.name);
    *array_add(&settings->layers) = (struct settings_layer){
        .key = memory_string(key),
        .tree = tree,
    };
    setting_merge(settings->top, setting_copy(tree));
    return true;
}

bool settings_add_text(struct settings *settings, const char *name,
                       struct slice yaml, struct error *err)
{
    struct yaml_source source = { .name = name, .has_lines = true };
    struct layer_source layer = { .name = name, .fills_variables = true };
    return add_layer(settings, &layer, yaml_value_parse(&source, yaml, err),
                     NULL, err);
}

bool settings_add_file(struct settings *settings, const char *path,
                       struct error *err)
{
    struct buf text = { 0 };
    bool is_good = path_read_file(&text, path, YAML_TEXT_MAX, err);
    if (is_good)
        is_good = settings_add_text(settings, path, buf_slice(&text), err);
    else
        err->kind = ERROR_CONFIG;
    buf_reset(&settings->refused);
    if (!is_good)
        buf_append_slice(&settings->refused, buf_slice(&text));
    buf_clear(&text);
    return is_good;
}

struct slice settings_refused(const struct settings *settings)
{
    return buf_slice(&settings->refused);
}

void settings_distrust(struct settings *settings, const char *why)
{
    if (!settings->distrusted)
        settings->distrusted = memory_string(why);
}

const char *settings_distrusted(const struct settings *settings)
{
    return settings->distrusted;
}

/* A URL, a model or a prompt on the command line needs no YAML quotes. */
static bool is_literal(const struct schema_row *row, const char *value)
{
    bool is_text = row->kind == SCHEMA_TEXT || row->kind == SCHEMA_CHOICE ||
                   row->kind == SCHEMA_VARIABLE;
    return is_text && *value != '"' && *value != '\'' &&
           strcmp(value, "null") != 0 && strcmp(value, "~") != 0;
}

/* A value as the tree that a file with this one key would give. */
static struct yaml_value *wrap_path(const char *key, struct yaml_value *take)
{
    const char *end = key + strlen(key);
    while (end) {
        const char *start = end;
        while (start > key && start[-1] != '.')
            start--;
        take = yaml_value_wrap((struct slice){ start, (size_t)(end - start) },
                               take);
        end = start > key ? start - 1 : NULL;
    }
    return take;
}

static bool set(struct settings *settings, const char *key, const char *value,
                const struct layer_source *layer, struct error *err)
{
    struct yaml_source source = { .name = layer->name };
    if (strlen(key) >= SCHEMA_PATH_MAX)
        return yaml_error(err, layer->name, 0, "unknown key of %zu bytes",
                          strlen(key));
    const struct schema_row *row = schema_find(key);
    struct slice text = slice_of(value);
    /* An unknown key is named as such, whatever its value looks like. */
    struct yaml_value *parsed = !row || is_literal(row, value)
                                    ? yaml_value_literal(&source, text, err)
                                    : yaml_value_parse(&source, text, err);
    return add_layer(settings, layer, parsed ? wrap_path(key, parsed) : NULL,
                     key, err);
}

bool settings_set(struct settings *settings, const char *key, const char *value,
                  const char *origin, struct error *err)
{
    struct layer_source layer = { .name = origin, .fills_variables = true };
    return set(settings, key, value, &layer, err);
}

bool settings_add_variable(struct settings *settings, const char *pair,
                           struct error *err)
{
    const char *equals = strchr(pair, '=');
    if (!equals || !equals[1])
        return true;
    struct slice name = { pair, (size_t)(equals - pair) };
    const struct schema_row *row = schema_of_variable(name);
    if (!row)
        return true;
    char *origin = memory_copy(name.ptr, name.len);
    struct layer_source layer = { .name = origin };
    bool is_good = set(settings, row->path, equals + 1, &layer, err);
    free(origin);
    return is_good;
}

/* A name may hold dots: that of a model, the last of its path. In a layer what
 * removes a map above the key is found in the key's place. */
static const struct setting *find_below(const struct setting *setting,
                                        const char *key)
{
    while (*key && setting && setting->type == SETTING_MAP) {
        size_t len = strcspn(key, ".");
        const struct setting *whole = setting_child(setting, key);
        if (whole)
            return whole;
        setting = setting_find_child(setting, (struct slice){ key, len });
        key += len;
        key += *key == '.';
    }
    return !*key || (setting && setting->type == SETTING_NONE) ? setting : NULL;
}

const struct setting *settings_find(const struct settings *settings,
                                    const char *key)
{
    return find_below(settings->top, key);
}

size_t settings_layer_count(const struct settings *settings)
{
    return settings->layers.count;
}

const char *settings_layer_file(const struct settings *settings, size_t index)
{
    const struct settings_layer *layer = &settings->layers.items[index];
    return layer->key ? NULL : layer->tree->file;
}

const struct setting *settings_in_layer(const struct settings *settings,
                                        size_t index, const char *key)
{
    return find_below(settings->layers.items[index].tree, key);
}

const char *settings_text(const struct settings *settings, const char *key,
                          const char *otherwise)
{
    const struct setting *setting = settings_find(settings, key);
    return setting && setting->text ? setting->text : otherwise;
}

double settings_number(const struct settings *settings, const char *key,
                       double otherwise)
{
    const struct setting *setting = settings_find(settings, key);
    return setting && setting->type == SETTING_NUMBER ? setting->number
                                                      : otherwise;
}

bool settings_flag(const struct settings *settings, const char *key,
                   bool otherwise)
{
    const struct setting *setting = settings_find(settings, key);
    return setting && setting->type == SETTING_FLAG ? setting->flag : otherwise;
}
