/* SPDX-License-Identifier: MIT */
#include "base/nearest.h"

#include <string.h>

enum { NEAREST_LEN_MAX = 48 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const char *a, const char *b)
{
    size_t a_len = strlen(a), b_len = strlen(b);
    size_t rows[3][NEAREST_LEN_MAX + 1];
    if (a_len > NEAREST_LEN_MAX || b_len > NEAREST_LEN_MAX)
        return NEAREST_LEN_MAX;
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *row = rows[i % 3], *last = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t cost = a[i - 1] != b[j - 1];
            row[j] =
                least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1);
        }
    }
    return rows[a_len % 3][b_len];
}

const char *nearest_name(const char *word, const char *const *names,
                         size_t count)
{
    size_t len = strlen(word);
    size_t best_distance = (len < 6 ? 6 : len) / 3 + 1;
    const char *best = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t far = distance(word, names[i]);
        if (far < best_distance && far < strlen(names[i])) {
            best_distance = far;
            best = names[i];
        }
    }
    return best;
}
