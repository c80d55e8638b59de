/* SPDX-License-Identifier: MIT */
#include "llm/nesting.h"

static void in_string(struct nesting *nesting, char c)
{
    if (nesting->after_backslash)
        nesting->after_backslash = false;
    else if (c == '\\')
        nesting->after_backslash = true;
    else if (c == '"')
        nesting->in_string = false;
}

static void in_structure(struct nesting *nesting, char c)
{
    bool is_outside = nesting->depth == 0;
    switch (c) {
    case ' ':
    case '\t':
    case '\r':
    case '\n': return;
    case '{':
    case '[':
        nesting->is_broken |= is_outside && nesting->has_opened;
        nesting->has_opened = true;
        nesting->depth++;
        return;
    case '}':
    case ']':
        nesting->is_broken |= is_outside;
        nesting->depth -= !is_outside;
        return;
    case '"': nesting->in_string = true; break;
    default: break;
    }
    nesting->is_broken |= is_outside;
}

void nesting_feed(struct nesting *nesting, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (nesting->in_string)
            in_string(nesting, text.ptr[i]);
        else
            in_structure(nesting, text.ptr[i]);
    }
}

bool nesting_is_whole(const struct nesting *nesting)
{
    return nesting->has_opened && nesting->depth == 0 && !nesting->is_broken;
}

bool nesting_is_open(const struct nesting *nesting)
{
    return nesting->depth > 0 && !nesting->in_string && !nesting->is_broken;
}
