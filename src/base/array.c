/* SPDX-License-Identifier: MIT */
#include "base/array.h"

#include "base/memory.h"

enum { ARRAY_FIRST_CAPACITY = 8 };

void *array_grow(void *items, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return items;
    size_t grown = *capacity ? *capacity : ARRAY_FIRST_CAPACITY;
    while (grown < needed)
        grown += grown / 2;
    *capacity = grown;
    return memory_resize(items, grown, size);
}
