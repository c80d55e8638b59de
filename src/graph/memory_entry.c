/* SPDX-License-Identifier: MIT */
#include "graph/memory_entry.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/memory.h"

#define RECENCY   1.0
#define WORTH     1.0
#define FREQUENCY 0.5

static const char *const tier_names[] = {
    [MEMORY_WORKING] = "working",
    [MEMORY_SESSION] = "session",
    [MEMORY_LONG_TERM] = "long-term",
};

const char *memory_tier_name(enum memory_tier tier)
{
    return tier_names[tier];
}

bool memory_tier_parse(struct slice name, enum memory_tier *tier)
{
    for (size_t i = 0; i < COUNTOF(tier_names); i++)
        if (slice_is(name, tier_names[i])) {
            *tier = (enum memory_tier)i;
            return true;
        }
    return false;
}

/* A clock that was put back makes nothing younger than it is. */
double memory_weight(uint64_t uses, double importance, int64_t idle_ms,
                     double half_life_ms)
{
    double known = ((double)uses + 1) / ((double)uses + 2);
    double idle = idle_ms > 0 ? (double)idle_ms : 0;
    return RECENCY * known * exp2(-idle / half_life_ms) + WORTH * importance +
           FREQUENCY * known;
}

double memory_entry_weight(const struct memory_entry *entry, int64_t now_ms,
                           double half_life_ms)
{
    return memory_weight(entry->uses, entry->importance,
                         now_ms - entry->used_at, half_life_ms);
}

size_t memory_list_least(const struct memory_list *list, enum memory_tier tier,
                         int64_t now_ms, double half_life_ms)
{
    size_t least = list->items.count;
    double weight = 0;
    for (size_t i = 0; i < list->items.count; i++) {
        const struct memory_entry *entry = &list->items.items[i];
        if (entry->tier != tier)
            continue;
        double own = memory_entry_weight(entry, now_ms, half_life_ms);
        bool is_first = least == list->items.count;
        const struct memory_entry *other =
            is_first ? NULL : &list->items.items[least];
        if (is_first || own < weight ||
            (own <= weight && entry->made_at < other->made_at)) {
            least = i;
            weight = own;
        }
    }
    return least;
}

size_t memory_list_count(const struct memory_list *list, enum memory_tier tier)
{
    size_t count = 0;
    for (size_t i = 0; i < list->items.count; i++)
        count += list->items.items[i].tier == tier;
    return count;
}

bool memory_entry_has_tag(const struct memory_entry *entry, struct slice tag)
{
    const char *at = entry->tags ? entry->tags : "";
    while (*at) {
        size_t len = strcspn(at, " ");
        if (len == tag.len && slice_contains((struct slice){ at, len }, tag))
            return true;
        at += len;
        at += strspn(at, " ");
    }
    return false;
}

const char *memory_entry_name(const struct memory_entry *entry,
                              char name[MEMORY_NAME_SIZE])
{
    snprintf(name, MEMORY_NAME_SIZE, "%s%" PRIu64,
             entry->tier == MEMORY_LONG_TERM ? "" : "s", entry->id);
    return name;
}

bool memory_name_parse(struct slice name, bool *is_long_term, uint64_t *id)
{
    *is_long_term = !slice_starts(name, "s");
    if (!*is_long_term)
        name = slice_skip(name, 1);
    *id = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] < '0' || name.ptr[i] > '9' || *id > UINT64_MAX / 100)
            return false;
        *id = *id * 10 + (uint64_t)(name.ptr[i] - '0');
    }
    return *id > 0;
}

void memory_entry_copy(struct memory_entry *to, const struct memory_entry *from)
{
    *to = *from;
    to->text = memory_string(from->text);
    to->tags = memory_string(from->tags ? from->tags : "");
    to->vector = NULL;
    if (from->dimension) {
        size_t size = from->dimension * sizeof *from->vector;
        to->vector = memory_alloc(size);
        memcpy(to->vector, from->vector, size);
    }
}

void memory_entry_clear(struct memory_entry *entry)
{
    free(entry->text);
    free(entry->tags);
    free(entry->vector);
    *entry = (struct memory_entry){ 0 };
}

void memory_list_remove(struct memory_list *list, size_t index)
{
    memory_entry_clear(&list->items.items[index]);
    list->items.count--;
    memmove(&list->items.items[index], &list->items.items[index + 1],
            (list->items.count - index) * sizeof *list->items.items);
}

void memory_list_clear(struct memory_list *list)
{
    for (size_t i = 0; i < list->items.count; i++)
        memory_entry_clear(&list->items.items[i]);
    array_clear(&list->items);
}
