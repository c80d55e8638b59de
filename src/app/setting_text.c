/* SPDX-License-Identifier: MIT */
#include "app/setting_text.h"

#include <math.h>
#include <string.h>

#include "app/action.h"
#include "base/path.h"
#include "base/redact.h"
#include "base/utf8.h"

enum { VALUE_MAX = 200 /* bytes of one that is shown */ };

/* Values. */

static void append_text(struct buf *out, const char *text)
{
    struct slice rest = slice_of(text), line = slice_of("");
    size_t lines = 0;
    for (struct slice more = rest, next; slice_next_line(&more, &next); lines++)
        line = lines ? line : next;
    if (lines > 1)
        buf_printf(out, "\"%.*s...\" (%zu lines)", SLICE_ARG(line), lines);
    else if (strpbrk(text, " \t,[]{}\n") || !*text)
        buf_printf(out, "\"%.*s\"", SLICE_ARG(line));
    else
        buf_append_string(out, text);
}

static void append_value(struct buf *out, const struct setting *setting,
                         const char *path);

static void append_child(struct buf *out, const struct setting *setting,
                         const struct setting *child, const char *path)
{
    struct buf below = { 0 };
    if (setting->type == SETTING_LIST)
        buf_printf(&below, "%s[]", path);
    else
        buf_printf(&below, "%s.%s", path, child->key);
    if (setting->type == SETTING_MAP)
        buf_printf(out, "%s: ", child->key);
    append_value(out, child, buf_string(&below));
    buf_clear(&below);
}

/* Arguments of what prints a key may be as good as the key. */
static bool hides_rest(const char *path)
{
    const struct schema_row *row = schema_find(path);
    return row && !strcmp(row->path, "endpoints.*.key.command");
}

static void append_value(struct buf *out, const struct setting *setting,
                         const char *path)
{
    bool is_list = setting->type == SETTING_LIST;
    if (setting->type == SETTING_NONE) {
        buf_append_string(out, "null");
        return;
    }
    if (!is_list && setting->type != SETTING_MAP) {
        append_text(out, setting->written ? setting->written : setting->text);
        return;
    }
    buf_append_char(out, is_list ? '[' : '{');
    for (size_t i = 0; i < setting->child_count; i++) {
        if (i)
            buf_append_string(out, ", ");
        if (i && hides_rest(path)) {
            buf_append_string(out, "...");
            break;
        }
        append_child(out, setting, setting->children[i], path);
    }
    buf_append_char(out, is_list ? ']' : '}');
}

void setting_text_value(struct buf *out, const struct setting *setting,
                        const char *path)
{
    struct buf whole = { 0 }, safe = { 0 };
    append_value(&whole, setting, path);
    redact_append(&safe, buf_slice(&whole), NULL, 0);
    struct slice shown = buf_slice(&safe);
    if (shown.len > VALUE_MAX) {
        shown.len = VALUE_MAX;
        shown.len -= utf8_partial_tail(shown);
    }
    buf_append_slice(out, shown);
    if (shown.len < safe.len)
        buf_append_string(out, "...");
    buf_clear(&whole);
    buf_clear(&safe);
}

void setting_text_origin(struct buf *out, const struct setting *setting)
{
    struct buf home = { 0 };
    struct slice file = slice_of(setting->file);
    path_expand(&home, "~/");
    if (home.len > 1 && slice_starts(file, buf_string(&home)))
        buf_printf(out, "~/%.*s", SLICE_ARG(slice_skip(file, home.len)));
    else
        buf_append_slice(out, file);
    if (setting->line)
        buf_printf(out, ":%d", setting->line);
    buf_clear(&home);
}

/* Rows. */

static void append_words(struct buf *out, const char *words)
{
    for (const char *word = words; word && *word;) {
        size_t len = strcspn(word, " ");
        buf_printf(out, "%s%.*s", word == words ? "" : ", ", (int)len, word);
        word += len + strspn(word + len, " ");
    }
}

static void append_bounds(struct buf *out, const struct schema_row *row)
{
    const char *unit = row->kind == SCHEMA_DURATION ? " ms" : "";
    if (row->least < row->most && isinf(row->most) && row->least > 0)
        buf_printf(out, ", %.15g%s or more", row->least, unit);
    else if (row->least < row->most && !isinf(row->most))
        buf_printf(out, ", %.15g to %.15g%s", row->least, row->most, unit);
}

