/* SPDX-License-Identifier: MIT */
#include "app/tool_command.h"

#include "chat/chat_tools.h"
#include "tool/box.h"

static void say_mode(struct command_call *call)
{
    enum tool_mode mode = chat_tool_mode(call->chat);
    buf_printf(&call->notice, "tools: %s, %s", tool_mode_name(mode),
               tool_mode_about(mode));
}

/* Who sees a question expects that it goes. */
static void switch_mode(struct command_call *call, enum tool_mode mode)
{
    chat_set_tool_mode(call->chat, mode);
    say_mode(call);
    if (chat_asking_count(call->chat))
        buf_append_string(&call->notice, "; what asks still asks");
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
    switch_mode(call, mode);
    return true;
}

bool tool_command_next_mode(struct command_call *call, struct error *err)
{
    int next = ((int)chat_tool_mode(call->chat) + 1) % TOOL_MODES;
    (void)err;
    switch_mode(call, (enum tool_mode)next);
    return true;
}

bool tool_command_shell(struct command_call *call, struct error *err)
{
    return chat_shell(call->chat, call->argument, err);
}

/* "t3" or "3"; nothing is 0. */
static bool read_number(struct slice word, uint32_t *number)
{
    enum { DIGITS_MAX = 9 };
    *number = 0;
    if (!word.len)
        return true;
    word = slice_skip(word, word.ptr[0] == 't');
    if (!word.len || word.len > DIGITS_MAX)
        return false;
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] < '0' || word.ptr[i] > '9')
            return false;
        *number = *number * 10 + (uint32_t)(word.ptr[i] - '0');
    }
    return *number > 0;
}

bool tool_command_revert(struct command_call *call, struct error *err)
{
    uint32_t number;
    if (!read_number(call->argument, &number))
        return error_set(
            err, ERROR_USAGE,
            "/revert takes the number of a call, as t3, or nothing "
            "for the last edit");
    return chat_revert(call->chat, number, err);
}

/* Once a program may run in it. */
static void append_box(struct toolbox *toolbox, struct buf *out)
{
    struct box *box = toolbox_box(toolbox);
    if (box && !box_is_known(box))
        return;
    buf_append_string(out, ", ");
    if (box)
        box_badge(box, out);
    else
        buf_append_string(out, "NO BOX");
}

void tool_command_badge(struct chat *chat, bool is_probing, struct buf *out)
{
    enum tool_mode mode = chat_tool_mode(chat);
    struct toolbox *toolbox = chat_toolbox(chat);
    if (!toolbox)
        return;
    buf_printf(out, "%s%s", mode == TOOL_MODE_OFF ? "tools " : "",
               tool_mode_name(mode));
    if (is_probing && mode >= TOOL_MODE_ASK)
        append_box(toolbox, out);
}
