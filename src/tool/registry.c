/* SPDX-License-Identifier: MIT */
#include "tool/registry.h"

enum { NAME_SHOWN = 64 }; /* bytes of one that is not there */

void registry_clear(struct registry *registry)
{
    array_clear(&registry->tools);
}

void registry_add(struct registry *registry, const struct tool *tool)
{
    *array_add(&registry->tools) = tool;
}

const struct tool *registry_find(const struct registry *registry,
                                 struct slice name)
{
    for (size_t i = 0; i < registry->tools.count; i++) {
        if (slice_is(name, registry->tools.items[i]->name))
            return registry->tools.items[i];
    }
    return NULL;
}

void registry_refuse(const struct registry *registry, struct slice name,
                     struct buf *answer)
{
    buf_append_string(answer, "error: there is no tool named \"");
    buf_printf(answer, "%.*s%s",
               (int)(name.len > NAME_SHOWN ? NAME_SHOWN : name.len),
               name.ptr ? name.ptr : "", name.len > NAME_SHOWN ? "..." : "");
    buf_append_string(answer, "\"; nothing was run. ");
    if (registry->tools.count == 0) {
        buf_append_string(answer, "No tools are available: answer in words.");
        return;
    }
    buf_append_string(answer, "Available tools:");
    for (size_t i = 0; i < registry->tools.count; i++)
        buf_printf(answer, "%s %s", i ? "," : "",
                   registry->tools.items[i]->name);
    buf_append_char(answer, '.');
}
