/* SPDX-License-Identifier: MIT */
#include <assert.h>

#include "base/memory.h"
#include "graph/fold.h"

enum life_verdict fold_move_call(struct call *call, int input)
{
    int state = call->state;
    enum life_verdict verdict = life_move(LIFE_CALL, &state, input);
    call->state = (enum call_state)state;
    return verdict;
}

enum reject_reason fold_call_of(struct graph *graph, const struct event *event,
                                struct call **call)
{
    uint64_t id = event_number(event, FIELD_CALL);
    if (id == 0 || id > graph->calls.count)
        return REJECT_ORPHAN;
    *call = &graph->calls.items[id - 1];
    if (event->run && event->run != (*call)->run)
        return REJECT_ORPHAN;
    const struct run *run = graph_run(graph, (*call)->run);
    return run && life_is_terminal(LIFE_RUN, run->state) ? REJECT_LATE
                                                         : REJECT_NONE;
}

static void touch_call(struct graph *graph, const struct call *call,
                       uint64_t seq)
{
    nodes_touch(&graph->nodes, nodes_find(&graph->nodes, call->node_id), seq);
}

uint32_t fold_end_calls(struct graph *graph, struct node_record *record,
                        int input, const struct event *event)
{
    uint32_t living_count = 0;
    for (size_t i = 0; i < record->node.blocks.count; i++) {
        if (record->node.blocks.items[i].kind != BLOCK_CALL)
            continue;
        uint32_t id = record->node.blocks.items[i].call;
        struct call *call = &graph->calls.items[id - 1];
        if (life_is_terminal(LIFE_CALL, call->state))
            continue;
        if (input != FOLD_NO_INPUT &&
            fold_move_call(call, input) == LIFE_MOVED) {
            call->ended_at = event->at;
            nodes_touch(&graph->nodes, record, event->seq);
        }
        living_count += !life_is_terminal(LIFE_CALL, call->state);
    }
    return living_count;
}

/* FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv), and never 0. */
static uint32_t hash_of(struct slice text)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 16777619U;
    return hash ? hash : 1;
}

/* There are servers that give each call the same. */
static void take_server_id(const struct graph *graph, struct call *call,
                           const struct event *event)
{
    struct slice id = event_text(event, FIELD_ID);
    if (!id.len || slice_is(id, call->server_id))
        return;
    fold_text(&call->server_id, event, FIELD_ID);
    call->id_hash = hash_of(id);
    call->is_id_taken = false;
    for (uint32_t i = call->id - 1; i > 0 && !call->is_id_taken; i--) {
        const struct call *other = &graph->calls.items[i - 1];
        call->is_id_taken =
            other->id_hash == call->id_hash && slice_is(id, other->server_id);
    }
}

enum reject_reason fold_tool_call_start(struct graph *graph,
                                        const struct event *event)
{
    if (event_number(event, FIELD_CALL) != graph->calls.count + 1)
        return REJECT_ILLEGAL;
    struct attempt *attempt = fold_attempt_of(graph, event);
    enum life_verdict verdict = fold_move_attempt(attempt, ATTEMPT_ON_DELTA);
    if (fold_verdict(verdict) != REJECT_NONE)
        return fold_verdict(verdict);
    struct node *node = &fold_answer(graph, event)->node;
    struct call *call = array_add(&graph->calls);
    *call = (struct call){
        .id = (uint32_t)graph->calls.count,
        .run = event->run,
        .node_id = node->id,
        .block = (uint32_t)node->blocks.count,
        .server_id = memory_copy("", 0),
        .name = memory_copy("", 0),
        .spool = memory_copy("", 0),
        .recovered = event_number(event, FIELD_RECOVERED),
    };
    take_server_id(graph, call, event);
    fold_text(&call->name, event, FIELD_NAME);
    node_add_block(node, BLOCK_CALL, event->at)->call = call->id;
    return REJECT_NONE;
}

