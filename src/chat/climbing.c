/* SPDX-License-Identifier: MIT */
#include "chat/climbing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "chat/again.h"
#include "chat/consent.h"
#include "chat/learning.h"

struct climb {
    ARRAY_OF(struct rung) rungs;
    ARRAY_OF(char *) words; /* why a rung is barred; owned */
    struct buf why_private; /* what vendors are barred by; or "" */
};

/* A prompt as it stands in the conversation. */
struct asking {
    struct buf text, before;
    struct ladder_prompt prompt; /* borrows them */
};

static void asking_clear(struct asking *asking)
{
    buf_clear(&asking->text);
    buf_clear(&asking->before);
}

static void climb_clear(struct climb *climb)
{
    for (size_t i = 0; i < climb->words.count; i++)
        free(climb->words.items[i]);
    array_clear(&climb->words);
    buf_clear(&climb->why_private);
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

static bool is_resting(const struct chat *chat, const struct route *route,
                       struct error *err)
{
    enum limiter_cause cause;
    int64_t wait_ms = limiter_wait_ms(chat, route, &cause);
    if (wait_ms <= 0)
        return false;
    error_set(err, ERROR_SERVER, "%s, for %" PRId64 " s more",
              limiter_words(cause), (wait_ms + 999) / 1000);
    return true;
}

bool climbing_fits(struct chat *chat, const struct route *route,
                   uint64_t tokens, struct error *err)
{
    return consent_decide(route, chat->setup.settings,
                          chat->setup.is_interactive, err) != CONSENT_REFUSE &&
           !is_too_small(route, tokens, err);
}

static bool is_barred(const struct route *route, const struct climb *climb,
                      struct error *err)
{
    if (!route->is_vendor || !climb->why_private.len)
        return false;
    error_set(err, ERROR_CONFIG, "barred: holds private text (%s)",
              buf_string(&climb->why_private));
    return true;
}

/* False, in words: it cannot answer. From the first rung one gets up by a
 * fallback, which the thread shows: it is free where its server is only not
 * there, or to be asked. */
static bool is_free(struct chat *chat, const char *name,
                    const struct ladder_prompt *prompt,
                    const struct climb *climb, struct error *err)
{
    struct route route;
    bool is_first = climb->rungs.count == 0;
    discovery_take(&chat->discovery, chat_aim(chat), name, &route);
    if (route.verdict != ROUTE_TO) {
        *err = route.err;
        return is_first &&
               (err->kind == ERROR_CONFIG || err->kind == ERROR_NETWORK);
    }
    return !is_barred(&route, climb, err) &&
           climbing_fits(chat, &route, prompt->tokens, err) &&
           !spending_bars(chat, &route, prompt->tokens, err) &&
           (is_first || (!endpoint_lacks_key(route.endpoint, err) &&
                         !is_resting(chat, &route, err))) &&
           (!chat->run || sight_fits(chat, &route, err));
}

/* What it may cost is asked: who wants it may raise his limit. */
bool climbing_allows(struct chat *chat, const char *target, uint64_t prompt_id,
                     struct route *route, struct error *err)
{
    discovery_take(&chat->discovery, chat_aim(chat), target, route);
    if (route->verdict != ROUTE_TO) {
        *err = route->err;
        return false;
    }
    messages_catch_up(chat->messages, chat->conversation.graph, prompt_id);
    return gate_allows_at(chat, route, prompt_id, err) &&
           climbing_fits(chat, route, counting_tokens(chat, route), err) &&
           !endpoint_lacks_key(route->endpoint, err) &&
           !is_resting(chat, route, err) &&
           sight_fits_prompt(chat, route, prompt_id, err);
}

static void look_at_rung(struct chat *chat, const char *name,
                         const struct ladder_prompt *prompt,
                         struct climb *climb)
{
    struct error err = { 0 };
    bool free_rung = is_free(chat, name, prompt, climb, &err);
    char *words = free_rung ? NULL : memory_string(err.text);
    if (words)
        *array_add(&climb->words) = words;
    *array_add(&climb->rungs) = (struct rung){ name, words };
}

static bool is_looked_at(const struct climb *climb, const char *name)
{
    for (size_t i = 0; i < climb->rungs.count; i++)
        if (!strcmp(climb->rungs.items[i].name, name))
            return true;
    return false;
}

/* Those of the ladder, and behind them whom else the rules name. */
static void look_at_rungs(struct chat *chat, const struct ladder_prompt *prompt,
                          struct climb *climb)
{
    const struct settings *settings = chat->setup.settings;
    size_t count = router_rung_count(settings);
    gate_bars(chat, prompt->text, &climb->why_private);
    for (size_t i = 0; i < count; i++)
        look_at_rung(chat, router_rung(settings, i), prompt, climb);
    count = ladder_rule_count(settings);
    for (size_t i = 0; i < count; i++) {
        const char *name = ladder_rule_target(settings, i);
        if (name && !is_looked_at(climb, name))
            look_at_rung(chat, name, prompt, climb);
    }
}

const struct node *climbing_prompt(const struct graph *graph, uint64_t id)
{
    const struct node *node = graph_node(graph, id);
    while (node && node->kind != NODE_USER)
        node = graph_node(graph, node->parent_id);
    return node;
}

static void append_text(const struct node *node, struct buf *text)
{
    for (size_t i = 0; node && i < node->blocks.count; i++)
        if (node->blocks.items[i].kind == BLOCK_TEXT)
            buf_append_slice(text, buf_slice(&node->blocks.items[i].text));
}

/* The nearest prompt before another that is no follow-up itself. */
static void append_before(const struct graph *graph, const struct node *prompt,
                          struct buf *text)
{
    enum { FOLLOW_UPS_MAX = 16 };
    for (int i = 0; prompt && i < FOLLOW_UPS_MAX; i++) {
        prompt = climbing_prompt(graph, prompt->parent_id);
        buf_reset(text);
        append_text(prompt, text);
        if (!ladder_is_follow_up(buf_slice(text)))
            break;
    }
}

static bool is_rung(struct chat *chat, size_t rung, const char *endpoint,
                    const char *model)
{
    const char *name = router_rung(chat->setup.settings, rung);
    size_t len = strlen(endpoint);
    struct route route;
    if (!strncmp(name, endpoint, len) && name[len] == '/' &&
        !strcmp(name + len + 1, model))
        return true;
    discovery_take(&chat->discovery, chat_aim(chat), name, &route);
    return route.verdict == ROUTE_TO && !strcmp(route.model, model) &&
           !strcmp(route.endpoint->name, endpoint);
}

size_t climbing_rung_of(struct chat *chat, const char *endpoint,
                        const char *model)
{
    size_t count = router_rung_count(chat->setup.settings), rung = 0;
    while (rung < count && !is_rung(chat, rung, endpoint, model))
        rung++;
    return rung;
}

/* The rung, from 1, that the ladder has chosen for the prompt before; 0: it has
 * not, for that was pinned, or was asked again: those are for once. */
static size_t find_standing(struct chat *chat, const struct node *prompt)
{
    const struct graph *graph = chat->conversation.graph;
    const struct node *answer = graph_node(graph, prompt->parent_id);
    const struct run *run = answer ? graph_run(graph, answer->run) : NULL;
    if (!run || run->score < 0 || !run->attempts.count)
        return 0;
    const struct attempt *first = &run->attempts.items[0];
    size_t rung = climbing_rung_of(chat, first->endpoint, first->model);
    return rung < router_rung_count(chat->setup.settings) ? rung + 1 : 0;
}

static void asking_describe(struct asking *asking, struct chat *chat,
                            const struct node *node)
{
    struct ladder_prompt *prompt = &asking->prompt;
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        prompt->has_image |= block->image != NULL;
        prompt->has_file |= block->kind == BLOCK_ATTACHMENT && !block->image;
    }
    append_text(node, &asking->text);
    prompt->text = buf_slice(&asking->text);
    if (ladder_is_follow_up(prompt->text))
        append_before(chat->conversation.graph, node, &asking->before);
    prompt->before = buf_slice(&asking->before);
    prompt->standing = find_standing(chat, node);
}

