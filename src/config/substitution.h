/* SPDX-License-Identifier: MIT */
/*
 * substitution - variables of the environment in a written value.
 *
 * ${NAME} is the variable's value; ${NAME:-default} is the default where it is
 * not set or empty; $$ is one $. Any other $ stands for itself. What is put in
 * is not looked at again.
 */
#ifndef CONFIG_SUBSTITUTION_H
#define CONFIG_SUBSTITUTION_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"

/* Append the text with its variables filled in, at most YAML_TEXT_MAX bytes.
 * On failure (ERROR_CONFIG) the words follow "KEY: " and quote no value. */
bool substitution_expand(struct buf *out, const char *text,
                         struct error *err) MUST_USE;

#endif
