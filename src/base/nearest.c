/* SPDX-License-Identifier: MIT */
#include "base/nearest.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { NEAREST_DISTANCE_MAX = 3 };

static size_t least_of(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

static bool is_same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

size_t nearest_distance(const char *a, const char *b)
{
    assert(strlen(b) <= NEAREST_LEN_MAX);
    size_t rows_kept[3][NEAREST_LEN_MAX + 1];
    size_t *before = rows_kept[0], *above = rows_kept[1], *row = rows_kept[2];
    size_t b_len = strlen(b);
    for (size_t j = 0; j <= b_len; j++)
        above[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            bool is_same = is_same_letter(a[i - 1], b[j - 1]);
            row[j] =
                least_of(above[j] + 1, row[j - 1] + 1, above[j - 1] + !is_same);
            if (i > 1 && j > 1 && is_same_letter(a[i - 1], b[j - 2]) &&
                is_same_letter(a[i - 2], b[j - 1]) && before[j - 2] < row[j])
                row[j] = before[j - 2] + 1;
        }
        size_t *free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return above[b_len];
}

const char *nearest_name(const char *word, const char *const *names,
                         size_t count)
{
    size_t len = strlen(word);
    if (len == 0 || len > NEAREST_LEN_MAX)
        return NULL;
    size_t limit = len < 3 ? 1 : len < 6 ? 2 : NEAREST_DISTANCE_MAX;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        if (strlen(names[i]) > NEAREST_LEN_MAX)
            continue;
        size_t distance = nearest_distance(word, names[i]);
        if (distance < len && distance <= limit) {
            nearest = names[i];
            limit = distance - (distance > 0);
        }
    }
    return nearest;
}
