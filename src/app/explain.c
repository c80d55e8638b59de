/* SPDX-License-Identifier: MIT */
#include "app/explain.h"

#include <string.h>
#include <unistd.h>

#include "app/print.h"
#include "app/setting_text.h"

struct explanation {
    const struct cli *cli;
    struct setup setup;
    struct buf out;
};

static void append_fact(struct explanation *explanation, const char *name,
                        const char *words)
{
    buf_printf(&explanation->out, "  %-12s %s\n", name, words);
}

static void append_set(void *context, const char *path,
                       const struct setting *setting)
{
    struct explanation *explanation = context;
    const struct schema_row *row = schema_find(path);
    buf_printf(&explanation->out, "%s = ", path);
    setting_text_value(&explanation->out, setting, path);
    buf_append_string(&explanation->out, "    # ");
    setting_text_origin(&explanation->out, setting);
    if (row && row->is_reserved)
        buf_append_string(&explanation->out, "; no effect in this version");
    buf_append_char(&explanation->out, '\n');
}

/* Who changes a value further up: the layer that sets it again, or removes it
 * or a map around it. */
static const struct setting *overrider(const struct settings *settings,
                                       size_t index, const char *key)
{
    const struct setting *found = NULL;
    for (size_t i = index + 1; i < settings_layer_count(settings) && !found;
         i++)
        found = settings_in_layer(settings, i, key);
    return found;
}

static void append_layer(struct explanation *explanation, size_t index,
                         const char *key, bool merges)
{
    const struct settings *settings = explanation->setup.settings;
    const struct setting *here = settings_in_layer(settings, index, key);
    const struct setting *above = overrider(settings, index, key);
    struct buf line = { 0 };
    if (!here)
        return;
    setting_text_origin(&line, here);
    if (here->type == SETTING_NONE)
        buf_append_string(&line, ": removed");
    else if (!merges)
        buf_append_string(&line, ": ");
    if (here->type != SETTING_NONE && !merges)
        setting_text_value(&line, here, key);
    if (above && !merges) {
        buf_append_string(&line, ", overridden by ");
        setting_text_origin(&line, above);
    }
    append_fact(explanation, "set by", buf_string(&line));
    buf_clear(&line);
}

/* The highest first. */
static void append_layers(struct explanation *explanation, const char *key,
                          bool merges)
{
    for (size_t i = settings_layer_count(explanation->setup.settings); i-- > 0;)
        append_layer(explanation, i, key, merges);
}

static const char *live_words(const struct schema_row *row)
{
    if (row->is_reserved)
        return "none in this version: checked and kept";
    return row->is_live ? "yes; /set changes it while sennit runs"
                        : "yes, from the start of sennit on";
}

static void explain_one(struct explanation *explanation,
                        const struct schema_row *row, const char *key)
{
    const struct setting *setting =
        settings_find(explanation->setup.settings, key);
    struct buf words = { 0 };
    buf_printf(&explanation->out, "%s = ", key);
    if (setting)
        setting_text_value(&explanation->out, setting, key);
    else
        buf_printf(&explanation->out, "%s (default)",
                   setting_text_default(row));
    buf_append_char(&explanation->out, '\n');
    append_layers(explanation, key, false);
    setting_text_kind(&words, row);
    append_fact(explanation, "what", row->about);
    append_fact(explanation, "takes", buf_string(&words));
    append_fact(explanation, "default", setting_text_default(row));
    append_fact(explanation, "effect", live_words(row));
    buf_clear(&words);
}

/* The keys that may stand in a map, and those that do. */
static void append_keys(struct explanation *explanation, const char *key)
{
    const struct setting *map = settings_find(explanation->setup.settings, key);
    struct buf path = { 0 };
    for (size_t i = 0; i < schema_count(); i++) {
        const char *row_path = schema_at(i)->path;
        const char *dot = strrchr(row_path, '.');
        const char *name = dot ? dot + 1 : row_path;
        if (strpbrk(name, "*["))
            continue;
        buf_reset(&path);
        buf_printf(&path, "%s.%s", key, name);
        if (schema_find(buf_string(&path)) != schema_at(i))
            continue;
        const struct setting *child = setting_child(map, name);
        buf_printf(&explanation->out, "  %-12s %s", name, schema_at(i)->about);
        if (child && child->type != SETTING_MAP) {
            buf_append_string(&explanation->out, " = ");
            setting_text_value(&explanation->out, child, buf_string(&path));
        }
        buf_append_string(&explanation->out, schema_at(i)->is_reserved
                                                 ? " (no effect yet)\n"
                                                 : "\n");
    }
    buf_clear(&path);
}

