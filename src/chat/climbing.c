/* SPDX-License-Identifier: MIT */
/*
 * climbing - the rung of the ladder for a prompt: what each of them could do is
 * found out, chat/ladder chooses.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "chat/again.h"
#include "chat/consent.h"

struct climb {
    ARRAY_OF(struct rung) rungs;
    ARRAY_OF(char *) words; /* why a rung is barred; owned */
};

static void climb_clear(struct climb *climb)
{
    for (size_t i = 0; i < climb->words.count; i++)
        free(climb->words.items[i]);
    array_clear(&climb->words);
    array_clear(&climb->rungs);
}

static bool is_too_small(const struct route *route, uint64_t tokens,
                         struct error *err)
{
    if (!route->window || tokens <= route->window)
        return false;
    error_set(err, ERROR_LIMIT,
              "its window of %" PRIu64 " tokens is smaller than the request",
              route->window);
    return true;
}

static bool is_failing(const struct chat *chat, const struct route *route,
                       struct error *err)
{
    bool is_broken;
    int64_t wait_ms = health_wait_ms(&chat->health, route->endpoint,
                                     loop_now(chat->setup.loop), &is_broken);
    if (wait_ms <= 0)
        return false;
    error_set(err, ERROR_SERVER, "%s, for %" PRId64 " s more",
              is_broken ? "it failed too often" : "it asked to wait",
              (wait_ms + 999) / 1000);
    return true;
}

/* What keeps one that is known, and there, from answering. */
static bool fits(struct chat *chat, const struct route *route, uint64_t tokens,
                 struct error *err)
{
    return consent_decide(route, chat->setup.settings,
                          chat->setup.is_interactive, err) != CONSENT_REFUSE &&
           !is_too_small(route, tokens, err);
}

/* False, in words: it cannot answer. From the first rung one gets up by a
 * fallback, which the thread shows: it is free where its server is only not
 * there, or to be asked. */
static bool is_free(struct chat *chat, size_t rung,
                    const struct ladder_prompt *prompt, struct error *err)
{
    struct route route;
    discovery_take(&chat->discovery, chat_aim(chat),
                   router_rung(chat->setup.settings, rung), &route);
    if (route.verdict != ROUTE_TO) {
        *err = route.err;
        return rung == 0 &&
               (err->kind == ERROR_CONFIG || err->kind == ERROR_NETWORK);
    }
    return fits(chat, &route, prompt->tokens, err) &&
           (rung == 0 || !is_failing(chat, &route, err)) &&
           (!chat->run || sight_fits(chat, &route, err));
}

bool climbing_allows(struct chat *chat, const char *target, uint64_t prompt_id,
                     struct route *route, struct error *err)
{
    discovery_take(&chat->discovery, chat_aim(chat), target, route);
    if (route->verdict != ROUTE_TO) {
        *err = route->err;
        return false;
    }
    messages_catch_up(chat->messages, chat->conversation.graph, prompt_id);
    return fits(chat, route, counting_estimate(chat), err) &&
           !is_failing(chat, route, err) &&
           sight_fits_prompt(chat, route, prompt_id, err);
}

static void look_at_rungs(struct chat *chat, const struct ladder_prompt *prompt,
                          struct climb *climb)
{
    size_t count = router_rung_count(chat->setup.settings);
    for (size_t i = 0; i < count; i++) {
        struct error err = { 0 };
        bool free_rung = is_free(chat, i, prompt, &err);
        char *words = free_rung ? NULL : memory_string(err.text);
        if (words)
            *array_add(&climb->words) = words;
        *array_add(&climb->rungs) =
            (struct rung){ router_rung(chat->setup.settings, i), words };
    }
}

/* As the run's prompt stands in the conversation; what goes on with an answer is
 * as hard as what was asked. */
static void describe_prompt(struct chat *chat, struct ladder_prompt *prompt,
                            struct buf *text)
{
    const struct graph *graph = chat->conversation.graph;
    uint64_t id = graph_run(graph, chat->run)->prompt_id;
    const struct node *node = graph_node(graph, id);
    while (node && node->kind != NODE_USER)
        node = graph_node(graph, node->parent_id);
    *prompt = (struct ladder_prompt){ 0 };
    for (size_t i = 0; node && i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        prompt->has_image |= block->image != NULL;
        prompt->has_file |= block->kind == BLOCK_ATTACHMENT && !block->image;
        if (block->kind == BLOCK_TEXT)
            buf_append_slice(text, buf_slice(&block->text));
    }
    prompt->text = buf_slice(text);
    messages_catch_up(chat->messages, graph, id);
    prompt->tokens = counting_estimate(chat);
}

static void choose(struct chat *chat, const struct ladder_prompt *prompt,
                   struct ladder_choice *choice, struct buf *reasons)
{
    struct climb climb = { 0 };
    look_at_rungs(chat, prompt, &climb);
    ladder_choose(chat->setup.settings, climb.rungs.items, climb.rungs.count,
                  prompt, choice, reasons);
    climb_clear(&climb);
}

/* The chosen rung; where there is none, or it is still to be asked, it is told
 * as ever why not. */
static void take_choice(struct chat *chat, const struct ladder_choice *choice,
                        struct route *route)
{
    struct aim aim = chat_aim(chat);
    if (choice->cause != LADDER_NONE) {
        discovery_take(&chat->discovery, aim, choice->target, route);
        if (route->verdict == ROUTE_TO)
            return;
    }
    discovery_decide(&chat->discovery, aim, route);
}

void chat_forecast(struct chat *chat, const struct ladder_prompt *prompt,
                   struct route *route, struct ladder_choice *choice,
                   struct buf *reasons)
{
    *choice = (struct ladder_choice){ 0 };
    if (discovery_climbs(&chat->discovery, chat_aim(chat)))
        choose(chat, prompt, choice, reasons);
    else
        complexity_judge(prompt->text, &choice->complexity);
    take_choice(chat, choice, route);
}

void climbing_decide(struct chat *chat)
{
    struct ladder_prompt prompt;
    struct buf text = { 0 };
    buf_reset(&chat->reasons);
    if (chat->again.target) {
        again_decide(chat);
        return;
    }
    describe_prompt(chat, &prompt, &text);
    chat_forecast(chat, &prompt, &chat->route, &chat->choice, &chat->reasons);
    buf_clear(&text);
}
