/* SPDX-License-Identifier: MIT */
#include "app/inventory.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/inquiry.h"
#include "app/model_json.h"
#include "app/model_text.h"
#include "app/panel.h"
#include "app/print.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "ui/receipt.h"

enum { COLUMNS = 4, GAP = 2 };

/* One line of the list. */
struct line {
    struct buf columns[COLUMNS];
};

struct inventory {
    struct inquiry inquiry;
    const struct endpoint *only; /* NULL: all */
    const char *model;           /* of `show`; NULL: the list */
    bool is_loaded_only;         /* ps */
    ARRAY_OF(struct line) lines;
    json_t *json;
    struct error err; /* of the first that cannot be asked */
    bool has_said;    /* it, or that of another */
    size_t told;      /* endpoints that did */
};

static void clear(struct inventory *inventory)
{
    for (size_t i = 0; i < inventory->lines.count; i++) {
        for (size_t j = 0; j < COLUMNS; j++)
            buf_clear(&inventory->lines.items[i].columns[j]);
    }
    array_clear(&inventory->lines);
    json_decref(inventory->json);
    inquiry_close(&inventory->inquiry);
}

static bool refuse_endpoint(const struct endpoints *endpoints, const char *word,
                            struct error *err)
{
    const char *near = NULL;
    for (size_t i = 0; i < endpoints->list.count && !near; i++) {
        const char *name = endpoints->list.items[i].name;
        near = nearest_name(word, &name, 1);
    }
    return error_set(err, ERROR_USAGE, "there is no endpoint \"%s\"%s%s%s",
                     word, near ? "; did you mean " : "", near ? near : "",
                     near ? "?" : "");
}

/* [show] and the name of an endpoint or a model. */
static bool read_words(struct inventory *inventory, const struct cli *cli,
                       struct error *err)
{
    const struct endpoints *endpoints = &inventory->inquiry.setup.endpoints;
    const char *const *words = cli->words.items;
    size_t count = cli->words.count;
    bool is_show =
        count > 1 && !strcmp(words[0], "show") && !inventory->is_loaded_only;
    const char *name = count ? words[is_show] : NULL;
    if (count > 1 + (size_t)is_show)
        return error_set(err, ERROR_USAGE, "sennit %s takes one name, or none",
                         inventory->is_loaded_only ? "ps" : "models");
    inventory->only = name ? endpoints_find(endpoints, slice_of(name)) : NULL;
    if (!name || inventory->only)
        return true;
    inventory->model = name;
    return !inventory->is_loaded_only || refuse_endpoint(endpoints, name, err);
}

/* All of one's own, and the vendors that one has a key for; ps only the
 * former. */
static bool is_asked(const struct inventory *inventory,
                     const struct endpoint *endpoint)
{
    if (inventory->only)
        return endpoint == inventory->only;
    return !inventory->is_loaded_only ||
           (!endpoint->is_vendor && !endpoint->dialect->is_builtin);
}

static void add_line(struct inventory *inventory,
                     const struct endpoint *endpoint,
                     const struct model_row *row)
{
    struct line *line = array_add(&inventory->lines);
    *line = (struct line){ 0 };
    struct buf *facts = &line->columns[3];
    struct fit fit = model_text_fit(endpoint, row, models_free_memory());
    uint64_t size = inventory->is_loaded_only ? row->memory : row->size;
    buf_printf(&line->columns[0], "%s/%s", endpoint->name, row->name);
    if (size)
        receipt_size(&line->columns[1], size);
    model_text_make(row, &line->columns[2]);
    if (row->presence != PRESENCE_UNLOADED)
        model_text_part(facts, model_text_presence(row));
    if (row->presence != PRESENCE_UNLOADED || !row->context_length)
        model_text_window(row, facts);
    model_text_share(row, facts);
    model_text_expiry(row, (int64_t)time(NULL), facts);
    model_text_abilities(row, facts);
    if (!row->can_chat)
        model_text_part(facts, "not for chat");
    if (row->is_remote)
        model_text_part(facts, "leaves this machine");
    if (fit.verdict == FIT_TOO_LARGE)
        model_text_fit_words(&fit, facts);
}

