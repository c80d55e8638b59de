/* SPDX-License-Identifier: MIT */
#include "app/endpoint_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/path.h"
#include "config/settings.h"
#include "config/yaml.h"

enum { NAMES_TRIED = 100 };

/* A JSON string is one of YAML too. */
static void append_quoted(struct buf *out, const char *text)
{
    json_append_quoted(out, slice_of(text));
}

static void append_key(const struct endpoint_entry *entry, struct buf *out)
{
    switch (entry->key_kind) {
    case ENDPOINT_KEY_NONE: return;
    case ENDPOINT_KEY_FILE: buf_append_string(out, "    key: {file: "); break;
    case ENDPOINT_KEY_VARIABLE:
        buf_append_string(out, "    key: {env: ");
        break;
    case ENDPOINT_KEY_COMMAND:
        buf_append_string(out, "    key: {command: [sh, -c, ");
        break;
    }
    append_quoted(out, entry->key_from);
    buf_append_string(out,
                      entry->key_kind == ENDPOINT_KEY_COMMAND ? "]}\n" : "}\n");
}

void endpoint_entry_format(const struct endpoint_entry *entry, struct buf *out)
{
    buf_printf(out,
               "endpoints:\n  %s:\n    dialect: %s\n    url: ", entry->name,
               entry->dialect);
    append_quoted(out, entry->url);
    buf_printf(out, "\n    trust: %s\n", entry->is_own ? "own" : "vendor");
    append_key(entry, out);
    if (!entry->model)
        return;
    struct buf target = { 0 };
    buf_printf(&target, "%s/%s", entry->name, entry->model);
    buf_append_string(out, "model: ");
    append_quoted(out, buf_string(&target));
    buf_append_char(out, '\n');
    buf_clear(&target);
}

/* Two keys of one name are an error, so a block can only be appended where
 * neither of its keys is. */
static bool can_append(struct slice text)
{
    struct yaml_source source = { "config.yaml", true };
    struct error err = { 0 };
    struct yaml_value *root = yaml_value_parse(&source, text, &err);
    bool ok = root && (root->kind == YAML_MAP ||
                       (root->kind == YAML_SCALAR && !*root->text));
    for (size_t i = 0; ok && i < root->count; i++)
        ok = strcmp(root->children[i]->key, "endpoints") != 0 &&
             strcmp(root->children[i]->key, "model") != 0;
    yaml_value_free(root);
    return ok;
}

/* What will stand there is read once before it stands there: "---" or a flow
 * map at the end of a file would spoil what is appended. */
static bool is_readable(const char *path, struct slice text)
{
    struct settings *settings = settings_new();
    struct error err = { 0 };
    bool ok = settings_add_text(settings, path, text, &err) &&
              settings_find(settings, "endpoints") &&
              settings_find(settings, "model");
    settings_free(settings);
    return ok;
}

static void append_block(struct buf *text, struct slice block)
{
    if (text->len && text->ptr[text->len - 1] != '\n')
        buf_append_char(text, '\n');
    buf_printf(text, "%s# Added by /connect.\n", text->len ? "\n" : "");
    buf_append_slice(text, block);
}

/* A link is followed, so that who keeps his files elsewhere finds the block
 * there. */
static bool write_at(const char *path, struct slice text, struct error *err)
{
    char *target = realpath(path, NULL);
    bool ok = path_write_file(target ? target : path, text, err);
    free(target);
    return ok;
}

/* False without an error: this file is not for us to change. */
static bool save_to_config(const char *path, struct slice block,
                           struct error *err)
{
    struct buf text = { 0 };
    struct error unreadable = { 0 };
    bool ok = access(path, F_OK) != 0 ||
              path_read_file(&text, path, YAML_TEXT_MAX, &unreadable);
    ok = ok && can_append(buf_slice(&text));
    if (ok) {
        append_block(&text, block);
        ok = is_readable(path, buf_slice(&text)) &&
             write_at(path, buf_slice(&text), err);
    }
    buf_clear(&text);
    return ok;
}

static bool save_profile(const char *name, struct slice block,
                         struct buf *where, struct error *err)
{
    struct buf relative = { 0 }, path = { 0 }, profile = { 0 }, text = { 0 };
    bool ok = false, is_free = false;
    for (int i = 1; i < NAMES_TRIED && !is_free; i++) {
        buf_reset(&profile);
        buf_reset(&relative);
        buf_reset(&path);
        buf_append_string(&profile, name);
        if (i > 1)
            buf_printf(&profile, "-%d", i);
        buf_printf(&relative, "profiles/%s.yaml", buf_string(&profile));
        if (!path_config(&path, buf_string(&relative), err))
            break;
        is_free = access(buf_string(&path), F_OK) != 0;
    }
    append_block(&text, block);
    if (is_free)
        ok = path_write_file(buf_string(&path), buf_slice(&text), err);
    else if (!err->kind)
        error_set(err, ERROR_LIMIT, "profiles/ holds a hundred of that name");
    if (ok)
        buf_printf(where,
                   "config.yaml has endpoints or a model and stays as it is: "
                   "next time `sennit -P %s`",
                   buf_string(&profile));
    buf_clear(&relative);
    buf_clear(&path);
    buf_clear(&profile);
    buf_clear(&text);
    return ok;
}

bool endpoint_file_save(const struct endpoint_entry *entry, const char *config,
                        struct buf *where, struct error *err)
{
    struct buf path = { 0 }, block = { 0 };
    bool ok = true;
    endpoint_entry_format(entry, &block);
    if (config)
        buf_append_string(&path, config);
    else
        ok = path_config(&path, "config.yaml", err);
    if (ok && save_to_config(buf_string(&path), buf_slice(&block), err))
        buf_printf(where, "written to %s", buf_string(&path));
    else
        ok = ok && !err->kind &&
             save_profile(entry->name, buf_slice(&block), where, err);
    buf_clear(&path);
    buf_clear(&block);
    return ok;
}

bool endpoint_key_path(struct buf *path, const char *name, struct error *err)
{
    struct buf relative = { 0 };
    buf_printf(&relative, "keys/%s", name);
    bool ok = path_config(path, buf_string(&relative), err);
    buf_clear(&relative);
    return ok;
}

bool endpoint_key_save(const char *path, struct slice key, struct error *err)
{
    char line[4096 + 1];
    if (key.len >= sizeof line)
        return error_set(err, ERROR_LIMIT, "the key is too long");
    memcpy(line, key.ptr, key.len);
    line[key.len] = '\n';
    bool ok = path_write_file(path, (struct slice){ line, key.len + 1 }, err);
    explicit_bzero(line, sizeof line);
    return ok;
}
