/* SPDX-License-Identifier: MIT */
#include "chat/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "chat/branch.h"
#include "chat/chat_state.h"

/* undoes 0: it takes nothing back. */
static void append(struct chat *chat, struct event *event, uint64_t node_id,
                   uint64_t undoes)
{
    event_add_number(event, FIELD_NODE, node_id);
    if (undoes)
        event_add_number(event, FIELD_UNDOES, undoes);
    chat_append(chat, event);
}

static void append_name(struct chat *chat, uint64_t node_id, struct slice name,
                        uint64_t undoes)
{
    struct event event = { .type = EVENT_BRANCH_NAMED };
    event_add_text(&event, FIELD_NAME, name);
    append(chat, &event, node_id, undoes);
}

static void append_change(struct chat *chat, enum event_type type,
                          uint64_t node_id, uint64_t undoes)
{
    struct event event = { .type = type };
    append(chat, &event, node_id, undoes);
}

static bool is_number(struct slice name)
{
    size_t digits = 0;
    while (digits < name.len && name.ptr[digits] >= '0' &&
           name.ptr[digits] <= '9')
        digits++;
    return digits == name.len;
}

static bool check_name(const struct graph *graph, uint64_t node_id,
                       struct slice name, struct error *err)
{
    uint64_t owner_id = branch_named(graph, name);
    if (is_number(name))
        return error_set(
            err, ERROR_USAGE,
            "a number is no name for a branch; turns have numbers");
    if (name.len > TREE_NAME_MAX || memchr(name.ptr, '\n', name.len))
        return error_set(err, ERROR_USAGE,
                         "the name of a branch is one line of at most %d bytes",
                         TREE_NAME_MAX);
    if (owner_id && owner_id != node_id)
        return error_set(err, ERROR_USAGE,
                         "another branch is named %.*s; /goto %.*s goes there",
                         SLICE_ARG(name), SLICE_ARG(name));
    return true;
}

bool tree_name(struct chat *chat, uint64_t node_id, struct slice name,
               struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    if (!graph_node(graph, node_id))
        return error_set(err, ERROR_USAGE, "there is no turn to name yet");
    if (name.len && !check_name(graph, node_id, name, err))
        return false;
    append_name(chat, node_id, name, 0);
    return true;
}

bool tree_prune(struct chat *chat, uint64_t node_id, struct buf *words,
                struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    const struct node *node = graph_node(graph, node_id);
    if (!node)
        return error_set(err, ERROR_USAGE, "there is no turn to prune yet");
    if (node->edge != EDGE_FOLLOWS || node->kind == NODE_TOOL_RESULT)
        return error_set(err, ERROR_USAGE,
                         "this is a part of another turn; prune the answer "
                         "that asked for it");
    if (node->is_pruned)
        return error_set(err, ERROR_USAGE, "this branch is pruned already");
    if (graph_is_at_work(graph, node))
        return error_set(err, ERROR_USAGE,
                         "an answer is on its way in this branch; stop it "
                         "first");
    append_change(chat, EVENT_PRUNED, node_id, 0);
    buf_append_string(words, "pruned; /undo or /restore brings it back");
    return true;
}

static uint64_t pruned_last(const struct graph *graph)
{
    const struct node *found = NULL;
    for (size_t i = 0; i < graph_node_count(graph); i++) {
        const struct node *node = graph_node_at(graph, i);
        if (node->is_pruned && (!found || node->changed > found->changed))
            found = node;
    }
    return found ? found->id : 0;
}

bool tree_restore(struct chat *chat, uint64_t node_id, struct buf *words,
                  struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    if (!node_id)
        node_id = pruned_last(graph);
    const struct node *node = graph_node(graph, node_id);
    if (!node || !node->is_pruned)
        return error_set(err, ERROR_USAGE, "%s",
                         node ? "this branch is not pruned"
                              : "no branch is pruned");
    append_change(chat, EVENT_RESTORED, node_id, 0);
    buf_append_string(words, "the branch is back; /previous, /next and the "
                             "graph panel lead to it");
    return true;
}

/* It is hidden only in a log that was not made here. */
static uint64_t head_before(const struct graph *graph,
                            const struct change *change)
{
    const struct node *node = graph_node(graph, change->head_id);
    return !node || graph_is_shown(graph, node) ? change->head_id
                                                : graph_head(graph);
}

