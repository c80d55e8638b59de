/* SPDX-License-Identifier: MIT */
/*
 * lookup - the subcommand `search`: words in all sessions that are kept.
 */
#ifndef APP_LOOKUP_H
#define APP_LOOKUP_H

#include "app/cli.h"

/* Run and return the exit status. */
int lookup_run(const struct cli *cli);

#endif
