/* SPDX-License-Identifier: MIT */
/*
 * panel_models - the models of each endpoint; a row's key is what /model
 * takes.
 */
#include <string.h>

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

static void append_fact(struct buf *out, const char *fact)
{
    if (out->len)
        buf_append_string(out, ", ");
    buf_append_string(out, fact);
}

static void add_model(const struct panel_source *source, struct list *list,
                      const struct endpoint *endpoint,
                      const struct model_row *model)
{
    struct list_row *row = add_row(source, list, endpoint, model->name);
    struct buf *text = &row->text;
    if (model->presence == PRESENCE_LOADED)
        append_fact(text, "loaded");
    if (model->context_length) {
        append_fact(text, "window ");
        panel_append_count(text, model->context_length);
    }
    if (!model->can_chat)
        append_fact(text, "not for chat");
    if (model->is_remote)
        append_fact(text, "leaves this machine");
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

void panel_fill_models(const struct panel_source *source, struct list *list)
{
    const struct endpoints *endpoints = source->endpoints;
    for (size_t i = 0; i < endpoints->list.count; i++) {
        add_endpoint(list, &endpoints->list.items[i]);
        add_models(source, list, &endpoints->list.items[i]);
    }
}