static void undo_name(struct chat *chat, const struct change *change,
                      struct buf *words)
{
    /* The graph forgets its copy while it takes the event in. */
    char *name = memory_string(change->name);
    if (name)
        buf_printf(words, "the branch is named %s again", name);
    else
        buf_append_string(words, "the branch has no name again");
    append_name(chat, change->node_id, slice_of(name ? name : ""), change->seq);
    free(name);
}

static void undo_move(struct chat *chat, const struct change *change,
                      struct buf *words)
{
    bool is_prompt = change->type == EVENT_USER_MESSAGE;
    append_change(chat, EVENT_HEAD_MOVED,
                  head_before(chat->conversation.graph, change), change->seq);
    buf_append_string(words, is_prompt
                                 ? "the last prompt is taken back; /redo goes "
                                   "forward again"
                                 : "back where the conversation was before it "
                                   "went to another place");
}

/* Carries what is taken back with the first event, for it is one change. */
static void send_again(struct chat *chat, uint64_t node_id, bool is_left_out,
                       uint64_t *undoes)
{
    struct event event = { .type = EVENT_LEFT_OUT };
    event_add_number(&event, FIELD_ON, is_left_out);
    append(chat, &event, node_id, *undoes);
    *undoes = 0;
}

static void unfold(struct chat *chat, uint64_t summary_seq, uint64_t *undoes)
{
    struct event event = { .type = EVENT_FOLDED };
    event_add_number(&event, FIELD_SUMMARY, summary_seq);
    event_add_number(&event, FIELD_ON, false);
    if (*undoes)
        event_add_number(&event, FIELD_UNDOES, *undoes);
    *undoes = 0;
    chat_append(chat, &event);
}

/* What the user has since said of a turn himself stays. */
static void undo_cut(struct chat *chat, struct change change, struct buf *words)
{
    const struct graph *graph = chat->conversation.graph;
    uint64_t undoes = change.seq;
    size_t count = 0;
    if (change.type == EVENT_FOLDED)
        unfold(chat, change.seq - 1, &undoes);
    for (size_t i = 0; i < graph_node_count(graph); i++) {
        const struct node *node = graph_node_at(graph, i);
        if (!node->is_dropped || node->switched < change.seq ||
            node->switched > change.last_seq)
            continue;
        send_again(chat, node->id, false, &undoes);
        count++;
    }
    if (undoes)
        send_again(chat, change.node_id,
                   graph_node(graph, change.node_id)->is_left_out, &undoes);
    if (change.type == EVENT_FOLDED)
        buf_append_string(words, "the turns are sent again in place of their "
                                 "summary, which is kept: O in the "
                                 "conversation folds them");
    else
        buf_printf(words, "the cut is taken back: %zu turn%s sent again", count,
                   count == 1 ? " is" : "s are");
}

bool tree_undo(struct chat *chat, struct buf *words, struct error *err)
{
    const struct change *change = graph_last_change(chat->conversation.graph);
    if (!chat_is_idle(chat, err))
        return false;
    if (!change)
        return error_set(err, ERROR_USAGE, "there is nothing to undo");
    if (change->type == EVENT_BRANCH_NAMED) {
        undo_name(chat, change, words);
    } else if (change->type == EVENT_PRUNED) {
        append_change(chat, EVENT_RESTORED, change->node_id, change->seq);
        buf_append_string(words, "the branch that was pruned is back");
    } else if (change->type == EVENT_RESTORED) {
        append_change(chat, EVENT_PRUNED, change->node_id, change->seq);
        buf_append_string(words,
                          "the branch that was restored is pruned again");
    } else if (change->type == EVENT_LEFT_OUT || change->type == EVENT_FOLDED) {
        undo_cut(chat, *change, words);
    } else {
        undo_move(chat, change, words);
    }
    return true;
}

bool tree_redo(struct chat *chat, struct buf *words, struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    uint64_t leaf_id = graph_deepest(graph, graph_head(graph));
    if (!chat_is_idle(chat, err))
        return false;
    if (leaf_id == graph_head(graph))
        return error_set(err, ERROR_USAGE,
                         "this branch goes no further; /undo goes back");
    chat_move_head(chat, leaf_id);
    buf_append_string(words, "forward to where this branch was left");
    return true;
}
