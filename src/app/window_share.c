/* SPDX-License-Identifier: MIT */
#include "app/window_share.h"

#include "base/tokens.h"

enum {
    REPLY_TOKENS = 4096, /* without reply.max_tokens, */
    REPLY_SHARE = 4,     /* but no more than so much of the window */
    MARGIN = 10,         /* nothing was counted yet: notes of base/tokens */
    MARGIN_COUNTED = 3,  /* all but what came behind was */
    PERCENT = 100,
};

/* Less would be shown as 0%. */
#define LEAST_SHOWN 0.01

static uint64_t reply_of(const struct panel_source *source, uint64_t window)
{
    double reply =
        settings_number(source->settings, "reply.max_tokens", REPLY_TOKENS);
    uint64_t most = window / REPLY_SHARE;
    return reply < (double)most ? (uint64_t)reply : most;
}

struct window_share window_share_of(const struct panel_source *source)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    budget_catch_up(source->budget, graph);
    struct window_share share = {
        .parts = budget_parts(source->budget),
        .draft = source->draft_tokens,
        .coming = budget_coming(source->budget),
        .window = chat_next(source->chat)->window,
        .margin = budget_reported(source->budget) < 0 ? MARGIN : MARGIN_COUNTED,
        .about = source->ascii ? "+-" : "\302\261",
    };
    share.total = budget_sum_total(&share.parts) + share.draft;
    share.reply = reply_of(source, share.window);
    return share;
}

uint64_t window_share_room(const struct window_share *share)
{
    return share->window - share->reply;
}

void window_share_words(const struct window_share *share, struct buf *out)
{
    if (!share->window) {
        buf_printf(out, "est %s%u%%; the server has not told its window",
                   share->about, share->margin);
        return;
    }
    double part = (double)share->total / (double)share->window;
    uint64_t used = share->total + share->reply;
    if (share->total && part < LEAST_SHOWN)
        buf_append_string(out, "under 1%");
    else
        buf_printf(out, "%.0f%%", part * PERCENT);
    buf_append_string(out, " of ");
    panel_append_count(out, share->window);
    buf_printf(out, " est %s%u%%, ", share->about, share->margin);
    panel_append_count(out, share->reply);
    buf_append_string(out, " kept for the reply, ");
    panel_append_count(out, used < share->window ? share->window - used : 0);
    buf_append_string(out, " free");
}
