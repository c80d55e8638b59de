/* SPDX-License-Identifier: MIT */
/*
 * export - a conversation leaves for a file: as Markdown for people, or as
 * JSONL, of which an import makes the same again.
 *
 * No file is overwritten unless that is said; it is for nobody else to read.
 */
#ifndef APP_EXPORT_H
#define APP_EXPORT_H

#include "app/cli.h"
#include "chat/chat.h"

/* The subcommand `export`: run and return the exit status. */
int export_run(const struct cli *cli);

/* The command /export [--force] [FILE]: where it went is appended to the
 * notice. */
bool export_chat(const struct chat *chat, struct slice argument,
                 struct buf *notice, struct error *err);

#endif
