/* SPDX-License-Identifier: MIT */
#include "chat/memory_line.h"

#include <math.h>
#include <string.h>

/* As the command's importance is printed. */
#define LEAST_DIFFERENCE 1e-6

static void append_options(const struct memory_entry *entry, struct buf *out)
{
    struct slice text = slice_of(entry->text);
    if (entry->tier != MEMORY_LONG_TERM)
        buf_printf(out, " --%s", memory_tier_name(entry->tier));
    if (entry->is_private)
        buf_append_string(out, " --private");
    if (fabs(entry->importance - MEMORY_IMPORTANCE) >= LEAST_DIFFERENCE)
        buf_printf(out, " --importance %g", entry->importance);
    /* What would be taken for an option, or for an answer. */
    if (slice_starts(text, "--") || slice_is(text, "yes") ||
        slice_is(text, "no"))
        buf_append_string(out, " --");
}

void memory_line_append(const struct memory_entry *entry, struct buf *out)
{
    buf_append_string(out, "/remember");
    append_options(entry, out);
    buf_printf(out, " %s", entry->text);
    for (const char *at = entry->tags ? entry->tags : ""; *at;) {
        size_t len = strcspn(at, " ");
        if (len)
            buf_printf(out, " #%.*s", (int)len, at);
        at += len;
        at += strspn(at, " ");
    }
}
