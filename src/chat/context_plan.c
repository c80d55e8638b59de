/* SPDX-License-Identifier: MIT */
#include "chat/context_plan.h"

#include "chat/branch.h"
#include "chat/chat_state.h"

enum {
    SUMMARY_SHARE = 4, /* of what is to be left a summary may take so much, */
    SUMMARY_LEAST = 64,
    SUMMARY_MOST = 2048, /* but no more tokens */
};

void context_plan_clear(struct context_plan *plan)
{
    lens_cut_clear(&plan->cut);
    stretch_clear(&plan->stretch);
    *plan = (struct context_plan){ 0 };
}

static bool goes(const struct context_plan *plan, uint64_t node_id)
{
    for (size_t i = 0; i < plan->cut.nodes.count; i++)
        if (plan->cut.nodes.items[i] == node_id)
            return true;
    return false;
}

/* What stands in front of the first that goes need not be read again. */
static void measure_front(struct context_plan *plan,
                          const struct budget *budget)
{
    const struct spans *spans = budget_spans(budget);
    uint64_t front =
        plan->now.beside + budget_parts(budget).tokens[BUDGET_SYSTEM];
    bool is_cut = false, is_summed = false;
    for (size_t i = 0; i < spans->items.count; i++) {
        struct budget_sum own = budget_span(budget, i);
        uint64_t id = spans_first_id(spans, i);
        if (!is_cut && goes(plan, id)) {
            is_cut = true;
            plan->cut_reread = plan->cut.left - front;
        }
        if (!is_summed && id == plan->stretch.first_id) {
            is_summed = true;
            plan->sum_reread = plan->sum_to.estimated - front;
        }
        front += budget_sum_total(&own);
    }
}

static uint64_t less(uint64_t messages, size_t gone)
{
    return messages > gone ? messages - gone : 0;
}

static uint64_t allow(uint64_t most)
{
    uint64_t tokens = most / SUMMARY_SHARE;
    if (tokens < SUMMARY_LEAST)
        return SUMMARY_LEAST;
    return tokens > SUMMARY_MOST ? SUMMARY_MOST : tokens;
}

void context_plan_make(struct context_plan *plan, const struct filling *now,
                       const struct budget *budget, const struct graph *graph,
                       double share)
{
    uint64_t most = share > 0 ? filling_estimate(now, share) : 0;
    context_plan_clear(plan);
    plan->now = *now;
    plan->allowance = allow(most);
    lens_plan(&plan->cut, budget, graph, now->beside, most);
    stretch_plan(&plan->stretch, budget, graph, now->beside,
                 most > plan->allowance ? most - plan->allowance : 0);
    plan->cut_to = filling_with(now, plan->cut.left,
                                less(now->messages, plan->cut.nodes.count));
    plan->sum_to =
        filling_with(now, plan->stretch.left + plan->allowance,
                     less(now->messages, plan->stretch.nodes.count) + 1);
    measure_front(plan, budget);
}

void context_plan_make_last(struct context_plan *plan,
                            const struct filling *now,
                            const struct budget *budget,
                            const struct graph *graph)
{
    context_plan_clear(plan);
    plan->now = *now;
    lens_plan_all(&plan->cut, budget, graph, now->beside,
                  filling_estimate(now, 1));
    plan->cut_to = filling_with(now, plan->cut.left, now->messages);
}

bool context_plan_sums(const struct context_plan *plan)
{
    return plan->stretch.first_id && plan->stretch.tokens > SUMMARY_LEAST;
}

/* Words in the event say that it was no wish of the user's. */
static void leave_out(struct chat *chat, uint64_t node_id)
{
    struct event event = { .type = EVENT_LEFT_OUT };
    event_add_number(&event, FIELD_NODE, node_id);
    event_add_number(&event, FIELD_ON, true);
    event_add_string(&event, FIELD_TEXT, "to make room");
    chat_append(chat, &event);
}

void context_plan_cut(struct chat *chat, const struct context_plan *plan)
{
    for (size_t i = 0; i < plan->cut.nodes.count; i++)
        leave_out(chat, plan->cut.nodes.items[i]);
}

/* Everything is still there, and nobody has pinned any of it since. */
static bool check(const struct graph *graph, const struct stretch *stretch,
                  struct error *err)
{
    for (size_t i = 0; i < stretch->nodes.count; i++) {
        const struct node *node = graph_node(graph, stretch->nodes.items[i]);
        bool is_pinned =
            node && node->is_pinned && !stretch->summaries.items[i];
        if (!node || is_pinned || !branch_is_active(graph, node->id))
            return error_set(err, ERROR_USAGE,
                             "the conversation has changed since; nothing was "
                             "put in the place of anything");
    }
    return true;
}

static uint64_t append_summary(struct chat *chat, const struct stretch *stretch,
                               uint64_t node_id, struct slice summary)
{
    struct event event = { .type = EVENT_SUMMARISED };
    event_add_number(&event, FIELD_FIRST, stretch->first_id);
    event_add_number(&event, FIELD_LAST, stretch->last_id);
    if (node_id)
        event_add_number(&event, FIELD_NODE, node_id);
    event_add_text(&event, FIELD_TEXT, summary);
    chat_append(chat, &event);
    return event.seq;
}

bool context_plan_fold(struct chat *chat, const struct stretch *stretch,
                       uint64_t node_id, struct slice summary,
                       struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    if (!check(graph, stretch, err))
        return false;
    struct event event = { .type = EVENT_FOLDED };
    event_add_number(&event, FIELD_SUMMARY,
                     append_summary(chat, stretch, node_id, summary));
    event_add_number(&event, FIELD_ON, true);
    chat_append(chat, &event);
    for (size_t i = stretch->apart; i < stretch->nodes.count; i++)
        if (!graph_node(graph, stretch->nodes.items[i])->is_left_out)
            leave_out(chat, stretch->nodes.items[i]);
    return true;
}
