/* SPDX-License-Identifier: MIT */
#include "chat/price.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "config/yaml.h"

void prices_clear(struct prices *prices)
{
    for (size_t i = 0; i < prices->list.count; i++)
        free(prices->list.items[i].pattern);
    array_clear(&prices->list);
}

void prices_add(struct prices *prices, const char *pattern,
                const struct price *price)
{
    *array_add(&prices->list) =
        (struct price_row){ memory_string(pattern), *price };
}

void prices_add_all(struct prices *prices, const struct prices *other)
{
    for (size_t i = 0; i < other->list.count; i++)
        prices_add(prices, other->list.items[i].pattern,
                   &other->list.items[i].price);
}

static double number_of(const struct setting *row, const char *name)
{
    const struct setting *number = setting_child(row, name);
    return number ? number->number : -1;
}

bool prices_read(struct prices *prices, const struct setting *list,
                 struct error *err)
{
    for (size_t i = 0; list && i < list->child_count; i++) {
        const struct setting *row = list->children[i];
        const struct setting *model = setting_child(row, "model");
        const struct price price = {
            .in = number_of(row, "in"),
            .out = number_of(row, "out"),
            .cached = number_of(row, "cached"),
            .cache_write = number_of(row, "cache_write"),
        };
        if (price.in < 0 || price.out < 0)
            return yaml_error(err, row->file, row->line,
                              "a price needs in and out, in dollars a million "
                              "tokens");
        prices_add(prices, model ? model->text : NULL, &price);
    }
    return true;
}

const struct price *prices_find(const struct prices *prices, const char *model)
{
    for (size_t i = 0; i < prices->list.count; i++) {
        const struct price_row *row = &prices->list.items[i];
        if (!row->pattern || !fnmatch(row->pattern, model, FNM_CASEFOLD))
            return &row->price;
    }
    return NULL;
}

static double or_else(double own, double usual)
{
    return own < 0 ? usual : own;
}

static uint64_t at_most(uint64_t count, uint64_t most)
{
    return count < most ? count : most;
}

double price_cost(const struct price *price, const struct price_tokens *tokens)
{
    uint64_t cached = at_most(tokens->cached, tokens->input);
    uint64_t written = at_most(tokens->cache_write, tokens->input - cached);
    uint64_t fresh = tokens->input - cached - written;
    double millionths =
        (double)fresh * price->in +
        (double)cached * or_else(price->cached, price->in) +
        (double)written * or_else(price->cache_write, price->in) +
        (double)tokens->output * price->out;
    return round(millionths * 1e3) / 1e9;
}

double price_of_usage(const struct price *price, const struct event *usage)
{
    if (event_has(usage, FIELD_COST))
        return event_real(usage, FIELD_COST);
    if (!price || !event_has(usage, FIELD_INPUT) ||
        !event_has(usage, FIELD_OUTPUT))
        return -1;
    const struct price_tokens tokens = {
        .input = event_number(usage, FIELD_INPUT),
        .output = event_number(usage, FIELD_OUTPUT),
        .cached = event_number(usage, FIELD_CACHED),
        .cache_write = event_number(usage, FIELD_CACHE_WRITE),
    };
    return price_cost(price, &tokens);
}

bool price_is_free(const struct price *price)
{
    return price->in <= 0 && price->out <= 0 && price->cached <= 0 &&
           price->cache_write <= 0;
}

void price_append(struct buf *out, double dollars)
{
    if (dollars >= 0.01 || dollars == 0)
        buf_printf(out, "$%.2f", dollars);
    else if (dollars >= 0.0001)
        buf_printf(out, "$%.2g", dollars);
    else
        buf_append_string(out, "less than $0.0001");
}
