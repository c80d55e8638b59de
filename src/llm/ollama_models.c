/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "llm/dialect.h"
#include "llm/ollama.h"

void ollama_models_clear(struct ollama_models *models)
{
    for (size_t i = 0; i < models->list.count; i++)
        free(models->list.items[i].name);
    array_clear(&models->list);
}

static struct slice name_of(const json_t *model)
{
    struct slice name = json_slice(model, "name");
    return name.len ? name : json_slice(model, "model");
}

static bool holds(const json_t *array, const char *word)
{
    size_t index;
    json_t *item;
    json_array_foreach(array, index, item)
    {
        if (slice_is(json_string_slice(item), word))
            return true;
    }
    return false;
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
        return holds(capabilities, "completion") ||
               !holds(capabilities, "embedding");
    return !is_embedding_family(json_slice(details, "family")) &&
           !holds(families, "bert") && !holds(families, "nomic-bert") &&
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

static struct ollama_model *find(struct ollama_models *models,
                                 struct slice name)
{
    for (size_t i = 0; i < models->list.count; i++) {
        if (slice_is(name, models->list.items[i].name))
            return &models->list.items[i];
    }
    return NULL;
}

static struct ollama_model *add(struct ollama_models *models,
                                const json_t *item)
{
    struct slice name = name_of(item);
    struct ollama_model *model = array_add(&models->list);
    *model = (struct ollama_model){
        .name = memory_copy(name.ptr, name.len),
        .can_chat = can_chat(item, name),
        .is_remote = is_remote(item, name),
    };
    json_count(item, "size", &model->size);
    return model;
}

static void read_installed(struct ollama_models *models, const json_t *item)
{
    add(models, item);
}

static void read_loaded(struct ollama_models *models, const json_t *item)
{
    struct ollama_model *model = find(models, name_of(item));
    if (!model)
        model = add(models, item);
    model->is_loaded = true;
    json_count(item, "context_length", &model->context_length);
}

static bool read_list(struct ollama_models *models, struct slice body,
                      void (*read)(struct ollama_models *, const json_t *),
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
            read(models, item);
    }
    json_decref(root);
    return is_list ||
           error_set(err, ERROR_PROTOCOL,
                     "the server's list of models has no list in it");
}

bool ollama_read_tags(struct ollama_models *models, struct slice body,
                      struct error *err)
{
    return read_list(models, body, read_installed, err);
}

bool ollama_read_ps(struct ollama_models *models, struct slice body,
                    struct error *err)
{
    return read_list(models, body, read_loaded, err);
}
