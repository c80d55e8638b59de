/* SPDX-License-Identifier: MIT */
#include "tool/braces.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/glob.h"
#include "base/memory.h"

void braces_clear(struct braces *braces)
{
    for (size_t i = 0; i < braces->globs.count; i++)
        free(braces->globs.items[i]);
    array_clear(&braces->globs);
}

/* The brace that closes the one at the start, or NULL. */
static const char *find_end(const char *open)
{
    int depth = 0;
    for (const char *c = open; *c; c++) {
        depth += (*c == '{') - (*c == '}');
        if (depth == 0)
            return c;
    }
    return NULL;
}

/* The end of the alternative that begins here. */
static const char *find_comma(const char *start, const char *end)
{
    int depth = 0;
    for (const char *c = start; c < end; c++) {
        depth += (*c == '{') - (*c == '}');
        if (depth == 0 && *c == ',')
            return c;
    }
    return end;
}

/* The first pair is taken apart and what comes of it goes to the end of the
 * list, until there is none. */
static bool take_apart(struct braces *braces, const char *glob)
{
    const char *open = strchr(glob, '{');
    const char *close = open ? find_end(open) : NULL;
    if (!close || find_comma(open + 1, close) == close)
        return false;
    for (const char *at = open + 1;
         at <= close && braces->globs.count <= BRACES_MAX;) {
        const char *end = find_comma(at, close);
        struct buf one = { 0 };
        buf_append(&one, glob, (size_t)(open - glob));
        buf_append(&one, at, (size_t)(end - at));
        buf_append_string(&one, close + 1);
        *array_add(&braces->globs) = buf_steal(&one);
        at = end + 1;
    }
    return true;
}

void braces_make(struct braces *braces, struct slice glob)
{
    braces_clear(braces);
    if (glob.len == 0)
        return;
    *array_add(&braces->globs) = memory_copy(glob.ptr, glob.len);
    for (size_t i = 0; i < braces->globs.count;) {
        char *one = braces->globs.items[i];
        if (braces->globs.count >= BRACES_MAX || !take_apart(braces, one)) {
            i++;
            continue;
        }
        free(one);
        braces->globs.items[i] = braces->globs.items[--braces->globs.count];
    }
}

bool braces_match(const struct braces *braces, const char *path)
{
    for (size_t i = 0; i < braces->globs.count; i++) {
        if (glob_match(braces->globs.items[i], path))
            return true;
    }
    return braces->globs.count == 0;
}
