/* SPDX-License-Identifier: MIT */
/*
 * filter - untrusted text made harmless for a terminal.
 *
 * Used at exactly two doors: ui/canvas, and app/print when a stream is a
 * terminal. What is not allowed is *shown*, never dropped, because dropping
 * hides an attack and lets a stripped sequence close up again. See UTS 55 and
 * CVE-2021-42574 for bidirectional controls.
 *
 *   control byte or C1         ␛ and kin (U+2400 block), \x9b
 *   bidi, zero width, ...      <U+202E>; a run of tags, or of two and more
 *                              variation selectors, is decoded and shown as
 *                              <hidden: 3 chars "abc">
 *   lone CR                    a new line that begins with a ␍ mark
 *   CRLF                       LF
 *   tab                        kept (the canvas expands it)
 *   ill-formed UTF-8           U+FFFD, one for each maximal subpart
 *   a 5th combining mark       U+FFFD once, the rest of the run dropped
 *   a mark without a base      stands on ◌
 *
 * Kept on purpose: ZWJ and variation selectors inside an emoji sequence, ZWNJ
 * and ZWJ between letters of scripts that need them (Arabic, Indic).
 *
 * Filtering twice gives the same bytes as filtering once.
 */
#ifndef BASE_FILTER_H
#define BASE_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "base/utf8.h"

enum {
    FILTER_MARKS_MAX = 4, /* combining marks kept on one base character */
    FILTER_JOINS_MAX = 4, /* ZWJ kept in one emoji; the longest has three */
    FILTER_RUN_MAX = 128, /* hidden characters shown as one run */
};

/* Append the harmless form of whole text. LF and tab stay. The result holds
 * only LF, tab, printable characters (utf8_is_printable) and what is kept on
 * purpose. */
void filter_text(struct buf *out, struct slice text);

/* The same for text on one line: LF and CRLF become ␊, tab a space, a lone CR
 * ␍. */
void filter_line(struct buf *out, struct slice text);

/* True if filter_text() would change the text: it hides something. */
bool filter_would_change(struct slice text);

/* Text that arrives in pieces: what depends on the next bytes is held back, in
 * bounded space. All-zero is the start of a text. Owns nothing. */
struct filter {
    bool one_line;   /* as filter_line() */
    uint8_t context; /* what the last character allows after it */
    uint8_t marks;   /* on the last base character */
    uint8_t joins;   /* in the last emoji */
    struct utf8_partial partial;
    uint32_t waiting;   /* a CR or joiner that the next character decides */
    uint32_t run_first; /* the first character of a hidden run, or 0 */
    uint16_t run_count; /* characters in it so far */
    uint16_t run_len;   /* bytes in run_text: */
    char run_text[FILTER_RUN_MAX]; /* what the run says */
};

/* Append the harmless form of what is certain by now. Feeding text in any
 * pieces and then flushing gives the bytes of filter_text(). */
void filter_feed(struct filter *filter, struct buf *out, struct slice text);

/* Append what is held; the next piece starts a new text. */
void filter_flush(struct filter *filter, struct buf *out);

/* Forget what is held; the next piece starts a new text. */
void filter_clear(struct filter *filter);

#endif
