/* SPDX-License-Identifier: MIT */
/*
 * decision - why a prompt goes where it goes, as the log and `sennit route` tell
 * it: in a few words for one line, in sentences, and what its score is made of.
 *
 * Pure.
 */
#ifndef CHAT_DECISION_H
#define CHAT_DECISION_H

#include "chat/ladder.h"
#include "chat/router.h"

/* Append "score .31 < .55", "rule 2", "you chose", "the only free rung"; nothing
 * where there was no choice. */
void decision_append_why(const struct route *route,
                         const struct ladder_choice *choice, struct buf *out);

/* Append a JSON list of sentences: the first ("": none), each line, and what is
 * to be said of the score (NULL: it was not asked for). */
void decision_append_reasons(const char *first, struct slice lines,
                             const struct complexity *complexity,
                             struct buf *out);

/* Append a JSON object: each feature with its value and its weight. */
void decision_append_features(const struct complexity *complexity,
                              struct buf *out);

#endif
