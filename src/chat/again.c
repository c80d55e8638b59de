/* SPDX-License-Identifier: MIT */
/*
 * Whose answer it was does not matter: the ladder's, a pinned model's, or a
 * fallback's. What stands on no rung is below the first vendor's rung if it is
 * the user's own, else below the last. Who is asked is no pin: consent is asked
 * as ever, and the next prompt goes its own way.
 */
#include "chat/again.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "chat/climbing.h"
#include "chat/fit.h"

/* Which answer is meant, to which prompt. */
struct asked {
    uint64_t prompt_id;
    const char *endpoint, *model; /* of the graph */
    bool is_vendor;
};

static const char what_else[] =
    "/retry ENDPOINT/MODEL, or R in the conversation, asks another model";

/* The answer below a prompt that was looked at last; NULL: it has none. */
static const struct node *answer_below(const struct graph *graph,
                                       const struct node *node)
{
    while (node && node->kind != NODE_ASSISTANT)
        node = graph_node(graph, node->visited_child);
    return node;
}

static const struct attempt *last_attempt(const struct graph *graph,
                                          const struct node *prompt)
{
    const struct run *run = graph_run(graph, prompt->run);
    return run && run->attempts.count ? array_last(&run->attempts) : NULL;
}

/* False, in words: there is no answer. */
static bool find_asked(const struct graph *graph, uint64_t node_id,
                       struct asked *asked, struct error *err)
{
    const struct node *node = graph_node(graph, node_id);
    const struct node *prompt = climbing_prompt(graph, node_id);
    if (!prompt)
        return error_set(err, ERROR_USAGE,
                         "there is no answer yet to ask for "
                         "again");
    if (node->kind == NODE_USER)
        node = answer_below(graph, node);
    const struct attempt *attempt =
        node ? graph_node_attempt(graph, node) : last_attempt(graph, prompt);
    if (!attempt)
        return error_set(err, ERROR_USAGE,
                         "nobody has answered this prompt; /retry asks");
    *asked = (struct asked){ prompt->id, attempt->endpoint, attempt->model,
                             attempt->is_vendor };
    return true;
}

static bool is_vendors(struct chat *chat, size_t rung)
{
    struct route route;
    discovery_take(&chat->discovery, chat_aim(chat),
                   router_rung(chat->setup.settings, rung), &route);
    return route.endpoint && route.endpoint->is_vendor;
}

/* The first rung that is above the answer's; `count`: none is. */
static size_t first_above(struct chat *chat, const struct asked *asked)
{
    size_t count = router_rung_count(chat->setup.settings), rung = 0;
    size_t own = climbing_rung_of(chat, asked->endpoint, asked->model);
    if (own < count)
        return own + 1;
    while (!asked->is_vendor && rung + 1 < count && !is_vendors(chat, rung))
        rung++;
    return asked->is_vendor && count ? count - 1 : rung;
}

/* The rung to ask; NULL, in words. */
static const char *find_rung(struct chat *chat, const struct asked *asked,
                             struct error *err)
{
    size_t count = router_rung_count(chat->setup.settings);
    struct error why = { 0 }, first = { 0 };
    struct route route;
    for (size_t i = first_above(chat, asked); i < count; i++) {
        const char *rung = router_rung(chat->setup.settings, i);
        if (climbing_allows(chat, rung, asked->prompt_id, &route, &why))
            return rung;
        if (route.verdict != ROUTE_TO && route.endpoint)
            discovery_ask_first(&chat->discovery, route.endpoint);
        if (!*first.text)
            error_set(&first, ERROR_USAGE, "%s cannot answer this: %s; %s",
                      rung, why.text, what_else);
    }
    if (*first.text)
        *err = first;
    else
        error_set(err, ERROR_USAGE,
                  "no rung of routing.ladder is above %s/%s; %s",
                  asked->endpoint, asked->model, what_else);
    return NULL;
}

/* Without a ladder: the next larger model that the server of the answer has and
 * that fits into memory, where it tells sizes. */
