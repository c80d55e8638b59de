/* SPDX-License-Identifier: MIT */
/*
 * gauge - `sennit tokens`: how many tokens a text is.
 *
 * The text is the words, the files (-f), or standard input; lines of JSON with
 * "id" and "text" there are answered a line each. An own server that counts for
 * nothing (llm/token_count) is asked if it has the model; else it is an
 * estimate, with what the model's servers have taught. Vendors are asked for
 * nothing.
 */
#ifndef APP_GAUGE_H
#define APP_GAUGE_H

#include "app/cli.h"

/* Returns the exit status. */
int gauge_run(const struct cli *cli);

#endif
