/* SPDX-License-Identifier: MIT */
/*
 * own_call - calls that the user makes: a command, a call of the model once more,
 * an edit taken back. Each is a note of the conversation, which the next prompt
 * takes along.
 */
#include <inttypes.h>

#include "chat/chat_state.h"
#include "tool/revert.h"
#include "tool/shell.h"

/* They work one after another, and beside no answer. */
static bool may_call(const struct chat *chat, struct error *err)
{
    if (!chat->setup.toolbox)
        return error_set(err, ERROR_USAGE, "there are no tools here");
    if (chat->works.list.count && !chat->run)
        return error_set(err, ERROR_USAGE,
                         "what you called before is not done yet; Esc stops "
                         "it");
    return chat_is_idle(chat, err);
}

/* The window is that of whoever would be asked next. Where that is not known it
 * is taken for a small one of those that are usual: what the model gets is cut,
 * what the user can look at is not. */
static void set_room(struct chat *chat)
{
    enum { WINDOW_USUAL = 16 * 1024 };
    const struct route *next = chat_next(chat);
    uint64_t window = next ? next->window : 0;
    if (!window)
        window = WINDOW_USUAL;
    works_set_room(chat, window, window, 1);
}

static struct call_work *make(struct chat *chat, const struct tool *tool,
                              struct slice arguments)
{
    const struct graph *graph = chat->conversation.graph;
    uint32_t id = graph_call_count(graph) + 1;
    struct event event = { .type = EVENT_CALL_MADE };
    event_add_number(&event, FIELD_CALL, id);
    event_add_number(&event, FIELD_PARENT, graph_head(graph));
    event_add_string(&event, FIELD_NAME, tool->name);
    event_add_text(&event, FIELD_ARGUMENTS, arguments);
    chat_append(chat, &event);
    set_room(chat);
    return works_add(chat, id, tool);
}

bool chat_shell(struct chat *chat, struct slice command, struct error *err)
{
    struct buf arguments = { 0 };
    command = slice_trim(command);
    if (!command.len)
        return error_set(err, ERROR_USAGE, "there is no command behind \"!\"");
    if (!may_call(chat, err))
        return false;
    buf_append_string(&arguments, "{\"command\":");
    json_append_quoted(&arguments, command);
    buf_append_char(&arguments, '}');
    works_prepare_shell(make(chat, &shell_tool, buf_slice(&arguments)),
                        command);
    buf_clear(&arguments);
    return true;
}

/* One of the user's own is asked for as it was the first time. */
static const struct tool *find_tool(const struct chat *chat, const char *name)
{
    return slice_is(slice_of(name), revert_tool.name)
               ? &revert_tool
               : registry_find(toolbox_registry(chat->setup.toolbox),
                               slice_of(name));
}

bool chat_rerun_call(struct chat *chat, uint32_t id, struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    const struct call *call = graph_call(graph, id);
    struct buf arguments = { 0 };
    if (!call)
        return error_set(err, ERROR_USAGE, "there is no call t%" PRIu32, id);
    if (!may_call(chat, err))
        return false;
    const struct tool *tool = find_tool(chat, call->name);
    if (!tool)
        return error_set(err, ERROR_USAGE, "there is no tool %s here",
                         call->name);
    const struct node *node = graph_node(graph, call->node_id);
    buf_append_slice(&arguments,
                     buf_slice(&node->blocks.items[call->block].text));
    works_prepare(make(chat, tool, buf_slice(&arguments)));
    buf_clear(&arguments);
    return true;
}

bool chat_revert(struct chat *chat, uint32_t id, struct error *err)
{
    struct buf arguments = { 0 };
    if (id && !graph_call(chat->conversation.graph, id))
        return error_set(err, ERROR_USAGE, "there is no call t%" PRIu32, id);
    if (!may_call(chat, err))
        return false;
    if (id)
        buf_printf(&arguments, "{\"call\":%" PRIu32 "}", id);
    else
        buf_append_string(&arguments, "{}");
    works_prepare(make(chat, &revert_tool, buf_slice(&arguments)));
    buf_clear(&arguments);
    return true;
}
