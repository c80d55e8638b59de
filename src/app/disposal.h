/* SPDX-License-Identifier: MIT */
/*
 * disposal - subcommands that change which sessions there are: `rename`,
 * `delete` (to the trash), `restore`, `empty-trash`.
 *
 * Nothing that somebody has open is touched. Only `empty-trash` destroys.
 */
#ifndef APP_DISPOSAL_H
#define APP_DISPOSAL_H

#include "app/cli.h"

/* Run and return the exit status: that of the first that failed. */
int disposal_rename(const struct cli *cli);
int disposal_delete(const struct cli *cli);
int disposal_restore(const struct cli *cli);
int disposal_empty(const struct cli *cli);

#endif
