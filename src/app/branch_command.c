/* SPDX-License-Identifier: MIT */
#include "app/branch_command.h"

#include <inttypes.h>
#include <stdlib.h>

#include "app/attaching.h"
#include "chat/tree.h"
#include "ui/compare_view.h"

static const struct graph *graph_of(const struct command_call *call)
{
    return chat_conversation(call->chat)->graph;
}

static uint64_t head_of(const struct command_call *call)
{
    return graph_head(graph_of(call));
}

const struct node *branch_command_prompt(const struct graph *graph,
                                         uint64_t node_id)
{
    const struct node *node = graph_node(graph, node_id);
    while (node && node->kind != NODE_USER)
        node = graph_node(graph, node->parent_id);
    return node;
}

void branch_command_text(const struct node *node, struct buf *out)
{
    for (size_t i = 0; i < node->blocks.count; i++) {
        if (node->blocks.items[i].kind == BLOCK_TEXT)
            buf_append_slice(out, buf_slice(&node->blocks.items[i].text));
    }
}

uint64_t branch_command_find(const struct graph *graph, struct slice words,
                             struct error *err)
{
    struct buf text = { 0 };
    char *end;
    buf_append_slice(&text, words);
    uint64_t id = branch_named(graph, words);
    uint64_t number = strtoull(buf_string(&text), &end, 10);
    if (!id && words.len && *end == '\0' && graph_node(graph, number))
        id = number;
    if (!id)
        error_set(err, ERROR_USAGE,
                  "no branch is named \"%s\"; /branch lists all",
                  buf_string(&text));
    buf_clear(&text);
    return id;
}

bool branch_command_retry(struct command_call *call, struct error *err)
{
    struct buf target = { 0 }, doubt = { 0 };
    buf_append_slice(&target, call->argument);
    const char *model = target.len ? buf_string(&target) : NULL;
    bool ok = (!model || command_check_model(call, model, &doubt, err)) &&
              chat_retry_with(call->chat, head_of(call), model, err);
    if (ok)
        buf_append_slice(&call->notice, buf_slice(&doubt));
    buf_clear(&target);
    buf_clear(&doubt);
    return ok;
}

bool branch_command_better(struct command_call *call, struct error *err)
{
    return chat_again(call->chat, head_of(call), AGAIN_BETTER, &call->notice,
                      err);
}

bool branch_command_here(struct command_call *call, struct error *err)
{
    return chat_again(call->chat, head_of(call), AGAIN_HERE, &call->notice,
                      err);
}

bool branch_command_continue(struct command_call *call, struct error *err)
{
    return chat_continue(call->chat, head_of(call), err);
}

bool branch_command_edit(struct command_call *call, struct error *err)
{
    const struct node *prompt =
        branch_command_prompt(graph_of(call), head_of(call));
    struct attachments files = { 0 };
    if (!prompt)
        return error_set(err, ERROR_USAGE, "there is no prompt to edit yet");
    if (!call->argument.len)
        return error_set(err, ERROR_USAGE,
                         "/edit takes the new text of the last prompt: /edit "
                         "TEXT");
    attaching_take_back(&files, graph_of(call), prompt);
    bool ok = chat_edit(call->chat, prompt->id, call->argument, &files, err);
    attachments_clear(&files);
    return ok;
}

bool branch_command_undo(struct command_call *call, struct error *err)
{
    return tree_undo(call->chat, &call->notice, err);
}

bool branch_command_redo(struct command_call *call, struct error *err)
{
    return tree_redo(call->chat, &call->notice, err);
}

bool branch_command_name(struct command_call *call, struct error *err)
{
    const struct graph *graph = graph_of(call);
    struct slice name = call->argument;
    if (!name.len) {
        call->panel = PANEL_GRAPH;
        return true;
    }
    if (slice_is(name, "none"))
        name.len = 0;
    if (!tree_name(call->chat, branch_begin(graph, head_of(call)), name, err))
        return false;
    if (name.len)
        buf_printf(&call->notice,
                   "this branch is named %.*s; /goto %.*s "
                   "comes back to it",
                   SLICE_ARG(name), SLICE_ARG(name));
    else
        buf_append_string(&call->notice, "this branch has no name any more");
    return true;
}

bool branch_command_prune(struct command_call *call, struct error *err)
{
    uint64_t id = branch_fork(graph_of(call), head_of(call));
    if (!id)
        return error_set(err, ERROR_USAGE,
                         "there is only one branch; /new starts a fresh "
                         "conversation");
    return tree_prune(call->chat, id, &call->notice, err);
}

