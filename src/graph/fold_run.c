/* SPDX-License-Identifier: MIT */
#include <assert.h>

#include "base/memory.h"
#include "graph/fold.h"

struct run *fold_run_of(struct graph *graph, const struct event *event)
{
    if (event->run == 0 || event->run > graph->runs.count)
        return NULL;
    return &graph->runs.items[event->run - 1];
}

enum reject_reason fold_verdict(enum life_verdict verdict)
{
    static const enum reject_reason reasons[] = {
        [LIFE_MOVED] = REJECT_NONE,
        [LIFE_STAYED] = REJECT_NONE,
        [LIFE_ILLEGAL] = REJECT_ILLEGAL,
        [LIFE_LATE] = REJECT_LATE,
    };
    assert((size_t)verdict < COUNTOF(reasons));
    return reasons[verdict];
}

enum life_verdict fold_move_run(struct run *run, int input)
{
    int state = run->state;
    enum life_verdict verdict = life_move(LIFE_RUN, &state, input);
    run->state = (enum run_state)state;
    return verdict;
}

const struct outcome *fold_outcome_of(const struct event *event)
{
    /* What was cut may have left a tool behind that nobody watches. */
    static const struct outcome outcomes[] = {
        { "complete", RUN_ON_COMPLETE, ATTEMPT_ON_COMPLETE, CALL_ON_ABORT },
        { "cut", RUN_ON_CUT, ATTEMPT_ON_CUT, CALL_ON_LOST },
        { "error", RUN_ON_ERROR, ATTEMPT_ON_ERROR, CALL_ON_ABORT },
        { "aborted", RUN_ON_ABORT, ATTEMPT_ON_ABORT, CALL_ON_ABORT },
    };
    struct slice name = event_text(event, FIELD_OUTCOME);
    for (size_t i = 0; i < COUNTOF(outcomes); i++)
        if (slice_is(name, outcomes[i].name))
            return &outcomes[i];
    return NULL;
}

enum reject_reason fold_run_started(struct graph *graph,
                                    const struct event *event)
{
    struct node_record *prompt =
        nodes_find(&graph->nodes, event_number(event, FIELD_NODE));
    if (!prompt)
        return REJECT_ORPHAN;
    if (event->run != graph->runs.count + 1 ||
        !nodes_is_shown(&graph->nodes, prompt->node.id))
        return REJECT_ILLEGAL;
    bool is_spawned = event_number(event, FIELD_SPAWNED);
    uint64_t id = prompt->node.id;
    uint32_t spawner;
    if (!fold_spawner(graph, event, id, &spawner))
        return REJECT_ORPHAN;
    struct run *run = array_add(&graph->runs);
    *run = (struct run){
        .id = event->run,
        .state = RUN_QUEUED,
        .prompt_id = id,
        .leaf_id = id,
        .head_id = !is_spawned && graph->nodes.head_id == id ? id : 0,
        .is_spawned = is_spawned,
        .spawner = spawner,
        .spawned_before = is_spawned ? prompt->node.spawned_run : 0,
        .finish_reason = memory_copy("", 0),
        .error = memory_copy("", 0),
        .reasons = memory_copy("", 0),
        .score = -1,
        .threshold = -1,
        .band = -1,
        .why = memory_copy("", 0),
        .features = memory_copy("", 0),
        .sequel.words = memory_copy("", 0),
        .started_at = event->at,
    };
    fold_move_run(run, RUN_ON_START);
    if (!graph->active_run)
        graph->active_run = run->id;
    if (is_spawned)
        prompt->node.spawned_run = run->id;
    /* What is asked aside is not the answer. */
    if (prompt->node.kind == NODE_USER && !(is_spawned && prompt->node.run))
        prompt->node.run = run->id;
    else if (prompt->node.kind == NODE_ASSISTANT && !is_spawned)
        prompt->node.is_continued = true;
    nodes_touch(&graph->nodes, prompt, event->seq);
    return REJECT_NONE;
}

