/* SPDX-License-Identifier: MIT */
#include "graph/graph.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "graph/fold.h"

/* Whose stamps an event must bear, and which must not have ended. */
enum scope {
    SCOPE_SESSION, /* none: what it says holds at any time */
    SCOPE_STAMPED, /* the run, where it is stamped with one */
    SCOPE_RUN,
    SCOPE_ATTEMPT, /* the last attempt of the run */
    SCOPE_ANSWER,  /* the last attempt, where it is stamped with one */
};

struct rule {
    bool is_known;
    enum scope scope;
    fold_fn *fold; /* NULL: nothing of it is kept here */
};

#define RULE(type, scope, fold) [EVENT_##type] = { true, SCOPE_##scope, fold }

static const struct rule rules[] = {
    RULE(SESSION_OPENED, SESSION, NULL),
    RULE(TITLE, SESSION, fold_title),
    RULE(PROMPT_QUEUED, SESSION, fold_prompt_queued),
    RULE(USER_MESSAGE, SESSION, fold_user_message),
    RULE(HEAD_MOVED, SESSION, fold_head_moved),
    RULE(RUN_STARTED, SESSION, fold_run_started),
    RULE(ROUTED, RUN, fold_routed),
    RULE(ATTEMPT_STARTED, RUN, fold_attempt_started),
    RULE(CONNECTED, ATTEMPT, fold_connected),
    RULE(MODEL_LOADING, ATTEMPT, fold_model_loading),
    RULE(TEXT_DELTA, ATTEMPT, fold_text_delta),
    RULE(THINKING_DELTA, ATTEMPT, fold_thinking_delta),
    RULE(TOOL_CALL_START, ATTEMPT, fold_tool_call_start),
    RULE(TOOL_CALL_DELTA, ATTEMPT, fold_tool_call_delta),
    RULE(TOOL_CALL_END, ATTEMPT, fold_tool_call_end),
    RULE(USAGE, ATTEMPT, fold_usage),
    RULE(MODEL_REPORTED, ATTEMPT, fold_model_reported),
    RULE(OPAQUE, ATTEMPT, fold_opaque),
    RULE(OBJECT_PARTIAL, ATTEMPT, NULL),
    RULE(ATTEMPT_FINISHED, ATTEMPT, fold_attempt_finished),
    RULE(RETRY_SCHEDULED, RUN, fold_retry_scheduled),
    RULE(FELL_BACK, RUN, fold_fell_back),
    RULE(SUPERSEDED, ANSWER, fold_superseded),
    RULE(CONSENT_ASKED, STAMPED, fold_consent_asked),
    RULE(CONSENT_ANSWERED, STAMPED, fold_consent_answered),
    RULE(ANSWER_CHECKED, SESSION, fold_answer_checked),
    RULE(PREFERENCE, SESSION, fold_preference),
    RULE(RUN_FINISHED, RUN, fold_run_finished),
    RULE(RELAY_ASKED, STAMPED, fold_relay_asked),
    RULE(RELAY_ANSWERED, STAMPED, fold_relay_answered),
    RULE(TOOL_STARTED, STAMPED, fold_tool_started),
    RULE(TOOL_OUTPUT, STAMPED, fold_tool_output),
    RULE(TOOL_FINISHED, STAMPED, fold_tool_finished),
    RULE(SYSTEM_SET, SESSION, fold_system_set),
    RULE(SETTINGS_SET, SESSION, fold_settings_set),
    RULE(ATTACHMENT_ADDED, SESSION, fold_attachment_added),
    RULE(PROMPT_WITHDRAWN, SESSION, fold_prompt_withdrawn),
    RULE(BRANCH_NAMED, SESSION, fold_branch_named),
    RULE(PRUNED, SESSION, fold_pruned),
    RULE(RESTORED, SESSION, fold_restored),
    RULE(REDACTED, SESSION, NULL),
    RULE(AGENT_PHASE, SESSION, NULL),
    RULE(SUMMARISED, SESSION, fold_summarised),
    RULE(FOLDED, SESSION, fold_folded),
    RULE(PINNED, SESSION, fold_pinned),
    RULE(REMEMBERED, SESSION, fold_remembered),
    RULE(RECALLED, SESSION, fold_recalled),
    RULE(FORGOTTEN, SESSION, fold_forgotten),
    RULE(MODEL_STATE, SESSION, NULL),
    RULE(RATE_LIMITS, ATTEMPT, fold_rate_limits),
    RULE(LEFT_OUT, SESSION, fold_left_out),
    RULE(PRIVACY_MARKED, SESSION, fold_privacy_marked),
    RULE(NOTED, SESSION, fold_noted),
    RULE(CALL_MADE, SESSION, fold_call_made),
};
#undef RULE

