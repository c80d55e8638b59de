/* SPDX-License-Identifier: MIT */
/*
 * panel_connect - the steps of /connect: rows to choose from, and the line that
 * is typed.
 */
#include <string.h>

#include "app/connecting.h"
#include "app/panel.h"
#include "base/filter.h"
#include "base/utf8.h"
#include "chat/base_url.h"

enum { MASK_MAX = 48 /* cells */ };

static const struct endpoint *with_key(const struct panel_source *source,
                                       const struct vendor *vendor)
{
    const struct endpoint *endpoint =
        endpoints_find(source->endpoints, slice_of(vendor->name));
    bool has_variable = endpoint && endpoint->has_key_variable;
    return has_variable && endpoint->key ? endpoint : NULL;
}

static void add_vendor(const struct panel_source *source, struct list *list,
                       const struct vendor *vendor)
{
    struct list_row *row = list_add(list, "");
    const struct endpoint *known = with_key(source, vendor);
    const struct price *price =
        vendor->model ? prices_find(&vendor->prices, vendor->model) : NULL;
    buf_printf(&row->key, CONNECTING_VENDOR "%s", vendor->name);
    buf_append_string(&row->head, vendor->name);
    buf_append_string(&row->text, vendor->title);
    if (known)
        buf_printf(&row->text, ", %s is set", known->key_source);
    if (vendor->is_own)
        buf_append_string(&row->right, "a server of yours");
    else if (price)
        buf_printf(&row->right, "%s about $%.2f in, $%.2f out", vendor->model,
                   price->in, price->out);
    else
        buf_append_string(&row->right, vendor->model ? vendor->model : "");
    row->style = STYLE_NORMAL;
    row->right_style = STYLE_DIM;
}

static void add_address(struct list *list, const char *kind,
                        const struct base_url *base, const char *words)
{
    struct slice typed = buf_slice(&list->filter);
    struct list_row *row = list_add(list, kind);
    buf_append_slice(&row->key, typed);
    filter_line(&row->head, typed);
    buf_printf(&row->text, "%s: ", words);
    filter_line(&row->text, buf_slice(&base->url));
    buf_append_string(&row->right, base->dialect->name);
    row->style = STYLE_NORMAL;
    row->right_style = STYLE_DIM;
}

/* What is typed is an address too, if it can be one. */
static void add_typed(struct list *list)
{
    struct base_url base = { 0 };
    struct error err = { 0 };
    struct slice typed = buf_slice(&list->filter);
    if (base_url_is_likely(typed) && base_url_read(&base, typed, &err)) {
        add_address(list, CONNECTING_OWN, &base, "a server of yours");
        if (!base.is_loopback)
            add_address(list, CONNECTING_OTHER, &base, "somebody else's");
    }
    base_url_clear(&base);
}

static void fill_who(const struct panel_source *source, struct list *list)
{
    const struct vendors *vendors = &source->endpoints->vendors;
    add_typed(list);
    /* Those that need nothing more come first. */
    for (size_t i = 0; i < vendors->list.count; i++) {
        if (with_key(source, &vendors->list.items[i]))
            add_vendor(source, list, &vendors->list.items[i]);
    }
    for (size_t i = 0; i < vendors->list.count; i++) {
        if (!with_key(source, &vendors->list.items[i]))
            add_vendor(source, list, &vendors->list.items[i]);
    }
    if (!list->filter.len)
        list_add_text(list, STYLE_DIM,
                      "or type an address: gpu7:8000, https://host/v1");
}

/* As many marks as characters; a command is shown as it is. */
static void append_typed_key(const struct panel_source *source,
                             const struct connecting *connecting,
                             struct buf *out)
{
    struct slice key = { connecting->key, connecting->key_len };
    if (connecting_is_command(connecting)) {
        filter_line(out, key);
        return;
    }
    int count = 0;
    for (size_t i = 0; i < key.len; i++)
        count += ((unsigned char)key.ptr[i] & 0xc0) != 0x80;
    for (int i = 0; i < count && i < MASK_MAX; i++)
        buf_append_string(out, source->ascii ? "*" : "\u2022");
}

