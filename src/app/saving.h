/* SPDX-License-Identifier: MIT */
/*
 * saving - what it would have cost more if a vendor had answered everything.
 *
 * An estimate, and it says of what: the tokens that one's own servers have read
 * and written are taken as they are, at the price of one model of a vendor. That
 * is the first rung of a vendor on the ladder whose price is known; without one,
 * the vendor's model that was asked most.
 */
#ifndef APP_SAVING_H
#define APP_SAVING_H

#include <jansson.h>

#include "chat/endpoint.h"
#include "store/ledger_row.h"

struct saving {
    bool has_answers; /* of one's own servers */
    bool is_known;    /* there is a price to go by */
    char name[256];   /* ENDPOINT/MODEL whose price it is */
    bool is_rung;     /* of the ladder */
    struct price price;
    double would_cost, did_cost; /* dollars: own answers */
};

void saving_estimate(struct saving *saving, const struct ledger_rows *rows,
                     const struct settings *settings,
                     const struct endpoints *endpoints);

double saving_dollars(const struct saving *saving);

/* Append a sentence with the assumption; nothing without own answers. */
void saving_describe(const struct saving *saving, struct buf *out);

/* null where it is not known, or nothing was answered. */
json_t *saving_json(const struct saving *saving);

#endif
