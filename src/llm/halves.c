/* SPDX-License-Identifier: MIT */
#include "llm/halves.h"

#include <stdio.h>
#include <string.h>

/* String members in which a server may tear a surrogate pair apart. */
static const char *const members[] = {
    "content", "reasoning_content", "reasoning", "thinking",
    "text",    "arguments",         "delta",     "partial_json",
};

static bool is_high_half(struct slice text)
{
    return text.len >= 6 && text.ptr[0] == '\\' && text.ptr[1] == 'u' &&
           (text.ptr[2] | 0x20) == 'd' && strchr("89abAB", text.ptr[3]);
}

static size_t string_len(struct slice text)
{
    size_t len = 0;
    while (len < text.len && text.ptr[len] != '"')
        len += text.ptr[len] == '\\' ? 2 : 1;
    return len < text.len ? len : text.len;
}

/* True if the first member of that name is a string that ends in a half. */
static bool ends_in_half(struct slice text, const char *member)
{
    char name[64];
    snprintf(name, sizeof name, "\"%s\":", member);
    ptrdiff_t at = slice_find(text, name);
    if (at < 0)
        return false;
    struct slice value =
        slice_trim(slice_skip(text, (size_t)at + strlen(name)));
    if (!slice_starts(value, "\""))
        return false;
    value = slice_skip(value, 1);
    size_t len = string_len(value);
    return len >= 6 && is_high_half(slice_skip(value, len - 6));
}

static const char *find_member(const struct halves *halves, struct slice text)
{
    if (halves->joiner.high)
        return halves->member;
    bool has_half =
        slice_find(text, "\\ud") >= 0 || slice_find(text, "\\uD") >= 0;
    for (size_t i = 0; has_half && i < COUNTOF(members); i++) {
        if (ends_in_half(text, members[i]))
            return members[i];
    }
    return members[0];
}

json_t *halves_parse(struct halves *halves, struct slice text,
                     struct error *err)
{
    halves->member = find_member(halves, text);
    return json_parse_joined(&halves->joiner, text, halves->member, err);
}

const char *halves_waiting(const struct halves *halves)
{
    return halves->joiner.high ? halves->member : NULL;
}
