/* SPDX-License-Identifier: MIT */
/*
 * unsent - what was written and could not be sent, kept in a file.
 */
#ifndef APP_UNSENT_H
#define APP_UNSENT_H

#include "base/buf.h"
#include "base/error.h"

/* Write the text to a new file of mode 0600 in the state directory, and append
 * its path to `path`. */
bool unsent_keep(struct slice text, struct buf *path, struct error *err);

#endif
