/* SPDX-License-Identifier: MIT */
/*
 * stats_text - a report of the ledger as people read it.
 *
 * Pure. Names come from a file: whoever prints filters them.
 */
#ifndef APP_STATS_TEXT_H
#define APP_STATS_TEXT_H

#include "app/stats_report.h"

/* Append lines, of at most 80 cells where numbers are not huge; the sentence on
 * what was saved is longer. */
void stats_text_append(const struct stats_report *report, struct buf *out);

#endif
