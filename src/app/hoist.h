/* SPDX-License-Identifier: MIT */
/*
 * hoist - the subcommands `load` and `unload`: a server is told, and watched
 * until it has done it.
 */
#ifndef APP_HOIST_H
#define APP_HOIST_H

#include "app/cli.h"

/* Run and return the exit status. */
int hoist_load(const struct cli *cli);
int hoist_unload(const struct cli *cli);

#endif
