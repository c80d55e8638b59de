/* SPDX-License-Identifier: MIT */
#include "chat/works.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "chat/approval.h"
#include "chat/chat_state.h"
#include "chat/chat_tools.h"
#include "tool/edits.h"

static const struct call *call_of(const struct call_work *work)
{
    return graph_call(work->chat->conversation.graph, work->id);
}

static struct event call_event(const struct chat *chat, enum event_type type,
                               uint32_t id)
{
    struct event event = { .type = type };
    event.run = graph_call(chat->conversation.graph, id)->run;
    event_add_number(&event, FIELD_CALL, id);
    return event;
}

struct call_work *works_find(const struct chat *chat, uint32_t id)
{
    for (size_t i = 0; i < chat->works.list.count; i++)
        if (chat->works.list.items[i]->id == id)
            return chat->works.list.items[i];
    return NULL;
}

const struct tool_plan *works_plan(const struct call_work *work)
{
    bool is_prepared = work->job && work->stage != CALL_PREPARES;
    return is_prepared ? job_plan(work->job) : NULL;
}

static void free_work(struct call_work *work)
{
    job_free(work->job);
    call_output_clear(&work->output);
    buf_clear(&work->why);
    free(work->path);
    free(work);
}

static void remove_work(struct call_work *work)
{
    struct works *works = &work->chat->works;
    size_t kept = 0;
    for (size_t i = 0; i < works->list.count; i++)
        if (works->list.items[i] != work)
            works->list.items[kept++] = works->list.items[i];
    works->list.count = kept;
    free_work(work);
}

void works_drop(struct chat *chat)
{
    for (size_t i = 0; i < chat->works.list.count; i++)
        free_work(chat->works.list.items[i]);
    array_clear(&chat->works.list);
    chat->works = (struct works){ 0 };
}

/* Ends. */

void works_append_end(struct chat *chat, uint32_t id, const char *outcome,
                      struct slice text)
{
    struct event event = call_event(chat, EVENT_TOOL_FINISHED, id);
    event_add_string(&event, FIELD_OUTCOME, outcome);
    event_add_text(&event, FIELD_TEXT, text);
    chat_append(chat, &event);
}

static void append_end(const struct call_work *work, const char *outcome,
                       struct slice text, const char *spool)
{
    struct event event = call_event(work->chat, EVENT_TOOL_FINISHED, work->id);
    event_add_string(&event, FIELD_OUTCOME, outcome);
    event_add_text(&event, FIELD_TEXT, text);
    if (spool)
        event_add_string(&event, FIELD_NAME, spool);
    chat_append(work->chat, &event);
}

void works_answer(struct call_work *work, const char *outcome,
                  struct slice text)
{
    append_end(work, outcome, text, NULL);
    remove_work(work);
}

void works_cancel(struct chat *chat)
{
    while (chat->works.list.count)
        works_answer(chat->works.list.items[0], "cancelled", slice_of(""));
}

static void on_done(void *context, struct job *job, const struct job_end *end)
{
    static const char *const outcomes[] = {
        [JOB_COMPLETED] = "completed",
        [JOB_FAILED] = "error",
        [JOB_CANCELLED] = "cancelled",
    };
    struct call_work *work = context;
    const struct toolbox *toolbox = chat_toolbox(work->chat);
    if (end->outcome == JOB_COMPLETED)
        edits_set_call(toolbox_place(toolbox)->edits, job_plan(job)->edit,
                       work->id);
    append_end(work, outcomes[end->outcome], end->text, end->spool);
    remove_work(work);
}

static void on_output(void *context, struct job *job, enum job_stream stream,
                      struct slice piece)
{
    struct call_work *work = context;
    struct buf now = { 0 };
    (void)job;
    (void)stream;
    call_output_take(&work->output, piece, loop_now(work->chat->setup.loop),
                     &now);
    if (now.len) {
        struct event event =
            call_event(work->chat, EVENT_TOOL_OUTPUT, work->id);
        event_add_text(&event, FIELD_TEXT, buf_slice(&now));
        chat_append(work->chat, &event);
    }
    buf_clear(&now);
}

/* Preparing. */

