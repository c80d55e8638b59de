/* SPDX-License-Identifier: MIT */
/*
 * show - the subcommand `show`: a session as text, of which nothing is changed,
 * even while another program writes it.
 */
#ifndef APP_SHOW_H
#define APP_SHOW_H

#include "app/cli.h"

/* Run and return the exit status. */
int show_run(const struct cli *cli);

#endif
