/* SPDX-License-Identifier: MIT */
#include "ui/theme_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "config/yaml.h"

enum { COLOR_MAX = 255, COLORS_FEW = 16 };

static const struct attribute_row {
    const char *name;
    enum look_attribute attribute;
} attributes[] = {
    { "bold", LOOK_BOLD },       { "dim", LOOK_DIM },
    { "italic", LOOK_ITALIC },   { "underline", LOOK_UNDERLINE },
    { "reverse", LOOK_REVERSE },
};

static bool refuse_name(const char *file, const struct yaml_value *value,
                        const char *const *names, size_t count,
                        struct error *err)
{
    const char *near = nearest_name(value->key, names, count);
    return yaml_error(err, file, value->line, "unknown key %s%s%s%s",
                      value->key, near ? "; did you mean " : "",
                      near ? near : "", near ? "?" : "");
}

static bool set_color(struct theme_style *style, const char *file,
                      const struct yaml_value *value, struct error *err)
{
    char *end = NULL;
    const char *text = value->kind == YAML_SCALAR ? value->text : "";
    long color = strtol(text, &end, 10);
    bool is_none = !strcmp(text, "none");
    if (!is_none && (end == text || *end || color < 0 || color > COLOR_MAX))
        return yaml_error(err, file, value->line,
                          "color: a number from 0 to 255, or none");
    style->many = (int16_t)(is_none ? -1 : color);
    if (is_none || color < COLORS_FEW)
        style->few = style->many;
    style->is_grey = false;
    return true;
}

static bool set_attribute(struct theme_style *style, const char *file,
                          const struct yaml_value *value, struct error *err)
{
    const char *names[COUNTOF(attributes) + 1] = { "color" };
    const char *text = value->kind == YAML_SCALAR ? value->text : "";
    for (size_t i = 0; i < COUNTOF(attributes); i++) {
        names[i + 1] = attributes[i].name;
        if (strcmp(attributes[i].name, value->key) != 0)
            continue;
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
            return yaml_error(err, file, value->line, "%s: true or false",
                              value->key);
        style->attributes &= (uint8_t)~attributes[i].attribute;
        if (!strcmp(text, "true"))
            style->attributes |= (uint8_t)attributes[i].attribute;
        return true;
    }
    return refuse_name(file, value, names, COUNTOF(names), err);
}

static bool set_style(struct theme *theme, const char *file,
                      const struct yaml_value *value, struct error *err)
{
    const char *names[STYLE_COUNT];
    struct theme_style *style = NULL;
    for (int i = 0; i < STYLE_COUNT; i++) {
        names[i] = theme_style_name((enum style)i);
        if (!strcmp(names[i], value->key))
            style = &theme->styles[i];
    }
    if (!style)
        return refuse_name(file, value, names, STYLE_COUNT, err);
    if (value->kind != YAML_MAP)
        return yaml_error(err, file, value->line,
                          "%s: a map such as {color: 75, bold: true}",
                          value->key);
    for (size_t i = 0; i < value->count; i++) {
        const struct yaml_value *child = value->children[i];
        bool is_color = !strcmp(child->key, "color");
        if (!(is_color ? set_color : set_attribute)(style, file, child, err))
            return false;
    }
    return true;
}

static bool set_base(struct theme *theme, const char *file,
                     const struct yaml_value *value, struct error *err)
{
    const char *text = value->kind == YAML_SCALAR ? value->text : "";
    return theme_builtin(theme, text) ||
           yaml_error(err, file, value->line,
                      "like: auto, dark, light, contrast or mono");
}

/* The base first, wherever it stands. */
static bool read_map(struct theme *theme, const char *file,
                     const struct yaml_value *map, struct error *err)
{
    static const char *const names[] = { "like", "styles" };
    const struct yaml_value *styles = NULL;
    for (size_t i = 0; i < map->count; i++) {
        const struct yaml_value *value = map->children[i];
        if (!strcmp(value->key, "like")) {
            if (!set_base(theme, file, value, err))
                return false;
        } else if (!strcmp(value->key, "styles")) {
            styles = value;
        } else {
            return refuse_name(file, value, names, COUNTOF(names), err);
        }
    }
    for (size_t i = 0; styles && i < styles->count; i++) {
        if (!set_style(theme, file, styles->children[i], err))
            return false;
    }
    return true;
}

bool theme_parse(struct theme *theme, const char *name, struct slice yaml,
                 struct error *err)
{
    struct yaml_source source = { name, true };
    struct theme made;
    struct yaml_value *map = yaml_value_parse(&source, yaml, err);
    if (!map)
        return false;
    theme_builtin(&made, theme_name(0));
    bool ok = map->kind == YAML_MAP
                  ? read_map(&made, name, map, err)
                  : yaml_error(err, name, 0, "a theme is a map with styles");
    yaml_value_free(map);
    if (ok)
        *theme = made;
    return ok;
}
