/* SPDX-License-Identifier: MIT */
/*
 * command_words - the words of a shell command that is nothing but words.
 *
 * A command is simple if each shell would do nothing with it but start a
 * program with certain arguments: then the whole of them can be compared with
 * a rule. Whatever is not known for certain to be so is not simple; dash and
 * bash (POSIX, sections 2.2 to 2.10) are asked in the tests.
 */
#ifndef TOOL_COMMAND_WORDS_H
#define TOOL_COMMAND_WORDS_H

#include "base/buf.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/slice.h"

enum {
    COMMAND_WORDS_MAX = 256,
    COMMAND_BYTES_MAX = 32 * 1024,
};

/* The words, the program first and NULL behind; the caller frees them. NULL:
 * the command is not simple, and the error says which part of it a shell reads
 * in another way: "\"|\" joins commands". */
char **command_words_parse(struct slice command, struct error *why) MUST_USE;
void command_words_free(char **words); /* NULL is fine */

/* Append words (NULL behind) as a shell reads them, quoted where they need it:
 * what command_words_parse() makes the same words of, if it takes them. */
void command_words_format(struct buf *command, const char *const *words);

bool command_words_equal(const char *const *a, const char *const *b);

#endif
