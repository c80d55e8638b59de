/* SPDX-License-Identifier: MIT */
/*
 * casting - a conversation takes a role: that is in its log, so that it has it
 * again when somebody goes on with it.
 */
#include "chat/casting.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "chat/chat_state.h"
#include "chat/role.h"

static void replace(char **string, struct slice text)
{
    free(*string);
    *string = memory_copy(text.ptr, text.len);
}

const char *chat_role(const struct chat *chat)
{
    return chat->role;
}

const struct setting *chat_role_reply(const struct chat *chat)
{
    return role_reply(chat->setup.settings, slice_of(chat->role));
}

const char *chat_role_model(const struct chat *chat)
{
    struct role role;
    struct error none;
    return *chat->role && role_find(chat->setup.settings, slice_of(chat->role),
                                    &role, &none)
               ? role_model(&role)
               : NULL;
}

void chat_say_settings(struct chat *chat)
{
    struct event event = { .type = EVENT_SETTINGS_SET };
    struct buf settings = { 0 };
    json_t *layer = json_object();
    struct role role;
    struct error none;
    if (role_find(chat->setup.settings, slice_of(chat->role), &role, &none))
        role_write_settings(&role, slice_of(chat->role), layer);
    tool_use_write(chat, layer);
    json_append_value(&settings, layer);
    event_add_text(&event, FIELD_SETTINGS, buf_slice(&settings));
    if (json_object_size(layer) || *graph_settings(chat->conversation.graph))
        chat_append(chat, &event);
    json_decref(layer);
    buf_clear(&settings);
}

/* The user's own words go before the role's. */
void chat_begin_role(struct chat *chat)
{
    struct role role;
    struct error none;
    struct buf system = { 0 };
    if (!*chat->role)
        return;
    if (!role_find(chat->setup.settings, slice_of(chat->role), &role, &none)) {
        replace(&chat->role, slice_of(""));
        return;
    }
    if (!chat->setup.system && role_write_system(&role, &system))
        replace(&chat->system, buf_slice(&system));
    buf_clear(&system);
}

void chat_resume_settings(struct chat *chat)
{
    struct error none;
    json_t *settings =
        json_parse(slice_of(graph_settings(chat->conversation.graph)), &none);
    const char *role = json_string_value(json_object_get(settings, "role"));
    replace(&chat->role, slice_of(role ? role : ""));
    tool_use_read(chat, settings);
    json_decref(settings);
}

static void take_system(struct chat *chat, const struct role *role)
{
    struct buf system = { 0 };
    if (!role || !role_write_system(role, &system))
        buf_append_string(&system,
                          settings_text(chat->setup.settings, "system", ""));
    chat_set_system(chat, buf_string(&system));
    buf_clear(&system);
}

/* What was named before gives way to the model of the role, which nobody has
 * named: a vendor's is asked about. */
static bool can_aim(struct chat *chat, const struct role *role,
                    struct error *err)
{
    struct aim aim = chat_aim_at(chat, NULL);
    aim.wish = role_model(role);
    return !aim.wish || chat_can_aim(chat, aim, err);
}

static void unpin(struct chat *chat)
{
    free(chat->target);
    chat->target = NULL;
    loading_go_on(chat);
}

bool chat_set_role(struct chat *chat, struct slice wish, struct error *err)
{
    struct role role;
    bool has_one = wish.len > 0;
    if (has_one && (!role_find(chat->setup.settings, wish, &role, err) ||
                    !can_aim(chat, &role, err)))
        return false;
    if (!has_one && !*chat->role)
        return true;
    replace(&chat->role, wish);
    if (has_one && role_model(&role))
        unpin(chat);
    take_system(chat, has_one ? &role : NULL);
    chat_say_settings(chat);
    return true;
}