bool branch_command_restore(struct command_call *call, struct error *err)
{
    return tree_restore(call->chat, 0, &call->notice, err);
}

/* "answer 2 of 3: its first line" */
static void say_place(struct command_call *call, uint64_t id)
{
    const struct graph *graph = graph_of(call);
    const struct node *node = graph_node(graph, id);
    buf_printf(&call->notice, "%s %" PRIu32 " of %" PRIu32 ": ",
               node->kind == NODE_USER ? "prompt" : "answer", node->sibling + 1,
               graph_sibling_count(graph, node));
    panel_append_excerpt(&call->notice, panel_first_line(node));
}

static bool step(struct command_call *call, int steps, struct error *err)
{
    const struct graph *graph = graph_of(call);
    uint64_t id = branch_fork(graph, head_of(call));
    if (!chat_select_sibling(call->chat, id ? id : head_of(call), steps, err))
        return false;
    say_place(call, branch_fork(graph, head_of(call)));
    return true;
}

bool branch_command_previous(struct command_call *call, struct error *err)
{
    return step(call, -1, err);
}

bool branch_command_next(struct command_call *call, struct error *err)
{
    return step(call, 1, err);
}

bool branch_command_go_to(struct command_call *call, struct error *err)
{
    if (!call->argument.len)
        return error_set(err, ERROR_USAGE,
                         "/goto takes the name of a branch; /branch lists all");
    uint64_t id = branch_command_find(graph_of(call), call->argument, err);
    if (!id || !chat_go_to(call->chat, id, err))
        return false;
    buf_append_string(&call->notice, "here: ");
    panel_append_excerpt(&call->notice,
                         panel_first_line(graph_node(graph_of(call), id)));
    return true;
}

bool branch_command_pair(const struct graph *graph, uint64_t node_id,
                         struct slice number, struct branch_pair *pair,
                         struct error *err)
{
    struct buf text = { 0 };
    char *end;
    buf_append_slice(&text, number);
    uint64_t wanted = strtoull(buf_string(&text), &end, 10);
    bool is_number = *end == '\0' && (wanted > 0 || !number.len);
    buf_clear(&text);
    if (!is_number)
        return error_set(err, ERROR_USAGE,
                         "/compare takes the number of another answer: "
                         "/compare 1");
    return branch_pair(graph, node_id, wanted, pair, err);
}

bool branch_command_compare(struct command_call *call, struct error *err)
{
    const struct graph *graph = graph_of(call);
    struct branch_pair pair;
    if (!branch_command_pair(graph, head_of(call), call->argument, &pair, err))
        return false;
    compare_view_text(graph, pair.left_id, pair.right_id, &call->notice);
    return true;
}

static bool refuse_preference(struct error *err)
{
    return error_set(err, ERROR_USAGE,
                     "/prefer takes the number of the better one of the two, "
                     "or none: /prefer 2");
}

static uint64_t sibling_of(const struct graph *graph, uint64_t id,
                           uint64_t number)
{
    const struct node *node = graph_node(graph, id);
    uint32_t count = node ? graph_sibling_count(graph, node) : 0;
    return number > 0 && number <= count
               ? graph_sibling(graph, node, (uint32_t)number - 1)
               : 0;
}

bool branch_command_better_of(const struct graph *graph, uint64_t node_id,
                              struct slice words, struct branch_pair *pair,
                              uint64_t *better, struct error *err)
{
    struct buf text = { 0 };
    char *end;
    buf_append_slice(&text, words);
    uint64_t number = strtoull(buf_string(&text), &end, 10);
    bool is_none = slice_is(words, "none");
    bool is_number = words.len && *end == '\0' && number > 0;
    buf_clear(&text);
    if (!is_none && !is_number)
        return refuse_preference(err);
    uint64_t here_id = branch_fork(graph, node_id);
    *better = is_none
                  ? 0
                  : sibling_of(graph, pair->left_id ? pair->left_id : here_id,
                               number);
    if (pair->left_id)
        return is_none || *better == pair->left_id ||
               *better == pair->right_id || refuse_preference(err);
    return branch_pair(graph, node_id,
                       is_none || *better == here_id ? 0 : number, pair, err);
}

bool branch_command_prefer(struct command_call *call, struct error *err)
{
    struct branch_pair pair = { 0 };
    uint64_t better;
    if (!branch_command_better_of(graph_of(call), head_of(call), call->argument,
                                  &pair, &better, err))
        return false;
    const struct answer_pair answers = { pair.left_id, pair.right_id };
    return chat_prefer(call->chat, &answers, better, &call->notice, err);
}
