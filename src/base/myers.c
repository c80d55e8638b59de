/* SPDX-License-Identifier: MIT */
#include "base/myers.h"

#include "base/array.h"

/* Without what is the same at both ends. V of each d is kept for the way back:
 * d + 1 values, of the diagonals -d, -d + 2, ..., d. */
struct search {
    const struct myers *myers;
    size_t start; /* of both */
    int64_t a_count, b_count;
    ARRAY_OF(int32_t) furthest; /* those of all d, one after another */
};

static bool is_same(const struct myers *myers, size_t a, size_t b)
{
    return myers->is_same(myers->context, a, b);
}

/* Where those of d begin: 1 + 2 + ... + d stand before. */
static int32_t *row_of(const struct search *search, int64_t d)
{
    return &search->furthest.items[d * (d + 1) / 2];
}

/* The furthest x on a diagonal before its snake. */
static int64_t step_to(const struct search *search, int64_t d, int64_t k)
{
    if (d == 0)
        return 0;
    const int32_t *row = row_of(search, d - 1);
    int64_t left = k > -d ? row[(k - 1 + d - 1) / 2] + 1 : -1;
    int64_t down = k < d ? row[(k + 1 + d - 1) / 2] : -1;
    return down >= left ? down : left;
}

static int64_t follow(const struct search *search, int64_t x, int64_t k)
{
    while (x < search->a_count && x - k < search->b_count &&
           is_same(search->myers, search->start + (size_t)x,
                   search->start + (size_t)(x - k)))
        x++;
    return x;
}

/* The fewest edits, -1: more than the limit. */
static int64_t find(struct search *search, int64_t limit)
{
    for (int64_t d = 0; d <= limit; d++) {
        array_reserve(&search->furthest, (size_t)d + 1);
        search->furthest.count += (size_t)d + 1;
        for (int64_t k = -d; k <= d; k += 2) {
            int64_t x = step_to(search, d, k);
            /* Beyond an end nothing is found; it is kept to be no way. */
            bool is_in = x <= search->a_count && x - k <= search->b_count;
            x = is_in ? follow(search, x, k) : x;
            row_of(search, d)[(k + d) / 2] = (int32_t)x;
            if (is_in && x == search->a_count && x - k == search->b_count)
                return d;
        }
    }
    return -1;
}

/* From the end to the start: each step was an item of one of them. */
static void mark(const struct search *search, int64_t d)
{
    const struct myers *myers = search->myers;
    int64_t k = search->a_count - search->b_count;
    for (; d > 0; d--) {
        const int32_t *row = row_of(search, d - 1);
        int64_t x = step_to(search, d, k);
        bool is_down = k < d && row[(k + 1 + d - 1) / 2] == x;
        int64_t index = is_down ? x - k - 1 : x - 1;
        myers->mark(myers->context, is_down, search->start + (size_t)index);
        k += is_down ? 1 : -1;
    }
}

int64_t myers_compare(const struct myers *myers, int64_t limit)
{
    size_t start = 0, a_end = myers->a_count, b_end = myers->b_count;
    while (start < a_end && start < b_end && is_same(myers, start, start))
        start++;
    while (a_end > start && b_end > start &&
           is_same(myers, a_end - 1, b_end - 1))
        a_end--, b_end--;
    struct search search = {
        .myers = myers,
        .start = start,
        .a_count = (int64_t)(a_end - start),
        .b_count = (int64_t)(b_end - start),
    };
    int64_t found = find(&search, limit);
    if (found >= 0)
        mark(&search, found);
    array_clear(&search.furthest);
    return found;
}
