/* SPDX-License-Identifier: MIT */
/*
 * theme_file - a theme of the user's own, from YAML:
 *
 *   like: dark                   # one that is built in, to begin with
 *   styles:
 *     heading: {color: 75, bold: true}
 *     dim: {color: none, dim: true}
 *
 * What a style does not name stays as it was. Colours are numbers of the
 * palette, from 0 to 255; those from 16 on count only where there are 256.
 */
#ifndef UI_THEME_FILE_H
#define UI_THEME_FILE_H

#include "base/error.h"
#include "base/slice.h"
#include "ui/theme.h"

/* `name` stands in errors (ERROR_CONFIG, with the line and the nearest name);
 * then the theme is as it was. */
bool theme_parse(struct theme *theme, const char *name, struct slice yaml,
                 struct error *err) MUST_USE;

#endif
