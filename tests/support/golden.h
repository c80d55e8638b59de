/* SPDX-License-Identifier: MIT */
/*
 * golden - what a test drew, against a file of what it should be.
 *
 * Files are tests/FOLDER/golden/NAME, plain text. UPDATE=1 rewrites them: the
 * diff is the review.
 */
#ifndef TESTS_SUPPORT_GOLDEN_H
#define TESTS_SUPPORT_GOLDEN_H

#include "base/buf.h"

/* Fails the test where the text is not the file's, and names the line. The
 * first is for the folder ui. */
void golden_check(const char *name, const struct buf *text);
void golden_check_in(const char *folder, const char *name,
                     const struct buf *text);

#endif