static void fill_key(const struct panel_source *source, struct list *list)
{
    const struct connecting *connecting = source->connecting;
    struct buf typed = { 0 };
    append_typed_key(source, connecting, &typed);
    list_add_text(list, STYLE_STRONG, "key for %s: %s%s", connecting->title,
                  buf_string(&typed), source->ascii ? "_" : "\u2581");
    if (connecting->key_page)
        list_add_text(list, STYLE_DIM, "one gets it at %s",
                      connecting->key_page);
    if (connecting->variable && !connecting->key_len)
        list_add_text(list, STYLE_NORMAL, "Enter takes the one in %s",
                      connecting->variable);
    else if (connecting->is_own && !connecting->key_len)
        list_add_text(list, STYLE_NORMAL, "Enter goes on without a key");
    list_add_text(list, STYLE_DIM,
                  "type or paste it (it is not shown, and kept in a file that "
                  "only you can read), or !COMMAND that prints it");
    buf_clear(&typed);
}

static void add_choice(struct list *list, const char *key, const char *words)
{
    struct list_row *row = list_add(list, key);
    buf_append_string(&row->head, words);
    row->style = STYLE_NORMAL;
}

static void add_model(struct list *list, const char *name, const char *words)
{
    struct list_row *row = list_add(list, CONNECTING_TAKE);
    buf_append_string(&row->key, name);
    filter_line(&row->head, slice_of(name));
    buf_append_string(&row->text, words);
    row->style = STYLE_NORMAL;
}

/* A name that the server did not list. */
static void add_named(const struct connecting *connecting, struct list *list)
{
    if (list->filter.len)
        add_model(list, buf_string(&list->filter), "take this name");
    else if (connecting->usual_model)
        add_model(list, connecting->usual_model, "its usual model");
}

static void fill_test(const struct panel_source *source, struct list *list)
{
    const struct connecting *connecting = source->connecting;
    if (!connecting->models ||
        models_state(connecting->models) != MODELS_UNREACHABLE) {
        list_add_text(list, STYLE_NORMAL, "asking %s for its models...",
                      connecting->url);
        return;
    }
    list_add_text(list, STYLE_ERROR, "%s",
                  models_error(connecting->models)->text);
    if (connecting_can_name(connecting))
        add_named(connecting, list);
    add_choice(list, CONNECTING_AGAIN, "ask again");
    add_choice(list, CONNECTING_REKEY, "another key");
    add_choice(list, CONNECTING_BACK, "another address or vendor");
}

static bool is_usual(const struct connecting *connecting, const char *name)
{
    const char *usual = connecting->usual_model;
    if (!strncmp(name, "models/", 7)) /* Gemini's way */
        name += 7;
    return usual && !strcmp(name, usual);
}

static void fill_models(const struct panel_source *source, struct list *list)
{
    const struct connecting *connecting = source->connecting;
    size_t count = models_count(connecting->models), chatting = 0;
    for (size_t i = 0; i < count; i++) {
        const struct model_row *model = models_at(connecting->models, i);
        if (!model->can_chat)
            continue;
        chatting++;
        add_model(list, model->name,
                  model->presence == PRESENCE_LOADED  ? "loaded"
                  : is_usual(connecting, model->name) ? "the usual one"
                                                      : "");
        list->rows.items[list->count - 1].is_marked =
            is_usual(connecting, model->name);
    }
    if (!chatting)
        list_add_text(list, STYLE_WARNING,
                      "%s answers and has no model to chat with",
                      connecting->url);
    if (!chatting)
        add_choice(list, CONNECTING_TAKE, "connect it all the same");
    if (list->filter.len)
        add_named(connecting, list);
}

void panel_fill_connect(const struct panel_source *source, struct list *list)
{
    switch (source->connecting ? source->connecting->step : CONNECTING_NOT) {
    case CONNECTING_NOT:
        list_add_text(list, STYLE_DIM, "nobody is connecting; /connect does");
        return;
    case CONNECTING_WHO: fill_who(source, list); return;
    case CONNECTING_KEY: fill_key(source, list); return;
    case CONNECTING_TEST: fill_test(source, list); return;
    case CONNECTING_MODEL: fill_models(source, list); return;
    }
}

void panel_facts_connect(const struct panel_source *source, struct buf *facts)
{
    static const char *const words[] = {
        [CONNECTING_NOT] = "",
        [CONNECTING_WHO] = "1 of 4: who",
        [CONNECTING_KEY] = "2 of 4: the key",
        [CONNECTING_TEST] = "3 of 4: does it answer",
        [CONNECTING_MODEL] = "4 of 4: which model",
    };
    if (source->connecting)
        buf_append_string(facts, words[source->connecting->step]);
}
