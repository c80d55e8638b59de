/* SPDX-License-Identifier: MIT */
/*
 * explain - `sennit config explain [KEY]`: what counts, who set it where, who
 * was overridden, what it is for.
 */
#ifndef APP_EXPLAIN_H
#define APP_EXPLAIN_H

#include "app/cli.h"

/* The exit status; 4 if something in the configuration is wrong, which is said
 * on stderr. */
int explain_run(const struct cli *cli);

#endif
