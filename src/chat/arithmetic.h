/* SPDX-License-Identifier: MIT */
/*
 * arithmetic - the calculations that stand in a text, done again.
 *
 * What is looked for is "expression = number", with + - * / ^ and their other
 * signs (x, LaTeX's \times), brackets, $ and %, thousands' commas, a unit of one
 * or two words behind a number. What is in fenced code is no calculation. A
 * result that is rounded is right; of whole numbers without a division only the
 * exact one is.
 *
 * Pure; linear in the text but for expressions inside of expressions, which are
 * bounded.
 */
#ifndef CHAT_ARITHMETIC_H
#define CHAT_ARITHMETIC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct calculation {
    struct slice text;     /* of the whole, in the text */
    double value, claimed; /* what it is, what it says */
    bool is_right;
};

/* Is told of each; borrowed for the call. */
typedef void calculation_fn(void *context, const struct calculation *found);

void arithmetic_check(struct slice text, calculation_fn *fn, void *context);

/* A number at the start of a text, "1,250.5"; returns its length, 0: none. */
size_t arithmetic_number(struct slice text, double *value);

#endif
