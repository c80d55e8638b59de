/* SPDX-License-Identifier: MIT */
/*
 * price - what a model costs, in dollars for a million tokens, and what that
 * makes for the tokens that a server counted.
 *
 * Pure. Rows are tried in their order, and the first whose pattern matches the
 * name of the model counts. What no row names is unknown, never free. Dollars
 * are rounded to a billionth, half of one away from zero: less than the cheapest
 * token, and short in JSON.
 */
#ifndef CHAT_PRICE_H
#define CHAT_PRICE_H

#include "base/array.h"
#include "base/error.h"
#include "config/settings.h"
#include "graph/event.h"

/* Input that was read from the server's cache, and put into it, has a price of
 * its own with some vendors; negative: it is that of the input. */
struct price {
    double in, out, cached, cache_write;
};

struct price_row {
    char *pattern; /* of fnmatch(3), in either case; NULL: any model */
    struct price price;
};

/* All-zero is empty. */
struct prices {
    ARRAY_OF(struct price_row) list;
};

void prices_clear(struct prices *prices);

/* Append a row (the pattern is copied), or copies of all rows of another. */
void prices_add(struct prices *prices, const char *pattern,
                const struct price *price);
void prices_add_all(struct prices *prices, const struct prices *other);

/* Append the rows of a setting that lists them, which may be NULL. False
 * (ERROR_CONFIG, with file and line): one has no price in and out. */
bool prices_read(struct prices *prices, const struct setting *list,
                 struct error *err);

/* NULL: unknown. */
const struct price *prices_find(const struct prices *prices, const char *model);

/* What so many tokens cost; of the input, so many were in the cache, and so many
 * were put there. */
struct price_tokens {
    uint64_t input, output, cached, cache_write;
};
double price_cost(const struct price *price, const struct price_tokens *tokens);

/* The cost of what a usage event counts: the server's own word, if there is one.
 * Negative: unknown, for it counts no input or no output, or `price` is NULL. */
double price_of_usage(const struct price *price, const struct event *usage);

/* Whether anything costs. */
bool price_is_free(const struct price *price);

/* Append "$0.01": from a cent on cents, below two digits that count. */
void price_append(struct buf *out, double dollars);

#endif
