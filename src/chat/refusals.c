/* SPDX-License-Identifier: MIT */
#include "chat/refusals.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "llm/provider.h"

void refusals_clear(struct refusals *refusals)
{
    for (size_t i = 0; i < refusals->list.count; i++)
        free(refusals->list.items[i].model);
    array_clear(&refusals->list);
}

static struct refusal *find(const struct refusals *refusals,
                            const struct endpoint *endpoint, const char *model)
{
    for (size_t i = 0; i < refusals->list.count; i++) {
        struct refusal *refusal = &refusals->list.items[i];
        if (refusal->endpoint == endpoint && !strcmp(refusal->model, model))
            return refusal;
    }
    return NULL;
}

uint32_t refusals_of(const struct refusals *refusals,
                     const struct endpoint *endpoint, const char *model)
{
    const struct refusal *refusal = find(refusals, endpoint, model);
    return refusal ? refusal->parts : 0;
}

bool refusals_add(struct refusals *refusals, const struct endpoint *endpoint,
                  const char *model, uint32_t parts)
{
    struct refusal *refusal = find(refusals, endpoint, model);
    if (!(parts & ~(refusal ? refusal->parts : 0)))
        return false;
    if (!refusal) {
        refusal = array_add(&refusals->list);
        *refusal = (struct refusal){ .endpoint = endpoint,
                                     .model = memory_string(model) };
    }
    refusal->parts |= parts;
    return true;
}

void refusals_words(uint32_t parts, struct buf *out)
{
    size_t count = 0;
    buf_append_string(out, "without ");
    for (uint32_t part = 1; part && part <= parts; part <<= 1) {
        const char *name =
            parts & part ? provider_part_name((enum request_part)part) : NULL;
        if (name)
            buf_printf(out, "%s%s", count++ ? ", " : "", name);
    }
    if (count == 0)
        buf_append_string(out, "what it refused");
}
