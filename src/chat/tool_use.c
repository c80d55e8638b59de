/* SPDX-License-Identifier: MIT */
#include "chat/tool_use.h"

#include "chat/casting.h"
#include "chat/chat_state.h"
#include "chat/chat_tools.h"

struct toolbox *chat_toolbox(const struct chat *chat)
{
    return chat->setup.toolbox;
}

const char *chat_call_spool(const struct chat *chat, uint32_t id)
{
    const struct call *call = graph_call(chat->conversation.graph, id);
    return call && *call->spool ? call->spool : NULL;
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

static bool is_private(void *context, const char *path, struct buf *rule)
{
    const struct chat *chat = context;
    return privacy_file(&chat->marking.privacy, NULL, path, rule);
}

void tool_use_begin(struct chat *chat)
{
    struct toolbox *toolbox = chat->setup.toolbox;
    permission_free(chat->permission);
    chat->permission = NULL;
    chat->has_tool_mode = false;
    if (!toolbox)
        return;
    const struct permission_setup setup = {
        .place = toolbox_place(toolbox),
        .registry = toolbox_registry(toolbox),
        .kept = chat->setup.rules,
        .is_private = is_private,
        .context = chat,
    };
    chat->permission = permission_new(&setup);
    /* Whoever made the toolbox has told what says nothing. */
    permission_reread(chat->permission, chat->setup.settings,
                      &(struct error){ 0 });
}

bool chat_add_rule(struct chat *chat, struct slice rule, struct error *err)
{
    return chat->permission ? permission_add_rule(chat->permission, rule, err)
                            : error_set(err, ERROR_USAGE, "there are no tools");
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
