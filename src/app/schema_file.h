/* SPDX-License-Identifier: MIT */
/*
 * schema_file - a file with the JSON Schema that answers must follow.
 */
#ifndef APP_SCHEMA_FILE_H
#define APP_SCHEMA_FILE_H

#include <stdbool.h>

#include "base/error.h"
#include "chat/chat.h"

enum { SCHEMA_FILE_MAX = 1024 * 1024 };

/* Read it and take it for the answers of a chat. A path of NULL does nothing. A
 * file that cannot be read is ERROR_USAGE, one that is no schema ERROR_CONFIG
 * with the place in it. */
bool schema_file_use(struct chat *chat, const char *path, struct error *err);

#endif
