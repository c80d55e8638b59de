/* SPDX-License-Identifier: MIT */
#include "base/slice.h"

#include <limits.h>
#include <string.h>

int slice_print_len(struct slice slice)
{
    return slice.len > INT_MAX ? INT_MAX : (int)slice.len;
}

struct slice slice_of(const char *string)
{
    return (struct slice){ string, string ? strlen(string) : 0 };
}

bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool slice_is(struct slice slice, const char *string)
{
    return slice_equal(slice, slice_of(string));
}

bool slice_starts(struct slice slice, const char *prefix)
{
    size_t len = strlen(prefix);
    return slice.len >= len && (len == 0 || !memcmp(slice.ptr, prefix, len));
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct slice slice_trim(struct slice slice)
{
    while (slice.len && is_space(slice.ptr[0])) {
        slice.ptr++;
        slice.len--;
    }
    while (slice.len && is_space(slice.ptr[slice.len - 1]))
        slice.len--;
    return slice;
}

struct slice slice_skip(struct slice slice, size_t len)
{
    if (len >= slice.len)
        return (struct slice){ slice.ptr ? slice.ptr + slice.len : NULL, 0 };
    return (struct slice){ slice.ptr + len, slice.len - len };
}

bool slice_next_line(struct slice *rest, struct slice *line)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->ptr, '\n', rest->len);
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
    *line = (struct slice){ rest->ptr, len };
    *rest = slice_skip(*rest, end ? len + 1 : len);
    if (line->len && line->ptr[line->len - 1] == '\r')
        line->len--;
    return true;
}

ptrdiff_t slice_find(struct slice slice, const char *needle)
{
    size_t len = strlen(needle);
    const char *at =
        slice.len ? memmem(slice.ptr, slice.len, needle, len) : NULL;
    return at ? at - slice.ptr : -1;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

bool slice_contains(struct slice slice, struct slice word)
{
    for (size_t at = 0; at + word.len <= slice.len; at++) {
        size_t len = 0;
        while (len < word.len &&
               lower(slice.ptr[at + len]) == lower(word.ptr[len]))
            len++;
        if (len == word.len)
            return true;
    }
    return false;
}
