/* SPDX-License-Identifier: MIT */
/*
 * completion_value - what may stand for a word of the argument column of --help:
 * "FORM", "[FILE]", "explain".
 *
 * A word in small letters stands for itself, or for several ("on|off"); all
 * others have a row in the table.
 */
#ifndef APP_COMPLETION_VALUE_H
#define APP_COMPLETION_VALUE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

enum completion_kind {
    VALUE_FREE, /* text that nobody can guess */
    VALUE_FILE,
    VALUE_WORD, /* one of `words` */
    VALUE_LIST, /* a line of `sennit completions WORDS` */
};

struct completion_value {
    enum completion_kind kind;
    struct buf words; /* separated by blanks */
};

/* False if nobody said what completes it: then it is VALUE_FREE. */
bool completion_value_find(struct completion_value *value,
                           struct slice argument);
void completion_value_clear(struct completion_value *value);

/* Call fn for each word behind each subcommand; the first has place 1. */
typedef void completion_place_fn(struct buf *out, const char *command,
                                 int place,
                                 const struct completion_value *value);
void completion_value_each(struct buf *out, completion_place_fn *fn);

#endif
