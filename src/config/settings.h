/* SPDX-License-Identifier: MIT */
/*
 * settings - what the user configured: a typed tree, each value with its file
 * and line.
 *
 * Layers are merged in the order in which they are added, later ones win: maps
 * merge, lists replace, null removes. Every value is checked against the
 * schema (schema.c, one row for each key) when its layer is added; a layer
 * with an error is refused whole and changes nothing. The layers are kept, so
 * that it can be told who overrode whom.
 *
 * Keys are paths: "endpoints.box.url", "reply.temperature". The caps of a layer
 * are those of config/yaml.h. All errors are ERROR_CONFIG.
 */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/slice.h"

enum setting_type {
    SETTING_MAP,
    SETTING_LIST,
    SETTING_TEXT,
    SETTING_NUMBER,
    SETTING_FLAG,
    SETTING_NONE, /* null: removes; only in a layer, nobody else meets it */
};

/* Read-only; lives as long as its settings are not changed. */
struct setting {
    char *key; /* last part of the path; "" in a list */
    enum setting_type type;
    char *text;       /* every scalar, its ${VARIABLES} filled in */
    char *written;    /* as it stands in the file, if those made a difference;
                         else NULL */
    double number;    /* SETTING_NUMBER; durations in ms, shares from 0 to 1 */
    bool flag;        /* SETTING_FLAG */
    bool is_whole;    /* a map that a later layer replaces: see SCHEMA_KEY */
    const char *file; /* "--set", "SENNIT_..." or a path; owned by settings */
    int line;         /* 0: no line */
    struct setting **children; /* maps and lists, in order */
    size_t child_count;
};

struct settings;

struct settings *settings_new(void) RETURNS_NONNULL;
void settings_free(struct settings *settings); /* NULL is fine */

/* Add a layer from a YAML file or text (`name` stands in errors). Errors name
 * file, line and, for an unknown key, the nearest known one. */
bool settings_add_file(struct settings *settings, const char *path,
                       struct error *err) MUST_USE;
bool settings_add_text(struct settings *settings, const char *name,
                       struct slice yaml, struct error *err) MUST_USE;

/* The text of the file that was refused last; empty: it could not be read. */
struct slice settings_refused(const struct settings *settings);

/* Something is left out that may have said what is private; `why` names what is
 * to be mended. The first one counts. NULL: nothing is. */
void settings_distrust(struct settings *settings, const char *why);
const char *settings_distrusted(const struct settings *settings);

/* Set one value, given as YAML text: "reply.temperature", "0.2". `origin` is
 * e.g. "--set". Where the schema wants text it is taken as it stands, unless it
 * begins with a quote or is null or ~. One that the same origin has set before
 * is forgotten. */
bool settings_set(struct settings *settings, const char *key, const char *value,
                  const char *origin, struct error *err) MUST_USE;

/* Set what a variable of the environment ("NAME=value") names:
 * SENNIT_REPLY_ON_BUSY is reply.on_busy. As by settings_set(), but what looks
 * like a variable in its value is text. Empty and other variables are left
 * alone. */
bool settings_add_variable(struct settings *settings, const char *pair,
                           struct error *err) MUST_USE;

/* NULL if not set (defaults are the reader's). "" is the map of all. */
const struct setting *settings_find(const struct settings *settings,
                                    const char *key);

/* Shorthands with a default. Text is borrowed. */
const char *settings_text(const struct settings *settings, const char *key,
                          const char *otherwise);
double settings_number(const struct settings *settings, const char *key,
                       double otherwise);
bool settings_flag(const struct settings *settings, const char *key,
                   bool otherwise);

/* Each layer by itself, from the first (the lowest) on. */
size_t settings_layer_count(const struct settings *settings);

/* The file that a layer is; NULL: one value, by a variable or an option. */
const char *settings_layer_file(const struct settings *settings, size_t index);

/* What one layer says of a key: NULL if nothing; SETTING_NONE if it removes the
 * key or a map above it. "": all of the layer. */
const struct setting *settings_in_layer(const struct settings *settings,
                                        size_t index, const char *key);

/* The child of a map, NULL if absent or no map. `setting` may be NULL. */
const struct setting *setting_child(const struct setting *setting,
                                    const char *key);

#endif
