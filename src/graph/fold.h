/* SPDX-License-Identifier: MIT */
/*
 * fold - what each event does to a graph: the inside of graph_apply().
 *
 * Private to graph.c, private_mark.c and fold_*.c. A fold changes the graph and
 * returns REJECT_NONE, or changes nothing and says why. graph_apply() has checked
 * the stamps by then: a run or attempt that the event's type needs is there and
 * has not ended.
 */
#ifndef GRAPH_FOLD_H
#define GRAPH_FOLD_H

#include "graph/nodes.h"
#include "graph/private_mark.h"

struct graph_mark {
    struct private_mark mark;
    uint32_t before; /* the one of the same thing before it; 0: none */
};

struct graph {
    uint64_t seq;
    struct nodes nodes;
    ARRAY_OF(struct run) runs;   /* run N is items[N - 1] */
    ARRAY_OF(struct call) calls; /* call N is items[N - 1] */
    ARRAY_OF(struct queued_prompt) queue;
    ARRAY_OF(struct change) changes;    /* that can be taken back */
    ARRAY_OF(struct summary) summaries; /* summary N is items[N - 1] */
    ARRAY_OF(struct preference) preferences;
    ARRAY_OF(struct graph_mark) marks;  /* mark N is items[N - 1] */
    uint32_t session_mark, system_mark; /* the last of each; 0: none */
    bool system_is_cleared;
    struct memory_list shelf;
    uint32_t active_run; /* the oldest that has not ended, 0: none */
    struct spent spent;
    struct counted own, vendors;
    char *title, *system, *settings;
    uint64_t system_seq;
    uint64_t folded_seq; /* of the last summary or node that was switched */
    size_t left_out_count;
    uint64_t rejected_counts[REJECT_REASON_COUNT];
    struct rejected rejected[GRAPH_REJECTED_KEPT]; /* a ring */
};

typedef enum reject_reason fold_fn(struct graph *graph,
                                   const struct event *event);

/* fold_session.c: prompts, user turns, the head, the title */
fold_fn fold_title, fold_system_set, fold_settings_set;
fold_fn fold_prompt_queued, fold_prompt_withdrawn;
fold_fn fold_user_message, fold_attachment_added, fold_noted;
fold_fn fold_head_moved;

/* fold_memory.c: what is noted, and what is told of it */
fold_fn fold_remembered, fold_forgotten, fold_recalled;

/* fold_branch.c: names, pruned branches, what is taken back */
fold_fn fold_branch_named, fold_pruned, fold_restored;

/* Note what the event does, before it is done. */
void fold_change(struct graph *graph, const struct event *event,
                 uint64_t node_id);

/* The same of one of the events that make room: those in a row are a change. */
void fold_cut(struct graph *graph, const struct event *event, uint64_t node_id);

/* Whether the change that the event says to take back is there, if it says so.
 */
bool fold_can_undo(const struct graph *graph, const struct event *event);

/* Take it back, with all that came after it: call fold_change() or this. */
void fold_undo(struct graph *graph, const struct event *event);

/* fold_summary.c: summaries, that stand in place of nodes */
fold_fn fold_summarised, fold_folded;

/* fold_fate.c: what the user wants of single nodes in the next requests */
fold_fn fold_pinned, fold_left_out;

/* fold_preference.c: which of two answers is better */
fold_fn fold_preference;

/* private_mark.c: what may not leave the machine */
fold_fn fold_privacy_marked;

/* Take back those of a kind among the marks that end with *last. */
void fold_clear_marks(struct graph *graph, uint32_t *last, enum mark_kind kind);

/* fold_run.c: runs, and the questions of runs and calls */
fold_fn fold_run_started, fold_run_finished, fold_routed;
fold_fn fold_consent_asked, fold_consent_answered;
fold_fn fold_relay_asked, fold_relay_answered;

/* fold_attempt.c: attempts and their answers */
fold_fn fold_attempt_started, fold_attempt_finished;
fold_fn fold_connected, fold_model_loading;
fold_fn fold_text_delta, fold_thinking_delta;
fold_fn fold_usage, fold_model_reported, fold_opaque, fold_rate_limits;
fold_fn fold_retry_scheduled, fold_fell_back, fold_superseded;
fold_fn fold_answer_checked;

/* fold_call.c: tool calls and their results */
fold_fn fold_tool_call_start, fold_tool_call_delta, fold_tool_call_end;
fold_fn fold_call_made;
fold_fn fold_tool_started, fold_tool_output, fold_tool_finished;

/* The run of the stamp; NULL if there is none. */
struct run *fold_run_of(struct graph *graph, const struct event *event);

/* The last attempt of the run of the stamp; both must be there. */
struct attempt *fold_attempt_of(struct graph *graph, const struct event *event);

/* The call that the event names, in *call. It may have ended; its run may not.
 */
enum reject_reason fold_call_of(struct graph *graph, const struct event *event,
                                struct call **call);

/* How a run or attempt ended, as `outcome` says. */
struct outcome {
    const char *name;
    int run_input, attempt_input, call_input;
};
const struct outcome *fold_outcome_of(const struct event *event); /* or NULL */

/* End the last attempt of a run; its calls are cancelled unless it is complete.
 */
void fold_close_attempt(struct graph *graph, struct run *run,
                        const struct outcome *outcome,
                        const struct event *event);

/* Move the calls of a node that have not ended, unless the input is
 * FOLD_NO_INPUT. Returns how many have not ended even then. */
enum { FOLD_NO_INPUT = -1 };
uint32_t fold_end_calls(struct graph *graph, struct node_record *record,
                        int input, const struct event *event);

/* The call that spawned what the event makes below a node; 0: it says none.
 * False if it is none of that node's. */
bool fold_spawner(const struct graph *graph, const struct event *event,
                  uint64_t parent_id, uint32_t *call);

/* The node that the attempt writes to, opened if this is its first delta. */
struct node_record *fold_answer(struct graph *graph, const struct event *event);

/* Open a node of a run; the head goes there if the run still moves it. */
struct node_record *fold_open_node(struct graph *graph, struct run *run,
                                   const struct node *opening);

/* A rejection for a verdict. */
enum reject_reason fold_verdict(enum life_verdict verdict);

/* life_move() on states of their own types. */
enum life_verdict fold_move_run(struct run *run, int input);
enum life_verdict fold_move_attempt(struct attempt *attempt, int input);
enum life_verdict fold_move_call(struct call *call, int input);

/* A field's text; the caller owns it. */
char *fold_copy(const struct event *event, enum event_field field);

/* Replace an owned string by a field's text, if the event has it. */
void fold_text(char **string, const struct event *event,
               enum event_field field);

#endif
