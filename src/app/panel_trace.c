/* SPDX-License-Identifier: MIT */
/*
 * panel_trace - every attempt of every run, the newest first, and the events
 * that changed nothing.
 */
#include <inttypes.h>
#include <string.h>

#include "app/decision_text.h"
#include "app/panel.h"
#include "ui/receipt.h"
#include "ui/theme.h"

enum {
    RUNS_SHOWN = 200,
    REASONS_SHOWN = 20,  /* runs whose way is told, the newest */
    REJECTED_SHOWN = 50, /* the newest */
    WIDTH_FOR_CLOCK = 60,
    ERROR_ROW = 100, /* bytes of an error that a row may have room for */
};

static void append_numbers(struct buf *out, const struct panel_source *source,
                           const struct attempt *attempt)
{
    struct buf parts[RECEIPT_PARTS] = { { 0 } };
    const char *dot = theme_glyphs(source->ascii)->dot;
    if (attempt->node_id && attempt->ended_at)
        receipt_parts(parts, attempt, 0);
    /* What nobody counted is the thread's to estimate. */
    if (attempt->usage.output < 0)
        buf_reset(&parts[RECEIPT_TOKENS]);
    for (size_t i = 0; i < RECEIPT_PARTS; i++) {
        if (parts[i].len && out->len)
            buf_printf(out, " %s ", dot);
        buf_append_slice(out, buf_slice(&parts[i]));
        buf_clear(&parts[i]);
    }
}

/* What followed: another try, after how long and why; or somebody else. */
static void append_sequel(struct buf *out, const struct attempt *attempt)
{
    const struct sequel *sequel = &attempt->sequel;
    if (!*sequel->words)
        return;
    buf_printf(out, ", %s", sequel->words);
    if (sequel->is_fallback)
        return;
    buf_append_string(out, sequel->is_countdown ? " after " : ", again after ");
    receipt_duration(out, sequel->due_at - attempt->ended_at);
}

/* When and which; a narrow screen has no room for the time. */
static void append_place(struct buf *out, const struct panel_source *source,
                         const struct run *run, int64_t at)
{
    if (source->width >= WIDTH_FOR_CLOCK) {
        receipt_clock(out, at);
        buf_append_char(out, ' ');
    }
    buf_printf(out, "run %" PRIu32, run->id);
}

static void add_attempt(const struct panel_source *source, struct list *list,
                        const struct run *run, uint32_t number)
{
    const struct attempt *attempt = &run->attempts.items[number - 1];
    struct list_row *row = list_add(list, "");
    bool has_long_error = strlen(attempt->error) > ERROR_ROW;
    uint64_t node = attempt->node_id ? attempt->node_id : run->prompt_id;
    buf_printf(&row->key, "%" PRIu64, node);
    append_place(&row->head, source, run, attempt->started_at);
    buf_printf(&row->head, ".%" PRIu32, number);
    receipt_model(&row->text, attempt, theme_glyphs(source->ascii)->arrow);
    buf_printf(&row->text, " %s%s: ", attempt->endpoint,
               attempt->is_vendor ? " (vendor)" : "");
    receipt_state(&row->text, attempt, source->now);
    append_sequel(&row->text, attempt);
    if (has_long_error)
        buf_append_string(&row->text, ", see below");
    else if (*attempt->error)
        buf_printf(&row->text, ", %s", attempt->error);
    else if (*attempt->finish_reason)
        buf_printf(&row->text, ", reason %s", attempt->finish_reason);
    append_numbers(&row->right, source, attempt);
    row->style = STYLE_DIM;
    if ((attempt->state == ATTEMPT_ERROR || attempt->state == ATTEMPT_CUT) &&
        !attempt->sequel.is_adjusted)
        row->style = STYLE_ERROR;
    /* A row without a key is broken into lines. */
    if (has_long_error)
        list_add_text(list, row->style, "%s", attempt->error);
}

