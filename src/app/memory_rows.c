/* SPDX-License-Identifier: MIT */
#include "app/memory_rows.h"

static bool has_keys(const struct screen *screen)
{
    return screen->bands.focused == PANEL_MEMORY;
}

/* The chosen entry; NULL: the panel has not the keys, or none is chosen. */
static const struct memory_entry *chosen(const struct screen *screen)
{
    const struct list *list = &screen->bands.items[PANEL_MEMORY].list;
    const struct memory_list *read = chat_memories(screen->chat);
    bool is_long_term;
    uint64_t id;
    if (!has_keys(screen) ||
        !memory_name_parse(slice_of(list_chosen(list)), &is_long_term, &id))
        return NULL;
    if (!is_long_term)
        return graph_shelf_find(chat_conversation(screen->chat)->graph, id);
    for (size_t i = 0; read && i < read->items.count; i++)
        if (read->items.items[i].id == id)
            return &read->items.items[i];
    return NULL;
}

void memory_rows_edit(struct screen *screen)
{
    const struct memory_entry *entry = chosen(screen);
    char name[MEMORY_NAME_SIZE];
    struct buf line = { 0 };
    if (!entry)
        return;
    if (!editor_is_empty(screen->editor)) {
        perform_notice(screen, "what is being written would be lost; send it "
                               "or clear it first");
        return;
    }
    buf_printf(&line, "/memory edit %s %s", memory_entry_name(entry, name),
               entry->text);
    bands_close(&screen->bands, PANEL_MEMORY);
    editor_set(screen->editor, buf_slice(&line));
    buf_clear(&line);
}

/* The name is the panel's, which is filled anew meanwhile. */
void memory_rows_forget(struct screen *screen)
{
    const struct memory_entry *entry = chosen(screen);
    char name[MEMORY_NAME_SIZE];
    if (entry)
        perform(screen, ACTION_FORGET,
                slice_of(memory_entry_name(entry, name)));
}

void memory_rows_move(struct screen *screen)
{
    static const enum memory_tier next[] = {
        [MEMORY_WORKING] = MEMORY_SESSION,
        [MEMORY_SESSION] = MEMORY_LONG_TERM,
        [MEMORY_LONG_TERM] = MEMORY_WORKING,
    };
    const struct memory_entry *entry = chosen(screen);
    char name[MEMORY_NAME_SIZE];
    struct buf line = { 0 };
    if (!entry)
        return;
    buf_printf(&line, "move %s %s", memory_entry_name(entry, name),
               memory_tier_name(next[entry->tier]));
    perform(screen, ACTION_MEMORY, buf_slice(&line));
    buf_clear(&line);
}

void memory_rows_tell(struct screen *screen)
{
    for (size_t i = 0; i < screen->seats.list.count; i++) {
        struct buf words = { 0 };
        if (chat_take_memory_news(screen->seats.list.items[i]->chat, &words))
            screen->draw_now = screen->has_news = true;
        if (words.len)
            perform_add_notice(screen, buf_string(&words));
        buf_clear(&words);
    }
}

bool memory_rows_keys(struct screen *screen, struct status_line *line)
{
    if (!has_keys(screen))
        return false;
    *line = (struct status_line){ .hint = "F1 help" };
    perform_add_key(screen, line, ACTION_CHOOSE, "edits");
    perform_add_key(screen, line, ACTION_FORGET_ROW, "forgets");
    perform_add_key(screen, line, ACTION_MOVE_ROW, "moves");
    return true;
}
