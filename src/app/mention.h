/* SPDX-License-Identifier: MIT */
/*
 * mention - files that are named in what is typed: words after a command, and
 * @path inside a prompt.
 *
 * A name with blanks is quoted: "my file.txt", 'my file.txt', my\ file.txt.
 * A mention is an @ at the start or after a blank or an opening bracket or
 * quote, and the word after it. Pure, but for mention_find(), which looks
 * whether there is such a file.
 */
#ifndef APP_MENTION_H
#define APP_MENTION_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/* A word as it was typed, and where it stands; the @ is not part of it. */
struct mention {
    size_t start, len; /* bytes of the text */
};

/* The next mention at or after *offset, which moves behind it. */
bool mention_next(struct slice text, size_t *offset, struct mention *mention);

/* The next one that names a file: appends its place. A mark that ends a
 * sentence or bracket is not of the name, unless there is a file that has
 * it. What is no file is text. */
bool mention_find(struct slice text, size_t *offset, struct mention *mention,
                  struct buf *place);

/* The mention that the caret stands in or at the end of. */
bool mention_at(struct slice text, size_t caret, struct mention *mention);

/* Cut the first word off, and the blanks behind it. */
struct slice mention_cut_word(struct slice *words);

/* Append a word without its quotes; append a name with the backslashes that it
 * needs to be one word. */
void mention_unquote(struct buf *out, struct slice word);
void mention_quote(struct buf *out, struct slice name);

#endif