/* By the user: a note that holds the call, and then what it gave back. */
enum reject_reason fold_call_made(struct graph *graph,
                                  const struct event *event)
{
    uint64_t parent_id = event_number(event, FIELD_PARENT);
    if (parent_id && !nodes_find(&graph->nodes, parent_id))
        return REJECT_ORPHAN;
    if (event_number(event, FIELD_CALL) != graph->calls.count + 1 ||
        !nodes_is_shown(&graph->nodes, parent_id))
        return REJECT_ILLEGAL;
    const struct node opening = {
        .id = event->seq,
        .parent_id = parent_id,
        .kind = NODE_NOTE,
        .edge = EDGE_FOLLOWS,
        .at = event->at,
    };
    struct node *node = &nodes_open(&graph->nodes, &opening)->node;
    struct call *call = array_add(&graph->calls);
    *call = (struct call){
        .id = (uint32_t)graph->calls.count,
        .node_id = node->id,
        .server_id = memory_copy("", 0),
        .name = memory_copy("", 0),
        .spool = memory_copy("", 0),
        .has_ended = true,
    };
    fold_text(&call->name, event, FIELD_NAME);
    struct block *block = node_add_block(node, BLOCK_CALL, event->at);
    block->call = call->id;
    buf_append_slice(&block->text, event_text(event, FIELD_ARGUMENTS));
    if (graph->nodes.head_id == parent_id)
        nodes_move_head(&graph->nodes, opening.id);
    return REJECT_NONE;
}

/* The call that the attempt of the stamp is still writing. */
static enum reject_reason open_call(struct graph *graph,
                                    const struct event *event,
                                    struct call **call)
{
    enum reject_reason reason = fold_call_of(graph, event, call);
    if (reason != REJECT_NONE)
        return reason;
    struct attempt *attempt = fold_attempt_of(graph, event);
    if ((*call)->node_id != attempt->node_id)
        return REJECT_ORPHAN;
    if ((*call)->has_ended)
        return REJECT_ILLEGAL;
    return fold_verdict(fold_move_attempt(attempt, ATTEMPT_ON_DELTA));
}

/* The server may tell a call's name and id late. */
static struct block *write_call(struct graph *graph, const struct event *event,
                                struct call *call)
{
    take_server_id(graph, call, event);
    fold_text(&call->name, event, FIELD_NAME);
    if (event_has(event, FIELD_RECOVERED))
        call->recovered = event_number(event, FIELD_RECOVERED);
    struct node *node = &fold_answer(graph, event)->node;
    struct block *block = &node->blocks.items[call->block];
    block->ended_at = event->at;
    return block;
}

enum reject_reason fold_tool_call_delta(struct graph *graph,
                                        const struct event *event)
{
    struct call *call;
    enum reject_reason reason = open_call(graph, event, &call);
    if (reason != REJECT_NONE)
        return reason;
    struct block *block = write_call(graph, event, call);
    buf_append_slice(&block->text, event_text(event, FIELD_ARGUMENTS));
    return REJECT_NONE;
}

enum reject_reason fold_tool_call_end(struct graph *graph,
                                      const struct event *event)
{
    struct call *call;
    enum reject_reason reason = open_call(graph, event, &call);
    if (reason != REJECT_NONE)
        return reason;
    struct block *block = write_call(graph, event, call);
    if (event_has(event, FIELD_ARGUMENTS)) {
        buf_reset(&block->text);
        buf_append_slice(&block->text, event_text(event, FIELD_ARGUMENTS));
    }
    call->has_ended = true;
    return REJECT_NONE;
}

static enum reject_reason move_named(struct graph *graph,
                                     const struct event *event, int input,
                                     struct call **call)
{
    enum reject_reason reason = fold_call_of(graph, event, call);
    if (reason == REJECT_NONE)
        reason = fold_verdict(fold_move_call(*call, input));
    if (reason == REJECT_NONE)
        touch_call(graph, *call, event->seq);
    return reason;
}

