/* SPDX-License-Identifier: MIT */
/*
 * silence - a server that says nothing, in words. Pure.
 */
#ifndef CHAT_SILENCE_H
#define CHAT_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum { SILENCE_SLEEP_MS = 5 * 1000 /* of the machine, that is noticed */ };

struct silence {
    const char *endpoint;
    const char *proxy; /* on the way, ""; may hold a stream back */
    int64_t ms;
    bool has_begun; /* some of the answer had come */
};

/* ERROR_CUT. */
void silence_describe(const struct silence *silence, struct error *err);

/* Put before an error that the machine slept meanwhile, which streams seldom
 * outlive; nothing if it did not. */
void silence_add_sleep(int64_t slept_ms, struct error *err);

#endif
