/* SPDX-License-Identifier: MIT */
#include <assert.h>

#include "base/memory.h"
#include "graph/fold.h"

struct attempt *fold_attempt_of(struct graph *graph, const struct event *event)
{
    struct run *run = fold_run_of(graph, event);
    assert(run && run->attempts.count);
    return array_last(&run->attempts);
}

enum life_verdict fold_move_attempt(struct attempt *attempt, int input)
{
    int state = attempt->state;
    enum life_verdict verdict = life_move(LIFE_ATTEMPT, &state, input);
    attempt->state = (enum attempt_state)state;
    return verdict;
}

static const struct usage no_usage = {
    .input = -1,
    .output = -1,
    .reasoning = -1,
    .cached = -1,
    .cache_write = -1,
    .cost = -1,
    .eval_ms = -1,
    .prompt_ms = -1,
    .load_ms = -1,
};

enum reject_reason fold_attempt_started(struct graph *graph,
                                        const struct event *event)
{
    struct run *run = fold_run_of(graph, event);
    bool is_busy =
        run->attempts.count &&
        !life_is_terminal(LIFE_ATTEMPT, array_last(&run->attempts)->state);
    if (is_busy || event->attempt != run->attempts.count + 1)
        return REJECT_ILLEGAL;
    enum life_verdict verdict = fold_move_run(run, RUN_ON_ATTEMPT);
    if (fold_verdict(verdict) != REJECT_NONE)
        return fold_verdict(verdict);
    struct attempt *attempt = array_add(&run->attempts);
    *attempt = (struct attempt){
        .state = ATTEMPT_WAITING,
        .endpoint = fold_copy(event, FIELD_ENDPOINT),
        .dialect = fold_copy(event, FIELD_DIALECT),
        .model = fold_copy(event, FIELD_MODEL),
        .settings = fold_copy(event, FIELD_SETTINGS),
        .why = memory_string(run->why),
        .check = memory_copy("", 0),
        .model_reported = memory_copy("", 0),
        .finish_reason = memory_copy("", 0),
        .error = memory_copy("", 0),
        .sequel.words = memory_copy("", 0),
        .limits = memory_copy("", 0),
        .is_vendor = slice_is(event_text(event, FIELD_TRUST), "vendor"),
        .started_at = event->at,
        .offered = event_number(event, FIELD_OFFERED),
        .usage = no_usage,
        .estimated_cost = -1,
    };
    fold_move_attempt(attempt, ATTEMPT_ON_START);
    return REJECT_NONE;
}

enum reject_reason fold_connected(struct graph *graph,
                                  const struct event *event)
{
    struct attempt *attempt = fold_attempt_of(graph, event);
    enum life_verdict verdict = fold_move_attempt(attempt, ATTEMPT_ON_CONNECT);
    if (fold_verdict(verdict) == REJECT_NONE && !attempt->connected_at)
        attempt->connected_at = event->at;
    return fold_verdict(verdict);
}

enum reject_reason fold_model_loading(struct graph *graph,
                                      const struct event *event)
{
    struct attempt *attempt = fold_attempt_of(graph, event);
    return fold_verdict(fold_move_attempt(attempt, ATTEMPT_ON_LOAD));
}

struct node_record *fold_open_node(struct graph *graph, struct run *run,
                                   const struct node *opening)
{
    bool moves_head = graph_run_moves_head(graph, run);
    struct node_record *record = nodes_open(&graph->nodes, opening);
    if (moves_head) {
        nodes_move_head(&graph->nodes, opening->id);
        run->head_id = opening->id;
    }
    return record;
}

struct node_record *fold_answer(struct graph *graph, const struct event *event)
{
    struct attempt *attempt = fold_attempt_of(graph, event);
    if (attempt->node_id) {
        struct node_record *record =
            nodes_find(&graph->nodes, attempt->node_id);
        nodes_touch(&graph->nodes, record, event->seq);
        return record;
    }
    struct run *run = fold_run_of(graph, event);
    bool is_first = run->leaf_id == run->prompt_id;
    const struct node opening = {
        .id = event->seq,
        .parent_id = run->leaf_id,
        .kind = NODE_ASSISTANT,
        .edge = run->is_spawned && is_first ? EDGE_SPAWNED : EDGE_FOLLOWS,
        .spawner = run->is_spawned && is_first ? run->spawner : 0,
        .run = run->id,
        .attempt = event->attempt,
        .at = event->at,
        .is_open = true,
    };
    attempt->node_id = event->seq;
    attempt->first_delta_at = event->at;
    return fold_open_node(graph, run, &opening);
}

