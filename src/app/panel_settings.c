/* SPDX-License-Identifier: MIT */
/*
 * panel_settings - what is set, and from where; then what is not, with its
 * default. And the system prompt.
 */
#include <string.h>

#include "app/panel.h"
#include "app/setting_text.h"

static void add_set(void *context, const char *path,
                    const struct setting *setting)
{
    struct list_row *row = list_add(context, path);
    const struct schema_row *schema = schema_find(path);
    buf_append_string(&row->head, path);
    setting_text_value(&row->text, setting, path);
    setting_text_origin(&row->right, setting);
    if (schema && schema->is_reserved)
        buf_append_string(&row->right, ", no effect yet");
}

/* What has a name of its own, and may be set as it is. */
static bool has_default(const struct schema_row *schema)
{
    return !schema->is_reserved && !strpbrk(schema->path, "*[") &&
           schema->kind != SCHEMA_MAP && schema->kind != SCHEMA_NAMES;
}

void panel_fill_settings(const struct panel_source *source, struct list *list)
{
    setting_text_each(source->settings, add_set, list);
    for (size_t i = 0; i < schema_count(); i++) {
        const struct schema_row *schema = schema_at(i);
        if (!has_default(schema) ||
            settings_find(source->settings, schema->path))
            continue;
        struct list_row *row = list_add(list, schema->path);
        buf_append_string(&row->head, schema->path);
        buf_append_string(&row->text, setting_text_default(schema));
        buf_append_string(&row->right, "default");
        row->style = STYLE_DIM;
    }
}

void panel_fill_system(const struct panel_source *source, struct list *list)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    struct slice rest = slice_of(graph_system(graph)), line;
    if (!rest.len)
        list_add_text(list, STYLE_DIM,
                      "There is no system prompt; /system TEXT sets one");
    while (slice_next_line(&rest, &line))
        list_add_text(list, STYLE_NORMAL, "%.*s", SLICE_ARG(line));
}
