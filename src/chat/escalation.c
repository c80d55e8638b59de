/* SPDX-License-Identifier: MIT */
/*
 * escalation - the first rung has answered a prompt that stands near the
 * threshold: its answer is looked at, and where something speaks against it a
 * better rung answers too, as a sibling that takes the head.
 */
#include <stdio.h>
#include <string.h>

#include "chat/answer_look.h"
#include "chat/chat_state.h"
#include "graph/ending.h"

/* Two things that only make it less likely. */
static const double doubt = 16;

/* The setting lists the faults after which it is wanted. */
static bool is_listed(const struct settings *settings, enum answer_fault fault)
{
    const struct setting *on = settings_find(settings, "routing.escalate.on");
    for (size_t i = 0; on && i < on->child_count; i++)
        if (!strcmp(on->children[i]->text, answer_fault_name(fault)))
            return true;
    return false;
}

static bool is_doubtful(const struct settings *settings,
                        const struct answer_look *look)
{
    static const enum answer_fault certain[] = {
        FAULT_REFUSAL,        FAULT_CUT,  FAULT_LOOP, FAULT_BAD_JSON,
        FAULT_BAD_ARITHMETIC, FAULT_EMPTY
    };
    bool has_list = settings_find(settings, "routing.escalate.on") != NULL;
    for (int i = 0; has_list && i < FAULT_COUNT; i++)
        if (look->has[i] && is_listed(settings, (enum answer_fault)i))
            return true;
    for (size_t i = 0; !has_list && i < COUNTOF(certain); i++)
        if (look->has[certain[i]])
            return true;
    return !has_list && look->suspicion >= doubt;
}

static void append_texts(const struct node *node, struct buf *out)
{
    for (size_t i = 0; node && i < node->blocks.count; i++)
        if (node->blocks.items[i].kind == BLOCK_TEXT)
            buf_append_slice(out, buf_slice(&node->blocks.items[i].text));
}

static bool has_calls(const struct node *node)
{
    for (size_t i = 0; i < node->blocks.count; i++)
        if (node->blocks.items[i].kind == BLOCK_CALL)
            return true;
    return false;
}

static void append_checked(struct chat *chat, uint64_t node_id,
                           const struct answer_look *look, bool is_doubted,
                           struct slice words)
{
    struct event event = chat_run_event(chat, EVENT_ANSWER_CHECKED);
    struct buf logprobs = { 0 };
    event_add_number(&event, FIELD_NODE, node_id);
    event_add_string(&event, FIELD_OUTCOME, is_doubted ? "doubtful" : "sound");
    event_add_real(&event, FIELD_SCORE,
                   complexity_score(&chat->choice.complexity, look->suspicion));
    event_add_text(&event, FIELD_TEXT, words);
    if (chat->failed.confidence.tokens) {
        confidence_append(&chat->failed.confidence, &logprobs);
        event_add_text(&event, FIELD_LOGPROBS, buf_slice(&logprobs));
    }
    chat_append(chat, &event);
    buf_clear(&logprobs);
}

/* Looks once; what it finds is in the log. */
static bool looks_doubtful(struct chat *chat, const struct node *node)
{
    const struct graph *graph = chat->conversation.graph;
    const struct attempt *attempt = graph_node_attempt(graph, node);
    uint64_t prompt_id = graph_run(graph, chat->run)->prompt_id;
    struct buf prompt = { 0 }, answer = { 0 }, words = { 0 };
    struct answer_look look = { 0 };
    append_texts(graph_node(graph, prompt_id), &prompt);
    append_texts(node, &answer);
    const struct answer_question question = {
        .prompt = buf_slice(&prompt),
        .answer = buf_slice(&answer),
        .is_cut = ending_is_by_length(slice_of(attempt->finish_reason)),
        .is_refusal = ending_is_by_filter(slice_of(attempt->finish_reason)),
        .confidence = &chat->failed.confidence,
    };
    answer_look_at(&question, &look, &words);
    bool is_doubted = is_doubtful(chat->setup.settings, &look);
    append_checked(chat, node->id, &look, is_doubted, buf_slice(&words));
    buf_clear(&prompt);
    buf_clear(&answer);
    buf_clear(&words);
    return is_doubted;
}

/* "paid": whoever leaves the machine costs, or is somebody else's. */
static bool must_ask(const struct chat *chat, const struct route *route)
{
    const char *ask =
        settings_text(chat->setup.settings, "routing.escalate.ask", "paid");
    return !strcmp(ask, "always") || (!strcmp(ask, "paid") && route->is_vendor);
}

/* What was printed cannot be taken back: somebody has to be there. */
bool escalation_starts(struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    const struct attempt *attempt =
        graph_attempt(graph, chat->run, chat->attempt);
    const struct node *node = graph_node(graph, attempt->node_id);
    struct route route;
    if (!chat->choice.is_watched || !chat->setup.is_interactive || !node ||
        has_calls(node))
        return false;
    chat->choice.is_watched = false;
    uint64_t node_id = node->id;
    if (!looks_doubtful(chat, node) || !fallback_find_rung(chat, &route) ||
        !fallback_may_follow_effects(chat))
        return false;
    chat->route = route;
    chat->doubted_id = node_id;
    chat->is_falling_back = true;
    chat->choice.asks =
        fallback_asks_for_effects(chat) || must_ask(chat, &route);
    fallback_start(chat);
    return true;
}

bool escalation_gives_up(struct chat *chat, const char *why)
{
    const struct graph *graph = chat->conversation.graph;
    struct answer_result result = { .outcome = ANSWER_COMPLETE };
    uint64_t node_id = chat->doubted_id;
    if (!node_id)
        return false;
    const struct attempt *attempt =
        graph_node_attempt(graph, graph_node(graph, node_id));
    snprintf(result.finish_reason, sizeof result.finish_reason, "%s",
             attempt->finish_reason);
    error_set(&result.err, ERROR_NONE, "no second answer: %s", why);
    if (graph_head(graph) != node_id)
        chat_move_head(chat, node_id);
    run_end(chat, answer_outcome_name(ANSWER_COMPLETE), &result);
    return true;
}
