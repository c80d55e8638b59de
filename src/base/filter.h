/* SPDX-License-Identifier: MIT */
/*
 * filter - untrusted text made harmless for a terminal.
 *
 * Used at exactly two doors: ui/canvas, and app/print when a stream is a
 * terminal. What is not allowed is *shown*, never dropped, because dropping
 * hides an attack and lets a stripped sequence close up again. Rules:
 * notes of the project on display filtering; UTS 55 and CVE-2021-42574 for
 * bidirectional controls.
 *
 *   control byte or C1         ␛ and kin (U+2400 block), \x9b
 *   bidi, zero width, tags...  <U+202E>; a run of tag characters is shown as
 *                              <hidden: 3 chars "abc">
 *   lone CR                    a new line that begins with a ␍ mark
 *   tab                        kept (the canvas expands it)
 *   ill-formed UTF-8           U+FFFD, one for each maximal subpart
 *   a 5th combining mark       U+FFFD once, the rest of the run dropped
 *
 * Kept on purpose: ZWJ and VS16 inside an emoji sequence, ZWNJ and ZWJ between
 * letters of scripts that need them (Arabic, Indic).
 */
#ifndef BASE_FILTER_H
#define BASE_FILTER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

enum { FILTER_MARKS_MAX = 4 /* combining marks kept on one base character */ };

/* Append the harmless form of whole text. LF and tab stay. The result holds
 * only LF, tab and printable characters. */
void filter_text(struct buf *out, struct slice text);

/* The same for text on one line: LF becomes ␊, tab a space. */
void filter_line(struct buf *out, struct slice text);

/* True if filter_text() would change the text: it hides something. */
bool filter_would_change(struct slice text);

/* Text that arrives in pieces: what depends on the next bytes is held back. */
struct filter {
    struct buf held; /* an unfinished character, grapheme or run */
};

/* Append the harmless form of what is certain by now. Feeding text in any
 * pieces and then flushing gives the bytes of filter_text(). */
void filter_feed(struct filter *filter, struct buf *out, struct slice text);
void filter_flush(struct filter *filter, struct buf *out);
void filter_clear(struct filter *filter);

#endif