static_assert(COUNTOF(rules) == EVENT_TYPE_COUNT, "one rule for each type");

struct graph *graph_new(void)
{
    struct graph *graph = memory_zero(1, sizeof *graph);
    nodes_init(&graph->nodes);
    graph->title = memory_copy("", 0);
    graph->system = memory_copy("", 0);
    return graph;
}

static void clear_run(struct run *run)
{
    for (size_t i = 0; i < run->attempts.count; i++) {
        struct attempt *attempt = &run->attempts.items[i];
        free(attempt->endpoint);
        free(attempt->dialect);
        free(attempt->model);
        free(attempt->model_reported);
        free(attempt->sequel.words);
        free(attempt->limits);
        free(attempt->finish_reason);
        free(attempt->error);
        free(attempt->settings);
        free(attempt->why);
        free(attempt->check);
    }
    array_clear(&run->attempts);
    free(run->finish_reason);
    free(run->error);
    free(run->reasons);
    free(run->why);
    free(run->features);
    free(run->sequel.words);
}

static void clear_call(struct call *call)
{
    free(call->server_id);
    free(call->name);
    free(call->spool);
    buf_clear(&call->output);
}

void graph_free(struct graph *graph)
{
    if (!graph)
        return;
    for (size_t i = 0; i < graph->runs.count; i++)
        clear_run(&graph->runs.items[i]);
    for (size_t i = 0; i < graph->calls.count; i++)
        clear_call(&graph->calls.items[i]);
    for (size_t i = 0; i < graph->queue.count; i++)
        free(graph->queue.items[i].text);
    for (size_t i = 0; i < graph->changes.count; i++)
        free(graph->changes.items[i].name);
    for (size_t i = 0; i < graph->summaries.count; i++)
        free(graph->summaries.items[i].text);
    for (size_t i = 0; i < graph->preferences.count; i++) {
        free(graph->preferences.items[i].profile);
        free(graph->preferences.items[i].vote);
    }
    array_clear(&graph->preferences);
    for (size_t i = 0; i < graph->marks.count; i++) {
        free(graph->marks.items[i].mark.rule);
        free(graph->marks.items[i].mark.where);
    }
    array_clear(&graph->marks);
    memory_list_clear(&graph->shelf);
    array_clear(&graph->summaries);
    array_clear(&graph->runs);
    array_clear(&graph->calls);
    array_clear(&graph->queue);
    array_clear(&graph->changes);
    nodes_clear(&graph->nodes);
    free(graph->title);
    free(graph->system);
    free(graph->settings);
    free(graph);
}

static enum reject_reason check_attempt(const struct run *run, uint32_t attempt)
{
    if (attempt == 0 || attempt > run->attempts.count)
        return REJECT_ORPHAN;
    const struct attempt *last = array_last(&run->attempts);
    bool is_over = attempt < run->attempts.count ||
                   life_is_terminal(LIFE_ATTEMPT, last->state);
    return is_over ? REJECT_LATE : REJECT_NONE;
}

static enum reject_reason check_stamps(struct graph *graph,
                                       const struct event *event,
                                       enum scope scope)
{
    if (scope == SCOPE_SESSION || (scope == SCOPE_STAMPED && !event->run) ||
        (scope == SCOPE_ANSWER && !event->attempt))
        return REJECT_NONE;
    const struct run *run = fold_run_of(graph, event);
    if (!run)
        return REJECT_ORPHAN;
    if (life_is_terminal(LIFE_RUN, run->state))
        return REJECT_LATE;
    return scope == SCOPE_ATTEMPT || scope == SCOPE_ANSWER
               ? check_attempt(run, event->attempt)
               : REJECT_NONE;
}

static enum reject_reason apply(struct graph *graph, const struct event *event)
{
    assert(event->type < EVENT_TYPE_COUNT);
    const struct rule *rule = &rules[event->type];
    if (!rule->is_known)
        return REJECT_UNKNOWN;
    enum reject_reason reason = check_stamps(graph, event, rule->scope);
    if (reason != REJECT_NONE || !rule->fold)
        return reason;
    return rule->fold(graph, event);
}

