/* SPDX-License-Identifier: MIT */
/*
 * legal - whether a request is one that the servers of its dialect take, by the
 * notes on protocols and not by the program's own reader: each call is answered
 * once and at once, no answer is without its call, no message is empty, and the
 * last one is not the model's.
 *
 * What is not fails the test.
 */
#ifndef TESTS_SUPPORT_LEGAL_H
#define TESTS_SUPPORT_LEGAL_H

#include "base/slice.h"

void legal_check(const char *dialect, struct slice body);

#endif