static void on_ready(void *context, struct job *job, const struct error *err)
{
    struct call_work *work = context;
    if (err) {
        works_answer(work, "error", slice_of(err->text));
        return;
    }
    const struct tool_plan *plan = job_plan(job);
    free(work->path);
    work->path = plan->path ? memory_string(plan->path) : NULL;
    work->stage = CALL_PREPARED;
}

static const struct job_handler handler = {
    .on_ready = on_ready,
    .on_output = on_output,
    .on_done = on_done,
};

void works_prepare(struct call_work *work)
{
    const struct chat *chat = work->chat;
    const struct call *call = call_of(work);
    const struct node *node =
        graph_node(chat->conversation.graph, call->node_id);
    const struct block *block = &node->blocks.items[call->block];
    work->stage = CALL_PREPARES;
    work->job = job_new(chat_toolbox(chat), work->tool, buf_slice(&block->text),
                        &handler, work);
}

void works_prepare_shell(struct call_work *work, struct slice command)
{
    work->stage = CALL_PREPARES;
    work->is_agreed = work->is_unkept = true;
    work->job =
        job_shell(chat_toolbox(work->chat), command, false, &handler, work);
}

/* A model that hears nothing of a call may make no other. */
static void refuse(struct chat *chat, const struct call *call)
{
    static const struct registry none = { 0 };
    const struct toolbox *toolbox = chat_toolbox(chat);
    struct buf answer = { 0 };
    registry_refuse(
        chat->offers.list.count && toolbox ? toolbox_registry(toolbox) : &none,
        slice_of(call->name), &answer);
    works_append_end(chat, call->id, "error", buf_slice(&answer));
    buf_clear(&answer);
}

/* None where none were offered. */
static const struct tool *find_tool(const struct chat *chat, const char *name)
{
    const struct toolbox *toolbox = chat_toolbox(chat);
    return toolbox && chat->offers.list.count
               ? registry_find(toolbox_registry(toolbox), slice_of(name))
               : NULL;
}

struct call_work *works_add(struct chat *chat, uint32_t id,
                            const struct tool *tool)
{
    struct call_work *work = memory_zero(1, sizeof *work);
    work->chat = chat;
    work->id = id;
    work->tool = tool;
    work->mode = chat->works.mode;
    *array_add(&chat->works.list) = work;
    return work;
}

static void begin(struct chat *chat, const struct call *call)
{
    const struct tool *tool = find_tool(chat, call->name);
    if (tool)
        works_prepare(works_add(chat, call->id, tool));
    else
        refuse(chat, call);
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void works_set_room(struct chat *chat, uint64_t window, uint64_t free,
                    size_t count)
{
    enum { WINDOW_SHARE = 4, FREE_SHARE = 2, TOKEN_BYTES = 3 };
    enum { USEFUL = 2000, LEAST = 500 };
    uint64_t most = lesser(window / WINDOW_SHARE, free / FREE_SHARE);
    uint64_t parts = count ? count : 1;
    uint64_t bytes = most * TOKEN_BYTES / parts;
    /* Many small pieces are of less use than a window that is fuller. */
    if (bytes < USEFUL)
        bytes = lesser(USEFUL, free * TOKEN_BYTES / parts);
    if (bytes < LEAST)
        bytes = LEAST;
    if (chat_toolbox(chat))
        toolbox_set_room(chat_toolbox(chat), window ? (size_t)bytes : 0);
}

static size_t count_calls(const struct node *node)
{
    size_t count = 0;
    for (size_t i = 0; i < node->blocks.count; i++)
        count += node->blocks.items[i].kind == BLOCK_CALL;
    return count;
}

void works_begin(struct chat *chat, const struct node *node)
{
    const struct graph *graph = chat->conversation.graph;
    uint64_t node_id = node->id;
    works_set_room(chat, chat->route.window, compacting_free(chat),
                   count_calls(node));
    node = graph_node(graph, node_id);
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        const struct call *call =
            block->kind == BLOCK_CALL ? graph_call(graph, block->call) : NULL;
        if (call && !life_is_terminal(LIFE_CALL, (int)call->state))
            begin(chat, call);
        node = graph_node(graph, node_id);
    }
}

