/* SPDX-License-Identifier: MIT */
/*
 * oneshot - one prompt, one answer on stdout, and an exit status.
 */
#ifndef APP_ONESHOT_H
#define APP_ONESHOT_H

#include "app/cli.h"

/* Returns the exit status (design.md section 6). */
int oneshot_run(const struct cli *cli);

#endif