enum reject_reason fold_routed(struct graph *graph, const struct event *event)
{
    struct run *run = fold_run_of(graph, event);
    fold_text(&run->reasons, event, FIELD_REASONS);
    if (event_has(event, FIELD_SCORE))
        run->score = event_real(event, FIELD_SCORE);
    if (event_has(event, FIELD_THRESHOLD))
        run->threshold = event_real(event, FIELD_THRESHOLD);
    if (event_has(event, FIELD_BAND))
        run->band = event_real(event, FIELD_BAND);
    fold_text(&run->why, event, FIELD_WHY);
    fold_text(&run->features, event, FIELD_FEATURES);
    return REJECT_NONE;
}

/* The oldest run that lives; each run is passed once. */
static void advance_active(struct graph *graph)
{
    uint32_t id = graph->active_run;
    while (id && life_is_terminal(LIFE_RUN, graph->runs.items[id - 1].state))
        id = id < graph->runs.count ? id + 1 : 0;
    graph->active_run = id;
}

/* An answer that has no node shows its end at the prompt. */
static void touch_end(struct graph *graph, const struct run *run, uint64_t seq)
{
    bool has_node = run->attempts.count && array_last(&run->attempts)->node_id;
    struct node_record *prompt = nodes_find(&graph->nodes, run->prompt_id);
    if (!has_node)
        nodes_touch(&graph->nodes, prompt, seq);
}

enum reject_reason fold_run_finished(struct graph *graph,
                                     const struct event *event)
{
    struct run *run = fold_run_of(graph, event);
    const struct outcome *outcome = fold_outcome_of(event);
    if (!outcome)
        return REJECT_ILLEGAL;
    enum life_verdict verdict = fold_move_run(run, outcome->run_input);
    if (fold_verdict(verdict) != REJECT_NONE)
        return fold_verdict(verdict);
    for (size_t i = 0; i < run->attempts.count; i++) {
        struct node_record *record =
            nodes_find(&graph->nodes, run->attempts.items[i].node_id);
        if (!record)
            continue;
        fold_end_calls(graph, record, outcome->call_input, event);
        /* What a call that ended before says of it depends on the run's end. */
        nodes_touch(&graph->nodes, record, event->seq);
    }
    fold_close_attempt(graph, run, outcome, event);
    run->ended_at = event->at;
    fold_text(&run->finish_reason, event, FIELD_FINISH_REASON);
    fold_text(&run->error, event, FIELD_ERROR);
    touch_end(graph, run, event->seq);
    advance_active(graph);
    return REJECT_NONE;
}

static enum reject_reason move_stamped(struct graph *graph,
                                       const struct event *event, int input)
{
    struct run *run = fold_run_of(graph, event);
    return run ? fold_verdict(fold_move_run(run, input)) : REJECT_NONE;
}

enum reject_reason fold_consent_asked(struct graph *graph,
                                      const struct event *event)
{
    return move_stamped(graph, event, RUN_ON_ASK);
}

enum reject_reason fold_consent_answered(struct graph *graph,
                                         const struct event *event)
{
    return move_stamped(graph, event, RUN_ON_ANSWER);
}

/* A question about a call is the call's: others of the run may execute while
 * it waits. */
enum reject_reason fold_relay_asked(struct graph *graph,
                                    const struct event *event)
{
    if (!event_has(event, FIELD_CALL))
        return move_stamped(graph, event, RUN_ON_ASK);
    struct call *call;
    enum reject_reason reason = fold_call_of(graph, event, &call);
    if (reason == REJECT_NONE)
        reason = fold_verdict(fold_move_call(call, CALL_ON_ASK));
    if (reason != REJECT_NONE)
        return reason;
    call->started_at = 0;
    call->asked_at = event->at;
    nodes_touch(&graph->nodes, nodes_find(&graph->nodes, call->node_id),
                event->seq);
    return REJECT_NONE;
}

/* What the answer sets off moves the call: tool-started or tool-finished. */
enum reject_reason fold_relay_answered(struct graph *graph,
                                       const struct event *event)
{
    if (!event_has(event, FIELD_CALL))
        return move_stamped(graph, event, RUN_ON_ANSWER);
    struct call *call;
    enum reject_reason reason = fold_call_of(graph, event, &call);
    if (reason != REJECT_NONE)
        return reason;
    if (life_is_terminal(LIFE_CALL, call->state))
        return REJECT_LATE;
    return call->state == CALL_ASKING ? REJECT_NONE : REJECT_ILLEGAL;
}