static void append_names(struct explanation *explanation, const char *key)
{
    const struct setting *map = settings_find(explanation->setup.settings, key);
    for (size_t i = 0; map && i < map->child_count; i++) {
        struct buf origin = { 0 };
        setting_text_origin(&origin, map->children[i]);
        append_fact(explanation, map->children[i]->key, buf_string(&origin));
        buf_clear(&origin);
    }
}

static void explain_map(struct explanation *explanation,
                        const struct schema_row *row, const char *key)
{
    buf_printf(&explanation->out, "%s: %s\n", key, row->about);
    append_layers(explanation, key, true);
    if (row->is_reserved)
        append_fact(explanation, "effect", live_words(row));
    buf_append_string(&explanation->out, row->kind == SCHEMA_NAMES
                                             ? "names that are set:\n"
                                             : "keys:\n");
    if (row->kind == SCHEMA_NAMES)
        append_names(explanation, key);
    else
        append_keys(explanation, key);
}

static bool is_map(const struct schema_row *row)
{
    return row->kind == SCHEMA_MAP || row->kind == SCHEMA_NAMES;
}

static bool explain_key(struct explanation *explanation, const char *key,
                        struct error *err)
{
    const struct schema_row *row =
        strlen(key) < SCHEMA_PATH_MAX ? schema_find(key) : NULL;
    if (!row)
        return setting_text_unknown(key, err);
    if (is_map(row))
        explain_map(explanation, row, key);
    else
        explain_one(explanation, row, key);
    return true;
}

/* Which files were read; and where one would be, for who wrote another. */
static void append_sources(struct explanation *explanation)
{
    const struct settings *settings = explanation->setup.settings;
    struct buf path = { 0 };
    bool has_config = false;
    setup_config_path(explanation->cli, &path);
    for (size_t i = 0; i < settings_layer_count(settings); i++) {
        const char *file = settings_layer_file(settings, i);
        if (!file)
            continue;
        has_config = has_config || !strcmp(file, buf_string(&path));
        buf_printf(&explanation->out, "# read %s\n", file);
    }
    if (!has_config && path.len)
        buf_printf(&explanation->out, "# not read: %s\n", buf_string(&path));
    if (!setup_profile(explanation->cli))
        buf_append_string(&explanation->out, "# no profile (-P NAME)\n");
    buf_clear(&path);
}

static void explain_all(struct explanation *explanation)
{
    struct buf unused = { 0 };
    append_sources(explanation);
    setting_text_each(explanation->setup.settings, append_set, explanation);
    setting_text_unused(&unused, &explanation->setup);
    if (unused.len)
        buf_printf(&explanation->out, "# %s", buf_string(&unused));
    buf_clear(&unused);
}

/* They take the place of settings. */
static void add_options(struct explanation *explanation)
{
    const struct cli *cli = explanation->cli;
    struct settings *settings = explanation->setup.settings;
    struct error err = { 0 };
    if ((cli->model &&
         !settings_set(settings, "model", cli->model, "-m", &err)) ||
        (cli->system &&
         !settings_set(settings, "system", cli->system, "-s", &err)))
        print_notice("%s", err.text);
}

static bool check_words(const struct cli *cli, struct error *err)
{
    if (cli->words.count >= 1 && cli->words.count <= 2 &&
        !strcmp(cli->words.items[0], "explain"))
        return true;
    return error_set(err, ERROR_USAGE,
                     "config takes explain [KEY], as in sennit config explain "
                     "reply.temperature; -p makes it a prompt");
}

static void say_lines(const struct buf *lines)
{
    struct slice rest = buf_slice(lines), line;
    while (slice_next_line(&rest, &line))
        print_notice("%.*s", SLICE_ARG(line));
}

static bool print_out(struct explanation *explanation, int *status)
{
    struct print print;
    print_init(&print, STDOUT_FILENO);
    print_text(&print, buf_slice(&explanation->out));
    print_end(&print);
    *status = print_status(&print);
    print_clear(&print);
    return *status == 0;
}

int explain_run(const struct cli *cli)
{
    struct explanation explanation = { .cli = cli };
    struct buf complaints = { 0 };
    struct error err = { 0 };
    int status;
    bool ok = check_words(cli, &err);
    if (ok) {
        setup_configure_anyway(&explanation.setup, cli, &complaints);
        add_options(&explanation);
        say_lines(&complaints);
        if (cli->words.count == 2)
            ok = explain_key(&explanation, cli->words.items[1], &err);
        else
            explain_all(&explanation);
    }
    if (!ok) {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    } else if (print_out(&explanation, &status) && complaints.len) {
        status = error_exit_status(ERROR_CONFIG);
    }
    setup_clear(&explanation.setup);
    buf_clear(&explanation.out);
    buf_clear(&complaints);
    return status;
}