static enum reject_reason append_delta(struct graph *graph,
                                       const struct event *event,
                                       enum block_kind kind)
{
    struct attempt *attempt = fold_attempt_of(graph, event);
    enum life_verdict verdict = fold_move_attempt(attempt, ATTEMPT_ON_DELTA);
    struct slice text = event_text(event, FIELD_TEXT);
    if (fold_verdict(verdict) != REJECT_NONE || text.len == 0)
        return fold_verdict(verdict);
    struct node *node = &fold_answer(graph, event)->node;
    bool is_refusal = event_number(event, FIELD_REFUSAL);
    struct block *block = node->blocks.count ? array_last(&node->blocks) : NULL;
    if (!block || block->kind != kind || block->is_refusal != is_refusal) {
        block = node_add_block(node, kind, event->at);
        block->is_refusal = is_refusal;
    }
    buf_append_slice(&block->text, text);
    block->ended_at = event->at;
    attempt->delta_count++;
    return REJECT_NONE;
}

enum reject_reason fold_text_delta(struct graph *graph,
                                   const struct event *event)
{
    return append_delta(graph, event, BLOCK_TEXT);
}

enum reject_reason fold_thinking_delta(struct graph *graph,
                                       const struct event *event)
{
    return append_delta(graph, event, BLOCK_THINKING);
}

static int64_t count_of(const struct event *event, enum event_field field)
{
    uint64_t number = event_number(event, field);
    if (!event_has(event, field))
        return -1;
    return number > INT64_MAX ? INT64_MAX : (int64_t)number;
}

static void touch_answer(struct graph *graph, const struct attempt *attempt,
                         uint64_t seq)
{
    struct node_record *record = nodes_find(&graph->nodes, attempt->node_id);
    if (record)
        nodes_touch(&graph->nodes, record, seq);
}

static void add_cost(struct graph *graph, const struct event *event,
                     double dollars)
{
    graph->spent.dollars += dollars;
    fold_run_of(graph, event)->spent.dollars += dollars;
}

/* A report takes the place of the one before. */
static void replace_cost(struct graph *graph, const struct event *event,
                         double before, double cost)
{
    add_cost(graph, event, (cost > 0 ? cost : 0) - (before > 0 ? before : 0));
}

static uint64_t told(int64_t count)
{
    return count > 0 ? (uint64_t)count : 0;
}

static void replace_counted(struct counted *sum, const struct usage *before,
                            const struct usage *usage)
{
    sum->input += told(usage->input) - told(before->input);
    sum->output += told(usage->output) - told(before->output);
    sum->cached += told(usage->cached) - told(before->cached);
}

static void count_usage(struct graph *graph, struct run *run,
                        const struct attempt *attempt,
                        const struct usage *before)
{
    bool is_vendor = attempt->is_vendor;
    replace_counted(is_vendor ? &graph->vendors : &graph->own, before,
                    &attempt->usage);
    replace_counted(is_vendor ? &run->vendors : &run->own, before,
                    &attempt->usage);
}

enum reject_reason fold_usage(struct graph *graph, const struct event *event)
{
    struct attempt *attempt = fold_attempt_of(graph, event);
    struct usage counted = attempt->usage;
    double before = attempt->usage.cost;
    attempt->usage = (struct usage){
        .input = count_of(event, FIELD_INPUT),
        .output = count_of(event, FIELD_OUTPUT),
        .reasoning = count_of(event, FIELD_REASONING),
        .cached = count_of(event, FIELD_CACHED),
        .cache_write = count_of(event, FIELD_CACHE_WRITE),
        .cost =
            event_has(event, FIELD_COST) ? event_real(event, FIELD_COST) : -1,
        .eval_ms = count_of(event, FIELD_EVAL_MS),
        .prompt_ms = count_of(event, FIELD_PROMPT_MS),
        .load_ms = count_of(event, FIELD_LOAD_MS),
    };
    replace_cost(graph, event, before, attempt->usage.cost);
    count_usage(graph, fold_run_of(graph, event), attempt, &counted);
    touch_answer(graph, attempt, event->seq);
    return REJECT_NONE;
}

