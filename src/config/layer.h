/* SPDX-License-Identifier: MIT */
/*
 * layer - one file's values, checked against the schema and typed.
 */
#ifndef CONFIG_LAYER_H
#define CONFIG_LAYER_H

#include "base/error.h"
#include "config/settings.h"
#include "config/yaml.h"

/* Turn a parsed text into a map of settings. `file` is borrowed for the life
 * of the result and stands in errors. Null values become SETTING_NONE. NULL on
 * error. The caller frees the result (setting_free()). */
struct setting *layer_new(const struct yaml_value *value, const char *file,
                          struct error *err) MUST_USE;

#endif
