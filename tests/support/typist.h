/* SPDX-License-Identifier: MIT */
/*
 * typist - somebody who types into an editor, and looks at it.
 */
#ifndef TESTS_SUPPORT_TYPIST_H
#define TESTS_SUPPORT_TYPIST_H

#include "ui/editor.h"

/* Insert a text grapheme by grapheme. */
void typist_type(struct editor *editor, const char *text);

void typist_paste(struct editor *editor, const char *text);

void typist_move(struct editor *editor, enum editor_motion motion, int times);

/* Fails the test where the text, with the caret in it as "|", is another. */
void typist_check(const struct editor *editor, const char *expected);

/* The first row that is drawn at a width, trailing blanks cut, as it stands
 * behind the prompt mark; borrowed until the next call with this buf. */
const char *typist_row(struct editor *editor, int width, struct buf *out);

#endif
