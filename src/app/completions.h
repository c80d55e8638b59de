/* SPDX-License-Identifier: MIT */
/*
 * completions - `sennit completions SHELL`: the script that completes sennit's
 * command line; and `sennit completions LIST`: what scripts ask for.
 *
 * The lists are what only this machine knows: profiles, models, settings. They
 * come from files and the environment: nothing is sent or run for them.
 */
#ifndef APP_COMPLETIONS_H
#define APP_COMPLETIONS_H

#include "app/cli.h"

int completions_run(const struct cli *cli);

#endif
