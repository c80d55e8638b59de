/* SPDX-License-Identifier: MIT */
/*
 * stem - an English word without its ending, in one spelling.
 *
 * "connecting" and "connection" become one, so do "colour" and "color". What
 * comes out need not be a word: it is only compared with its like.
 */
#ifndef LLM_STEM_H
#define LLM_STEM_H

#include <stddef.h>

/* Lower-case text of `len` bytes is changed in place and never grows. Returns
 * its new length. Anything but a to z leaves it as it is. */
size_t stem(char *text, size_t len);

#endif
