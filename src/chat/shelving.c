/* SPDX-License-Identifier: MIT */
/*
 * shelving - the entries that end with the conversation: each decision is an
 * event, and graph/fold_memory does what it says.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "chat/chat_state.h"
#include "store/word_set.h"

/* All of it; one without an id is new. */
static struct event event_of(const struct memory_entry *entry,
                             char name[MEMORY_NAME_SIZE])
{
    struct event event = { .type = EVENT_REMEMBERED };
    if (entry->id)
        event_add_string(&event, FIELD_ID, memory_entry_name(entry, name));
    event_add_string(&event, FIELD_TIER, memory_tier_name(entry->tier));
    event_add_string(&event, FIELD_TEXT, entry->text);
    event_add_string(&event, FIELD_NAME, entry->tags);
    event_add_real(&event, FIELD_SCORE, entry->importance);
    event_add_number(&event, FIELD_ON, entry->is_private);
    return event;
}

void shelving_say(struct chat *chat, const struct memory_entry *entry)
{
    char name[MEMORY_NAME_SIZE];
    struct event event = event_of(entry, name);
    chat_append(chat, &event);
}

void shelving_say_forgotten(struct chat *chat, const struct memory_entry *entry)
{
    char name[MEMORY_NAME_SIZE];
    struct event event = { .type = EVENT_FORGOTTEN };
    event_add_string(&event, FIELD_ID, memory_entry_name(entry, name));
    chat_append(chat, &event);
}

static size_t room_of(const struct chat *chat, enum memory_tier tier)
{
    bool is_working = tier == MEMORY_WORKING;
    double room = settings_number(
        chat->setup.settings, is_working ? "memory.working" : "memory.session",
        is_working ? MEMORY_WORKING_USUAL : MEMORY_SESSION_USUAL);
    return (size_t)room;
}

/* The one that has to go, at this moment; NULL: there is room. */
static const struct memory_entry *surplus(const struct chat *chat,
                                          enum memory_tier tier)
{
    const struct memory_list *shelf = graph_shelf(chat->conversation.graph);
    if (memory_list_count(shelf, tier) <= room_of(chat, tier))
        return NULL;
    return &shelf->items.items[memory_list_least(shelf, tier, clock_wall_ms(),
                                                 chat_memory_half_life(chat))];
}

static void fall(struct chat *chat, const struct memory_entry *entry)
{
    char name[MEMORY_NAME_SIZE];
    struct event event = { .type = EVENT_REMEMBERED };
    event_add_string(&event, FIELD_ID, memory_entry_name(entry, name));
    event_add_string(&event, FIELD_TIER, memory_tier_name(MEMORY_SESSION));
    chat_append(chat, &event);
}

static void make_room(struct chat *chat)
{
    const struct memory_entry *least;
    while ((least = surplus(chat, MEMORY_WORKING)))
        fall(chat, least);
    while ((least = surplus(chat, MEMORY_SESSION))) {
        memorising_tell(chat,
                        "forgotten, for this session remembers no more "
                        "than memory.session: %s",
                        least->text);
        shelving_say_forgotten(chat, least);
    }
}

static const struct memory_entry *same_as(const struct chat *chat,
                                          const char *text)
{
    const struct memory_list *shelf = graph_shelf(chat->conversation.graph);
    for (size_t i = 0; i < shelf->items.count; i++)
        if (word_set_says_same(slice_of(shelf->items.items[i].text),
                               slice_of(text)))
            return &shelf->items.items[i];
    return NULL;
}

uint64_t shelving_add(struct chat *chat, struct memory_entry *take_entry)
{
    const struct graph *graph = chat->conversation.graph;
    const struct memory_entry *same = same_as(chat, take_entry->text);
    take_entry->id = same ? same->id : 0;
    if (same)
        take_entry->is_private |= same->is_private;
    shelving_say(chat, take_entry);
    uint64_t id = same ? take_entry->id : graph_seq(graph);
    memory_entry_clear(take_entry);
    make_room(chat);
    return graph_shelf_find(graph, id) ? id : 0;
}

void shelving_move(struct chat *chat, uint64_t id, enum memory_tier tier)
{
    struct memory_entry moved = *graph_shelf_find(chat->conversation.graph, id);
    char name[MEMORY_NAME_SIZE];
    struct event event = { .type = EVENT_REMEMBERED };
    event_add_string(&event, FIELD_ID, memory_entry_name(&moved, name));
    event_add_string(&event, FIELD_TIER, memory_tier_name(tier));
    chat_append(chat, &event);
    make_room(chat);
}

/* The graph frees its copy while it takes the event in. */
void shelving_change(struct chat *chat, uint64_t id, struct slice text)
{
    struct memory_entry entry;
    memory_entry_copy(&entry, graph_shelf_find(chat->conversation.graph, id));
    free(entry.text);
    entry.text = memory_copy(text.ptr, text.len);
    shelving_say(chat, &entry);
    memory_entry_clear(&entry);
}

void shelving_forget(struct chat *chat, uint64_t id)
{
    shelving_say_forgotten(chat,
                           graph_shelf_find(chat->conversation.graph, id));
}
