/* SPDX-License-Identifier: MIT */
/*
 * calibrating - the calibration of each model: recalled, taught by what a
 * server has counted, and kept.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "chat/chat_state.h"
#include "chat/chat_tokens.h"

static const char area[] = "tokens"; /* text: calibration_write() */

/* One template for all servers that speak alike; a server's address says less
 * of it than the model does. */
static void append_key(struct buf *key, const struct endpoint *endpoint,
                       const char *model)
{
    buf_printf(key, "%s %s", endpoint->dialect->name, model);
}

enum token_family chat_token_family(const struct chat *chat,
                                    const struct endpoint *endpoint,
                                    const char *model)
{
    const struct models *models = discovery_models(&chat->discovery, endpoint);
    const struct model_row *row = models ? models_serving(models, model) : NULL;
    if (row && row->family != TOKENS_UNKNOWN)
        return row->family;
    return token_family_of_name(slice_of(model));
}

/* Where no state is kept it is known for as long as the chat lives. */
static struct taught_model *find_taught(const struct chat *chat,
                                        const char *key)
{
    for (size_t i = 0; i < chat->counting.taught.count; i++) {
        if (!strcmp(chat->counting.taught.items[i].key, key))
            return &chat->counting.taught.items[i];
    }
    return NULL;
}

struct calibration chat_calibration(const struct chat *chat,
                                    const struct endpoint *endpoint,
                                    const char *model)
{
    struct calibration calibration;
    struct buf key = { 0 };
    calibration_init(&calibration, chat_token_family(chat, endpoint, model));
    append_key(&key, endpoint, model);
    const struct state_note *note =
        state_note(chat->setup.state, area, buf_string(&key));
    const struct taught_model *taught = find_taught(chat, buf_string(&key));
    if ((!note || !calibration_read(&calibration, note->text)) && taught)
        calibration = taught->calibration;
    buf_clear(&key);
    return calibration;
}

struct calibration calibrating_of(const struct chat *chat,
                                  const struct route *route)
{
    struct calibration calibration;
    if (route && route->endpoint && *route->model)
        return chat_calibration(chat, route->endpoint, route->model);
    calibration_init(&calibration, TOKENS_UNKNOWN);
    return calibration;
}

static void keep(struct chat *chat, const char *key,
                 const struct calibration *calibration)
{
    struct buf line = { 0 };
    struct taught_model *taught = find_taught(chat, key);
    if (!taught) {
        taught = array_add(&chat->counting.taught);
        taught->key = memory_string(key);
    }
    taught->calibration = *calibration;
    calibration_write(calibration, &line);
    state_set_note(chat->setup.state, area, key, calibration->count,
                   buf_string(&line));
    buf_clear(&line);
}

void calibrating_learn(struct chat *chat, const struct extent *extent,
                       uint64_t counted)
{
    const struct endpoint *endpoint = chat->route.endpoint;
    struct calibration calibration =
        chat_calibration(chat, endpoint, chat->route.model);
    struct buf key = { 0 };
    append_key(&key, endpoint, chat->route.model);
    calibration_learn(&calibration, extent, counted);
    keep(chat, buf_string(&key), &calibration);
    buf_clear(&key);
}

void calibrating_clear(struct chat *chat)
{
    for (size_t i = 0; i < chat->counting.taught.count; i++)
        free(chat->counting.taught.items[i].key);
    array_clear(&chat->counting.taught);
}

void chat_count(struct chat *chat, struct budget *budget)
{
    const struct route *next = chat_next(chat);
    if (next->endpoint)
        budget_use(budget,
                   chat_token_family(chat, next->endpoint, next->model));
    budget_catch_up(budget, chat->conversation.graph);
}

uint64_t calibrating_offers(const struct chat *chat, const struct route *route)
{
    return route->endpoint
               ? offers_tokens(
                     chat, route,
                     chat_token_family(chat, route->endpoint, route->model))
               : 0;
}

uint64_t chat_offered_tokens(struct chat *chat)
{
    return calibrating_offers(chat, chat_next(chat));
}

/* The attempt whose request was counted; NULL: none, or one of another model or
 * server, which counts as it likes. */
static const struct attempt *counted_for(const struct chat *chat,
                                         const struct budget *budget,
                                         const struct route *route)
{
    const struct graph *graph = chat->conversation.graph;
    const struct node *node = graph_node(graph, budget_reported_by(budget));
    const struct attempt *attempt =
        node ? graph_node_attempt(graph, node) : NULL;
    bool is_alike = attempt && route->endpoint &&
                    !strcmp(attempt->model, route->model) &&
                    !strcmp(attempt->endpoint, route->endpoint->name);
    return is_alike && budget_reported(budget) > 0 ? attempt : NULL;
}

/* Of a count, the tools that were in that request and are not in the next. */
static void take_away(struct prompt_tokens *told,
                      const struct calibration *calibration, uint64_t gone)
{
    struct extent extent = { .estimated = gone };
    uint64_t tokens = calibration_tokens(calibration, &extent);
    if (!gone)
        return;
    told->tokens -= tokens < told->tokens ? tokens : told->tokens;
    told->counted = told->tokens;
    told->margin = calibration_margin(calibration, &extent);
}

/* Of the path, draft included; tools that the count knows nothing of besides.
 * The template closes the answer that was counted, so that this is one message
 * more than those that came behind it. */
static struct extent uncounted(const struct budget *budget, bool is_counted,
                               uint64_t draft, uint64_t tools)
{
    struct budget_sum sum =
        is_counted ? budget_behind(budget) : budget_parts(budget);
    struct extent rest = { .estimated = budget_sum_total(&sum) + draft,
                           .messages = sum.messages + (draft > 0),
                           .is_whole = !is_counted };
    rest.messages += is_counted && rest.estimated;
    rest.estimated += tools;
    return rest;
}

struct prompt_tokens calibrating_prompt(const struct chat *chat,
                                        const struct route *route,
                                        const struct budget *budget,
                                        uint64_t draft)
{
    const struct attempt *attempt = counted_for(chat, budget, route);
    struct calibration calibration = calibrating_of(chat, route);
    struct prompt_tokens told = { 0 };
    uint64_t tools = calibrating_offers(chat, route);
    uint64_t known = attempt ? attempt->offered : 0;
    if (attempt)
        told.tokens = told.counted = (uint64_t)budget_reported(budget);
    take_away(&told, &calibration, known > tools ? known - tools : 0);
    struct extent rest =
        uncounted(budget, attempt, draft, tools > known ? tools - known : 0);
    if (!rest.estimated)
        return told;
    told.tokens += calibration_tokens(&calibration, &rest);
    told.margin += calibration_margin(&calibration, &rest);
    return told;
}

struct prompt_tokens chat_prompt_tokens(struct chat *chat,
                                        const struct budget *budget,
                                        uint64_t draft)
{
    return calibrating_prompt(chat, chat_next(chat), budget, draft);
}
