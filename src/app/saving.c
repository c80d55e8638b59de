/* SPDX-License-Identifier: MIT */
#include "app/saving.h"

#include <stdio.h>
#include <string.h>

#include "chat/router.h"
#include "ui/receipt.h"

/* Its price is taken if it is a vendor's, and known, and not nothing. */
static bool take_price(struct saving *saving, const struct endpoint *endpoint,
                       const char *name)
{
    const char *model = name ? endpoint_model(endpoint, name) : NULL;
    struct price price;
    if (!model || !endpoint->is_vendor ||
        !endpoint_price(endpoint, model, true, &price) || price_is_free(&price))
        return false;
    saving->price = price;
    saving->is_known = true;
    snprintf(saving->name, sizeof saving->name, "%s/%s", endpoint->name, model);
    return true;
}

static bool take_rung(struct saving *saving, const struct endpoints *endpoints,
                      const char *rung)
{
    struct slice name = slice_of(rung);
    const char *slash = strchr(rung, '/');
    if (slash)
        name.len = (size_t)(slash - rung);
    const struct endpoint *endpoint = endpoints_find(endpoints, name);
    return endpoint && take_price(saving, endpoint,
                                  slash ? slash + 1 : endpoint->usual_model);
}

static bool take_ladder(struct saving *saving, const struct settings *settings,
                        const struct endpoints *endpoints)
{
    size_t count = router_rung_count(settings);
    for (size_t i = 0; i < count && !saving->is_rung; i++)
        saving->is_rung =
            take_rung(saving, endpoints, router_rung(settings, i));
    return saving->is_rung;
}

static void take_most_asked(struct saving *saving,
                            const struct ledger_rows *rows,
                            const struct endpoints *endpoints)
{
    struct ledger_rows models = { 0 };
    int64_t most = 0;
    ledger_rows_group(
        rows, LEDGER_BY_ENDPOINT | LEDGER_BY_MODEL | LEDGER_BY_TRUST, &models);
    for (size_t i = 0; i < models.list.count; i++) {
        const struct ledger_row *row = &models.list.items[i];
        const struct endpoint *endpoint =
            endpoints_find(endpoints, slice_of(row->endpoint));
        int64_t answers = row->sum.figures[LEDGER_ANSWERS];
        if (row->is_vendor && endpoint && answers > most &&
            take_price(saving, endpoint, row->model))
            most = answers;
    }
    ledger_rows_clear(&models);
}

void saving_estimate(struct saving *saving, const struct ledger_rows *rows,
                     const struct settings *settings,
                     const struct endpoints *endpoints)
{
    const struct ledger_sum own = ledger_rows_sum_of(rows, false);
    const int64_t *figures = own.figures;
    *saving = (struct saving){ .has_answers = figures[LEDGER_ANSWERS] > 0 };
    if (!take_ladder(saving, settings, endpoints))
        take_most_asked(saving, rows, endpoints);
    if (!saving->is_known)
        return;
    const struct price_tokens tokens = {
        .input = (uint64_t)figures[LEDGER_INPUT],
        .output = (uint64_t)figures[LEDGER_OUTPUT],
    };
    saving->would_cost = price_cost(&saving->price, &tokens);
    saving->did_cost = (double)figures[LEDGER_COST] / (double)LEDGER_DOLLAR;
}

double saving_dollars(const struct saving *saving)
{
    return saving->would_cost - saving->did_cost;
}

static void append_dollars(struct buf *out, double dollars)
{
    if (dollars > 0)
        receipt_cost(out, dollars);
    else
        buf_append_string(out, "$0");
}

void saving_describe(const struct saving *saving, struct buf *out)
{
    if (!saving->has_answers)
        return;
    if (!saving->is_known) {
        buf_append_string(out,
                          "not known: no vendor's rung in routing.ladder has a "
                          "price to go by");
        return;
    }
    buf_append_string(out, "about ");
    append_dollars(out, saving_dollars(saving));
    buf_printf(out,
               ", if %s had answered all: the tokens of your own servers "
               "at its ",
               saving->name);
    buf_printf(out,
               "$%.2f in and $%.2f out a million, as many there as here, "
               "none of them cached",
               saving->price.in, saving->price.out);
    if (saving->did_cost > 0) {
        buf_append_string(out, "; less the ");
        append_dollars(out, saving->did_cost);
        buf_append_string(out, " that they cost");
    }
}

json_t *saving_json(const struct saving *saving)
{
    struct buf words = { 0 };
    if (!saving->is_known || !saving->has_answers)
        return json_null();
    saving_describe(saving, &words);
    json_t *object = json_pack(
        "{s:f, s:f, s:f, s:s, s:f, s:f, s:s}", "dollars",
        saving_dollars(saving), "would_cost", saving->would_cost, "did_cost",
        saving->did_cost, "at_price_of", saving->name, "in", saving->price.in,
        "out", saving->price.out, "assumption", buf_string(&words));
    buf_clear(&words);
    return object;
}
