/* SPDX-License-Identifier: MIT */
/*
 * linear - the client without a screen: lines are read as the terminal gives
 * them, and what is said is only ever appended. For screen readers, and for
 * terminals that cannot do more.
 *
 * The terminal stays in its own line mode, nothing is written but text, and
 * writing never blocks.
 */
#ifndef APP_LINEAR_H
#define APP_LINEAR_H

#include "app/cli.h"

/* `why` there is no screen: a sentence; "": it was asked for. Returns the exit
 * status. */
int linear_run(const struct cli *cli, const char *why);

#endif
