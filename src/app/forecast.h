/* SPDX-License-Identifier: MIT */
/*
 * forecast - `sennit route`: where a prompt would go, and why; nothing is sent.
 */
#ifndef APP_FORECAST_H
#define APP_FORECAST_H

#include "app/cli.h"

/* The prompt is the words, or standard input. Lines of JSON with "id" and
 * "prompt" there are answered a line each, and no server is asked for its models
 * then. Returns the exit status. */
int forecast_run(const struct cli *cli);

#endif