enum reject_reason fold_model_reported(struct graph *graph,
                                       const struct event *event)
{
    struct attempt *attempt = fold_attempt_of(graph, event);
    fold_text(&attempt->model_reported, event, FIELD_MODEL);
    touch_answer(graph, attempt, event->seq);
    return REJECT_NONE;
}

enum reject_reason fold_opaque(struct graph *graph, const struct event *event)
{
    struct attempt *attempt = fold_attempt_of(graph, event);
    struct call *call = NULL;
    enum reject_reason reason = event_has(event, FIELD_CALL)
                                    ? fold_call_of(graph, event, &call)
                                    : REJECT_NONE;
    if (reason != REJECT_NONE)
        return reason;
    reason = fold_verdict(fold_move_attempt(attempt, ATTEMPT_ON_DELTA));
    if (reason != REJECT_NONE)
        return reason;
    struct node *node = &fold_answer(graph, event)->node;
    struct opaque opaque = {
        .kind = fold_copy(event, FIELD_KIND),
        .call = call ? call->id : 0,
    };
    buf_append_slice(&opaque.json, event_text(event, FIELD_JSON));
    node_take_opaque(node, &opaque,
                     event_has(event, FIELD_PLACE)
                         ? event_number(event, FIELD_PLACE)
                         : UINT64_MAX);
    return REJECT_NONE;
}

enum reject_reason fold_rate_limits(struct graph *graph,
                                    const struct event *event)
{
    fold_text(&fold_attempt_of(graph, event)->limits, event, FIELD_LIMITS);
    return REJECT_NONE;
}

/* What follows the last attempt, or keeps the first one waiting. */
static void follow(struct graph *graph, const struct event *event,
                   int64_t due_at)
{
    struct run *run = fold_run_of(graph, event);
    struct sequel *sequel = run->attempts.count
                                ? &array_last(&run->attempts)->sequel
                                : &run->sequel;
    fold_text(&sequel->words, event, FIELD_TEXT);
    sequel->due_at = due_at;
    sequel->is_fallback = event->type == EVENT_FELL_BACK;
    sequel->is_adjusted = slice_is(event_text(event, FIELD_KIND), "adjusted");
    sequel->is_countdown = slice_is(event_text(event, FIELD_KIND), "countdown");
    sequel->cost =
        event_has(event, FIELD_COST) ? event_real(event, FIELD_COST) : -1;
    if (run->attempts.count)
        touch_answer(graph, array_last(&run->attempts), event->seq);
}

enum reject_reason fold_retry_scheduled(struct graph *graph,
                                        const struct event *event)
{
    int64_t delay_ms = count_of(event, FIELD_DELAY);
    follow(graph, event, event->at + (delay_ms > 0 ? delay_ms : 0));
    return REJECT_NONE;
}

enum reject_reason fold_fell_back(struct graph *graph,
                                  const struct event *event)
{
    follow(graph, event, event->at);
    fold_text(&fold_run_of(graph, event)->why, event, FIELD_WHY);
    return REJECT_NONE;
}

/* What was found in an answer belongs to the attempt that wrote it; of another
 * node nothing is known here. */
enum reject_reason fold_answer_checked(struct graph *graph,
                                       const struct event *event)
{
    const struct node_record *record =
        nodes_find(&graph->nodes, event_number(event, FIELD_NODE));
    struct slice outcome = event_text(event, FIELD_OUTCOME);
    struct slice words = event_text(event, FIELD_TEXT);
    struct buf check = { 0 };
    if (!record || !record->node.run || record->node.kind != NODE_ASSISTANT)
        return REJECT_NONE;
    struct run *run = &graph->runs.items[record->node.run - 1];
    struct attempt *attempt = &run->attempts.items[record->node.attempt - 1];
    buf_printf(&check, "%.*s%s%.*s", SLICE_ARG(outcome), words.len ? ": " : "",
               SLICE_ARG(words));
    free(attempt->check);
    attempt->check = buf_steal(&check);
    return REJECT_NONE;
}

