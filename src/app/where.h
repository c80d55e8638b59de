/* SPDX-License-Identifier: MIT */
/*
 * where - `sennit status`: where the next prompt goes, and why; as lines or, for
 * scripts, as one JSON object.
 */
#ifndef APP_WHERE_H
#define APP_WHERE_H

#include "app/cli.h"

/* The exit status: 0 if a prompt would go somewhere, else that of the error. */
int where_run(const struct cli *cli);

#endif
