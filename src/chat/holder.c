/* SPDX-License-Identifier: MIT */
#include "chat/holder.h"

#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "base/nearest.h"
#include "config/yaml.h"
#include "llm/ollama.h"

/* What an endpoint can say of a model. */
enum word {
    WORD_NONE,  /* it has no such model */
    WORD_YES,   /* it lists it */
    WORD_LATER, /* it must be asked */
    WORD_BLIND, /* it has no list, or it cannot be had */
};

static const struct models *models_of(const struct route_question *question,
                                      const struct endpoint *endpoint)
{
    return question->models(question->context, endpoint);
}

/* As its server spells it: Ollama and Gemini take shorter names than they list.
 */
static bool is_listed(const struct endpoint *endpoint,
                      const struct models *models, const char *model)
{
    char longer[ROUTE_NAME_SIZE];
    bool is_ollama = endpoint->dialect == &dialect_ollama;
    snprintf(longer, sizeof longer, is_ollama ? "%s:latest" : "models/%s",
             model);
    return models_find(models, model) || models_find(models, longer);
}

/* An empty list of a server that has models says nothing. */
static bool is_blind(const struct endpoint *endpoint,
                     const struct models *models)
{
    return models_state(models) == MODELS_UNREACHABLE ||
           (models_count(models) == 0 && endpoint->dialect != &dialect_ollama);
}

/* Nobody has said that there is one: an Ollama at its usual address. */
static bool is_guess(const struct endpoint *endpoint)
{
    return !endpoint->is_explicit && !endpoint->is_vendor;
}

static enum word word_of(const struct route_question *question,
                         const struct endpoint *endpoint, const char *model)
{
    const struct models *models = models_of(question, endpoint);
    if (endpoint->dialect->has_no_list)
        return WORD_BLIND;
    if (!models)
        return WORD_LATER;
    if (models_state(models) == MODELS_UNASKED ||
        models_state(models) == MODELS_ASKING)
        return WORD_LATER;
    if (is_blind(endpoint, models))
        return is_guess(endpoint) ? WORD_NONE : WORD_BLIND;
    return is_listed(endpoint, models, model) ? WORD_YES : WORD_NONE;
}

/* The first of its kind with one of the words; NULL: there is none. */
static const struct endpoint *first_with(const struct route_question *question,
                                         const char *model, holder_may_fn *may,
                                         bool is_vendor, enum word word)
{
    const struct endpoints *endpoints = question->endpoints;
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct endpoint *endpoint = &endpoints->list.items[i];
        if (!endpoint->dialect->is_builtin &&
            endpoint->is_vendor == is_vendor && may(question, endpoint) &&
            word_of(question, endpoint, model) == word)
            return endpoint;
    }
    return NULL;
}

/* NULL unless there is just one that may get it. */
static const struct endpoint *only_one(const struct route_question *question,
                                       holder_may_fn *may)
{
    const struct endpoints *endpoints = question->endpoints;
    const struct endpoint *only = NULL;
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct endpoint *endpoint = &endpoints->list.items[i];
        if (endpoint->dialect->is_builtin || !may(question, endpoint))
            continue;
        if (only)
            return NULL;
        only = endpoint;
    }
    return only;
}

/* Of all lists the name that is nearest, and whose it is. */
static const char *nearest_model(const struct route_question *question,
                                 const char *model,
                                 const struct endpoint **endpoint)
{
    const struct endpoints *endpoints = question->endpoints;
    const char *best = NULL;
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct models *models =
            models_of(question, &endpoints->list.items[i]);
        const char *near = models ? models_nearest(models, model) : NULL;
        const char *const names[] = { best ? best : near, near };
        if (near && nearest_name(model, names, 2) != best) {
            best = near;
            *endpoint = &endpoints->list.items[i];
        }
    }
    return best;
}

/* Then that is what there is to say. */
static bool is_silent(const struct route_question *question,
                      const struct endpoint *endpoint)
{
    const struct models *models = models_of(question, endpoint);
    return models && models_state(models) == MODELS_UNREACHABLE;
}

static void refuse(const struct route_question *question, const char *model,
                   const struct endpoint *only, struct error *err)
{
    const struct endpoint *endpoint = NULL;
    const char *near = nearest_model(question, model, &endpoint);
    const struct setting *setting = settings_find(question->settings, "model");
    const char *slash = strchr(model, '/');
    struct buf words = { 0 };
    if (slash)
        buf_printf(&words, "there is no endpoint \"%.*s\", and ",
                   (int)(slash - model), model);
    if (only && !slash)
        buf_printf(&words, "%s has no model \"%s\"", only->name, model);
    else
        buf_printf(&words, "no server has a model \"%s\"", model);
    if (near)
        buf_printf(&words, "; did you mean %s/%s?", endpoint->name, near);
    else
        buf_append_string(&words, "; `sennit models` lists what there is");
    if (setting && !question->target && !strcmp(setting->text, model))
        yaml_error(err, setting->file, setting->line, "model: %s",
                   buf_string(&words));
    else
        error_set(err, question->target ? ERROR_USAGE : ERROR_CONFIG, "%s",
                  buf_string(&words));
    buf_clear(&words);
}

void holder_find(const struct route_question *question, const char *model,
                 holder_may_fn *may, struct holder *holder)
{
    static const struct {
        bool is_vendor;
        enum word word;
    } order[] = {
        { false, WORD_YES },  { false, WORD_LATER }, { true, WORD_YES },
        { true, WORD_LATER }, { false, WORD_BLIND }, { true, WORD_BLIND },
    };
    const struct endpoint *only = only_one(question, may);
    bool is_bare = !strchr(model, '/');
    *holder = (struct holder){ 0 };
    for (size_t i = 0; i < COUNTOF(order) && !holder->endpoint; i++) {
        holder->endpoint =
            first_with(question, model, may, order[i].is_vendor, order[i].word);
        holder->must_ask = order[i].word == WORD_LATER;
    }
    if (!holder->endpoint && only && is_silent(question, only))
        holder->err = *models_error(models_of(question, only));
    else if (!holder->endpoint)
        refuse(question, model, only, &holder->err);
    else if (only && is_bare && !only->is_vendor)
        holder->must_ask = false;
}
