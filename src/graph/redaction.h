/* SPDX-License-Identifier: MIT */
/*
 * redaction - a log without a text that should never have been in it.
 *
 * Every place that holds the text, in whatever field of whatever event, holds
 * "[redacted]" instead: also where the text came in several deltas, and where
 * it stands escaped in a string of JSON, or of JSON in such a string. Only the
 * words of program and protocols (outcome, state, kind, ...) stay. Events keep
 * their seqs and times. What a provider wants back as it came, with an
 * answer that is not as it was any more, becomes a `redacted` event: it vouches
 * for that answer, or hides it. Pure.
 */
#ifndef GRAPH_REDACTION_H
#define GRAPH_REDACTION_H

#include "graph/log.h"

enum { REDACTION_MIN = 4 /* bytes; shorter texts are words */ };

/* What stands in the place of the text. */
extern const char redaction_mark[];

/* A log of its own with the same seqs. *places: how often it was found. The
 * text has REDACTION_MIN bytes. */
struct log *redaction_make(const struct log *log, struct slice text,
                           uint64_t *places) RETURNS_NONNULL;

/* Append bytes without the text; returns how often it was in them. */
uint64_t redaction_append(struct buf *out, struct slice bytes,
                          struct slice text);

#endif
