/* SPDX-License-Identifier: MIT */
#include "app/window_share.h"

#include "chat/chat_tokens.h"
#include "chat/filling.h"

enum { PERCENT = 100 };

/* Less would be shown as 0%. */
#define LEAST_SHOWN 0.01

enum token_family window_share_family(struct chat *chat)
{
    const struct route *next = chat_next(chat);
    return next->verdict == ROUTE_TO
               ? chat_token_family(chat, next->endpoint, next->model)
               : TOKENS_UNKNOWN;
}

/* The total, and how far it may be off; what of it the draft is. */
static void measure(struct window_share *share,
                    const struct panel_source *source)
{
    struct prompt_tokens all =
        chat_prompt_tokens(source->chat, source->budget, source->draft_tokens);
    struct prompt_tokens path =
        chat_prompt_tokens(source->chat, source->budget, 0);
    share->total = all.tokens;
    share->draft = all.tokens > path.tokens ? all.tokens - path.tokens : 0;
    if (all.tokens)
        share->margin =
            (uint32_t)((all.margin * PERCENT + all.tokens - 1) / all.tokens);
}

uint64_t window_share_scale(const struct window_share *share, uint64_t tokens)
{
    if (!share->estimated)
        return tokens;
    return (uint64_t)((double)tokens * (double)(share->total - share->draft) /
                          (double)share->estimated +
                      0.5);
}

/* What rounding leaves goes to the largest. */
static void share_out(struct window_share *share,
                      const struct budget_sum *estimated)
{
    uint64_t sum = share->draft, *largest = &share->parts[0];
    for (int i = 0; i < BUDGET_PART_COUNT; i++) {
        share->parts[i] = window_share_scale(share, estimated->tokens[i]);
        sum += share->parts[i];
        if (share->parts[i] > *largest)
            largest = &share->parts[i];
    }
    if (share->total > sum)
        *largest += share->total - sum;
    else
        *largest -= sum - share->total;
}

struct window_share window_share_of(const struct panel_source *source)
{
    const struct route *next = chat_next(source->chat);
    chat_count(source->chat, source->budget);
    struct budget_sum sum = budget_parts(source->budget);
    uint64_t offered = chat_offered_tokens(source->chat);
    sum.tokens[BUDGET_TOOLS] += offered;
    struct window_share share = {
        .estimated = budget_sum_total(&sum),
        .window = next->window,
        .reply = filling_reply(source->settings, next->window),
        .about = source->ascii ? "+-" : "\302\261",
    };
    measure(&share, source);
    share_out(&share, &sum);
    share.offered = window_share_scale(&share, offered);
    share.coming = window_share_scale(&share, budget_coming(source->budget));
    return share;
}

uint64_t window_share_room(const struct window_share *share)
{
    return share->window - share->reply;
}

uint64_t window_share_free(const struct window_share *share)
{
    uint64_t room = window_share_room(share);
    return room > share->total ? room - share->total : 0;
}

void window_share_words(const struct window_share *share, struct buf *out)
{
    double part =
        share->window ? (double)share->total / (double)share->window : 0;
    if (share->window && share->total && part < LEAST_SHOWN)
        buf_append_string(out, "under 1% ");
    else if (share->window)
        buf_printf(out, "%.0f%% ", part * PERCENT);
    buf_printf(out, "est %s%u%%", share->about, share->margin);
}
