/* SPDX-License-Identifier: MIT */
/*
 * screen - the full-screen client: terminal, keys, views and the chat, in one
 * loop. Drawing is the last step of a turn and happens nowhere else.
 */
#ifndef APP_SCREEN_H
#define APP_SCREEN_H

#include "app/cli.h"

/* Returns the exit status. The guard must have been started. */
int screen_run(const struct cli *cli);

#endif
