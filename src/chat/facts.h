/* SPDX-License-Identifier: MIT */
/*
 * facts - what can be told of now and here: the date, the directory.
 */
#ifndef CHAT_FACTS_H
#define CHAT_FACTS_H

#include <stdint.h>

#include "base/buf.h"

/* Append what holds at a time (Unix ms): "date" gives "Saturday, 2026-11-28",
 * "time" "14:03 CET", "directory" the working directory, "system" the kernel's
 * name, release and machine. False: there is no such fact, or nobody knows. */
bool fact_append(struct buf *out, struct slice name, int64_t now_ms);

struct chat;

/* Append to a user turn what the settings want to be told and was not told on
 * its path as it is now. */
void facts_tell(struct chat *chat, uint64_t node_id);

#endif
