/* SPDX-License-Identifier: MIT */
/*
 * panel_memory - what is remembered: what is at hand, what this session has
 * noted, what stays; how much each weighs, and why. To look touches nothing.
 */
#include <inttypes.h>

#include "app/panel.h"

enum { HOUR_MS = 3600 * 1000, DAY_HOURS = 24, MINUTE_MS = 60 * 1000 };

static void append_age(struct buf *out, int64_t ms)
{
    int64_t minutes = (ms > 0 ? ms : 0) / MINUTE_MS;
    int64_t hours = minutes * MINUTE_MS / HOUR_MS;
    if (hours >= 2 * DAY_HOURS)
        buf_printf(out, "%" PRId64 " d", hours / DAY_HOURS);
    else if (hours >= 2)
        buf_printf(out, "%" PRId64 " h", hours);
    else
        buf_printf(out, "%" PRId64 " min", minutes);
}

static void append_tags(struct buf *out, const char *tags)
{
    struct slice rest = slice_of(tags), tag;
    while (action_next_word(&rest, ' ', &tag))
        buf_printf(out, " #%.*s", SLICE_ARG(tag));
}

static void add_entry(const struct panel_source *source, struct list *list,
                      const struct memory_entry *entry)
{
    char name[MEMORY_NAME_SIZE];
    struct list_row *row = list_add(list, memory_entry_name(entry, name));
    row->style = entry->is_private ? STYLE_WARNING : STYLE_NORMAL;
    buf_printf(&row->head, "%s %s", name, memory_tier_name(entry->tier));
    panel_append_excerpt(&row->text, slice_of(entry->text));
    append_tags(&row->text, entry->tags);
    buf_printf(&row->right, "%s%.2f, used %" PRIu64 ", ",
               entry->is_private ? "private, " : "",
               memory_entry_weight(entry, source->now,
                                   chat_memory_half_life(source->chat)),
               entry->uses);
    append_age(&row->right, source->now - entry->made_at);
}

static size_t add_tier(const struct panel_source *source, struct list *list,
                       const struct memory_list *entries, enum memory_tier tier)
{
    size_t count = 0;
    for (size_t i = 0; i < entries->items.count; i++)
        if (entries->items.items[i].tier == tier) {
            add_entry(source, list, &entries->items.items[i]);
            count++;
        }
    return count;
}

static void add_keys(const struct panel_source *source, struct list *list)
{
    struct buf keys = { 0 };
    if (source->term)
        buf_append_string(&keys, "Enter edits, Alt-Z forgets, Alt-M moves to "
                                 "another tier; ");
    list_add_text(list, STYLE_DIM,
                  "%s/forget N, /memory edit N TEXT, /memory move N TIER. "
                  "First number: the weight",
                  buf_string(&keys));
    buf_clear(&keys);
}

void panel_fill_memory(const struct panel_source *source, struct list *list)
{
    const struct memory_list *shelf =
        graph_shelf(chat_conversation(source->chat)->graph);
    const struct memory_list *read = chat_memories(source->chat);
    size_t count = add_tier(source, list, shelf, MEMORY_WORKING) +
                   add_tier(source, list, shelf, MEMORY_SESSION);
    if (read)
        count += add_tier(source, list, read, MEMORY_LONG_TERM);
    if (chat_memory_offers(source->chat))
        list_add_text(list, STYLE_WARNING, "%zu proposed: /remember yes or no",
                      chat_memory_offers(source->chat));
    if (count)
        add_keys(source, list);
    else
        list_add_text(list, STYLE_DIM, "%s",
                      "Nothing is remembered. /remember TEXT keeps a text for "
                      "later conversations; what fits a prompt goes along "
                      "with it.");
}
