/* SPDX-License-Identifier: MIT */
/*
 * panel_commands - what completes a slash, its argument, or the path after an
 * @. The key of a row is the line that it completes to.
 */
#include <string.h>

#include "app/mention.h"
#include "app/panel.h"
#include "base/compiler.h"
#include "config/schema.h"

/* What an argument may be, as far as it was typed. */
typedef void complete_fn(const struct panel_source *source, struct list *list,
                         enum action action, struct slice start);

static complete_fn complete_models, complete_themes, complete_files,
    complete_settings;

static const struct completion {
    enum action action;
    const char *title;
    complete_fn *fill;
} completions[] = {
    { ACTION_MODEL, "models", complete_models },
    { ACTION_LOAD, "models", complete_models },
    { ACTION_UNLOAD, "models", complete_models },
    { ACTION_PULL, "models", complete_models },
    { ACTION_THEME, "themes", complete_themes },
    { ACTION_ATTACH, "files", complete_files },
    { ACTION_SCHEMA, "files", complete_files },
    { ACTION_DEBUG, "files", complete_files },
    { ACTION_SET, "settings", complete_settings },
    { ACTION_SHOW, "settings", complete_settings },
};

static const struct completion *completion_of(enum action action)
{
    for (size_t i = 0; i < COUNTOF(completions); i++) {
        if (completions[i].action == action)
            return &completions[i];
    }
    return NULL;
}

static bool begins(struct slice text, struct slice start)
{
    return text.len >= start.len && !memcmp(text.ptr, start.ptr, start.len);
}

/* "/model ". */
static void append_command(struct buf *line, enum action action)
{
    buf_printf(line, "/%.*s ", SLICE_ARG(action_command(action)));
}

static void complete_names(struct list *list, struct slice start)
{
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        struct slice rest = slice_of(action_commands((enum action)i)), word;
        while (action_next_word(&rest, ',', &word)) {
            struct list_row *row;
            if (!begins(word, start))
                continue;
            row = list_add(list, "");
            buf_printf(&row->key, "/%.*s", SLICE_ARG(word));
            buf_append_slice(&row->head, buf_slice(&row->key));
            if (*action_arguments((enum action)i))
                buf_printf(&row->head, " %s", action_arguments((enum action)i));
            buf_append_string(&row->text, action_help((enum action)i));
        }
    }
}

static void complete_models(const struct panel_source *source,
                            struct list *list, enum action action,
                            struct slice start)
{
    struct list all = { 0 };
    panel_fill(PANEL_MODELS, source, &all);
    for (size_t i = 0; i < all.count; i++) {
        const struct list_row *model = &all.rows.items[i];
        struct slice name = buf_slice(&model->key);
        const char *slash = name.len ? memchr(name.ptr, '/', name.len) : NULL;
        struct slice last =
            slash ? slice_skip(name, (size_t)(slash + 1 - name.ptr)) : name;
        if (!name.len || (!begins(name, start) && !begins(last, start)))
            continue;
        struct list_row *row = list_add(list, "");
        append_command(&row->key, action);
        buf_append_slice(&row->key, name);
        buf_append_slice(&row->head, buf_slice(&row->key));
        buf_append_slice(&row->text, buf_slice(&model->text));
        buf_append_slice(&row->right, buf_slice(&model->right));
        row->is_marked = model->is_marked;
    }
    list_clear(&all);
}

static void add_completion(struct list *list, const struct buf *line,
                           const char *about)
{
    struct list_row *row = list_add(list, "");
    buf_append_slice(&row->key, buf_slice(line));
    buf_append_slice(&row->head, buf_slice(line));
    buf_append_string(&row->text, about);
}

static void complete_themes(const struct panel_source *source,
                            struct list *list, enum action action,
                            struct slice start)
{
    (void)source;
    for (size_t i = 0; theme_name(i); i++) {
        struct buf line = { 0 };
        append_command(&line, action);
        buf_append_string(&line, theme_name(i));
        if (begins(slice_of(theme_name(i)), start))
            add_completion(list, &line, theme_about(i));
        buf_clear(&line);
    }
}

