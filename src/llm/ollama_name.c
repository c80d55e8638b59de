/* SPDX-License-Identifier: MIT */
#include "llm/ollama_name.h"

#include <string.h>
#include <strings.h>

struct parts {
    struct slice host, space, model, tag;
};

/* What stands behind the last such character; all, without one. */
static struct slice cut_last(struct slice *text, char mark)
{
    struct slice end = *text;
    for (size_t i = text->len; i > 0; i--) {
        if (text->ptr[i - 1] != mark)
            continue;
        end = slice_skip(*text, i);
        text->len = i - 1;
        return end;
    }
    text->len = 0;
    return end;
}

static void split(struct slice name, struct parts *parts)
{
    static const char schemes[][9] = { "https://", "http://" };
    for (size_t i = 0; i < 2; i++)
        if (slice_starts(name, schemes[i]))
            name = slice_skip(name, strlen(schemes[i]));
    *parts = (struct parts){
        .host = slice_of("registry.ollama.ai"),
        .space = slice_of("library"),
        .tag = slice_of("latest"),
    };
    struct slice model = cut_last(&name, '/');
    parts->model = model;
    if (memchr(model.ptr, ':', model.len)) {
        parts->tag = cut_last(&model, ':');
        parts->model = model;
    }
    if (name.len)
        parts->space = cut_last(&name, '/');
    if (name.len)
        parts->host = name;
}

static bool is_same(struct slice a, struct slice b)
{
    return a.len == b.len && !strncasecmp(a.ptr, b.ptr, a.len);
}

bool ollama_name_is_same(struct slice a, struct slice b)
{
    struct parts one, other;
    if (!a.len || !b.len)
        return a.len == b.len;
    split(a, &one);
    split(b, &other);
    return is_same(one.model, other.model) && is_same(one.tag, other.tag) &&
           is_same(one.space, other.space) && is_same(one.host, other.host);
}

bool ollama_name_is_cloud(struct slice name)
{
    struct slice end = { name.ptr + name.len - 6, 6 };
    return name.len > 6 && (is_same(end, slice_of("-cloud")) ||
                            is_same(end, slice_of(":cloud")));
}
