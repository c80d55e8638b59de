/* SPDX-License-Identifier: MIT */
/*
 * schema - every setting that may be written: one row for each, with its type
 * and its help text.
 *
 * The manual sennit(5) is checked against this table.
 */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum schema_kind {
    SCHEMA_MAP,   /* named keys: the rows below it */
    SCHEMA_NAMES, /* a map whose keys the user chooses: "*" in the path */
    SCHEMA_LIST,  /* of what the row "path[]" says */
    SCHEMA_TEXT,
    SCHEMA_CHOICE, /* one of `choices`, separated by blanks */
    SCHEMA_INTEGER,
    SCHEMA_REAL,
    SCHEMA_FLAG,     /* true or false */
    SCHEMA_DURATION, /* 5s, 3m, 24h, 500ms; a bare number is seconds */
    SCHEMA_SHARE,    /* 75% or 0.75 */
    SCHEMA_ANY,      /* checked and kept as it is */
};

struct schema_row {
    const char *path; /* "endpoints.*.url", "tools.use[]" */
    enum schema_kind kind;
    const char *choices; /* SCHEMA_CHOICE; for others: words that are allowed
                              besides, or NULL */
    double least, most;  /* bounds; both 0: none */
    const char *about;   /* one line of help */
};

size_t schema_count(void);
const struct schema_row *schema_at(size_t index);

/* The row of a path with the user's names in it ("endpoints.box.url"); NULL if
 * unknown. */
const struct schema_row *schema_find(const char *path);

/* Of the keys that may stand below `parent`, the one nearest to `key`; NULL if
 * none is near. */
const char *schema_nearest(const char *parent, const char *key);

#endif
