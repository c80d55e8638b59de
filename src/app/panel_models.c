/* SPDX-License-Identifier: MIT */
/*
 * panel_models - the models of each endpoint; a row's key is what /model
 * takes.
 */
#include <string.h>

#include "app/model_text.h"
#include "app/panel.h"
#include "ui/receipt.h"

static void add_endpoint(struct list *list, const struct endpoint *endpoint)
{
    const char *trust =
        endpoint->is_vendor ? "vendor: leaves this machine" : "own";
    const char *http = endpoint_is_plain_http(endpoint) ? ", plain http" : "";
    if (endpoint->dialect->is_builtin)
        list_add_text(list, STYLE_HEADING, "%s, inside this program",
                      endpoint->name);
    else
        list_add_text(list, STYLE_HEADING, "%s %s, %s%s", endpoint->name,
                      endpoint->shown_url, trust, http);
}

static struct list_row *add_row(const struct panel_source *source,
                                struct list *list,
                                const struct endpoint *endpoint,
                                const char *name)
{
    const struct route *next = chat_next(source->chat);
    struct list_row *row = list_add(list, "");
    buf_printf(&row->key, "%s/%s", endpoint->name, name);
    buf_append_slice(&row->head, buf_slice(&row->key));
    row->is_marked = next->verdict == ROUTE_TO && next->endpoint == endpoint &&
                     !strcmp(next->model, endpoint_model(endpoint, name));
    row->style = STYLE_NORMAL;
    return row;
}

static void add_model(const struct panel_source *source, struct list *list,
                      const struct endpoint *endpoint,
                      const struct model_row *model)
{
    struct list_row *row = add_row(source, list, endpoint, model->name);
    struct buf *text = &row->text;
    struct fit fit = model_text_fit(endpoint, model, source->free_bytes);
    if (model->presence != PRESENCE_UNLOADED)
        model_text_part(text, model_text_presence(model));
    if (fit.verdict == FIT_TOO_LARGE)
        model_text_fit_words(&fit, text);
    if (!model->can_chat)
        model_text_part(text, "not for chat");
    if (model->is_remote)
        model_text_part(text, "leaves this machine");
    model_text_abilities(model, text);
    model_text_window(model, text);
    model_text_share(model, text);
    model_text_expiry(model, source->now / 1000, text);
    model_text_make(model, text);
    if (model->size)
        receipt_size(&row->right, model->size);
}

/* Why there are no models to list; NULL: there are, or the endpoint needs
 * none. */
static const char *why_none(const struct models *models)
{
    if (models && models_count(models))
        return NULL;
    if (!models || models_state(models) == MODELS_UNASKED ||
        models_state(models) == MODELS_ASKING)
        return "asking...";
    if (models_state(models) == MODELS_UNREACHABLE)
        return models_error(models)->text;
    return "no models installed";
}

static void add_models(const struct panel_source *source, struct list *list,
                       const struct endpoint *endpoint)
{
    const struct models *models = chat_models(source->chat, endpoint);
    for (size_t i = 0; i < endpoint->models.count; i++) {
        const struct model_alias *alias = &endpoint->models.items[i];
        struct list_row *row = add_row(source, list, endpoint, alias->alias);
        buf_printf(&row->text, "is %s", alias->model);
    }
    if (endpoint->dialect->is_builtin) {
        struct list_row *row = add_row(source, list, endpoint, "guide");
        buf_append_string(&row->text, "answers from the manual; not a "
                                      "language model");
        return;
    }
    if (why_none(models))
        list_add_text(list, STYLE_DIM, "  %s", why_none(models));
    for (size_t i = 0; models && i < models_count(models); i++)
        add_model(source, list, endpoint, models_at(models, i));
}

/* What is under way with them. */
static void add_activity(const struct panel_source *source, struct list *list)
{
    const struct model_life *life = chat_life(source->chat);
    struct buf words = { 0 };
    model_text_life(life, &words);
    if (words.len)
        list_add_text(list,
                      model_life_state(life) == MODEL_ERROR ? STYLE_ERROR
                                                            : STYLE_NORMAL,
                      "%s", buf_string(&words));
    buf_reset(&words);
    if (source->pull) {
        pull_format(source->pull, &words);
        list_add_text(list, STYLE_NORMAL, "pulling %s", buf_string(&words));
    }
    buf_clear(&words);
}

void panel_fill_models(const struct panel_source *source, struct list *list)
{
    add_activity(source, list);
    const struct endpoints *endpoints = source->endpoints;
    for (size_t i = 0; i < endpoints->list.count; i++) {
        add_endpoint(list, &endpoints->list.items[i]);
        add_models(source, list, &endpoints->list.items[i]);
    }
}
