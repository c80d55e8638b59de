/* SPDX-License-Identifier: MIT */
#include "store/memory_rank.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum {
    FUSION = 60,
    ENOUGH = 8, /* cosines, to tell what is usual among them */
};

#define WEIGHT_PART 0.3

double memory_cosine(const float *a, const float *b, size_t dimension)
{
    double sum = 0;
    for (size_t i = 0; i < dimension; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

bool memory_normalise(float *vector, size_t dimension)
{
    double length = sqrt(memory_cosine(vector, vector, dimension));
    if (!isfinite(length) || length <= 0)
        return false;
    for (size_t i = 0; i < dimension; i++)
        vector[i] = (float)((double)vector[i] / length);
    return true;
}

void memory_spread_add(struct memory_spread *spread, double cosine)
{
    spread->count++;
    spread->sum += cosine;
    spread->squares += cosine * cosine;
}

double memory_spread_least(const struct memory_spread *spread)
{
    if (spread->count < ENOUGH)
        return MEMORY_COSINE_ALONE;
    double mean = spread->sum / (double)spread->count;
    double variance = spread->squares / (double)spread->count - mean * mean;
    double least = mean + (variance > 0 ? sqrt(variance) : 0);
    return least > MEMORY_COSINE_LEAST ? least : MEMORY_COSINE_LEAST;
}

/* An entry as it is judged. */
struct judged {
    double share, cosine; /* negative: it does not pass by this */
    double score;
    size_t index; /* in the list */
};

static bool has_all(const struct memory_entry *entry,
                    const struct word_set *sought)
{
    struct word_set words = { 0 };
    word_set_add_all(&words, slice_of(entry->text));
    word_set_add_all(&words, slice_of(entry->tags));
    bool has = word_set_holds(&words, sought);
    word_set_clear(&words);
    return has;
}

static double share_of(const struct memory_entry *entry,
                       const struct word_set *prompt)
{
    struct word_set words = { 0 };
    word_set_add(&words, slice_of(entry->text));
    double share = word_set_share(prompt, &words);
    word_set_clear(&words);
    if (share >= MEMORY_SHARE_LEAST)
        return share;
    word_set_add(&words, slice_of(entry->tags));
    double tagged = word_set_share(&words, prompt);
    word_set_clear(&words);
    return tagged > share ? tagged : share;
}

static void judge(struct judged *judged, const struct memory_entry *entry,
                  const struct memory_ask *ask)
{
    double share = ask->needs_all ? has_all(entry, ask->words)
                                  : share_of(entry, ask->words);
    judged->share = share >= MEMORY_SHARE_LEAST ? share : -1;
    judged->cosine = -1;
    if (!ask->vector || entry->dimension != ask->dimension)
        return;
    double cosine = memory_cosine(ask->vector, entry->vector, ask->dimension);
    if (cosine >= memory_spread_least(&ask->spread))
        judged->cosine = cosine;
}

static int by_share(const void *a, const void *b)
{
    const struct judged *one = a, *other = b;
    return one->share < other->share ? 1
           : one->share > other->share
               ? -1
               : (one->index > other->index) - (one->index < other->index);
}

static int by_cosine(const void *a, const void *b)
{
    const struct judged *one = a, *other = b;
    return one->cosine < other->cosine   ? 1
           : one->cosine > other->cosine ? -1
                                         : by_share(a, b);
}

static int by_score(const void *a, const void *b)
{
    const struct judged *one = a, *other = b;
    return one->score < other->score ? 1
           : one->score > other->score
               ? -1
               : (one->index > other->index) - (one->index < other->index);
}

/* By words alone it is what is shared; by both what their ranks give, of which
 * twice the first place is 1. */
static void find_scores(struct judged *judged, size_t count, bool has_vector)
{
    qsort(judged, count, sizeof *judged, by_share);
    for (size_t i = 0; i < count; i++) {
        bool passes = judged[i].share >= 0;
        judged[i].score = !passes      ? 0
                          : has_vector ? 1.0 / (double)(FUSION + i + 1)
                                       : judged[i].share;
    }
    if (!has_vector)
        return;
    qsort(judged, count, sizeof *judged, by_cosine);
    for (size_t i = 0; i < count; i++) {
        if (judged[i].cosine >= 0)
            judged[i].score += 1.0 / (double)(FUSION + i + 1);
        judged[i].score *= (FUSION + 1) / 2.0;
    }
}

static void weigh(struct judged *judged, struct memory_entry *entry,
                  const struct memory_ask *ask)
{
    if (!ask->needs_all && (entry->importance >= MEMORY_ALWAYS_TOLD ||
                            entry->tier == MEMORY_WORKING))
        judged->score = 1;
    entry->relevance = judged->score;
    judged->score *= 1 + WEIGHT_PART * memory_entry_weight(entry, ask->now,
                                                           ask->half_life_ms);
}

void memory_rank(struct memory_list *list, const struct memory_ask *ask)
{
    size_t count = list->items.count;
    struct judged *judged = memory_zero(count, sizeof *judged);
    struct memory_list ranked = { 0 };
    for (size_t i = 0; i < count; i++) {
        judged[i].index = i;
        judge(&judged[i], &list->items.items[i], ask);
    }
    find_scores(judged, count, ask->vector != NULL);
    for (size_t i = 0; i < count; i++)
        weigh(&judged[i], &list->items.items[judged[i].index], ask);
    qsort(judged, count, sizeof *judged, by_score);
    for (size_t i = 0; i < count; i++) {
        struct memory_entry *entry = &list->items.items[judged[i].index];
        if (judged[i].score > 0 && ranked.items.count < ask->most)
            *array_add(&ranked.items) = *entry;
        else
            memory_entry_clear(entry);
    }
    array_clear(&list->items);
    *list = ranked;
    free(judged);
}