/* What came so far stays beside the answer that takes its place, which opens
 * with its first delta. Without a stamp it is a prompt that was superseded. */
enum reject_reason fold_superseded(struct graph *graph,
                                   const struct event *event)
{
    if (!event->attempt)
        return REJECT_NONE;
    struct attempt *attempt = fold_attempt_of(graph, event);
    struct node_record *record = nodes_find(&graph->nodes, attempt->node_id);
    if (!record)
        return REJECT_NONE;
    record->node.is_open = false;
    record->node.is_superseded = true;
    fold_end_calls(graph, record, CALL_ON_ABORT, event);
    nodes_touch(&graph->nodes, record, event->seq);
    attempt->node_id = 0;
    attempt->delta_count = 0;
    return REJECT_NONE;
}

/* The next step goes on behind the results of this one's calls, or behind what
 * the server has paused. An answer that is not complete, or asked for nothing,
 * is a sibling of the next attempt. */
static void end_step(struct graph *graph, struct run *run,
                     struct node_record *record, const struct event *event)
{
    bool goes_on = graph_attempt_is_paused(array_last(&run->attempts));
    for (size_t i = 0; i < record->node.blocks.count; i++)
        goes_on |= record->node.blocks.items[i].kind == BLOCK_CALL;
    if (!goes_on)
        return;
    run->leaf_id =
        record->last_result_id ? record->last_result_id : record->node.id;
    if (fold_end_calls(graph, record, FOLD_NO_INPUT, event) > 0)
        fold_move_run(run, RUN_ON_TOOLS);
}

/* What a vendor began to answer it is paid for, counted or not. */
static void add_uncounted(struct spent *spent, const struct attempt *attempt)
{
    if (attempt->estimated_cost < 0) {
        spent->unknown++;
        return;
    }
    spent->dollars += attempt->estimated_cost;
    spent->estimated += attempt->estimated_cost;
}

static void note_uncounted(struct graph *graph, struct run *run,
                           struct attempt *attempt, const struct event *event)
{
    if (!attempt->is_vendor || !attempt->connected_at ||
        attempt->usage.cost >= 0)
        return;
    if (event->type == EVENT_ATTEMPT_FINISHED && event_has(event, FIELD_COST))
        attempt->estimated_cost = event_real(event, FIELD_COST);
    add_uncounted(&graph->spent, attempt);
    add_uncounted(&run->spent, attempt);
}

void fold_close_attempt(struct graph *graph, struct run *run,
                        const struct outcome *outcome,
                        const struct event *event)
{
    struct attempt *attempt =
        run->attempts.count ? array_last(&run->attempts) : NULL;
    if (!attempt || life_is_terminal(LIFE_ATTEMPT, attempt->state))
        return;
    fold_move_attempt(attempt, outcome->attempt_input);
    attempt->ended_at = event->at;
    fold_text(&attempt->finish_reason, event, FIELD_FINISH_REASON);
    fold_text(&attempt->error, event, FIELD_ERROR);
    attempt->skipped = (uint32_t)event_number(event, FIELD_SKIPPED);
    note_uncounted(graph, run, attempt, event);
    struct node_record *record = nodes_find(&graph->nodes, attempt->node_id);
    if (!record)
        return;
    record->node.is_open = false;
    nodes_touch(&graph->nodes, record, event->seq);
    if (attempt->state == ATTEMPT_COMPLETE)
        end_step(graph, run, record, event);
    else
        fold_end_calls(graph, record, outcome->call_input, event);
}

enum reject_reason fold_attempt_finished(struct graph *graph,
                                         const struct event *event)
{
    const struct outcome *outcome = fold_outcome_of(event);
    if (!outcome)
        return REJECT_ILLEGAL;
    fold_close_attempt(graph, fold_run_of(graph, event), outcome, event);
    return REJECT_NONE;
}
