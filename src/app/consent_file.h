/* SPDX-License-Identifier: MIT */
/*
 * consent_file - the user's answers about vendors, kept in
 * $XDG_STATE_HOME/sennit/consents, which is for nobody else to read.
 *
 * An answer counts at once, whether or not it can be kept.
 */
#ifndef APP_CONSENT_FILE_H
#define APP_CONSENT_FILE_H

#include "app/setup.h"

/* Read the file and tell the endpoints. That there is none is no error. */
void consent_file_load(struct setup *setup);

/* Set what is recorded for an origin, or (CONSENT_NONE) take it back. What other
 * instances have recorded meanwhile stays. If it cannot be kept, words are
 * appended. */
void consent_file_put(struct setup *setup, const char *origin,
                      enum consent_answer answer, struct buf *words);

/* The answer to the question that the chat's run waits with. */
void consent_file_answer(struct setup *setup, struct chat *chat,
                         enum consent_answer answer, struct buf *words);

#endif
