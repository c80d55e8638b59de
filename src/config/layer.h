/* SPDX-License-Identifier: MIT */
/*
 * layer - one file's values, checked against the schema and typed.
 */
#ifndef CONFIG_LAYER_H
#define CONFIG_LAYER_H

#include "base/error.h"
#include "config/settings.h"
#include "config/yaml.h"

struct layer_source {
    const char *name;     /* a file or an origin; stands in errors */
    bool fills_variables; /* ${NAME} in a value: see substitution.h */
};

/* Turn a parsed text into a map of settings. The source's name is borrowed for
 * the life of the result. Null values become SETTING_NONE. NULL on error. The
 * caller frees the result (setting_free()). */
struct setting *layer_new(const struct yaml_value *value,
                          const struct layer_source *source,
                          struct error *err) MUST_USE;

#endif
