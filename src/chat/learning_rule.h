/* SPDX-License-Identifier: MIT */
/*
 * learning_rule - whether a prompt asks for something to be remembered: "remember
 * that ...", in a dozen languages, at the beginning of a sentence. Pure.
 */
#ifndef CHAT_LEARNING_RULE_H
#define CHAT_LEARNING_RULE_H

#include <stdbool.h>

#include "base/slice.h"

/* *what is the rest of that sentence, of its first line. */
bool learning_rule_find(struct slice prompt, struct slice *what);

#endif
