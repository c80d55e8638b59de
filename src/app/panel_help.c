/* SPDX-License-Identifier: MIT */
/*
 * panel_help - the table of actions as rows: the help, the palette, and what
 * completes a slash.
 */
#include <string.h>

#include "app/mention.h"
#include "app/panel.h"
#include "config/schema.h"

/* "/quit, /bye, /exit [ARGUMENTS]". */
static void append_commands(struct buf *out, enum action action)
{
    struct slice rest = slice_of(action_commands(action)), word;
    for (size_t count = 0; action_next_word(&rest, ',', &word); count++)
        buf_printf(out, "%s/%.*s", count ? ", " : "", SLICE_ARG(word));
    if (out->len && *action_arguments(action))
        buf_printf(out, " %s", action_arguments(action));
}

static void append_where(struct buf *out, enum action action)
{
    if (action_focus(action) == FOCUS_THREAD)
        buf_append_string(out, " (in the thread)");
    if (action_focus(action) == FOCUS_PANEL)
        buf_append_string(out, " (in a panel)");
}

static void add_action(const struct panel_source *source, struct list *list,
                       enum action action)
{
    struct list_row *row = list_add(list, action_name(action));
    keymap_format(source->keymap, action, &row->head);
    append_commands(&row->text, action);
    if (!row->head.len) {
        buf_append_slice(&row->head, buf_slice(&row->text));
        buf_reset(&row->text);
    } else if (row->text.len) {
        buf_append_string(&row->text, ": ");
    }
    buf_append_string(&row->text, action_help(action));
    append_where(&row->text, action);
}

void panel_fill_help(const struct panel_source *source, struct list *list)
{
    list_add_text(list, STYLE_DIM,
                  "Type to find, Enter does it, Escape returns. The manual: "
                  "man sennit; the guide: /model guide");
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
        add_action(source, list, (enum action)i);
    list_add_text(list, STYLE_DIM,
                  "\"\"\" at the start opens a block, a second one closes it; "
                  "// or a blank before a slash sends it as text");
}

/* Moving in the draft is not for choosing. */
static bool is_for_palette(enum action action)
{
    return *action_commands(action) || action_focus(action) == FOCUS_ANY;
}

void panel_fill_palette(const struct panel_source *source, struct list *list)
{
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        struct list_row *row;
        enum action action = (enum action)i;
        if (!is_for_palette(action) || action == ACTION_PALETTE)
            continue;
        row = list_add(list, action_name(action));
        buf_append_string(&row->head, action_name(action));
        buf_append_string(&row->text, action_help(action));
        keymap_format(source->keymap, action, &row->right);
        if (!row->right.len)
            append_commands(&row->right, action);
    }
}

/* Completing. The key of a row is the line that it completes to. */

static void add_completion(struct list *list, const char *line,
                           const char *about)
{
    struct list_row *row = list_add(list, line);
    buf_append_string(&row->head, line);
    buf_append_string(&row->text, about);
}

static bool begins(struct slice text, struct slice start)
{
    return text.len >= start.len && !memcmp(text.ptr, start.ptr, start.len);
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
                            struct list *list, struct slice start)
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
        buf_printf(&row->key, "/model %s", buf_string(&model->key));
        buf_append_slice(&row->head, buf_slice(&row->key));
        buf_append_slice(&row->text, buf_slice(&model->text));
        buf_append_slice(&row->right, buf_slice(&model->right));
        row->is_marked = model->is_marked;
    }
    list_clear(&all);
}

static void complete_themes(struct list *list, struct slice start)
{
    for (size_t i = 0; theme_name(i); i++) {
        struct buf line = { 0 };
        buf_printf(&line, "/theme %s", theme_name(i));
        if (begins(slice_of(theme_name(i)), start))
            add_completion(list, buf_string(&line), theme_about(i));
        buf_clear(&line);
    }
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

static void complete_settings(struct list *list, enum action action,
                              struct slice start)
{
    for (size_t i = 0; i < schema_count(); i++) {
        const struct schema_row *schema = schema_at(i);
        struct slice path = { schema->path, strcspn(schema->path, "*") };
        struct buf line = { 0 };
        if (!is_offered(schema, action) || !begins(path, start))
            continue;
        buf_printf(&line, "/%.*s %.*s", SLICE_ARG(action_command(action)),
                   SLICE_ARG(path));
        if (action == ACTION_SET && !schema->path[path.len])
            buf_append_char(&line, ' ');
        add_completion(list, buf_string(&line), schema->about);
        buf_clear(&line);
    }
}

void panel_fill_commands(const struct panel_source *source, struct list *list)
{
    struct slice rest = slice_skip(source->draft, 1), word;
    struct mention mention;
    if (!slice_starts(source->draft, "/") &&
        mention_at(source->draft, source->caret, &mention))
        panel_complete_paths(list,
                             (struct slice){ source->draft.ptr + mention.start,
                                             source->caret - mention.start },
                             "", " ");
    const char *blank = rest.len ? memchr(rest.ptr, ' ', rest.len) : NULL;
    if (!slice_starts(source->draft, "/") ||
        memchr(source->draft.ptr, '\n', source->draft.len))
        return;
    if (!blank) {
        complete_names(list, rest);
        return;
    }
    word = (struct slice){ rest.ptr, (size_t)(blank - rest.ptr) };
    rest = slice_trim(slice_skip(rest, word.len));
    enum action action = action_of_command(word);
    if (action == ACTION_MODEL)
        complete_models(source, list, rest);
    if (action == ACTION_THEME)
        complete_themes(list, rest);
    if (action == ACTION_ATTACH)
        panel_complete_paths(list, rest, "/attach ", "");
    if (action == ACTION_SET || action == ACTION_SHOW)
        complete_settings(list, action, rest);
}

void panel_facts_commands(const struct panel_source *source, struct buf *facts)
{
    (void)source;
    buf_append_string(facts, "Tab completes, Esc closes");
}
