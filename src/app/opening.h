/* SPDX-License-Identifier: MIT */
/*
 * opening - the session that the command line names: -c, --resume, --fork.
 */
#ifndef APP_OPENING_H
#define APP_OPENING_H

#include "app/setup.h"

/* Go on, in this chat, with the session that is asked for; a fresh one is begun
 * already. Waits until it is read. What the user should know of it is appended
 * to `complaints`, a line each. False, in words that say what else would do: it
 * cannot be had. Then, if the user wants that, old sessions may go. */
bool opening_run(const struct setup *setup, const struct cli *cli,
                 struct chat *chat, struct buf *complaints, struct error *err);

/* The session of this name, or of which it is the only beginning. */
bool opening_find(const struct setup *setup, struct slice name,
                  struct session_id *id, struct error *err);

#endif
