/* SPDX-License-Identifier: MIT */
/*
 * values - the texts of JSON values in a body that has no framing.
 *
 * One value a line, or one value printed over several lines, or any mixture.
 * A line that cannot be part of a value is handed over as it is: the receiver
 * parses and counts what he cannot read. A broken line does not take the good
 * ones behind it along.
 */
#ifndef LLM_VALUES_H
#define LLM_VALUES_H

#include "llm/nesting.h"
#include "net/ndjson.h"

/* `is_tail`: the body ended inside or right after this text. Borrowed. */
typedef void values_fn(void *context, struct slice text, bool is_tail);

struct values {
    struct ndjson lines;
    struct buf pending; /* lines of a value that is not whole yet */
    struct nesting nesting;
    struct error err; /* of the line at hand; its kind tells if any */
    values_fn *fn;
    void *context;
    bool is_finishing;
};

/* The struct must not move between this and values_clear(). */
void values_init(struct values *values, values_fn *fn, void *context);
void values_clear(struct values *values);

/* False (ERROR_LIMIT) when a line or value is over its cap. */
bool values_feed(struct values *values, struct slice bytes,
                 struct error *err) MUST_USE;
void values_finish(struct values *values);

#endif
