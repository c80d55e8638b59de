/* SPDX-License-Identifier: MIT */
/*
 * unsent - what was written and could not be sent, kept in a file.
 */
#ifndef APP_UNSENT_H
#define APP_UNSENT_H

#include "base/buf.h"

/* Write the text to a new file of mode 0600 in the state directory, or, where
 * that cannot be, in $TMPDIR or /tmp; and append a sentence that says where `what`
 * is kept, or why it is lost: then false. */
bool unsent_rescue(struct slice text, const char *what, struct buf *sentence);

#endif
