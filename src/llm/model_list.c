/* SPDX-License-Identifier: MIT */
#include "llm/model_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "llm/dialect.h"

void model_list_clear(struct model_list *list)
{
    for (size_t i = 0; i < list->rows.count; i++)
        free(list->rows.items[i].name);
    array_clear(&list->rows);
    list->server = SERVER_PLAIN;
}

struct model_row *model_list_add(struct model_list *list, struct slice name)
{
    struct model_row *row = array_add(&list->rows);
    *row = (struct model_row){ .name = memory_copy(name.ptr, name.len),
                               .can_chat = true };
    return row;
}

struct model_row *model_list_find(const struct model_list *list,
                                  struct slice name)
{
    for (size_t i = 0; i < list->rows.count; i++) {
        if (slice_is(name, list->rows.items[i].name))
            return &list->rows.items[i];
    }
    return NULL;
}

void model_list_copy(char *to, size_t size, struct slice text)
{
    if (text.len >= size) {
        text.len = size - 1;
        text.len -= utf8_partial_tail(text);
    }
    snprintf(to, size, "%.*s", SLICE_ARG(text));
}

static enum ability known(enum ability now, enum ability before)
{
    return now == ABILITY_UNKNOWN ? before : now;
}

void model_list_keep_details(struct model_list *list,
                             const struct model_list *older)
{
    for (size_t i = 0; i < list->rows.count; i++) {
        struct model_row *row = &list->rows.items[i];
        const struct model_row *before =
            model_list_find(older, slice_of(row->name));
        if (!before || !before->is_detailed || before->size != row->size)
            continue;
        row->is_detailed = true;
        row->cache_size = before->cache_size;
        if (row->family == TOKENS_UNKNOWN)
            row->family = before->family;
        if (!row->trained_length)
            row->trained_length = before->trained_length;
        row->tools = known(row->tools, before->tools);
        row->vision = known(row->vision, before->vision);
        row->thinking = known(row->thinking, before->thinking);
    }
}

static enum ability ability_of(const json_t *array, const char *word)
{
    if (!json_array_size(array))
        return ABILITY_UNKNOWN;
    return dialect_holds(array, word) ? ABILITY_YES : ABILITY_NO;
}

/* A member true or false; any other is no word about it. */
static enum ability ability_flag(const json_t *object, const char *name)
{
    const json_t *flag = json_object_get(object, name);
    if (!json_is_boolean(flag))
        return ABILITY_UNKNOWN;
    return json_is_true(flag) ? ABILITY_YES : ABILITY_NO;
}

static void read_first_count(const json_t *object, const char *const *names,
                             uint64_t *count)
{
    for (; *names; names++) {
        if (json_count(object, *names, count) && *count)
            return;
    }
}

/* What it can, by the words of OpenRouter, Mistral and LM Studio. */
static void read_abilities(struct model_row *row, const json_t *item)
{
    const json_t *architecture = json_member_object(item, "architecture");
    const json_t *parameters = json_member_array(item, "supported_parameters");
    const json_t *flags = json_member_object(item, "capabilities");
    const json_t *words = json_member_array(item, "capabilities");
    struct slice type = json_slice(item, "type");
    enum ability vision = ability_of(
        json_member_array(architecture, "input_modalities"), "image");
    enum ability tools = known(ability_of(parameters, "tools"),
                               ability_flag(flags, "function_calling"));
    vision = known(vision, ability_flag(flags, "vision"));
    if (dialect_holds(words, "tool_use"))
        tools = ABILITY_YES;
    if (slice_is(type, "vlm"))
        vision = ABILITY_YES;
    if (slice_is(type, "llm"))
        vision = known(vision, ABILITY_NO);
    row->tools = known(tools, row->tools);
    row->vision = known(vision, row->vision);
    row->thinking = known(ability_of(parameters, "reasoning"), row->thinking);
    row->can_chat = row->can_chat && !slice_is(type, "embeddings") &&
                    ability_flag(flags, "completion_chat") != ABILITY_NO;
}

