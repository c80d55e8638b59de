/* SPDX-License-Identifier: MIT */
#include "chat/filling.h"

#include "chat/chat_state.h"

enum {
    REPLY_TOKENS = 4096, /* without reply.max_tokens, */
    REPLY_SHARE = 4,     /* but no more than so much of the window */
    PERCENT = 100,
};

uint64_t filling_reply(const struct settings *settings, uint64_t window)
{
    double reply = settings_number(settings, "reply.max_tokens", REPLY_TOKENS);
    uint64_t most = window / REPLY_SHARE;
    return reply < (double)most ? (uint64_t)reply : most;
}

struct filling filling_of(struct chat *chat, struct budget *budget,
                          const struct route *route)
{
    budget_use(budget, chat_token_family(chat, route->endpoint, route->model));
    budget_catch_up(budget, chat->conversation.graph);
    uint64_t beside = calibrating_offers(chat, route);
    struct prompt_tokens prompt = calibrating_prompt(chat, route, budget, 0);
    struct budget_sum parts = budget_parts(budget);
    return (struct filling){
        .tokens = prompt.tokens,
        .margin = prompt.margin,
        .estimated = budget_sum_total(&parts) + beside,
        .messages = parts.messages,
        .beside = beside,
        .window = route->window,
        .reply = filling_reply(chat->setup.settings, route->window),
        .calibration = calibrating_of(chat, route),
    };
}

double filling_share(const struct filling *filling)
{
    if (!filling->window)
        return 0;
    return (double)(filling->tokens + filling->reply) / (double)filling->window;
}

enum filling_verdict filling_judge(const struct filling *filling)
{
    if (!filling->window)
        return FILLING_FITS;
    /* What is likely, not what may be: nobody is refused for a bad estimate of
     * a prompt that would fit. */
    if (filling->tokens + filling->margin / 2 > filling->window)
        return FILLING_OVER;
    return filling->tokens + filling->reply > filling->window ? FILLING_TIGHT
                                                              : FILLING_FITS;
}

struct filling filling_with(const struct filling *filling, uint64_t estimated,
                            uint64_t messages)
{
    struct filling with = *filling;
    struct extent extent = { .estimated = estimated,
                             .messages = messages,
                             .is_whole = true };
    with.estimated = estimated;
    with.messages = messages;
    with.tokens = calibration_tokens(&filling->calibration, &extent);
    with.margin = calibration_margin(&filling->calibration, &extent);
    return with;
}

uint64_t filling_tools(const struct filling *filling)
{
    struct extent tools = { .estimated = filling->beside };
    return calibration_tokens(&filling->calibration, &tools);
}

/* Tokens in one of the estimate: as the request was counted, or as another will
 * be. */
static double scale_of(const struct filling *filling)
{
    struct filling other =
        filling_with(filling, filling->estimated, filling->messages);
    uint64_t tokens =
        other.tokens > filling->tokens ? other.tokens : filling->tokens;
    return filling->estimated ? (double)tokens / (double)filling->estimated : 1;
}

uint64_t filling_estimate(const struct filling *filling, double share)
{
    double most = share * (double)filling->window - (double)filling->reply;
    return most > 0 ? (uint64_t)(most / scale_of(filling)) : 0;
}

void filling_words(const struct filling *filling, struct buf *out)
{
    buf_append_count(out, filling->tokens);
    buf_append_string(out, " tokens");
    if (!filling->window)
        return;
    buf_append_string(out, ", and ");
    buf_append_count(out, filling->reply);
    buf_printf(out, " are kept for the reply: %.0f%% of ",
               filling_share(filling) * PERCENT);
    buf_append_count(out, filling->window);
}
