/* SPDX-License-Identifier: MIT */
/*
 * fold_memory - what a conversation has noted, and what its prompts were told.
 *
 * The shelf holds the entries of the tiers that end with the conversation. What
 * falls from one tier to the other, or off the shelf, is decided by the chat and
 * said by events: folding one is no decision.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "graph/fold.h"

const struct memory_list *graph_shelf(const struct graph *graph)
{
    return &graph->shelf;
}

const struct memory_entry *graph_shelf_find(const struct graph *graph,
                                            uint64_t id)
{
    for (size_t i = 0; i < graph->shelf.items.count; i++)
        if (graph->shelf.items.items[i].id == id)
            return &graph->shelf.items.items[i];
    return NULL;
}

static size_t index_of(const struct graph *graph, uint64_t id)
{
    const struct memory_entry *entry = graph_shelf_find(graph, id);
    return entry ? (size_t)(entry - graph->shelf.items.items)
                 : graph->shelf.items.count;
}

/* A text that holds a NUL ends there, as all names do. */
static char *text_of(const struct event *event, enum event_field field)
{
    struct slice text = event_text(event, field);
    return memory_copy(text.ptr, text.len);
}

static double importance_of(const struct event *event)
{
    double importance = event_has(event, FIELD_SCORE)
                            ? event_real(event, FIELD_SCORE)
                            : MEMORY_IMPORTANCE;
    return importance < 0 ? 0 : importance > 1 ? 1 : importance;
}

/* What is said of it anew is an access; that it falls to another tier is none.
 */
static void rewrite(struct memory_entry *entry, const struct event *event)
{
    free(entry->text);
    free(entry->tags);
    entry->text = text_of(event, FIELD_TEXT);
    entry->tags = text_of(event, FIELD_NAME);
    entry->importance = importance_of(event);
    entry->is_private = event_number(event, FIELD_ON);
    entry->used_at = event->at;
}

static enum reject_reason put(struct graph *graph, const struct event *event,
                              enum memory_tier tier)
{
    if (!event_has(event, FIELD_TEXT) ||
        graph->shelf.items.count >= GRAPH_SHELF_MAX)
        return REJECT_ILLEGAL;
    struct memory_entry *entry = array_add(&graph->shelf.items);
    *entry = (struct memory_entry){ .id = event->seq,
                                    .tier = tier,
                                    .made_at = event->at };
    rewrite(entry, event);
    return REJECT_NONE;
}

/* One without an id is new, and gets the seq of its event. Long-term memory is
 * kept by its owner (store/memories). */
enum reject_reason fold_remembered(struct graph *graph,
                                   const struct event *event)
{
    enum memory_tier tier;
    bool is_long_term = false;
    uint64_t id;
    if (!memory_tier_parse(event_text(event, FIELD_TIER), &tier))
        return REJECT_ILLEGAL;
    if (!event_has(event, FIELD_ID))
        return tier == MEMORY_LONG_TERM ? REJECT_ILLEGAL
                                        : put(graph, event, tier);
    if (!memory_name_parse(event_text(event, FIELD_ID), &is_long_term, &id) ||
        is_long_term != (tier == MEMORY_LONG_TERM))
        return REJECT_ILLEGAL;
    if (is_long_term)
        return REJECT_NONE;
    size_t index = index_of(graph, id);
    if (index == graph->shelf.items.count)
        return REJECT_ORPHAN;
    struct memory_entry *entry = &graph->shelf.items.items[index];
    entry->tier = tier;
    if (event_has(event, FIELD_TEXT))
        rewrite(entry, event);
    return REJECT_NONE;
}

enum reject_reason fold_forgotten(struct graph *graph,
                                  const struct event *event)
{
    bool is_long_term;
    uint64_t id;
    if (!memory_name_parse(event_text(event, FIELD_ID), &is_long_term, &id))
        return REJECT_ILLEGAL;
    if (is_long_term)
        return REJECT_NONE;
    size_t index = index_of(graph, id);
    if (index == graph->shelf.items.count)
        return REJECT_ORPHAN;
    memory_list_remove(&graph->shelf, index);
    return REJECT_NONE;
}

/* It stands with the turn for ever, whatever becomes of the entry. */
static void tell(struct graph *graph, struct node_record *record,
                 const struct event *event)
{
    uint64_t tokens = event_number(event, FIELD_INPUT);
    struct block *block =
        node_add_block(&record->node, BLOCK_MEMORY, event->at);
    buf_append_slice(&block->text, event_text(event, FIELD_TEXT));
    buf_append_slice(&block->name, event_text(event, FIELD_NAME));
    block->tokens = tokens > UINT32_MAX ? UINT32_MAX : (uint32_t)tokens;
    nodes_touch(&graph->nodes, record, event->seq);
}

enum reject_reason fold_recalled(struct graph *graph, const struct event *event)
{
    struct node_record *record =
        nodes_find(&graph->nodes, event_number(event, FIELD_NODE));
    bool is_long_term = true;
    uint64_t id = 0;
    if (!record)
        return REJECT_ORPHAN;
    if (record->node.kind != NODE_USER ||
        !memory_name_parse(event_text(event, FIELD_ID), &is_long_term, &id))
        return REJECT_ILLEGAL;
    size_t index = index_of(graph, id);
    if (!is_long_term && index < graph->shelf.items.count) {
        graph->shelf.items.items[index].uses++;
        graph->shelf.items.items[index].used_at = event->at;
    }
    tell(graph, record, event);
    return REJECT_NONE;
}
