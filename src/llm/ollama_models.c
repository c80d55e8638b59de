/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/memory.h"
#include "llm/dialect.h"
#include "llm/model_list.h"

enum {
    CACHE_ELEMENT = 2, /* bytes: f16, what Ollama takes unless it is told */
    NEVER_DAYS = 3650, /* "for good" is a date hundreds of years ahead */
    DAY_SECONDS = 24 * 3600,
    KEY_MAX = 128,
};

static struct slice name_of(const json_t *model)
{
    struct slice name = json_slice(model, "name");
    return name.len ? name : json_slice(model, "model");
}

static bool is_embedding_family(struct slice family)
{
    return slice_is(family, "bert") || slice_is(family, "nomic-bert");
}

/* Old servers list no capabilities: that is no word against a model. */
static bool can_chat(const json_t *model, struct slice name)
{
    const json_t *capabilities = json_member_array(model, "capabilities");
    const json_t *details = json_member_object(model, "details");
    const json_t *families = json_member_array(details, "families");
    if (json_array_size(capabilities))
        return dialect_holds(capabilities, "completion") ||
               !dialect_holds(capabilities, "embedding");
    return !is_embedding_family(json_slice(details, "family")) &&
           !dialect_holds(families, "bert") &&
           !dialect_holds(families, "nomic-bert") &&
           slice_find(name, "embed") < 0;
}

static bool ends_with(struct slice name, const char *suffix)
{
    size_t len = strlen(suffix);
    return name.len > len && slice_is(slice_skip(name, name.len - len), suffix);
}

static bool is_remote(const json_t *model, struct slice name)
{
    return json_slice(model, "remote_host").len ||
           json_slice(model, "remote_model").len || ends_with(name, "-cloud") ||
           ends_with(name, ":cloud");
}

static void read_details(struct model_row *row, const json_t *model)
{
    const json_t *details = json_member_object(model, "details");
    model_list_copy(row->parameters, sizeof row->parameters,
                    json_slice(details, "parameter_size"));
    model_list_copy(row->quantization, sizeof row->quantization,
                    json_slice(details, "quantization_level"));
    json_count(details, "context_length", &row->trained_length);
}

static enum ability ability(const json_t *capabilities, const char *word)
{
    return dialect_holds(capabilities, word) ? ABILITY_YES : ABILITY_NO;
}

static void read_abilities(struct model_row *row, const json_t *model)
{
    const json_t *capabilities = json_member_array(model, "capabilities");
    if (!json_array_size(capabilities))
        return;
    row->tools = ability(capabilities, "tools");
    row->vision = ability(capabilities, "vision");
    row->thinking = ability(capabilities, "thinking");
}

static struct model_row *add(struct model_list *list, const json_t *item)
{
    struct slice name = name_of(item);
    struct model_row *row = model_list_add(list, name);
    row->can_chat = can_chat(item, name);
    row->is_remote = is_remote(item, name);
    read_details(row, item);
    read_abilities(row, item);
    return row;
}

static void read_installed(struct model_list *list, const json_t *item)
{
    struct model_row *row = add(list, item);
    json_count(item, "size", &row->size);
}

