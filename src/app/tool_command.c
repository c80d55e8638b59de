/* SPDX-License-Identifier: MIT */
#include "app/tool_command.h"

#include "chat/chat_tools.h"

static void say_mode(struct command_call *call)
{
    enum tool_mode mode = chat_tool_mode(call->chat);
    buf_printf(&call->notice, "tools: %s, %s", tool_mode_name(mode),
               tool_mode_about(mode));
}

static void list_modes(struct command_call *call)
{
    say_mode(call);
    for (int i = 0; i < TOOL_MODES; i++) {
        enum tool_mode mode = (enum tool_mode)i;
        if (mode != chat_tool_mode(call->chat))
            buf_printf(&call->notice, "\n/mode %s: %s", tool_mode_name(mode),
                       tool_mode_about(mode));
    }
}

bool tool_command_mode(struct command_call *call, struct error *err)
{
    enum tool_mode mode;
    if (!call->argument.len) {
        list_modes(call);
        return true;
    }
    if (!tool_mode_parse(call->argument, &mode))
        return error_set(err, ERROR_USAGE,
                         "there is no mode %.*s; they are off, plan, ask and "
                         "edits",
                         SLICE_ARG(call->argument));
    chat_set_tool_mode(call->chat, mode);
    say_mode(call);
    return true;
}

bool tool_command_next_mode(struct command_call *call, struct error *err)
{
    int next = ((int)chat_tool_mode(call->chat) + 1) % TOOL_MODES;
    (void)err;
    chat_set_tool_mode(call->chat, (enum tool_mode)next);
    say_mode(call);
    return true;
}

void tool_command_badge(struct chat *chat, struct buf *out)
{
    enum tool_mode mode = chat_tool_mode(chat);
    struct toolbox *toolbox = chat_toolbox(chat);
    if (!toolbox)
        return;
    buf_printf(out, "%s%s", mode == TOOL_MODE_OFF ? "tools " : "",
               tool_mode_name(mode));
}
