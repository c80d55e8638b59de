/* SPDX-License-Identifier: MIT */
/*
 * linear_call - a call of a tool that asks, without a screen: all that it would
 * do is printed, and a word answers.
 */
#ifndef APP_LINEAR_CALL_H
#define APP_LINEAR_CALL_H

#include "app/linear_state.h"

/* Print the question about the first call that asks. */
void linear_call_show(struct linear *linear);

/* Each turn: print it once. */
void linear_call_turn(struct linear *linear);

/* A line that was typed: "once", "deny not there". False: it is no answer, and
 * nothing was done. */
bool linear_call_answer(struct linear *linear, struct slice line);

#endif
