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

#endif
