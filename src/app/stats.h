/* SPDX-License-Identifier: MIT */
/*
 * stats - `sennit stats`: who answered, how much, for how much money, over so
 * many days.
 */
#ifndef APP_STATS_H
#define APP_STATS_H

#include "app/cli.h"

enum { STATS_DAYS = 30 /* where --days does not say */ };

/* Returns the exit status. */
int stats_run(const struct cli *cli);

#endif
