/* SPDX-License-Identifier: MIT */
/*
 * fetch - sennit pull MODEL: an Ollama loads a model down, told on stderr.
 */
#ifndef APP_FETCH_H
#define APP_FETCH_H

#include "app/cli.h"

/* Returns the exit status. */
int fetch_run(const struct cli *cli);

#endif