static uint64_t rejected_total(const struct graph *graph)
{
    uint64_t total = 0;
    for (size_t i = 0; i < REJECT_REASON_COUNT; i++)
        total += graph->rejected_counts[i];
    return total;
}

static void reject(struct graph *graph, const struct event *event,
                   enum reject_reason reason)
{
    uint64_t slot = rejected_total(graph) % GRAPH_REJECTED_KEPT;
    graph->rejected[slot] = (struct rejected){
        .seq = event->seq,
        .type = event->type,
        .reason = reason,
    };
    graph->rejected_counts[reason]++;
}

void graph_apply(struct graph *graph, const struct event *event)
{
    assert(event->seq == graph->seq + 1);
    graph->nodes.seq = event->seq;
    enum reject_reason reason = apply(graph, event);
    if (reason != REJECT_NONE)
        reject(graph, event, reason);
    graph->seq = event->seq;
}

uint64_t graph_seq(const struct graph *graph)
{
    return graph->seq;
}

uint64_t graph_head(const struct graph *graph)
{
    return graph->nodes.head_id;
}

uint64_t graph_head_revision(const struct graph *graph)
{
    return graph->nodes.head_revision;
}

const struct node *graph_node(const struct graph *graph, uint64_t id)
{
    const struct node_record *record = nodes_find(&graph->nodes, id);
    return record ? &record->node : NULL;
}

const struct run *graph_run(const struct graph *graph, uint32_t id)
{
    return id && id <= graph->runs.count ? &graph->runs.items[id - 1] : NULL;
}

const struct attempt *graph_attempt(const struct graph *graph, uint32_t run_id,
                                    uint32_t attempt)
{
    const struct run *run = graph_run(graph, run_id);
    if (!run || attempt == 0 || attempt > run->attempts.count)
        return NULL;
    return &run->attempts.items[attempt - 1];
}

const struct call *graph_call(const struct graph *graph, uint32_t id)
{
    return id && id <= graph->calls.count ? &graph->calls.items[id - 1] : NULL;
}

bool graph_attempt_is_paused(const struct attempt *attempt)
{
    return attempt->node_id && attempt->state == ATTEMPT_COMPLETE &&
           !strcmp(attempt->finish_reason, "pause_turn");
}

bool graph_run_moves_head(const struct graph *graph, const struct run *run)
{
    return run->head_id && run->head_id == graph->nodes.head_id &&
           !life_is_terminal(LIFE_RUN, run->state);
}

const struct attempt *graph_node_attempt(const struct graph *graph,
                                         const struct node *node)
{
    return graph_attempt(graph, node->run, node->attempt);
}

static const struct node *parent_or_top(const struct graph *graph,
                                        const struct node *node)
{
    const struct node *parent = graph_node(graph, node->parent_id);
    return parent ? parent : graph_top(graph);
}

uint32_t graph_sibling_count(const struct graph *graph, const struct node *node)
{
    if (node->edge == EDGE_SPAWNED)
        return 1;
    return (uint32_t)parent_or_top(graph, node)->children.count;
}

uint64_t graph_sibling(const struct graph *graph, const struct node *node,
                       uint32_t sibling)
{
    if (node->edge == EDGE_SPAWNED)
        return sibling == 0 ? node->id : 0;
    const struct node *parent = parent_or_top(graph, node);
    return sibling < parent->children.count ? parent->children.items[sibling]
                                            : 0;
}

bool graph_is_shown(const struct graph *graph, const struct node *node)
{
    return nodes_is_shown(&graph->nodes, node->id);
}

static bool works_below(const struct graph *graph, const struct run *run,
                        uint64_t id)
{
    const struct nodes *nodes = &graph->nodes;
    uint64_t open_id =
        run->attempts.count ? array_last(&run->attempts)->node_id : 0;
    return !life_is_terminal(LIFE_RUN, (int)run->state) &&
           (nodes_is_below(nodes, run->leaf_id, id) ||
            nodes_is_below(nodes, open_id, id));
}

bool graph_is_at_work(const struct graph *graph, const struct node *node)
{
    bool is_at_work = false;
    for (size_t i = graph->active_run; i && i <= graph->runs.count; i++)
        is_at_work |= works_below(graph, &graph->runs.items[i - 1], node->id);
    for (size_t i = 0; i < graph->queue.count; i++)
        is_at_work |= nodes_is_below(&graph->nodes,
                                     graph->queue.items[i].parent_id, node->id);
    return is_at_work;
}

