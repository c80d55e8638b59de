/* SPDX-License-Identifier: MIT */
/*
 * preferring - the user says which of two answers is better: it is in the log,
 * it is shown, and the threshold hears of it once. A log that is read again
 * teaches nothing.
 *
 * Only what is said counts. Going on under one of two answers says little: the
 * second one is shown because it came last.
 */
#include <inttypes.h>
#include <string.h>

#include "chat/branch.h"
#include "chat/climbing.h"
#include "chat/learning.h"

/* What is said, and what of it counts. */
struct saying {
    const struct node *better, *other; /* of the graph */
    bool is_same;
    double score, threshold;
    enum vote vote;
    const char *why; /* it counts as nothing; NULL: it counts */
};

/* A calling answer is not yet the whole: its run goes on behind it. */
static bool has_ended(const struct graph *graph, const struct node *node)
{
    const struct run *run = graph_run(graph, node->run);
    return !node->is_open &&
           (!run || life_is_terminal(LIFE_RUN, (int)run->state));
}

static bool check_pair(const struct graph *graph,
                       const struct answer_pair *pair, struct error *err)
{
    const struct node *first = graph_node(graph, pair->first_id);
    const struct node *second = graph_node(graph, pair->second_id);
    if (!first || !second || first == second || first->kind != NODE_ASSISTANT ||
        second->kind != NODE_ASSISTANT || first->parent_id != second->parent_id)
        return error_set(err, ERROR_USAGE,
                         "these are no two answers to the same prompt; Alt-b "
                         "or /better asks for another answer");
    if (!has_ended(graph, first) || !has_ended(graph, second))
        return error_set(err, ERROR_USAGE,
                         "one of the two is not complete yet; say it when it "
                         "is");
    return true;
}

/* What was cut or stopped may be worse for that alone. */
static bool is_whole(const struct graph *graph, const struct node *node)
{
    const struct attempt *attempt = graph_node_attempt(graph, node);
    return attempt && attempt->state == ATTEMPT_COMPLETE &&
           !node->is_superseded;
}

static size_t rung_of(struct chat *chat, const struct node *node)
{
    const struct attempt *attempt =
        graph_node_attempt(chat->conversation.graph, node);
    return climbing_rung_of(chat, attempt->endpoint, attempt->model);
}

/* The score as the ladder saw it, or would have seen it. */
static double score_of(struct chat *chat, const struct saying *saying)
{
    const struct graph *graph = chat->conversation.graph;
    const struct run *better = graph_run(graph, saying->better->run);
    const struct run *other = graph_run(graph, saying->other->run);
    if (better->score >= 0 || other->score >= 0)
        return better->score >= 0 ? better->score : other->score;
    return climbing_score(chat, climbing_prompt(graph, saying->better->id));
}

static void judge(struct chat *chat, struct saying *saying)
{
    const struct graph *graph = chat->conversation.graph;
    const struct settings *settings = chat->setup.settings;
    struct lesson lesson;
    learning_recall(chat, &lesson);
    saying->score = score_of(chat, saying);
    saying->threshold = lesson_threshold(&lesson, lesson.own);
    if (!is_whole(graph, saying->better) || !is_whole(graph, saying->other)) {
        saying->why = "one of the two is not whole";
        return;
    }
    const struct lesson_case said = {
        .better = rung_of(chat, saying->better),
        .other = rung_of(chat, saying->other),
        .count = router_rung_count(settings),
        .is_same = saying->is_same,
        .score = saying->score,
        .threshold = saying->threshold,
        .band = settings_number(settings, "routing.band", LADDER_BAND),
    };
    if (learning_counts(chat, &saying->why))
        saying->vote = lesson_vote(&said, &saying->why);
}

/* Says the same as before. */
static bool is_said(const struct preference *before,
                    const struct saying *saying)
{
    return before && before->is_same == saying->is_same &&
           (saying->is_same || before->node_id == saying->better->id);
}

static void describe(const struct graph *graph, const struct saying *saying,
                     struct buf *words)
{
    uint32_t count = graph_sibling_count(graph, saying->better);
    if (saying->is_same)
        buf_printf(words, "no difference between %" PRIu32 " and %" PRIu32,
                   saying->better->sibling + 1, saying->other->sibling + 1);
    else
        buf_printf(
            words, "answer %" PRIu32 " of %" PRIu32 " is better than %" PRIu32,
            saying->better->sibling + 1, count, saying->other->sibling + 1);
}

static void learn(struct chat *chat, const struct saying *saying,
                  const struct preference *before, struct buf *words)
{
    bool is_ours = before && !strcmp(before->profile, learning_profile(chat));
    enum vote taken_back =
        is_ours ? vote_parse(slice_of(before->vote)) : VOTE_NONE;
    const char *why;
    if (learning_counts(chat, &why) && (saying->vote || taken_back)) {
        buf_append_string(words, "; ");
        learning_change(chat, saying->vote, taken_back, before ? before->at : 0,
                        words);
    }
    if (saying->why && router_rung_count(chat->setup.settings))
        buf_printf(words, "; it says nothing about the threshold: %s",
                   saying->why);
}

static void append(struct chat *chat, const struct saying *saying,
                   struct slice words)
{
    const struct attempt *attempt =
        graph_node_attempt(chat->conversation.graph, saying->better);
    struct event event = { .type = EVENT_PREFERENCE };
    event_add_number(&event, FIELD_NODE, saying->better->id);
    event_add_number(&event, FIELD_OTHER, saying->other->id);
    event_add_string(&event, FIELD_OUTCOME,
                     saying->is_same ? "same" : "better");
    event_add_string(&event, FIELD_ENDPOINT, attempt->endpoint);
    event_add_string(&event, FIELD_MODEL, attempt->model);
    event_add_string(&event, FIELD_TIER,
                     attempt->is_vendor ? "cloud" : "local");
    event_add_real(&event, FIELD_SCORE, saying->score);
    event_add_real(&event, FIELD_THRESHOLD, saying->threshold);
    event_add_string(&event, FIELD_PROFILE, learning_profile(chat));
    event_add_string(&event, FIELD_VOTE, vote_name(saying->vote));
    event_add_text(&event, FIELD_TEXT, words);
    chat_append(chat, &event);
}

bool chat_prefer(struct chat *chat, const struct answer_pair *pair,
                 uint64_t better_id, struct buf *words, struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    bool is_second = better_id && better_id == pair->second_id;
    if (!check_pair(graph, pair, err))
        return false;
    struct saying saying = {
        .better =
            graph_node(graph, is_second ? pair->second_id : pair->first_id),
        .other =
            graph_node(graph, is_second ? pair->first_id : pair->second_id),
        .is_same = !better_id,
    };
    const struct preference *before =
        graph_preference(graph, pair->first_id, pair->second_id);
    describe(graph, &saying, words);
    if (is_said(before, &saying)) {
        buf_append_string(words, ", as you said before");
    } else {
        judge(chat, &saying);
        learn(chat, &saying, before, words);
        append(chat, &saying, buf_slice(words));
    }
    if (better_id && !branch_is_active(graph, better_id))
        chat_move_head(chat, graph_deepest(graph, better_id));
    return true;
}
