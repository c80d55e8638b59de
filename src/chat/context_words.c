/* SPDX-License-Identifier: MIT */
#include "chat/context_words.h"

#include "chat/chat_state.h"
#include "chat/reread.h"

static const char *const names[] = {
    [CONTEXT_SUMMARISE] = "summarise", [CONTEXT_TAKE] = "take",
    [CONTEXT_TRUNCATE] = "truncate",   [CONTEXT_SEND] = "send",
    [CONTEXT_STAY] = "stay",
};

const char *context_answer_name(enum context_answer answer)
{
    return names[answer];
}

static void append_counted(struct buf *out, size_t count, const char *noun)
{
    buf_append_count(out, count);
    buf_printf(out, " %s%s", noun, count == 1 ? "" : "s");
}

static void append_where(const struct chat *chat, struct buf *out)
{
    buf_printf(out, " (%s at %s)", chat->route.model,
               chat->route.endpoint->name);
}

static void append_window(const struct chat *chat, struct buf *out)
{
    const struct filling *now = &chat->compacting.plan.now;
    buf_append_count(out, now->tokens);
    buf_append_string(out, " tokens, with ");
    buf_append_count(out, now->reply);
    buf_append_string(out,
                      " kept for the reply, do not fit into the window of ");
    buf_append_count(out, now->window);
    append_where(chat, out);
}

void context_words_tools(const struct chat *chat, const struct filling *filling,
                         struct buf *out)
{
    buf_append_string(out, "the tools that are offered (");
    buf_append_count(out, filling_tools(filling));
    buf_append_string(out, chat->setup.is_interactive
                               ? " tokens: /mode off offers none, tools.use "
                                 "says which)"
                               : " tokens: tools.mode=off offers none, "
                                 "--tools and tools.use say which)");
}

static bool has_pinned(const struct graph *graph)
{
    const struct node *node = graph_node(graph, graph_head(graph));
    while (node && !node->is_pinned)
        node = graph_node(graph, node->parent_id);
    return node;
}

static bool has_summary(const struct budget *budget)
{
    return budget && budget_parts(budget).tokens[BUDGET_SUMMARY];
}

void context_words_staying(const struct chat *chat, struct buf *out)
{
    const struct graph *graph = chat->conversation.graph;
    const struct filling *now = &chat->compacting.plan.now;
    if (now->beside) {
        context_words_tools(chat, now, out);
        buf_append_string(out, ", ");
    }
    if (*graph_system(graph))
        buf_append_string(out, "the system prompt, ");
    if (has_pinned(graph))
        buf_append_string(out, "what is pinned, ");
    if (has_summary(chat->compacting.budget))
        buf_append_string(out, "summaries, ");
    buf_append_string(out, "the last prompt with what followed it");
}

void context_words_over(const struct chat *chat, struct buf *out)
{
    buf_append_string(out, "over budget: ");
    append_window(chat, out);
    buf_append_string(out, ", and these stay: ");
    context_words_staying(chat, out);
    buf_append_string(out, "; shorten it, or take a model with a larger window "
                           "(/model, -m)");
}

void context_words_off(const struct chat *chat, struct buf *out)
{
    append_window(chat, out);
    buf_append_string(out, ", and context.policy is off: ");
    if (chat->setup.is_interactive)
        buf_append_string(out, "/compact makes room, /set "
                               "context.policy=truncate lets older turns go, "
                               "/model takes a larger one");
    else
        buf_append_string(out, "--set context.policy=truncate leaves older "
                               "turns out, summarise sums them up, -m takes a "
                               "larger model");
}

static void append_change(const struct filling *before,
                          const struct filling *after, struct buf *out)
{
    buf_append_count(out, before->tokens);
    buf_append_string(out, " to about ");
    buf_append_count(out, after->tokens);
    buf_append_string(out, " tokens");
    if (after->window)
        buf_printf(out, ", %.0f%% of the window", filling_share(after) * 100);
}

void context_words_cut(const struct context_plan *plan, struct buf *out)
{
    size_t count = plan->cut.nodes.count;
    buf_append_string(out, "to make room ");
    append_counted(out, count, "turn");
    buf_printf(out, " %s left out: ", count == 1 ? "is" : "are");
    append_change(&plan->now, &plan->cut_to, out);
    buf_append_string(out, "; /undo takes it back");
}

void context_words_taken(const struct stretch *stretch, struct buf *out)
{
    buf_append_string(out, "a summary stands in place of ");
    append_counted(out, stretch->nodes.count, "turn");
    buf_append_string(out, "; /undo takes it back");
}

