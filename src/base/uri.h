/* SPDX-License-Identifier: MIT */
/*
 * uri - references within and between documents (RFC 3986, section 5).
 *
 * For identifiers, not for addresses that are fetched (see chat/base_url): text
 * in, text out, nothing is looked up.
 */
#ifndef BASE_URI_H
#define BASE_URI_H

#include "base/buf.h"
#include "base/slice.h"

/* Append what the reference means where `base` holds, without its fragment.
 * `base` may be empty; then a relative reference stays relative. */
void uri_resolve(struct buf *out, struct slice base, struct slice reference);

/* What follows the "#"; {NULL, 0} where there is none or nothing behind it. */
struct slice uri_fragment(struct slice reference);

/* Append the text with %XX made bytes; what is no escape stays. */
void uri_unescape(struct buf *out, struct slice text);

#endif
