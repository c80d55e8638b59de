/* SPDX-License-Identifier: MIT */
/*
 * kit - `sennit tools [NAME]`: what a model may be given to work with, what of
 * it is offered, and the box that programs run in.
 */
#ifndef APP_KIT_H
#define APP_KIT_H

#include "app/cli.h"

/* The exit status. */
int kit_run(const struct cli *cli);

/* Append the names of all tools that there are, a line each. */
bool kit_append_names(const struct cli *cli, struct buf *out,
                      struct error *err);

#endif