static void add_endpoint(struct inventory *inventory,
                         const struct endpoint *endpoint)
{
    const struct models *models =
        chat_models(inventory->inquiry.chat, endpoint);
    if (!models || models_state(models) != MODELS_KNOWN) {
        if (models && inventory->err.kind == ERROR_NONE)
            inventory->err = *models_error(models);
        /* Nobody said that there is an Ollama. */
        if (models && endpoint->is_explicit) {
            print_notice("%s", models_error(models)->text);
            inventory->has_said = true;
        }
        return;
    }
    inventory->told++;
    for (size_t i = 0; i < models_count(models); i++) {
        const struct model_row *row = models_at(models, i);
        bool is_there = row->presence == PRESENCE_LOADED ||
                        row->presence == PRESENCE_LOADING;
        if (inventory->is_loaded_only && !is_there)
            continue;
        add_line(inventory, endpoint, row);
        json_array_append_new(inventory->json, model_json(endpoint, row));
    }
}

static void append_padded(struct buf *out, const struct buf *text, int width)
{
    int pad = width - utf8_width(buf_slice(text));
    buf_append_slice(out, buf_slice(text));
    while (pad-- > 0)
        buf_append_char(out, ' ');
}

static void append_lines(const struct inventory *inventory, struct buf *out)
{
    int widths[COLUMNS] = { 0 };
    for (size_t i = 0; i < inventory->lines.count; i++) {
        for (size_t j = 0; j + 1 < COLUMNS; j++) {
            int width =
                utf8_width(buf_slice(&inventory->lines.items[i].columns[j]));
            if (width && width + GAP > widths[j])
                widths[j] = width + GAP;
        }
    }
    for (size_t i = 0; i < inventory->lines.count; i++) {
        struct buf line = { 0 };
        for (size_t j = 0; j < COLUMNS; j++)
            append_padded(&line, &inventory->lines.items[i].columns[j],
                          widths[j]);
        buf_append_slice(out, slice_trim(buf_slice(&line)));
        buf_append_char(out, '\n');
        buf_clear(&line);
    }
}

static int put_out(const struct buf *text)
{
    struct print out;
    print_init(&out, STDOUT_FILENO);
    print_text(&out, buf_slice(text));
    print_end(&out);
    int status = print_status(&out);
    print_clear(&out);
    return status;
}

static int print_list(struct inventory *inventory, const struct cli *cli)
{
    const struct endpoints *endpoints = &inventory->inquiry.setup.endpoints;
    struct buf text = { 0 };
    inventory->json = json_array();
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct endpoint *endpoint = &endpoints->list.items[i];
        if (is_asked(inventory, endpoint) && !endpoint->dialect->is_builtin)
            add_endpoint(inventory, endpoint);
    }
    if (cli->output == OUTPUT_TEXT)
        append_lines(inventory, &text);
    else
        model_json_append(inventory->json, &text);
    int status = put_out(&text);
    if (!status && !inventory->told && inventory->err.kind) {
        status = error_exit_status(inventory->err.kind);
        if (!inventory->has_said)
            print_notice("%s", inventory->err.text);
    } else if (!status && !inventory->lines.count) {
        print_notice("%s", inventory->is_loaded_only ? "no model is loaded"
                                                     : "no server has a model");
    }
    buf_clear(&text);
    return status;
}

/* One model. */

static void append_fact(struct buf *out, const char *name,
                        const struct buf *text)
{
    if (text->len)
        buf_printf(out, "%-10s %s\n", name, buf_string(text));
}

typedef void words_fn(const struct model_row *row, struct buf *out);

static void append_words(struct buf *out, const char *name, words_fn *fn,
                         const struct model_row *row)
{
    struct buf words = { 0 };
    fn(row, &words);
    append_fact(out, name, &words);
    buf_clear(&words);
}