/* A run that failed before it asked anybody. */
static void add_run(const struct panel_source *source, struct list *list,
                    const struct run *run)
{
    struct list_row *row = list_add(list, "");
    buf_printf(&row->key, "%" PRIu64, run->prompt_id);
    append_place(&row->head, source, run, run->started_at);
    buf_append_string(&row->text, life_state_name(LIFE_RUN, (int)run->state));
    if (*run->error)
        buf_printf(&row->text, ": %s", run->error);
    row->style = run->state == RUN_ERROR ? STYLE_ERROR : STYLE_DIM;
}

/* How long each of its steps took, and what was found in its answer: below the
 * attempt. */
static void add_steps(struct list *list, const struct run *run, size_t index)
{
    const struct attempt *attempt = &run->attempts.items[index];
    struct buf words = { 0 };
    receipt_times(&words, run, index);
    if (words.len)
        list_add_text(list, STYLE_DIM, "    %s", buf_string(&words));
    if (*attempt->check)
        list_add_text(list, STYLE_DIM, "    answer looked at: %s",
                      attempt->check);
    buf_clear(&words);
}

static void add_line(void *context, struct slice line)
{
    list_add_text(context, STYLE_DIM, "    %.*s", SLICE_ARG(line));
}

/* Why it went where it did, below its attempts. The first reason is the route's
 * own, which an attempt shows. */
static void add_decision(struct list *list, const struct run *run)
{
    const struct decision_text decision = decision_text_of(run);
    struct buf made_of = { 0 };
    decision_text_each(&decision, run->attempts.count ? 1 : 0, add_line, list);
    decision_text_append_features(&decision, &made_of);
    if (made_of.len)
        list_add_text(list, STYLE_DIM, "    of: %s", buf_string(&made_of));
    buf_clear(&made_of);
}

/* What a reader of the log should know of: how many events changed nothing and
 * why, and the newest of them. */
static void add_rejected(const struct graph *graph, struct list *list)
{
    size_t count = graph_rejected_kept(graph), shown = 0;
    struct buf counts = { 0 };
    for (int i = REJECT_NONE + 1; i < REJECT_REASON_COUNT; i++) {
        enum reject_reason reason = (enum reject_reason)i;
        uint64_t rejected = graph_rejected_count(graph, reason);
        if (rejected)
            buf_printf(&counts, "%s%" PRIu64 " %s", counts.len ? ", " : "",
                       rejected, graph_reject_name(reason));
    }
    if (counts.len)
        list_add_text(list, STYLE_WARNING, "events that changed nothing: %s",
                      buf_string(&counts));
    for (size_t i = count; i-- > 0 && shown++ < REJECTED_SHOWN;) {
        const struct rejected *rejected = graph_rejected(graph, i);
        list_add_text(list, STYLE_WARNING,
                      "event %" PRIu64 " %s changed nothing: %s", rejected->seq,
                      event_type_name(rejected->type),
                      graph_reject_name(rejected->reason));
    }
    buf_clear(&counts);
}

void panel_fill_trace(const struct panel_source *source, struct list *list)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    uint32_t count = graph_run_count(graph);
    for (uint32_t i = 0; i < count && i < RUNS_SHOWN; i++) {
        const struct run *run = graph_run(graph, count - i);
        for (size_t k = run->attempts.count; k > 0; k--) {
            add_attempt(source, list, run, (uint32_t)k);
            if (i < REASONS_SHOWN)
                add_steps(list, run, k - 1);
        }
        if (run->attempts.count == 0)
            add_run(source, list, run);
        if (i < REASONS_SHOWN)
            add_decision(list, run);
    }
    add_rejected(graph, list);
    if (list->count == 0)
        list_add_text(list, STYLE_DIM,
                      "No requests yet. Each attempt stands here: who was "
                      "asked, how it ended, how fast it was.");
}

void panel_facts_trace(const struct panel_source *source, struct buf *facts)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    const struct log *log = chat_conversation(source->chat)->log;
    uint64_t rejected = 0;
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        rejected += graph_rejected_count(graph, (enum reject_reason)i);
    panel_append_count(facts, log_last_seq(log));
    buf_append_string(facts, log_last_seq(log) == 1 ? " event" : " events");
    if (rejected) {
        buf_append_string(facts, ", ");
        panel_append_count(facts, rejected);
        buf_append_string(facts, " refused");
    }
}
