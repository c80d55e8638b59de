/* SPDX-License-Identifier: MIT */
/*
 * schema - every setting that may be written: one row for each, with its type
 * and its help text.
 *
 * The manual sennit(5) and config/config.yaml are checked against this table.
 * In a path "*" stands for a name that the user chooses and "[]" for the items
 * of a list.
 */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

enum {
    SCHEMA_KEY_MAX = 64,   /* bytes of one key or chosen name */
    SCHEMA_PATH_MAX = 512, /* bytes of a path; see schema_find() */
};

enum schema_kind {
    SCHEMA_MAP,   /* named keys: the rows below it */
    SCHEMA_KEY,   /* where an API key comes from: a map with exactly one of
                      the rows below it. Errors never quote what stands there,
                      which may be a key */
    SCHEMA_NAMES, /* a map whose keys the user chooses: "*" in the path */
    SCHEMA_LIST,  /* of what the row "path[]" says */
    SCHEMA_TEXT,
    SCHEMA_VARIABLE, /* the name of an environment variable; never quoted */
    SCHEMA_CHOICE,   /* one of `choices`, separated by blanks */
    SCHEMA_INTEGER,
    SCHEMA_REAL,
    SCHEMA_FLAG,     /* true or false */
    SCHEMA_DURATION, /* 5s, 3m, 24h, 90d, 500ms; a bare number is seconds */
    SCHEMA_SHARE,    /* 75% or 0.75 */
    SCHEMA_MONEY,    /* 1.00 USD, or 1.00 */
    SCHEMA_KINDS
};

struct schema_row {
    const char *path; /* "endpoints.*.url", "tools.use[]" */
    enum schema_kind kind;
    const char *choices;   /* SCHEMA_CHOICE; for others: words that are allowed
                              besides, or NULL */
    double least, most;    /* bounds, in the unit of struct setting's number;
                            both 0: none; INFINITY: no upper one */
    const char *about;     /* one line of help */
    bool has_dots;         /* the names that are chosen here may hold dots */
    bool is_never_empty;   /* SCHEMA_TEXT: "" is refused, in quotes too */
    bool is_reserved;      /* checked and kept, but nothing reads it yet */
    bool is_live;          /* may change while the program runs */
    const char *shorthand; /* SCHEMA_MAP: the key below it that a single value
                              stands for; NULL: none */
    const char *otherwise; /* what counts where it is not set, in words */
};

size_t schema_count(void);
const struct schema_row *schema_at(size_t index);

/* The row of a path with the user's names in it ("endpoints.box.url"); NULL if
 * unknown. */
const struct schema_row *schema_find(const char *path);

/* Of the keys that may stand below `parent` ("": the top), the one nearest to
 * `key`; NULL if none is near. */
const char *schema_nearest(const char *parent, const char *key);

/* A row of another map that has this key; NULL if there is none. */
const struct schema_row *schema_elsewhere(const char *key);

/* The row that an environment variable sets: SENNIT_REPLY_ON_BUSY is
 * reply.on_busy, and a few have a shorter name. NULL for any other name. */
const struct schema_row *schema_of_variable(struct slice name);

/* What a kind expects, in words: "a number". */
const char *schema_kind_words(enum schema_kind kind);

/* True if the word is one of the row's choices. */
bool schema_allows_word(const struct schema_row *row, const char *word);

#endif
