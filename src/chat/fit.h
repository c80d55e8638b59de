/* SPDX-License-Identifier: MIT */
/*
 * fit - will a model fit into memory at this window, before it is loaded?
 *
 * What it needs is estimated: its file, its KV cache (two bytes a number, in
 * every layer of the whole window: the most that it can be), and a tenth of the
 * file for what the server computes in. Where the server has not told how large
 * the cache is, a fifth of the file stands for both. Pure.
 */
#ifndef CHAT_FIT_H
#define CHAT_FIT_H

#include "base/buf.h"
#include "llm/model_list.h"

enum {
    FIT_WINDOW_USUAL = 4096, /* tokens: what Ollama takes if nobody says */
    FIT_WINDOW_LEAST = 2048, /* less is no use to anybody */
};

enum fit_verdict {
    FIT_UNKNOWN, /* its size, or what is free, is not known */
    FIT_WELL,
    FIT_TOO_LARGE,
};

/* Bytes and tokens; 0: unknown. */
struct fit {
    enum fit_verdict verdict;
    uint64_t need, free, window;
};

/* `window`: 0 for what the server would take. `free_bytes`: of the memory where
 * it would be loaded, 0 if nobody can tell. */
struct fit fit_of(const struct model_row *row, uint64_t window,
                  uint64_t free_bytes);

/* The largest window, halved as often as it takes, at which it fits; 0: at
 * none that is any use, or nobody can tell. */
uint64_t fit_window(const struct model_row *row, uint64_t window,
                    uint64_t free_bytes);

/* Append "needs about 9.4 GB with a window of 8192 tokens, 6.1 GB is free";
 * nothing where the need is unknown. */
void fit_words(const struct fit *fit, struct buf *out);

#endif
