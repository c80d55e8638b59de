/* SPDX-License-Identifier: MIT */
/*
 * redact - text without the secrets in it, for files that others may read.
 *
 * What is taken out: the secrets that the caller names, what looks like a key
 * of a known vendor (sk-, AIza, ghp_, hf_, ...), what follows "Bearer ", user
 * and password of a URL, and PEM blocks. In the place of each stands
 * "<redacted>", with the last four characters of a long one, so that two keys
 * can be told apart. A secret that is cut into pieces is not seen: give whole
 * texts.
 */
#ifndef BASE_REDACT_H
#define BASE_REDACT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/* Secrets shorter than this are taken for words. */
enum { REDACT_SECRET_MIN = 6 /* bytes */ };

void redact_append(struct buf *out, struct slice text,
                   const char *const *secrets, size_t count);

#endif
