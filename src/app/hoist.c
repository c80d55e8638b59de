/* SPDX-License-Identifier: MIT */
#include "app/hoist.h"

#include <time.h>

#include "app/inquiry.h"
#include "app/model_text.h"
#include "app/print.h"

/* Before it is loaded: an estimate, and no refusal; a server may make room. */
static void warn(const struct inquiry *inquiry, const struct model_row *row)
{
    const struct endpoint *endpoint = chat_next(inquiry->chat)->endpoint;
    struct fit fit = model_text_fit(endpoint, row, models_free_memory());
    struct buf words = { 0 };
    fit_words(&fit, &words);
    if (fit.verdict == FIT_TOO_LARGE)
        print_notice("%s %s; it is tried all the same", row->name,
                     buf_string(&words));
    buf_clear(&words);
}

static bool wait(struct inquiry *inquiry, struct error *err)
{
    const struct model_life *life = chat_life(inquiry->chat);
    while (!inquiry->signal_number && model_life_is_moving(life))
        loop_turn(inquiry->setup.loop, -1);
    if (inquiry->signal_number)
        return error_set(err, ERROR_CANCELLED,
                         "stopped; the server may go on by itself");
    *err = *model_life_error(life);
    return err->kind == ERROR_NONE;
}

static void tell_loaded(struct inquiry *inquiry)
{
    const struct route *next = chat_next(inquiry->chat);
    struct buf facts = { 0 };
    inquiry_wait(inquiry);
    const struct model_row *row =
        models_find(chat_models(inquiry->chat, next->endpoint), next->model);
    if (row) {
        model_text_part(&facts, "is loaded");
        model_text_window(row, &facts);
        model_text_share(row, &facts);
        model_text_expiry(row, (int64_t)time(NULL), &facts);
        print_notice("%s/%s %s", next->endpoint->name, row->name,
                     buf_string(&facts));
    }
    buf_clear(&facts);
}

static bool run(struct inquiry *inquiry, const char *model, bool is_unloading,
                struct error *err)
{
    const struct model_row *row = inquiry_ask_about(inquiry, model, err);
    struct slice none = { 0 };
    if (!row)
        return false;
    if (!is_unloading)
        warn(inquiry, row);
    bool ok = is_unloading ? chat_unload(inquiry->chat, none, err)
                           : chat_load(inquiry->chat, none, err);
    if (!ok || !wait(inquiry, err))
        return false;
    if (is_unloading)
        print_notice("%s is unloaded", model);
    else
        tell_loaded(inquiry);
    return true;
}

static int hoist(const struct cli *cli, bool is_unloading)
{
    struct inquiry inquiry = { 0 };
    struct error err = { 0 };
    bool ok = false;
    const char *word = is_unloading ? "unload" : "load";
    if (cli->words.count != 1) {
        print_notice("give one model, for example: sennit %s box/qwen3:4b",
                     word);
        return error_exit_status(ERROR_USAGE);
    }
    ok = inquiry_open(&inquiry, cli, NULL, &err) &&
         run(&inquiry, cli->words.items[0], is_unloading, &err);
    int status = inquiry.signal_number ? 128 + inquiry.signal_number
                 : ok                  ? 0
                                       : error_exit_status(err.kind);
    if (!ok)
        print_notice("%s", err.text);
    inquiry_close(&inquiry);
    return status;
}

int hoist_load(const struct cli *cli)
{
    return hoist(cli, false);
}

int hoist_unload(const struct cli *cli)
{
    return hoist(cli, true);
}
