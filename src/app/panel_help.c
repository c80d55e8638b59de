/* SPDX-License-Identifier: MIT */
/*
 * panel_help - the table of actions as rows: the help and the palette.
 */
#include <string.h>

#include "app/panel.h"

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
