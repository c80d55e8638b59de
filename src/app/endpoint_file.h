/* SPDX-License-Identifier: MIT */
/*
 * endpoint_file - an endpoint that was connected on the screen, written down
 * as settings.
 *
 * What stands in a file stays as it is: the block is appended to config.yaml
 * where that has neither endpoints nor a model yet, else it becomes a profile
 * of its own.
 */
#ifndef APP_ENDPOINT_FILE_H
#define APP_ENDPOINT_FILE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

enum endpoint_key_kind {
    ENDPOINT_KEY_NONE,
    ENDPOINT_KEY_FILE,
    ENDPOINT_KEY_VARIABLE,
    ENDPOINT_KEY_COMMAND, /* a line for sh */
};

/* Borrowed. */
struct endpoint_entry {
    const char *name, *dialect, *url;
    bool is_own;
    enum endpoint_key_kind key_kind;
    const char *key_from; /* path, variable or command; never the key */
    const char *model;    /* NULL: leave it open */
};

/* Append the block of settings. */
void endpoint_entry_format(const struct endpoint_entry *entry, struct buf *out);

/* Write it to `config` (NULL: the usual config.yaml) or to a new profile.
 * Appends where it is, and how that is used, as a sentence. */
bool endpoint_file_save(const struct endpoint_entry *entry, const char *config,
                        struct buf *where, struct error *err);

/* Append the path of the file that holds the key of an endpoint; write a key
 * there, readable by nobody else. */
bool endpoint_key_path(struct buf *path, const char *name, struct error *err);
bool endpoint_key_save(const char *path, struct slice key, struct error *err);

#endif
