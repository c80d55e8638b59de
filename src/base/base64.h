/* SPDX-License-Identifier: MIT */
/*
 * base64 - bytes as letters (RFC 4648, section 4).
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"
#include "base/slice.h"

/* Padded with =, without line breaks. */
void base64_append(struct buf *out, struct slice bytes);

/* Append the bytes of such letters. False if it is not what base64_append()
 * gives for any: then nothing is appended. */
bool base64_decode(struct buf *out, struct slice letters) MUST_USE;

#endif
