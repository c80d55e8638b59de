/* SPDX-License-Identifier: MIT */
/*
 * decode - `sennit decode DIALECT [FILE]`: a recorded answer as the events that
 * it would have been, one JSON object a line, run-finished last.
 *
 * The recording is a body, or a response with its head (`curl -i`). Without
 * FILE, or for "-", stdin is read. The exit status is that of the answer: 0
 * complete, 3 cut, 1 an error of the server.
 */
#ifndef APP_DECODE_H
#define APP_DECODE_H

#include "app/cli.h"

enum { DECODE_FILE_MAX = 256 * 1024 * 1024 };

int decode_run(const struct cli *cli);

#endif