static void append_reread(struct chat *chat, uint64_t estimated,
                          struct buf *out)
{
    struct reread reread = reread_of_tokens(chat, estimated);
    if (!reread.tokens)
        return;
    buf_append_string(out, "; the server ");
    reread_words(&reread, out);
}

/* The question. */

static void append_stage(const struct chat *chat, struct buf *out)
{
    const struct compacting *compacting = &chat->compacting;
    const struct recap *recap = &compacting->recap;
    if (compacting->stage == CONTEXT_WRITING)
        buf_printf(out, "%s at %s sums up ",
                   *recap->route.model ? recap->route.model : "a model",
                   recap->route.endpoint->name);
    else
        buf_append_string(out, "the summary of ");
    append_counted(out, recap->stretch.nodes.count, "turn");
    if (compacting->stage == CONTEXT_REVIEWED)
        buf_append_string(out, recap->is_cut
                                   ? " is there, but was cut off at its end"
                                   : " is there");
    if (recap->left_out)
        buf_printf(out, "; the oldest %zu had no room in its prompt",
                   recap->left_out);
}

void chat_context_words(const struct chat *chat, struct buf *out)
{
    const struct compacting *compacting = &chat->compacting;
    if (compacting->stage != CONTEXT_OFFERED) {
        append_stage(chat, out);
        return;
    }
    buf_append_string(out, compacting->is_by_hand ? "the conversation takes "
                                                  : "the request takes ");
    filling_words(&compacting->plan.now, out);
    if (compacting->failed.kind != ERROR_NONE)
        buf_printf(out, "; no summary: %s", compacting->failed.text);
}

static bool about_summarise(struct chat *chat, struct buf *out)
{
    const struct context_plan *plan = &chat->compacting.plan;
    struct route route;
    recap_route(chat, compacting_usual(chat), &route);
    if (chat->compacting.stage != CONTEXT_OFFERED || !context_plan_sums(plan) ||
        route.verdict == ROUTE_NONE)
        return false;
    buf_printf(out, "%s at %s%s sums up ",
               *route.model ? route.model : "a model", route.endpoint->name,
               route.is_vendor ? ", a vendor," : "");
    append_counted(out, plan->stretch.nodes.count, "turn");
    buf_append_string(out, ": ");
    append_change(&plan->now, &plan->sum_to, out);
    append_reread(chat, plan->sum_reread, out);
    return true;
}

static bool about_truncate(struct chat *chat, struct buf *out)
{
    const struct context_plan *plan = &chat->compacting.plan;
    if (chat->compacting.stage != CONTEXT_OFFERED || !plan->cut.nodes.count)
        return false;
    append_counted(out, plan->cut.nodes.count, "turn");
    buf_printf(out,
               " %s left out: ", plan->cut.nodes.count == 1 ? "is" : "are");
    append_change(&plan->now, &plan->cut_to, out);
    append_reread(chat, plan->cut_reread, out);
    return true;
}

static bool about_send(const struct chat *chat, struct buf *out)
{
    const struct compacting *compacting = &chat->compacting;
    if (compacting->stage != CONTEXT_OFFERED || compacting->is_by_hand ||
        filling_judge(&compacting->plan.now) == FILLING_OVER)
        return false;
    buf_append_string(out,
                      "as it is; you are asked again when it does not fit");
    return true;
}

bool chat_context_about(struct chat *chat, enum context_answer answer,
                        struct buf *out)
{
    const struct compacting *compacting = &chat->compacting;
    switch (answer) {
    case CONTEXT_SUMMARISE: return about_summarise(chat, out);
    case CONTEXT_TRUNCATE: return about_truncate(chat, out);
    case CONTEXT_SEND: return about_send(chat, out);
    case CONTEXT_TAKE:
        buf_append_string(out, "it stands in place of those turns; /undo takes "
                               "it back");
        return compacting->stage == CONTEXT_REVIEWED;
    case CONTEXT_STAY:
        buf_append_string(out, compacting->is_by_hand
                                   ? "nothing is cut"
                                   : "do not send, and cut nothing");
        return compacting->stage != CONTEXT_IDLE;
    }
    return false;
}

bool chat_context_parse(struct chat *chat, struct slice word,
                        enum context_answer *answer)
{
    struct buf ignored = { 0 };
    bool is_answer = false;
    for (int i = 0; i < CONTEXT_ANSWERS && !is_answer; i++) {
        *answer = (enum context_answer)i;
        is_answer = slice_is(word, names[i]) &&
                    chat_context_about(chat, *answer, &ignored);
    }
    buf_clear(&ignored);
    return is_answer;
}
