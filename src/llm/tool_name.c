/* SPDX-License-Identifier: MIT */
#include "llm/tool_name.h"

#include <ctype.h>
#include <inttypes.h>

#include "base/slice.h"

enum { DIGEST_LEN = 8, STEM_MAX = TOOL_NAME_MAX - DIGEST_LEN - 1 };

static bool is_plain(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte < 0x80 && (isalnum(byte) || c == '_' || c == '-');
}

static bool is_legal(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!is_plain(name.ptr[i]))
            return false;
    }
    return name.len > 0 && name.len <= TOOL_NAME_MAX;
}

/* FNV-1a, 32 bits. */
static uint32_t digest(struct slice text)
{
    uint32_t hash = UINT32_C(2166136261);
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * UINT32_C(16777619);
    return hash;
}

void tool_name_append(struct buf *out, struct slice name)
{
    if (name.len == 0)
        name = slice_of("unknown");
    if (is_legal(name)) {
        buf_append_slice(out, name);
        return;
    }
    for (size_t i = 0; i < name.len && i < STEM_MAX; i++)
        buf_append_char(out, is_plain(name.ptr[i]) ? name.ptr[i] : '_');
    buf_printf(out, "_%0*" PRIx32, DIGEST_LEN, digest(name));
}

static const struct tool_offer *find(const struct tool_offer *tools,
                                     size_t count, struct slice sent)
{
    for (size_t i = 0; i < count; i++) {
        struct buf name = { 0 };
        tool_name_append(&name, tools[i].name);
        bool is_it = slice_equal(buf_slice(&name), sent) ||
                     slice_equal(tools[i].name, sent);
        buf_clear(&name);
        if (is_it)
            return &tools[i];
    }
    return NULL;
}

const struct tool_offer *tool_name_find(const struct tool_offer *tools,
                                        size_t count, struct slice sent)
{
    static const char prefix[] = "functions.";
    const struct tool_offer *tool = find(tools, count, sent);
    if (!tool && slice_starts(sent, prefix))
        tool = find(tools, count, slice_skip(sent, sizeof prefix - 1));
    return tool;
}
