/* SPDX-License-Identifier: MIT */
/*
 * scalar - one written value, read as its row of the schema says.
 *
 * Strict, with none of YAML 1.1's surprises: 010 is no number, yes is no flag.
 */
#ifndef CONFIG_SCALAR_H
#define CONFIG_SCALAR_H

#include <stdbool.h>

#include "base/error.h"
#include "config/schema.h"
#include "config/settings.h"

struct scalar {
    const char *text;    /* borrowed */
    bool is_plain;       /* written without quotes */
    const char *written; /* what errors repeat in its place: a variable may
                            hold a secret; NULL: the text */
};

/* Set the type, number and flag of `setting`. On failure the error is words
 * that follow "KEY: " (kind ERROR_CONFIG). */
bool scalar_parse(struct setting *setting, const struct schema_row *row,
                  struct scalar scalar, struct error *err) MUST_USE;

/* Set the error: what the row expects, and what was found instead. Returns
 * false. */
bool scalar_refuse(const struct schema_row *row, const char *found,
                   struct error *err);

#endif
