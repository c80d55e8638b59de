/* SPDX-License-Identifier: MIT */
/*
 * vendors - the table of who can be connected: address, dialect, variables of
 * the environment, the usual model and its price.
 *
 * config/vendors.yaml, which is part of the program; a file of the user's adds
 * rows and changes those of the same name, key by key. Facts only: what is made
 * of them is chat/endpoint's and app/connecting's.
 */
#ifndef CHAT_VENDORS_H
#define CHAT_VENDORS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/error.h"
#include "base/slice.h"
#include "chat/price.h"
#include "llm/provider.h"

struct vendor_variables {
    ARRAY_OF(char *) list;
};

struct vendor {
    char *name;  /* of the endpoint it becomes */
    char *title; /* as its maker writes it */
    char *url;
    const struct dialect *dialect;
    bool is_own;                         /* a server of the user's */
    struct vendor_variables keys, bases; /* of the environment */
    char *model;                         /* the usual one; NULL: none */
    struct prices prices;                /* of its models */
    uint64_t window; /* of that model in tokens; 0: unknown */
    char *key_page;  /* where one gets a key; NULL: needs none */
};

/* A model that an Ollama without one may get. */
struct starter {
    char *model;
    uint64_t size; /* bytes */
};

/* All-zero is empty. */
struct vendors {
    ARRAY_OF(struct vendor) list;
    ARRAY_OF(struct starter) starters;
};

/* The program's own table, as text. */
extern const char vendors_table[];

/* Add what a text says; `name` stands in errors (ERROR_CONFIG, with the line).
 * On failure what came before the error is in. */
bool vendors_add(struct vendors *vendors, const char *name, struct slice yaml,
                 struct error *err) MUST_USE;
void vendors_clear(struct vendors *vendors);

/* NULL: there is none of that name. */
const struct vendor *vendors_find(const struct vendors *vendors,
                                  struct slice name);

/* The variable that is set and not empty; NULL: none is. */
const char *vendor_variable(const struct vendor_variables *variables);

/* The largest model worth a download that fits so much free memory; where that
 * is unknown (0), or nothing fits, the one of a middling machine or the
 * smallest. NULL: the table has none. */
const struct starter *vendors_starter(const struct vendors *vendors,
                                      uint64_t free_bytes);

#endif
