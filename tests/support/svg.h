/* SPDX-License-Identifier: MIT */
/*
 * svg - a shot of a terminal as an SVG picture, light on dark.
 *
 * The text stays text: it can be selected and searched. Every run of cells is
 * pinned to its columns, whatever monospaced font the reader has. The same
 * cells give the same bytes.
 */
#ifndef TESTS_SUPPORT_SVG_H
#define TESTS_SUPPORT_SVG_H

#include "tests/support/shot.h"

/* Append a whole XML document; the title is what a screen reader says. */
void svg_append(struct buf *out, const struct shot *shot, const char *title);

#endif
