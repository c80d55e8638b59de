/* SPDX-License-Identifier: MIT */
#include "chat/shortage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "chat/fit.h"

static const struct model_row *row_of(const struct shortage *shortage)
{
    for (size_t i = 0; i < shortage->row_count; i++) {
        if (!strcmp(shortage->rows[i].name, shortage->model))
            return &shortage->rows[i];
    }
    return NULL;
}

/* Where nobody can tell what is free: half of what was asked for. */
static uint64_t smaller_window(const struct shortage *shortage)
{
    int64_t asked = shortage->endpoint->num_ctx;
    const struct model_row *row = row_of(shortage);
    uint64_t window = 0;
    if (row && asked > 0 && row->cache_size && shortage->free_bytes)
        window = fit_window(row, (uint64_t)asked / 2, shortage->free_bytes);
    else if (asked / 2 >= FIT_WINDOW_LEAST)
        window = (uint64_t)asked / 2;
    return window;
}

/* The largest that fits, or that is smaller than the one that does not. */
static const struct model_row *other_model(const struct shortage *shortage)
{
    const struct model_row *best = NULL, *row = row_of(shortage);
    for (size_t i = 0; row && i < shortage->row_count; i++) {
        const struct model_row *other = &shortage->rows[i];
        if (!other->can_chat || other->is_remote || other->size >= row->size ||
            fit_of(other, 0, shortage->free_bytes).verdict == FIT_TOO_LARGE)
            continue;
        if (other->size && (!best || other->size > best->size))
            best = other;
    }
    return best;
}

/* The rung after the one that this is; NULL: it is none, or the last. */
static const char *next_rung(const struct shortage *shortage)
{
    const struct setting *ladder =
        settings_find(shortage->settings, "routing.ladder");
    size_t len = strlen(shortage->endpoint->name);
    for (size_t i = 0; ladder && i + 1 < ladder->child_count; i++) {
        const char *rung = ladder->children[i]->text;
        if (!strncmp(rung, shortage->endpoint->name, len) && rung[len] == '/' &&
            !strcmp(endpoint_model(shortage->endpoint, rung + len + 1),
                    shortage->model))
            return ladder->children[i + 1]->text;
    }
    return NULL;
}

void shortage_offer(const struct shortage *shortage, struct error *err)
{
    const char *name = shortage->endpoint->name;
    const struct model_row *other = other_model(shortage);
    const char *rung = next_rung(shortage);
    uint64_t window = smaller_window(shortage);
    struct buf words = { 0 };
    if (window)
        buf_printf(&words,
                   "; a window of %" PRIu64 " tokens takes less "
                   "(endpoints.%s.num_ctx)",
                   window, name);
    if (other)
        buf_printf(&words, "; %s/%s is smaller", name, other->name);
    if (rung)
        buf_printf(&words, "; the next rung is %s", rung);
    size_t len = strlen(err->text);
    snprintf(err->text + len, sizeof err->text - len, "%s", buf_string(&words));
    buf_clear(&words);
}