void setting_text_kind(struct buf *out, const struct schema_row *row)
{
    if (row->kind == SCHEMA_CHOICE) {
        buf_append_string(out, "one of: ");
        append_words(out, row->choices);
        return;
    }
    buf_append_string(out, schema_kind_words(row->kind));
    append_bounds(out, row);
    if (row->choices) {
        buf_append_string(out, "; or ");
        append_words(out, row->choices);
    }
}

const char *setting_text_default(const struct schema_row *row)
{
    return row->otherwise ? row->otherwise : "none";
}

bool setting_text_unknown(const char *key, struct error *err)
{
    struct buf above = { 0 };
    const char *rest = key;
    for (;;) {
        size_t len = strcspn(rest, "."), kept = above.len;
        buf_printf(&above, "%s%.*s", kept ? "." : "", (int)len, rest);
        if (rest[len] && schema_find(buf_string(&above))) {
            rest += len + 1;
            continue;
        }
        buf_truncate(&above, kept);
        break;
    }
    struct buf word = { 0 };
    size_t len = strcspn(rest, ".");
    buf_append(&word, rest, len);
    const char *parent = buf_string(&above), *dot = above.len ? "." : "";
    const char *near = schema_nearest(parent, buf_string(&word));
    const struct schema_row *row = schema_elsewhere(buf_string(&word));
    if (near)
        error_set(err, ERROR_USAGE,
                  "there is no setting %s; did you mean %s%s%s%s?", key, parent,
                  dot, near, rest + len);
    else
        error_set(err, ERROR_USAGE, "there is no setting %s%s%s%s", key,
                  row ? "; did you mean " : "", row ? row->path : "",
                  row ? "?" : "; sennit(5) lists them");
    buf_clear(&above);
    buf_clear(&word);
    return false;
}

bool setting_text_brief(struct buf *out, const struct settings *settings,
                        const char *key, struct error *err)
{
    const struct schema_row *row = schema_find(key);
    const struct setting *setting = settings_find(settings, key);
    if (!row)
        return setting_text_unknown(key, err);
    buf_printf(out, "%s is ", key);
    if (setting) {
        setting_text_value(out, setting, key);
        buf_append_string(out, " (");
        setting_text_origin(out, setting);
        buf_append_string(out, ")");
    } else {
        buf_printf(out, "not set; default: %s", setting_text_default(row));
    }
    buf_printf(out, "\n%s: ", row->about);
    setting_text_kind(out, row);
    if (row->is_reserved)
        buf_append_string(out, "; without effect in this version");
    return true;
}

/* All that is set. */

struct walk {
    setting_text_fn *fn;
    void *context;
    struct buf path;
};

static void walk_below(struct walk *walk, const struct setting *map)
{
    for (size_t i = 0; i < map->child_count; i++) {
        const struct setting *child = map->children[i];
        size_t len = walk->path.len;
        buf_printf(&walk->path, "%s%s", len ? "." : "", child->key);
        if (child->type == SETTING_MAP && !child->is_whole)
            walk_below(walk, child);
        else
            walk->fn(walk->context, buf_string(&walk->path), child);
        buf_truncate(&walk->path, len);
    }
}

void setting_text_each(const struct settings *settings, setting_text_fn *fn,
                       void *context)
{
    struct walk walk = { .fn = fn, .context = context };
    walk_below(&walk, settings_find(settings, ""));
    buf_clear(&walk.path);
}

static void append_name(struct buf *out, const char *name)
{
    buf_printf(out, "%s%s", out->len ? ", " : "", name);
}

/* A map of which nothing counts is named once. */
static void append_unused(struct buf *out, const struct setting *map,
                          struct buf *path)
{
    for (size_t i = 0; i < map->child_count; i++) {
        const struct setting *child = map->children[i];
        size_t len = path->len;
        buf_printf(path, "%s%s", len ? "." : "", child->key);
        const struct schema_row *row = schema_find(buf_string(path));
        bool is_later_key = !strcmp(row->path, "keys.*") &&
                            action_is_later(slice_of(child->key));
        if (row->is_reserved || is_later_key)
            append_name(out, buf_string(path));
        else if (child->type == SETTING_MAP && !child->is_whole)
            append_unused(out, child, path);
        buf_truncate(path, len);
    }
}

void setting_text_unused(struct buf *out, const struct setup *setup)
{
    struct buf path = { 0 }, names = { 0 };
    append_unused(&names, settings_find(setup->settings, ""), &path);
    if (names.len)
        buf_printf(out, "without effect in this version: %s\n",
                   buf_string(&names));
    buf_clear(&path);
    buf_clear(&names);
}