/* Only of the models of a router. */
static enum model_presence router_presence(const json_t *status)
{
    static const struct {
        const char *value;
        enum model_presence presence;
    } values[] = {
        { "loaded", PRESENCE_LOADED },       { "loading", PRESENCE_LOADING },
        { "downloading", PRESENCE_LOADING }, { "sleeping", PRESENCE_ASLEEP },
        { "unloaded", PRESENCE_UNLOADED },
    };
    if (json_is_truthy(status, "failed"))
        return PRESENCE_FAILED;
    for (size_t i = 0; i < COUNTOF(values); i++) {
        if (slice_is(json_slice(status, "value"), values[i].value))
            return values[i].presence;
    }
    return PRESENCE_UNKNOWN;
}

/* A llama-server: `meta` is null while it loads. The router's context_length is
 * what the file says, not what it serves. */
static void read_llama(struct model_list *list, struct model_row *row,
                       const json_t *item)
{
    const json_t *status = json_member_object(item, "status");
    const json_t *meta = json_member_object(item, "meta");
    uint64_t vocabulary = 0;
    list->server = status ? SERVER_LLAMA_ROUTER : SERVER_LLAMA;
    row->presence = status ? router_presence(status)
                    : meta ? PRESENCE_LOADED
                           : PRESENCE_LOADING;
    json_count(meta, "n_ctx", &row->context_length);
    json_count(meta, "n_ctx_train", &row->trained_length);
    json_count(meta, "size", &row->size);
    if (json_count(meta, "n_vocab", &vocabulary))
        row->family = token_family_of_size(vocabulary);
    model_list_copy(row->quantization, sizeof row->quantization,
                    json_slice(meta, "ftype"));
    if (status && !row->trained_length)
        json_count(item, "context_length", &row->trained_length);
}

static void read_lm_studio(struct model_row *row, const json_t *item)
{
    struct slice state = json_slice(item, "state");
    if (slice_is(state, "loaded"))
        row->presence = PRESENCE_LOADED;
    else if (slice_is(state, "not-loaded"))
        row->presence = PRESENCE_UNLOADED;
    row->context_length = 0;
    json_count(item, "loaded_context_length", &row->context_length);
    json_count(item, "max_context_length", &row->trained_length);
    model_list_copy(row->quantization, sizeof row->quantization,
                    json_slice(item, "quantization"));
}

static void read_item(struct model_list *list, struct model_row *row,
                      const json_t *item)
{
    static const char *const windows[] = {
        "max_model_len",      "context_length",   "context_window",
        "max_context_length", "max_input_tokens", NULL
    };
    struct slice owner = json_slice(item, "owned_by");
    read_abilities(row, item);
    if (slice_is(owner, "llamacpp")) {
        read_llama(list, row, item);
    } else if (json_slice(item, "state").len) {
        read_lm_studio(row, item);
        list->server = SERVER_LM_STUDIO;
    } else {
        read_first_count(item, windows, &row->context_length);
    }
    if (slice_is(owner, "vllm")) {
        list->server = SERVER_VLLM;
        row->presence = PRESENCE_LOADED;
    }
    if (slice_starts(owner, "organization"))
        list->server = SERVER_LM_STUDIO;
}

bool model_list_read(struct model_list *list, struct slice body,
                     struct error *err)
{
    size_t index;
    json_t *item;
    json_t *root = dialect_parse_list(body, err);
    if (!root)
        return false;
    /* Some gateways leave the envelope away. */
    const json_t *items =
        json_is_array(root) ? root : json_member_array(root, "data");
    json_array_foreach(items, index, item)
    {
        struct slice id = json_slice(item, "id");
        struct model_row *row = model_list_find(list, id);
        if (id.len)
            read_item(list, row ? row : model_list_add(list, id), item);
    }
    bool is_list = items != NULL;
    json_decref(root);
    return is_list || error_set(err, ERROR_PROTOCOL,
                                "the server's list of models has "
                                "no list in it");
}

bool model_list_read_props(struct model_row *row, struct slice body,
                           struct error *err)
{
    json_t *root = dialect_parse_list(body, err);
    if (!root)
        return false;
    uint64_t window = 0;
    const json_t *templates = json_member_object(root, "chat_template_caps");
    json_count(json_member_object(root, "default_generation_settings"), "n_ctx",
               &window);
    if (window)
        row->context_length = window;
    row->vision =
        known(ability_flag(json_member_object(root, "modalities"), "vision"),
              row->vision);
    row->tools = known(ability_flag(templates, "supports_tools"), row->tools);
    if (json_is_truthy(root, "is_sleeping"))
        row->presence = PRESENCE_ASLEEP;
    row->is_detailed = true;
    json_decref(root);
    return true;
}
