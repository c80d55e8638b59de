/* SPDX-License-Identifier: MIT */
/*
 * today - what was asked of whom today, by all that are open, in one line.
 *
 * Pure.
 */
#ifndef APP_TODAY_H
#define APP_TODAY_H

#include "base/buf.h"
#include "chat/endpoint.h"
#include "store/ledger_row.h"

/* Append "today 212,000 tok own, 18,000 by vendors, $.310 of $5.00 (about $1.12
 * saved)": money where any was spent or there is a limit (limits.day), what was
 * saved where it is known. Nothing where nothing was asked; `rows` may be NULL. */
void today_append(const struct ledger_rows *rows,
                  const struct settings *settings,
                  const struct endpoints *endpoints, struct buf *out);

#endif