/* "2026-11-21T04:45:00.877047557Z", also with "+02:00"; 0: it is none. */
static int64_t read_time(struct slice text)
{
    struct tm tm = { 0 };
    char words[40] = "";
    int hours = 0, minutes = 0;
    if (text.len == 0 || text.len >= sizeof words)
        return 0;
    memcpy(words, text.ptr, text.len);
    const char *rest = strptime(words, "%Y-%m-%dT%H:%M:%S", &tm);
    if (!rest)
        return 0;
    if (*rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    if ((*rest == '+' || *rest == '-') &&
        sscanf(rest + 1, "%2d:%2d", &hours, &minutes) != 2)
        return 0;
    int offset = (hours * 60 + minutes) * 60;
    return (int64_t)timegm(&tm) + (*rest == '-' ? offset : -offset);
}

static int64_t expiry(struct slice text)
{
    int64_t at = read_time(text);
    if (at - (int64_t)time(NULL) > (int64_t)NEVER_DAYS * DAY_SECONDS)
        return MODEL_NEVER_EXPIRES;
    return at;
}

/* Its size here is that in memory. */
static void read_loaded(struct model_list *list, const json_t *item)
{
    struct model_row *row = model_list_find(list, name_of(item));
    if (!row)
        row = add(list, item);
    row->presence = PRESENCE_LOADED;
    json_count(item, "context_length", &row->context_length);
    json_count(item, "size", &row->memory);
    row->knows_gpu = json_count(item, "size_vram", &row->gpu_memory);
    row->expires_time = expiry(json_slice(item, "expires_at"));
}

static bool read_list(struct model_list *list, struct slice body,
                      void (*read)(struct model_list *, const json_t *),
                      struct error *err)
{
    size_t index;
    json_t *item;
    json_t *root = dialect_parse_list(body, err);
    if (!root)
        return false;
    /* A server without models says null. */
    bool is_list = json_object_get(root, "models") != NULL;
    json_array_foreach(json_member_array(root, "models"), index, item)
    {
        if (name_of(item).len)
            read(list, item);
    }
    list->server = SERVER_OLLAMA;
    json_decref(root);
    return is_list ||
           error_set(err, ERROR_PROTOCOL,
                     "the server's list of models has no list in it");
}

bool ollama_read_tags(struct model_list *list, struct slice body,
                      struct error *err)
{
    return read_list(list, body, read_installed, err);
}

bool ollama_read_ps(struct model_list *list, struct slice body,
                    struct error *err)
{
    for (size_t i = 0; i < list->rows.count; i++)
        list->rows.items[i].presence = PRESENCE_UNLOADED;
    return read_list(list, body, read_loaded, err);
}

/* "qwen3.context_length": names begin with the architecture. */
static const json_t *info_of(const json_t *info, const char *name)
{
    char key[KEY_MAX];
    snprintf(key, sizeof key, "%.*s.%s",
             SLICE_ARG(json_slice(info, "general.architecture")), name);
    return json_object_get(info, key);
}

/* Layers may differ in their heads: then it is a list, and this its sum. 0:
 * unknown. */
static uint64_t sum_over_layers(const json_t *value, uint64_t layers)
{
    size_t index;
    json_t *item;
    uint64_t sum = 0;
    if (json_is_number(value))
        return (uint64_t)json_number_value(value) * layers;
    json_array_foreach(value, index, item)
    {
        sum +=
            json_number_value(item) > 0 ? (uint64_t)json_number_value(item) : 0;
    }
    return sum;
}

static uint64_t count_of(const json_t *info, const char *name)
{
    double number = json_number_value(info_of(info, name));
    return number > 0 && number < 1e9 ? (uint64_t)number : 0;
}

/* Keys and values of each head in each layer. Layers with a sliding window or
 * without attention take less: this is the most. */
static uint64_t cache_size(const json_t *info)
{
    uint64_t layers = count_of(info, "block_count");
    uint64_t heads =
        sum_over_layers(info_of(info, "attention.head_count_kv"), layers);
    uint64_t key = count_of(info, "attention.key_length");
    uint64_t value = count_of(info, "attention.value_length");
    uint64_t query_heads = count_of(info, "attention.head_count");
    if (!key && query_heads)
        key = count_of(info, "embedding_length") / query_heads;
    if (!heads)
        heads = query_heads * layers;
    return heads * (key + (value ? value : key)) * CACHE_ELEMENT;
}

/* Models whose architecture is not told have one such name. */
static void read_trained_length(struct model_row *row, json_t *info)
{
    const char *key;
    json_t *value;
    uint64_t length = count_of(info, "context_length");
    json_object_foreach(info, key, value)
    {
        if (!length && ends_with(slice_of(key), ".context_length") &&
            json_number_value(value) > 0)
            length = (uint64_t)json_number_value(value);
    }
    if (length)
        row->trained_length = length;
}

bool ollama_read_show(struct model_row *row, struct slice body,
                      struct error *err)
{
    json_t *root = dialect_parse_list(body, err);
    if (!root)
        return false;
    json_t *info = json_member_object(root, "model_info");
    row->is_detailed = true;
    read_details(row, root);
    read_abilities(row, root);
    read_trained_length(row, info);
    row->cache_size = cache_size(info);
    row->family =
        token_family_of_gguf(json_slice(info, "tokenizer.ggml.model"),
                             json_slice(info, "tokenizer.ggml.pre"),
                             json_slice(info, "general.architecture"));
    json_decref(root);
    return true;
}
