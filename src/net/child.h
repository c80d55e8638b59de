/* SPDX-License-Identifier: MIT */
/*
 * child - a program that is run for what it prints.
 */
#ifndef NET_CHILD_H
#define NET_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* Run argv (NULL at its end; found in PATH, without a shell) and append what
 * it prints, at most max bytes. It reads nothing, has no terminal and no other
 * descriptor of ours, and its messages are dropped. It is ended, with all that
 * it started, after wait_ms. False (ERROR_SYSTEM, ERROR_LIMIT) if it cannot be
 * run, fails, prints more or takes longer; then `out` is as it was. Blocks. */
bool child_read(struct buf *out, char *const *argv, size_t max, int64_t wait_ms,
                struct error *err) MUST_USE;

#endif
