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

#endif