static void complete_files(const struct panel_source *source, struct list *list,
                           enum action action, struct slice start)
{
    struct buf line = { 0 };
    (void)source;
    append_command(&line, action);
    panel_complete_paths(list, start, buf_string(&line), "");
    buf_clear(&line);
}

/* What /set can change, what /show can show; with a chosen name in the path,
 * the part before it. */
static bool is_offered(const struct schema_row *schema, enum action action)
{
    if (schema->kind == SCHEMA_MAP || strchr(schema->path, '['))
        return false;
    return action == ACTION_SET
               ? schema->is_live
               : !schema->is_reserved && !strchr(schema->path, '*');
}

/* By its path, or by the last part, which is enough to name it. */
static bool is_meant(const char *path, struct slice start)
{
    const char *last = strrchr(path, '.');
    struct slice fixed = { path, strcspn(path, "*") };
    return begins(fixed, start) ||
           (!path[fixed.len] && last && begins(slice_of(last + 1), start));
}

static void complete_settings(const struct panel_source *source,
                              struct list *list, enum action action,
                              struct slice start)
{
    (void)source;
    for (size_t i = 0; i < schema_count(); i++) {
        const struct schema_row *schema = schema_at(i);
        struct slice path = { schema->path, strcspn(schema->path, "*") };
        struct buf line = { 0 };
        if (!is_offered(schema, action) || !is_meant(schema->path, start))
            continue;
        append_command(&line, action);
        buf_append_slice(&line, path);
        if (action == ACTION_SET && !schema->path[path.len])
            buf_append_char(&line, ' ');
        add_completion(list, &line, schema->about);
        buf_clear(&line);
    }
}

/* What follows the slash of a line, if the draft is one: the command (`word`
 * stays as it is if not), and whether an argument may follow. */
static bool cut_command(struct slice draft, struct slice *word,
                        struct slice *argument)
{
    if (!slice_starts(draft, "/") || memchr(draft.ptr, '\n', draft.len))
        return false;
    struct slice rest = slice_skip(draft, 1);
    const char *blank = rest.len ? memchr(rest.ptr, ' ', rest.len) : NULL;
    size_t len = blank ? (size_t)(blank - rest.ptr) : rest.len;
    *word = (struct slice){ rest.ptr, len };
    *argument = slice_trim(slice_skip(rest, len));
    return blank != NULL;
}

static bool is_mention(const struct panel_source *source, struct slice *typed)
{
    struct mention mention;
    if (slice_starts(source->draft, "/") ||
        !mention_at(source->draft, source->caret, &mention))
        return false;
    *typed = (struct slice){ source->draft.ptr + mention.start,
                             source->caret - mention.start };
    return true;
}

void panel_fill_commands(const struct panel_source *source, struct list *list)
{
    struct slice word = { 0 }, argument = { 0 };
    if (is_mention(source, &argument)) {
        panel_complete_paths(list, argument, "", " ");
    } else if (cut_command(source->draft, &word, &argument)) {
        enum action action = action_of_command(word);
        const struct completion *completion = completion_of(action);
        if (completion)
            completion->fill(source, list, action, argument);
    } else if (word.ptr) {
        complete_names(list, word);
    }
}

const char *panel_title_commands(const struct panel_source *source)
{
    struct slice word = { 0 }, argument = { 0 };
    if (is_mention(source, &argument))
        return "files";
    if (!cut_command(source->draft, &word, &argument))
        return "commands";
    const struct completion *completion =
        completion_of(action_of_command(word));
    return completion ? completion->title : "commands";
}

void panel_facts_commands(const struct panel_source *source, struct buf *facts)
{
    (void)source;
    buf_append_string(facts, "Tab completes, Esc closes");
}
