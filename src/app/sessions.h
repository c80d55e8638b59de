/* SPDX-License-Identifier: MIT */
/*
 * sessions - the subcommand `sessions`: which conversations are kept, or lie in
 * the trash; and whether they can be read whole.
 */
#ifndef APP_SESSIONS_H
#define APP_SESSIONS_H

#include "app/cli.h"

/* Run and return the exit status. */
int sessions_run(const struct cli *cli);

#endif
