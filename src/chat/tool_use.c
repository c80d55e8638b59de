/* SPDX-License-Identifier: MIT */
/*
 * tool_use - how much a conversation may do with tools: its mode. That is in its
 * log, so that it has it again when somebody goes on with it; until somebody has
 * said it, the settings say.
 */
#include <string.h>

#include "base/json.h"
#include "chat/casting.h"
#include "chat/chat_state.h"
#include "chat/chat_tools.h"

struct toolbox *chat_toolbox(const struct chat *chat)
{
    return chat->setup.toolbox;
}

enum tool_mode chat_tool_mode(const struct chat *chat)
{
    enum tool_mode mode = TOOL_MODE_ASK;
    if (chat->has_tool_mode)
        return chat->tool_mode;
    tool_mode_parse(
        slice_of(settings_text(chat->setup.settings, "tools.mode", "ask")),
        &mode);
    return mode;
}

void chat_set_tool_mode(struct chat *chat, enum tool_mode mode)
{
    chat->has_tool_mode = true;
    chat->tool_mode = mode;
    chat_say_settings(chat);
}

void tool_use_write(const struct chat *chat, json_t *settings)
{
    json_t *tools = json_object();
    if (chat->has_tool_mode) {
        json_object_set_new(tools, "mode",
                            json_string(tool_mode_name(chat->tool_mode)));
        json_object_set(settings, "tools", tools);
    }
    json_decref(tools);
}

void tool_use_read(struct chat *chat, const json_t *settings)
{
    struct slice word =
        json_slice(json_member_object(settings, "tools"), "mode");
    chat->has_tool_mode = tool_mode_parse(word, &chat->tool_mode);
}
