/* SPDX-License-Identifier: MIT */
/*
 * memory_entry - something that is remembered: a text, and how much it weighs.
 *
 * Where it is kept is its tier: `working` is what is at hand, `session` what
 * this conversation has noted; both end with the conversation. `long-term` stays
 * (store/memories). The weight is memoryStore's of callbag-recharge: with n how
 * often it was recalled, t how long ago that was last, h the half-life,
 *
 *     a f(n) 2^(-t/h) + b importance + c f(n),  f(n) = (n + 1) / (n + 2)
 *
 * a = b = 1, c = 1/2. As one part of it fades and the other does not, two
 * entries change places while nobody touches them: it is computed when it is
 * asked for, never kept.
 */
#ifndef GRAPH_MEMORY_ENTRY_H
#define GRAPH_MEMORY_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/slice.h"

enum memory_tier { MEMORY_WORKING, MEMORY_SESSION, MEMORY_LONG_TERM };

enum {
    MEMORY_TEXT_MAX = 4096, /* bytes */
    MEMORY_TAGS_MAX = 256,  /* of all tags, a blank between them */
    MEMORY_NAME_SIZE = 24,  /* memory_entry_name() */
};

#define MEMORY_IMPORTANCE   0.5    /* where nobody says another */
#define MEMORY_ALWAYS_TOLD  1.0    /* of such importance one fits each prompt */
#define MEMORY_HALF_LIFE_MS 8.64e7 /* a day */

struct memory_entry {
    uint64_t id; /* of its tier's owner; long-term ones count by themselves */
    enum memory_tier tier;
    char *text;
    char *tags;               /* "editor tools", "" */
    double importance;        /* 0 to 1 */
    int64_t made_at, used_at; /* Unix ms */
    uint64_t uses;
    bool is_private;  /* it stays with the user's own servers */
    double relevance; /* of what was found, 0 to 1 */
    /* What an embedding model makes of its text, of length 1; or none. */
    float *vector;
    size_t dimension;
};

struct memory_list {
    ARRAY_OF(struct memory_entry) items;
};

const char *memory_tier_name(enum memory_tier tier);
bool memory_tier_parse(struct slice name, enum memory_tier *tier);

double memory_weight(uint64_t uses, double importance, int64_t idle_ms,
                     double half_life_ms);
double memory_entry_weight(const struct memory_entry *entry, int64_t now_ms,
                           double half_life_ms);

/* The one of a tier that weighs least at this moment; of equals the oldest.
 * Returns its index; list->items.count: there is none. */
size_t memory_list_least(const struct memory_list *list, enum memory_tier tier,
                         int64_t now_ms, double half_life_ms);
size_t memory_list_count(const struct memory_list *list, enum memory_tier tier);

/* Whether it has a tag, in any case of letters. */
bool memory_entry_has_tag(const struct memory_entry *entry, struct slice tag);

/* What the user and events call it by: "7" in long-term memory, else "s41". */
const char *memory_entry_name(const struct memory_entry *entry,
                              char name[MEMORY_NAME_SIZE]);
bool memory_name_parse(struct slice name, bool *is_long_term, uint64_t *id);

void memory_entry_copy(struct memory_entry *to,
                       const struct memory_entry *from);
void memory_entry_clear(struct memory_entry *entry);

/* Take one out of its list; the others keep their order. */
void memory_list_remove(struct memory_list *list, size_t index);
void memory_list_clear(struct memory_list *list);

#endif