double climbing_score(struct chat *chat, const struct node *prompt)
{
    struct asking asking = { 0 };
    struct complexity complexity;
    struct buf reasons = { 0 };
    if (prompt)
        asking_describe(&asking, chat, prompt);
    ladder_judge(&asking.prompt, &complexity, &reasons);
    asking_clear(&asking);
    buf_clear(&reasons);
    return complexity.score;
}

static void choose(struct chat *chat, const struct ladder_prompt *prompt,
                   struct ladder_choice *choice, struct buf *reasons)
{
    struct climb climb = { 0 };
    look_at_rungs(chat, prompt, &climb);
    struct ladder ladder = {
        .settings = chat->setup.settings,
        .rungs = climb.rungs.items,
        .count = router_rung_count(chat->setup.settings),
    };
    ladder.more = climb.rungs.count - ladder.count;
    learning_recall(chat, &ladder.lesson);
    ladder_choose(&ladder, prompt, choice, reasons);
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
    if (!chat->run)
        gate_forecast(chat, prompt->text, route);
}

/* What goes on with an answer is as hard as what was asked. */
void climbing_decide(struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    uint64_t id = graph_run(graph, chat->run)->prompt_id;
    const struct node *prompt = climbing_prompt(graph, id);
    struct asking asking = { 0 };
    buf_reset(&chat->reasons);
    if (chat->again.target) {
        again_decide(chat);
        return;
    }
    if (prompt)
        asking_describe(&asking, chat, prompt);
    messages_catch_up(chat->messages, graph, id);
    asking.prompt.tokens = counting_tokens(chat, NULL);
    chat_forecast(chat, &asking.prompt, &chat->route, &chat->choice,
                  &chat->reasons);
    asking_clear(&asking);
}