enum reject_reason fold_tool_started(struct graph *graph,
                                     const struct event *event)
{
    struct call *call;
    enum reject_reason reason = move_named(graph, event, CALL_ON_START, &call);
    if (reason != REJECT_NONE)
        return reason;
    call->started_at = event->at;
    /* Refused while the run asks something else: it stays so until answered. */
    if (call->run)
        fold_move_run(&graph->runs.items[call->run - 1], RUN_ON_TOOLS);
    return REJECT_NONE;
}

enum reject_reason fold_tool_output(struct graph *graph,
                                    const struct event *event)
{
    struct call *call;
    enum reject_reason reason = move_named(graph, event, CALL_ON_OUTPUT, &call);
    if (reason == REJECT_NONE)
        buf_append_slice(&call->output, event_text(event, FIELD_TEXT));
    return reason;
}

static bool find_input(const struct event *event, int *input)
{
    static const struct {
        const char *name;
        int input;
    } inputs[] = {
        { "completed", CALL_ON_COMPLETE }, { "error", CALL_ON_ERROR },
        { "denied", CALL_ON_DENY },        { "cancelled", CALL_ON_ABORT },
        { "unknown", CALL_ON_LOST },
    };
    struct slice outcome = event_text(event, FIELD_OUTCOME);
    for (size_t i = 0; i < COUNTOF(inputs); i++) {
        *input = inputs[i].input;
        if (slice_is(outcome, inputs[i].name))
            return true;
    }
    return false;
}

static void fill_result(struct node *node, struct call *call,
                        const struct event *event)
{
    struct slice text = event_text(event, FIELD_TEXT);
    struct slice error = event_text(event, FIELD_ERROR);
    struct buf output = call->output;
    call->output = (struct buf){ 0 };
    if (text.len) {
        buf_reset(&output);
        buf_append_slice(&output, text);
    }
    if (output.len) {
        struct block *block = node_add_block(node, BLOCK_OUTPUT, event->at);
        block->text = output;
        block->call = call->id;
    } else {
        buf_clear(&output);
    }
    if (error.len) {
        struct block *block = node_add_block(node, BLOCK_ERROR, event->at);
        buf_append_slice(&block->text, error);
        block->call = call->id;
    }
}

/* The results of a turn follow each other, so that one path holds them all. The
 * head goes along only from there: a late result does not pull it back. */
static void open_result(struct graph *graph, struct call *call,
                        const struct event *event)
{
    struct run *run = &graph->runs.items[call->run - 1];
    struct node_record *asker = nodes_find(&graph->nodes, call->node_id);
    uint64_t last_id = asker->last_result_id;
    const struct node opening = {
        .id = event->seq,
        .parent_id = last_id ? last_id : call->node_id,
        .kind = NODE_TOOL_RESULT,
        .edge = EDGE_FOLLOWS,
        .run = run->id,
        .attempt = asker->node.attempt,
        .call = call->id,
        .at = event->at,
    };
    struct node_record *record = graph->nodes.head_id == opening.parent_id
                                     ? fold_open_node(graph, run, &opening)
                                     : nodes_open(&graph->nodes, &opening);
    fill_result(&record->node, call, event);
    if (run->leaf_id == opening.parent_id)
        run->leaf_id = opening.id;
    asker->last_result_id = opening.id;
    call->result_id = opening.id;
}

enum reject_reason fold_tool_finished(struct graph *graph,
                                      const struct event *event)
{
    int input;
    struct call *call;
    if (!find_input(event, &input))
        return REJECT_ILLEGAL;
    enum reject_reason reason = move_named(graph, event, input, &call);
    if (reason != REJECT_NONE)
        return reason;
    call->ended_at = event->at;
    fold_text(&call->spool, event, FIELD_NAME);
    if (call->run)
        open_result(graph, call, event);
    else
        fill_result(&nodes_find(&graph->nodes, call->node_id)->node, call,
                    event);
    return REJECT_NONE;
}
