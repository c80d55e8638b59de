/* SPDX-License-Identifier: MIT */
/*
 * retry_wish - what a server says about another try, in its headers. Pure.
 *
 * Retry-After (RFC 9110, 10.2.3; seconds, of which some servers send fractions,
 * or a date), retry-after-ms (Azure, OpenAI; more exact, so it wins; Azure sends
 * 0 in it where Retry-After is right), x-should-retry (Anthropic, OpenAI).
 */
#ifndef LLM_RETRY_WISH_H
#define LLM_RETRY_WISH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* All-zero is: nothing said. */
struct retry_wish {
    int64_t after_ms; /* to wait, from now; 0: not said */
    bool is_exact;    /* that was retry-after-ms */
    bool wants, refuses;
};

/* Take in one header; others than those are passed over. `wall_ms` is the time
 * now, for dates. */
void retry_wish_take(struct retry_wish *wish, const char *name,
                     const char *value, int64_t wall_ms);

#endif
