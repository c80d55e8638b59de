/* SPDX-License-Identifier: MIT */
#include "chat/reply.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "base/json.h"

/* Where a setting is to be read. */
struct source {
    const struct settings *settings;
    const struct setting *role; /* or NULL */
};

static bool is_of_this_run(const struct setting *setting)
{
    return !setting->line &&
           (!strcmp(setting->file, "--set") || !strcmp(setting->file, "/set"));
}

/* NULL: nobody says. */
static const struct setting *find(const struct source *source, const char *name)
{
    const struct setting *of_role = setting_child(source->role, name);
    const struct setting *of_reply =
        setting_child(settings_find(source->settings, "reply"), name);
    return of_role && !(of_reply && is_of_this_run(of_reply)) ? of_role
                                                              : of_reply;
}

static double number(const struct source *source, const char *name,
                     double otherwise)
{
    const struct setting *setting = find(source, name);
    return setting ? setting->number : otherwise;
}

static void read_stop(struct reply *reply, const struct setting *list)
{
    reply->stop.count = 0;
    for (size_t i = 0; list && i < list->child_count; i++)
        *array_add(&reply->stop) = list->children[i]->text;
    *array_add(&reply->stop) = NULL;
    reply->settings.stop = reply->stop.items;
}

void reply_read(struct reply *reply, const struct settings *settings,
                const struct setting *role, const struct endpoint *endpoint)
{
    const struct source source = { settings, role };
    const struct setting *thinking = find(&source, "thinking");
    reply->settings = (struct reply_settings){
        .temperature = number(&source, "temperature", NAN),
        .top_p = number(&source, "top_p", NAN),
        .max_tokens = (int64_t)number(&source, "max_tokens", -1),
        .seed = (int64_t)number(&source, "seed", -1),
        .repeat_penalty = number(&source, "repeat_penalty", NAN),
        .thinking = thinking ? thinking->text : NULL,
        .keep_alive = endpoint->keep_alive,
        .num_ctx = endpoint->num_ctx,
        .unstreamed = !settings_flag(settings, "reply.stream", true),
    };
    read_stop(reply, find(&source, "stop"));
}

void reply_clear(struct reply *reply)
{
    array_clear(&reply->stop);
}

/* As they are told. */
static const enum request_part order[] = {
    PART_TEMPERATURE, PART_TOP_P, PART_MAX_TOKENS,     PART_THINKING,
    PART_SEED,        PART_STOP,  PART_REPEAT_PENALTY,
};

static json_t *stop_value(const struct reply_settings *reply)
{
    json_t *list = json_array();
    for (size_t i = 0; reply->stop[i]; i++)
        json_array_append_new(list, json_string(reply->stop[i]));
    return list;
}

static json_t *value_of(const struct reply_settings *reply,
                        enum request_part part)
{
    switch (part) {
    case PART_TEMPERATURE: return json_real(reply->temperature);
    case PART_TOP_P: return json_real(reply->top_p);
    case PART_MAX_TOKENS: return json_integer(reply->max_tokens);
    case PART_STOP: return stop_value(reply);
    case PART_SEED: return json_integer(reply->seed);
    case PART_REPEAT_PENALTY: return json_real(reply->repeat_penalty);
    case PART_THINKING: return json_string(reply->thinking);
    default: return NULL;
    }
}

static uint32_t left_out(const struct chat_request *request,
                         const struct dialect *dialect)
{
    uint32_t lacks = dialect->lacks ? dialect->lacks(request) : 0;
    return lacks | request->omit;
}

void reply_describe(const struct chat_request *request,
                    const struct dialect *dialect, struct buf *out)
{
    uint32_t parts = provider_reply_parts(&request->reply);
    uint32_t missing = left_out(request, dialect);
    json_t *sent = json_object(), *names = json_array();
    for (size_t i = 0; i < COUNTOF(order); i++) {
        const char *name = provider_part_name(order[i]);
        if (!(parts & order[i]))
            continue;
        if (missing & order[i])
            json_array_append_new(names, json_string(name));
        else
            json_object_set_new(sent, name,
                                value_of(&request->reply, order[i]));
    }
    if (request->reply.unstreamed)
        json_object_set_new(sent, "stream", json_false());
    if (json_array_size(names))
        json_object_set(sent, "left_out", names);
    if (json_object_size(sent))
        json_append_value(out, sent);
    json_decref(names);
    json_decref(sent);
}

void reply_explain(const struct endpoint *endpoint, const char *model,
                   struct slice key, struct buf *out)
{
    const struct chat_request request = {
        .base_url = endpoint->url,
        .like = endpoint->like,
        .model = model,
    };
    uint32_t missing = left_out(&request, endpoint->dialect);
    if (!slice_starts(key, "reply."))
        return;
    struct slice name = slice_skip(key, sizeof "reply." - 1);
    for (size_t i = 0; i < COUNTOF(order); i++) {
        const char *part = provider_part_name(order[i]);
        if (missing & order[i] && slice_is(name, part))
            buf_printf(out, "%s has no %s: it is left out there",
                       endpoint->name, part);
    }
}
