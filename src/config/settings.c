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

struct settings {
    struct setting *top;
    ARRAY_OF(char *) names; /* of files and origins; settings borrow them */
};

struct settings *settings_new(void)
{
    struct settings *settings = memory_zero(1, sizeof *settings);
    settings->top = setting_new("", "", 0);
    return settings;
}

void settings_free(struct settings *settings)
{
    if (!settings)
        return;
    setting_free(settings->top);
    for (size_t i = 0; i < settings->names.count; i++)
        free(settings->names.items[i]);
    array_clear(&settings->names);
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

static bool add_layer(struct settings *settings, const char *name,
                      struct yaml_value *take, struct error *err)
{
    struct setting *layer =
        take ? layer_new(take, keep_name(settings, name), err) : NULL;
    yaml_value_free(take);
    if (layer)
        setting_merge(settings->top, layer);
    return layer != NULL;
}

bool settings_add_text(struct settings *settings, const char *name,
                       struct slice yaml, struct error *err)
{
    struct yaml_source source = { .name = name, .has_lines = true };
    return add_layer(settings, name, yaml_value_parse(&source, yaml, err), err);
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
    buf_clear(&text);
    return is_good;
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

bool settings_set(struct settings *settings, const char *key, const char *value,
                  const char *origin, struct error *err)
{
    struct yaml_source source = { .name = origin };
    if (strlen(key) >= SCHEMA_PATH_MAX)
        return yaml_error(err, origin, 0, "unknown key of %zu bytes",
                          strlen(key));
    const struct schema_row *row = schema_find(key);
    struct slice text = slice_of(value);
    /* An unknown key is named as such, whatever its value looks like. */
    struct yaml_value *parsed = !row || is_literal(row, value)
                                    ? yaml_value_literal(&source, text, err)
                                    : yaml_value_parse(&source, text, err);
    return add_layer(settings, origin, parsed ? wrap_path(key, parsed) : NULL,
                     err);
}

bool settings_add_environment(struct settings *settings,
                              const char *const *environment, struct error *err)
{
    for (; *environment; environment++) {
        const char *equals = strchr(*environment, '=');
        if (!equals || !equals[1])
            continue;
        struct slice name = { *environment, (size_t)(equals - *environment) };
        const struct schema_row *row = schema_of_variable(name);
        if (!row)
            continue;
        char *origin = memory_copy(name.ptr, name.len);
        bool is_good =
            settings_set(settings, row->path, equals + 1, origin, err);
        free(origin);
        if (!is_good)
            return false;
    }
    return true;
}

const struct setting *settings_find(const struct settings *settings,
                                    const char *key)
{
    const struct setting *setting = settings->top;
    while (*key && setting && setting->type == SETTING_MAP) {
        size_t len = strcspn(key, ".");
        setting = setting_find_child(setting, (struct slice){ key, len });
        key += len;
        key += *key == '.';
    }
    return *key ? NULL : setting;
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
