/* SPDX-License-Identifier: MIT */
/*
 * import - the subcommand `import`: a session is made of what an export wrote.
 *
 * It keeps its name if no session has it. What of the file is torn or broken is
 * told, and all else kept.
 */
#ifndef APP_IMPORT_H
#define APP_IMPORT_H

#include "app/cli.h"

/* Bytes of a file. */
#define IMPORT_FILE_MAX ((size_t)1024 * 1024 * 1024)

/* Run and return the exit status: that of what is cut, where something is
 * missing. */
int import_run(const struct cli *cli);

#endif