/* Whose turn it is. */

static bool has_effects(const struct call_work *work)
{
    return work->tool->effect != TOOL_READS;
}

static bool is_same_file(const struct call_work *one,
                         const struct call_work *other)
{
    return one->path && other->path && !strcmp(one->path, other->path);
}

/* Whether an edit that was asked for before may change what this one edits:
 * nobody knows of one that is not prepared. */
static bool meets_edit(const struct call_work *work)
{
    const struct works *works = &work->chat->works;
    for (size_t i = 0; works->list.items[i] != work; i++) {
        const struct call_work *before = works->list.items[i];
        if (before->tool->effect != TOOL_EDITS)
            continue;
        if (before->stage == CALL_PREPARES || is_same_file(work, before))
            return true;
    }
    return false;
}

/* What has effects has them in the order in which it was asked for, but for
 * programs beside each other. */
static bool is_its_turn(const struct call_work *work)
{
    const struct works *works = &work->chat->works;
    if (!has_effects(work))
        return true;
    for (size_t i = 0; works->list.items[i] != work; i++) {
        const struct call_work *before = works->list.items[i];
        if (before->tool->effect == TOOL_EDITS ||
            (has_effects(before) && work->tool->effect == TOOL_EDITS))
            return false;
    }
    return true;
}

/* Starting. */

static void run_job(struct call_work *work)
{
    work->stage = CALL_RUNS;
    job_start(work->job);
}

static bool is_on_disk(const struct call_work *work)
{
    const struct journal *journal = work->chat->conversation.journal;
    return !journal || journal_durable(journal) >= work->needed_seq;
}

/* The disk hangs or refuses, and the profile does not say to wait for it. */
static bool is_unkept(const struct chat *chat)
{
    return chat_keeping(chat) != JOURNAL_FINE &&
           !settings_flag(chat->setup.settings, "journal.required", false);
}

static void ask_again(struct call_work *work)
{
    approval_ask_again(work, "the disk does not take this conversation: after "
                             "a crash nobody could tell that it has run");
}

static void wait_for_log(struct call_work *work)
{
    if (is_on_disk(work) || work->is_unkept)
        run_job(work);
    else if (is_unkept(work->chat))
        ask_again(work);
}

static void start(struct call_work *work)
{
    if (has_effects(work) && !work->is_unkept && is_unkept(work->chat)) {
        ask_again(work);
        return;
    }
    struct event event = call_event(work->chat, EVENT_TOOL_STARTED, work->id);
    chat_append(work->chat, &event);
    work->needed_seq = event.seq;
    work->stage = CALL_WAITS_FOR_LOG;
    if (!has_effects(work))
        run_job(work);
    else
        wait_for_log(work);
}

static void take_prepared(struct call_work *work)
{
    if (work->tool->effect != TOOL_EDITS || !meets_edit(work)) {
        if (work->is_agreed)
            work->stage = CALL_AGREED;
        else
            approval_begin(work);
        return;
    }
    job_free(work->job);
    work->job = NULL;
    work->stage = CALL_WAITS_FOR_EDIT;
}

static void advance(struct call_work *work)
{
    switch (work->stage) {
    case CALL_PREPARED: take_prepared(work); break;
    case CALL_WAITS_FOR_EDIT:
        if (!meets_edit(work))
            works_prepare(work);
        break;
    case CALL_AGREED:
        if (is_its_turn(work) && (work->is_agreed || approval_stands(work)))
            start(work);
        break;
    case CALL_WAITS_FOR_LOG: wait_for_log(work); break;
    case CALL_PREPARES:
    case CALL_ASKS:
    case CALL_RUNS: break;
    }
}

/* As far as each may go: nothing else may come that brings on another turn. One
 * that is denied is gone. */
void works_turn(struct chat *chat)
{
    struct works *works = &chat->works;
    for (size_t i = 0; i < works->list.count;) {
        uint32_t id = works->list.items[i]->id;
        enum call_stage was = works->list.items[i]->stage;
        advance(works->list.items[i]);
        bool is_there = i < works->list.count && works->list.items[i]->id == id;
        i += is_there && works->list.items[i]->stage == was;
    }
}
