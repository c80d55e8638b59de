/* SPDX-License-Identifier: MIT */
#include "chat/fit.h"

#include <inttypes.h>

static uint64_t window_of(const struct model_row *row, uint64_t window)
{
    if (!window)
        window = row->context_length ? row->context_length : FIT_WINDOW_USUAL;
    /* A server clamps a larger one. */
    if (row->trained_length && window > row->trained_length)
        window = row->trained_length;
    return window;
}

static uint64_t need_of(const struct model_row *row, uint64_t window)
{
    if (!row->size)
        return 0;
    if (!row->cache_size)
        return row->size + row->size / 5;
    return row->size + row->size / 10 + row->cache_size * window;
}

struct fit fit_of(const struct model_row *row, uint64_t window,
                  uint64_t free_bytes)
{
    struct fit fit = { .free = free_bytes, .window = window_of(row, window) };
    fit.need = need_of(row, fit.window);
    if (fit.need && fit.free)
        fit.verdict = fit.need > fit.free ? FIT_TOO_LARGE : FIT_WELL;
    if (!row->cache_size)
        fit.window = 0;
    return fit;
}

uint64_t fit_window(const struct model_row *row, uint64_t window,
                    uint64_t free_bytes)
{
    if (!row->cache_size || !free_bytes)
        return 0;
    for (window = window_of(row, window); window >= FIT_WINDOW_LEAST;
         window /= 2) {
        if (fit_of(row, window, free_bytes).verdict == FIT_WELL)
            return window;
    }
    return 0;
}

void fit_words(const struct fit *fit, struct buf *out)
{
    static const double gigabyte = 1e9;
    if (!fit->need)
        return;
    buf_printf(out, "needs about %.1f GB", (double)fit->need / gigabyte);
    if (fit->window)
        buf_printf(out, " with a window of %" PRIu64 " tokens", fit->window);
    if (fit->free)
        buf_printf(out, ", %.1f GB is free", (double)fit->free / gigabyte);
}
