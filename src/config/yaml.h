/* SPDX-License-Identifier: MIT */
/*
 * yaml - YAML text as a tree of values, each with its line; nothing is typed.
 *
 * Only door to <yaml.h>. A subset: one document of block or flow maps, lists
 * and scalars. Anchors, aliases and tags are refused, so a tree is never larger
 * than its text. Keys that stand twice are kept: who knows the schema reports
 * them. libyaml 0.2.5 is quadratic in nested [ and { and has no limit of its
 * own: they are counted before it sees a byte.
 */
#ifndef CONFIG_YAML_H
#define CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/slice.h"

enum {
    YAML_TEXT_MAX = 64 * 1024,
    YAML_FLOW_MAX = 2000, /* [ and { in a text, quoted ones included */
    YAML_DEPTH_MAX = 32,  /* maps and lists in each other */
    YAML_ITEMS_MAX = 1000 /* in one map or list */
};

enum yaml_kind { YAML_SCALAR, YAML_MAP, YAML_LIST };

struct yaml_value {
    enum yaml_kind kind;
    char *key;     /* in a map; "" elsewhere */
    char *text;    /* YAML_SCALAR: without quotes and escapes; never a NUL */
    bool is_plain; /* a scalar without quotes */
    int line;      /* of the key, or of the value in a list; 0: no lines */
    struct yaml_value **children;
    size_t count, capacity;
};

/* Where a text comes from, for errors: "NAME:LINE: ..." or "NAME: ...". */
struct yaml_source {
    const char *name;
    bool has_lines;
};

/* Version of the library. */
const char *yaml_library(void);

/* Parse a text. A text without a value (empty, comments only) gives an empty
 * plain scalar. NULL on error: ERROR_CONFIG. */
struct yaml_value *yaml_value_parse(const struct yaml_source *source,
                                    struct slice text,
                                    struct error *err) MUST_USE;
void yaml_value_free(struct yaml_value *value); /* NULL is fine */

/* A plain scalar made of text as it stands. NULL if it is too long or no
 * UTF-8. */
struct yaml_value *yaml_value_literal(const struct yaml_source *source,
                                      struct slice text,
                                      struct error *err) MUST_USE;

/* A map of one key, which takes over the value. */
struct yaml_value *yaml_value_wrap(struct slice key,
                                   struct yaml_value *take) RETURNS_NONNULL;

/* Set ERROR_CONFIG with the place before the words; line 0 is left out.
 * Returns false. */
bool yaml_error(struct error *err, const char *name, int line,
                const char *format, ...) PRINTF_LIKE(4, 5);

#endif
