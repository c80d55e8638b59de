/* SPDX-License-Identifier: MIT */
#include "base/glob.h"

#include <ctype.h>
#include <string.h>

#include "base/path.h"

/* [abc], [a-z], [!a]: how many bytes of the pattern; 0: it is no class, but a
 * bracket. */
static size_t match_class(const char *pattern, char c, bool *is_in)
{
    char small = (char)tolower((unsigned char)c);
    char large = (char)toupper((unsigned char)c);
    const char *at = pattern + 1;
    bool is_not = *at == '!' || *at == '^';
    at += is_not;
    const char *first = at;
    *is_in = false;
    for (; *at && (*at != ']' || at == first); at++) {
        if (at[1] == '-' && at[2] && at[2] != ']') {
            *is_in |= (at[0] <= small && small <= at[2]) ||
                      (at[0] <= large && large <= at[2]);
            at += 2;
        } else {
            *is_in |= *at == small || *at == large;
        }
    }
    *is_in = *is_in != is_not && c != '/';
    return *at ? (size_t)(at + 1 - pattern) : 0;
}

static bool is_same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* One character of the path; how many bytes of the pattern it took, 0: it is
 * another. */
static size_t match_one(const char *pattern, char c)
{
    bool is_in = false;
    size_t len = *pattern == '[' ? match_class(pattern, c, &is_in) : 0;
    if (len)
        return is_in ? len : 0;
    if (*pattern == '?')
        return c != '/';
    if (*pattern == '\\' && pattern[1])
        return is_same(pattern[1], c) ? 2 : 0;
    return is_same(*pattern, c);
}

/* Where a star stands, and where what follows it was tried last. */
struct star {
    const char *pattern, *path;
    bool takes_names; /* whole ones: what follows begins one */
};

/* Let the star take more. False: there is no more. */
static bool grow(struct star *star, bool is_deep)
{
    if (!star->pattern || !*star->path || (!is_deep && *star->path == '/'))
        return false;
    const char *slash =
        star->takes_names ? strchr(star->path, '/') : star->path;
    star->path = slash ? slash + 1 : star->path + strlen(star->path);
    return true;
}

static size_t take_star(const char *pattern, const char *path,
                        struct star *star)
{
    bool is_deep = pattern[1] == '*';
    size_t len = 1 + is_deep;
    *star = (struct star){ pattern + len, path, false };
    if (is_deep && pattern[2] == '/') {
        star->takes_names = true;
        star->pattern++;
        len++;
    }
    return len;
}

/* Only the last star of a sort has to be tried again: what an earlier one took
 * can only be more. So the work is bounded by the lengths. */
static bool match(const char *pattern, const char *path)
{
    struct star star = { 0 }, deep = { 0 };
    for (;;) {
        size_t len;
        if (*pattern == '*') {
            bool is_deep = pattern[1] == '*';
            pattern += take_star(pattern, path, is_deep ? &deep : &star);
            if (is_deep)
                star = (struct star){ 0 };
        } else if (!*pattern && !*path) {
            return true;
        } else if (*path && *pattern && (len = match_one(pattern, *path))) {
            pattern += len;
            path++;
        } else if (grow(&star, false)) {
            pattern = star.pattern;
            path = star.path;
        } else if (grow(&deep, true)) {
            pattern = deep.pattern;
            path = deep.path;
            star = (struct star){ 0 };
        } else {
            return false;
        }
    }
}

/* What is private below a directory makes that so, too. */
static bool is_directory_of(const char *pattern, const char *path)
{
    size_t len = strlen(path), all = strlen(pattern);
    return all == len + 3 && !strncmp(pattern, path, len) &&
           !strcmp(pattern + len, "/**");
}

bool glob_match(const char *pattern, const char *path)
{
    struct buf whole = { 0 };
    const char *slash = strrchr(path, '/');
    if (!strchr(pattern, '/'))
        return *pattern && match(pattern, slash ? slash + 1 : path);
    if (*pattern != '/' && *pattern != '~' && strncmp(pattern, "**/", 3) != 0)
        buf_append_string(&whole, "**/");
    path_expand(&whole, pattern);
    if (buf_string(&whole)[whole.len - 1] == '/')
        buf_append_string(&whole, "**");
    bool is_match = match(buf_string(&whole), path) ||
                    is_directory_of(buf_string(&whole), path);
    buf_clear(&whole);
    return is_match;
}