static void append_place(const struct model_row *row, struct buf *out)
{
    model_text_part(out, model_text_presence(row));
    if (row->memory && out->len)
        buf_append_string(out, ", ");
    if (row->memory)
        receipt_size(out, row->memory);
    model_text_share(row, out);
    model_text_expiry(row, (int64_t)time(NULL), out);
}

static void append_size(const struct model_row *row, struct buf *out)
{
    if (row->size)
        receipt_size(out, row->size);
}

static void append_count(uint64_t count, const char *words, struct buf *out)
{
    if (!count)
        return;
    panel_append_count(out, count);
    buf_printf(out, " tokens, %s", words);
}

static void append_window(const struct model_row *row, struct buf *out)
{
    append_count(row->context_length,
                 row->presence == PRESENCE_LOADED ? "as it is loaded"
                                                  : "as it is served",
                 out);
}

static void append_trained(const struct model_row *row, struct buf *out)
{
    append_count(row->trained_length, "what it was made for", out);
}

static void append_model(struct buf *out, const struct endpoint *endpoint,
                         const struct model_row *row)
{
    struct buf words = { 0 };
    struct fit fit = model_text_fit(endpoint, row, models_free_memory());
    buf_printf(out, "%-10s %s/%s\n", "model", endpoint->name, row->name);
    append_words(out, "size", append_size, row);
    append_words(out, "make", model_text_make, row);
    append_words(out, "can", model_text_abilities, row);
    append_words(out, "window", append_window, row);
    append_words(out, "longest", append_trained, row);
    append_words(out, "state", append_place, row);
    if (row->cache_size)
        receipt_size(&words, row->cache_size);
    append_fact(out, "each token", &words);
    buf_reset(&words);
    model_text_fit_words(&fit, &words);
    append_fact(out, "memory", &words);
    buf_clear(&words);
}

static bool show(struct inventory *inventory, const struct cli *cli,
                 struct error *err)
{
    const struct model_row *row =
        inquiry_ask_about(&inventory->inquiry, inventory->model, err);
    const struct endpoint *endpoint =
        chat_next(inventory->inquiry.chat)->endpoint;
    struct buf text = { 0 };
    if (!row)
        return false;
    if (cli->output == OUTPUT_TEXT) {
        append_model(&text, endpoint, row);
    } else {
        inventory->json = model_json(endpoint, row);
        model_json_append(inventory->json, &text);
    }
    int status = put_out(&text);
    buf_clear(&text);
    return !status || error_set(err, ERROR_SYSTEM, "cannot write");
}

static void ask(struct inventory *inventory)
{
    const struct endpoints *endpoints = &inventory->inquiry.setup.endpoints;
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct endpoint *endpoint = &endpoints->list.items[i];
        if (is_asked(inventory, endpoint) && !endpoint->dialect->is_builtin)
            chat_ask_models(inventory->inquiry.chat, endpoint);
    }
    inquiry_wait(&inventory->inquiry);
    if (inventory->is_loaded_only)
        return;
    for (size_t i = 0; i < endpoints->list.count; i++)
        chat_ask_about(inventory->inquiry.chat, &endpoints->list.items[i],
                       NULL);
    inquiry_wait(&inventory->inquiry);
}

static int run(const struct cli *cli, bool is_loaded_only)
{
    struct inventory inventory = { .is_loaded_only = is_loaded_only };
    struct error err = { 0 };
    int status = 0;
    if (!inquiry_open(&inventory.inquiry, cli, NULL, &err) ||
        !read_words(&inventory, cli, &err) ||
        (inventory.model && !show(&inventory, cli, &err))) {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    } else if (!inventory.model) {
        ask(&inventory);
        status = inventory.inquiry.signal_number
                     ? 128 + inventory.inquiry.signal_number
                     : print_list(&inventory, cli);
    }
    clear(&inventory);
    return status;
}

int inventory_run(const struct cli *cli)
{
    return run(cli, false);
}

int inventory_loaded(const struct cli *cli)
{
    return run(cli, true);
}
