/* SPDX-License-Identifier: MIT */
/*
 * setting - making, merging and freeing the nodes of settings.
 *
 * Inside config/ only: for everybody else a struct setting is read-only.
 */
#ifndef CONFIG_SETTING_H
#define CONFIG_SETTING_H

#include "base/slice.h"
#include "config/settings.h"

/* `file` is borrowed for the life of the setting. */
struct setting *setting_new(const char *key, const char *file,
                            int line) RETURNS_NONNULL;
void setting_free(struct setting *setting); /* NULL is fine */

/* A setting with all that is below it. */
struct setting *setting_copy(const struct setting *setting) RETURNS_NONNULL;

/* Append to the children. There are at most YAML_ITEMS_MAX in one layer. */
void setting_add(struct setting *parent, struct setting *take);

/* The child with this key, NULL if absent. */
struct setting *setting_find_child(const struct setting *parent,
                                   struct slice key);

/* Lay one map over another: maps merge, all else replaces, SETTING_NONE
 * removes. Frees what is left of `take`. */
void setting_merge(struct setting *below, struct setting *take);

#endif
