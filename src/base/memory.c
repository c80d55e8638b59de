/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

NORETURN static void out_of_memory(void)
{
    static const char words[] = "sennit: out of memory\n";
    if (write(STDERR_FILENO, words, sizeof words - 1) < 0)
        abort();
    abort();
}

static void *checked(void *ptr)
{
    if (!ptr)
        out_of_memory();
    return ptr;
}

void *memory_alloc(size_t size)
{
    return checked(malloc(size ? size : 1));
}

void *memory_zero(size_t count, size_t size)
{
    return checked(calloc(count ? count : 1, size ? size : 1));
}

void *memory_resize(void *ptr, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        out_of_memory();
    size_t bytes = count * size;
    return checked(realloc(ptr, bytes ? bytes : 1));
}

char *memory_copy(const void *ptr, size_t len)
{
    char *copy = memory_alloc(len + 1);
    if (len)
        memcpy(copy, ptr, len);
    copy[len] = '\0';
    return copy;
}

char *memory_string(const char *string)
{
    return string ? memory_copy(string, strlen(string)) : NULL;
}
