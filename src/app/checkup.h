/* SPDX-License-Identifier: MIT */
/*
 * checkup - `sennit doctor`: look at everything, wait for the servers, print
 * what was found.
 */
#ifndef APP_CHECKUP_H
#define APP_CHECKUP_H

#include "app/cli.h"

/* The exit status: 0 if nothing failed, 4 if the settings cannot be used, else
 * 1. */
int checkup_run(const struct cli *cli);

#endif