static const struct model_row *next_larger(const struct models *models,
                                           const char *name)
{
    const struct model_row *row = models ? models_find(models, name) : NULL;
    const struct model_row *next = NULL;
    for (size_t i = 0; row && row->size && i < models_count(models); i++) {
        const struct model_row *other = models_at(models, i);
        if (other->can_chat && !other->is_remote && other->size > row->size &&
            (!next || other->size < next->size) &&
            fit_of(other, 0, models_free_memory()).verdict != FIT_TOO_LARGE)
            next = other;
    }
    return next;
}

/* Append [ENDPOINT/]MODEL. False, in words. */
static bool find_larger(struct chat *chat, const struct asked *asked,
                        struct buf *target, struct error *err)
{
    const struct endpoint *endpoint =
        endpoints_find(chat->setup.endpoints, slice_of(asked->endpoint));
    const struct models *models =
        endpoint ? discovery_models(&chat->discovery, endpoint) : NULL;
    const struct model_row *row = endpoint && !endpoint->is_vendor
                                      ? next_larger(models, asked->model)
                                      : NULL;
    if (!row)
        return error_set(err, ERROR_USAGE,
                         "nothing says what is better than %s: routing.ladder "
                         "names models, the cheapest first; %s",
                         asked->model, what_else);
    buf_printf(target, "%s/%s", endpoint->name, row->name);
    return true;
}

static bool find_better(struct chat *chat, const struct asked *asked,
                        struct buf *target, struct error *err)
{
    if (!router_rung_count(chat->setup.settings))
        return find_larger(chat, asked, target, err);
    const char *rung = find_rung(chat, asked, err);
    if (rung)
        buf_append_string(target, rung);
    return rung != NULL;
}

static bool find_here(struct chat *chat, const struct asked *asked,
                      struct buf *target, struct error *err)
{
    struct route route;
    if (!endpoints_find(chat->setup.endpoints, slice_of(asked->endpoint)))
        return error_set(err, ERROR_USAGE,
                         "%s, which answered, is not among the endpoints any "
                         "more; %s",
                         asked->endpoint, what_else);
    buf_printf(target, "%s/%s", asked->endpoint, asked->model);
    return climbing_allows(chat, buf_string(target), asked->prompt_id, &route,
                           err) ||
           error_context(err, "%s/%s", asked->endpoint, asked->model);
}

bool chat_again(struct chat *chat, uint64_t node_id, enum again how,
                struct buf *words, struct error *err)
{
    struct buf target = { 0 };
    struct asked asked;
    bool ok = chat_is_idle(chat, err) &&
              find_asked(chat->conversation.graph, node_id, &asked, err) &&
              (how == AGAIN_BETTER ? find_better(chat, &asked, &target, err)
                                   : find_here(chat, &asked, &target, err));
    if (ok) {
        buf_printf(words, "asking %s%s", buf_string(&target),
                   how == AGAIN_BETTER ? "" : " once more");
        chat->again.target = memory_string(buf_string(&target));
        chat->again.is_here = how == AGAIN_HERE;
        chat_move_head(chat, asked.prompt_id);
        run_start(chat, asked.prompt_id);
    }
    buf_clear(&target);
    return ok;
}

void again_decide(struct chat *chat)
{
    struct route *route = &chat->route;
    chat->choice = (struct ladder_choice){ 0 };
    discovery_take(&chat->discovery, chat_aim(chat), chat->again.target, route);
    snprintf(route->reason, sizeof route->reason, "asked again: %s",
             chat->again.is_here ? "the model that answered before"
                                 : "the next above the one that answered");
}

void again_end(struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    uint64_t prompt_id = graph_run(graph, chat->run)->prompt_id;
    uint64_t leaf_id = graph_deepest(graph, prompt_id);
    if (chat->again.target && graph_head(graph) == prompt_id &&
        leaf_id != prompt_id)
        chat_move_head(chat, leaf_id);
}
