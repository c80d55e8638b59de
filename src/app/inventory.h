/* SPDX-License-Identifier: MIT */
/*
 * inventory - the subcommands `models` and `ps`: what servers have, and what of
 * it is loaded. Lines for people, or JSON; nothing is loaded by asking.
 */
#ifndef APP_INVENTORY_H
#define APP_INVENTORY_H

#include "app/cli.h"

/* Run and return the exit status. */
int inventory_run(const struct cli *cli);    /* models [[show] NAME] */
int inventory_loaded(const struct cli *cli); /* ps */

#endif
