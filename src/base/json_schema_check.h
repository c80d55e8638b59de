/* SPDX-License-Identifier: MIT */
/*
 * json_schema_check - one value under one schema, and what was seen of it.
 *
 * For base/json_schema alone: what the keywords work with.
 */
#ifndef BASE_JSON_SCHEMA_CHECK_H
#define BASE_JSON_SCHEMA_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json.h"
#include "base/json_schema_index.h"

/* Where a value stands in the whole: the way from the root, on the stack. */
struct schema_place {
    const json_t *value;
    const struct schema_place *parent; /* NULL: the root */
    const char *name;                  /* NULL: an item */
    size_t index;
};

/* The members or items that some keyword has said something of: annotations, as
 * far as the unevaluated... keywords need them. No bits: nobody asks. */
struct schema_seen {
    uint64_t *bits;
    size_t count;
};
void schema_seen_add(struct schema_seen *seen, size_t index);
void schema_seen_add_from(struct schema_seen *seen, size_t first);
bool schema_seen_has(const struct schema_seen *seen, size_t index);

/* The resources that were entered, innermost first (Core, 7.1). */
struct schema_scope {
    const struct schema_scope *outer;
    uint32_t resource;
};

struct schema_check {
    const struct schema_index *index;
    const struct schema_scope *scope;
    uint64_t left; /* work */
    uint32_t depth;
    uint32_t quiet; /* within what may fail */
    bool is_too_deep;
    struct error *err; /* the first violation */
};

/* One schema object that is applied to one value. */
struct schema_trial {
    struct schema_check *check;
    const struct schema_node *node;
    const struct schema_place *place;
    struct schema_seen seen;
};

/* What another keyword of the same schema says, or NULL. */
const json_t *schema_sibling(const struct schema_trial *trial,
                             const char *keyword);

/* Apply a schema to a place. What it sees there is added to `seen`, which may
 * be NULL. */
bool schema_apply(struct schema_check *check, const json_t *schema,
                  const struct schema_place *place, struct schema_seen *seen);

/* To the value of the trial, to one of its members or items. */
bool schema_apply_here(struct schema_trial *trial, const json_t *schema);
bool schema_apply_member(struct schema_trial *trial, const json_t *schema,
                         const char *name, const json_t *value);
bool schema_apply_item(struct schema_trial *trial, const json_t *schema,
                       size_t index);

/* Take from the work that is left, one for a value, or for some bytes; false
 * when there is none. */
bool schema_spend(struct schema_check *check);
bool schema_spend_bytes(struct schema_check *check, size_t len);

/* Note a violation unless there is one already or it may fail. False. */
bool schema_fail(const struct schema_trial *trial, const char *format, ...)
    PRINTF_LIKE(2, 3);

#endif