const struct change *graph_last_change(const struct graph *graph)
{
    return graph->changes.count ? array_last(&graph->changes) : NULL;
}

uint64_t graph_deepest(const struct graph *graph, uint64_t id)
{
    return nodes_deepest(&graph->nodes, id);
}

const struct node *graph_top(const struct graph *graph)
{
    return &graph->nodes.records.items[0]->node;
}

size_t graph_node_count(const struct graph *graph)
{
    return graph->nodes.records.count - 1;
}

const struct node *graph_node_at(const struct graph *graph, size_t index)
{
    assert(index < graph_node_count(graph));
    return &graph->nodes.records.items[index + 1]->node;
}

uint32_t graph_run_count(const struct graph *graph)
{
    return (uint32_t)graph->runs.count;
}

uint32_t graph_call_count(const struct graph *graph)
{
    return (uint32_t)graph->calls.count;
}

uint32_t graph_summary_count(const struct graph *graph)
{
    return (uint32_t)graph->summaries.count;
}

const struct summary *graph_summary(const struct graph *graph, uint32_t id)
{
    return id && id <= graph->summaries.count ? &graph->summaries.items[id - 1]
                                              : NULL;
}

uint32_t graph_summary_of(const struct graph *graph, uint64_t seq)
{
    size_t low = 0, high = graph->summaries.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (graph->summaries.items[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_there =
        low < graph->summaries.count && graph->summaries.items[low].seq == seq;
    return is_there ? (uint32_t)low + 1 : 0;
}

uint32_t graph_active_run(const struct graph *graph)
{
    return graph->active_run;
}

const struct counted *graph_counted(const struct graph *graph, bool is_vendor)
{
    return is_vendor ? &graph->vendors : &graph->own;
}

const struct spent *graph_spent(const struct graph *graph)
{
    return &graph->spent;
}

size_t graph_queue_count(const struct graph *graph)
{
    return graph->queue.count;
}

const struct queued_prompt *graph_queued(const struct graph *graph,
                                         size_t index)
{
    assert(index < graph->queue.count);
    return &graph->queue.items[index];
}

const char *graph_title(const struct graph *graph)
{
    return graph->title;
}

const char *graph_settings(const struct graph *graph)
{
    return graph->settings ? graph->settings : "";
}

const char *graph_system(const struct graph *graph)
{
    return graph->system;
}

uint64_t graph_system_seq(const struct graph *graph)
{
    return graph->system_seq;
}

uint64_t graph_folded_seq(const struct graph *graph)
{
    return graph->folded_seq;
}

size_t graph_left_out_count(const struct graph *graph)
{
    return graph->left_out_count;
}

const char *graph_reject_name(enum reject_reason reason)
{
    static const char *const names[REJECT_REASON_COUNT] = {
        [REJECT_NONE] = "none",       [REJECT_UNKNOWN] = "unknown",
        [REJECT_LATE] = "late",       [REJECT_ILLEGAL] = "illegal",
        [REJECT_ORPHAN] = "orphaned",
    };
    assert(reason < REJECT_REASON_COUNT);
    return names[reason];
}

uint64_t graph_rejected_count(const struct graph *graph,
                              enum reject_reason reason)
{
    assert(reason < REJECT_REASON_COUNT);
    return graph->rejected_counts[reason];
}

size_t graph_rejected_kept(const struct graph *graph)
{
    uint64_t total = rejected_total(graph);
    return total < GRAPH_REJECTED_KEPT ? (size_t)total : GRAPH_REJECTED_KEPT;
}

const struct rejected *graph_rejected(const struct graph *graph, size_t index)
{
    size_t kept = graph_rejected_kept(graph);
    assert(index < kept);
    uint64_t first = rejected_total(graph) - kept;
    return &graph->rejected[(first + index) % GRAPH_REJECTED_KEPT];
}

uint32_t graph_last_run(const struct graph *graph)
{
    size_t count = graph->runs.count;
    while (count && graph->runs.items[count - 1].is_spawned)
        count--;
    return (uint32_t)count;
}

bool graph_is_aside(const struct graph *graph, uint32_t run)
{
    const struct run *aside = graph_run(graph, run);
    return aside && aside->is_spawned;
}

uint64_t graph_changed_before(const struct graph *graph, uint64_t id)
{
    const struct node_record *record = nodes_find(&graph->nodes, id);
    const struct node_record *next =
        id == 0 ? graph->nodes.newest : (record ? record->older : NULL);
    return next ? next->node.id : 0;
}
