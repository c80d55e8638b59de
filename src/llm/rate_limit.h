/* SPDX-License-Identifier: MIT */
/*
 * rate_limit - how much a server still allows, as its headers tell. Pure.
 *
 * x-ratelimit-{limit,remaining,reset}[-WHAT] (OpenAI, Groq, Azure, Mistral,
 * OpenRouter), anthropic-ratelimit-WHAT-{limit,remaining,reset},
 * ratelimit-{limit,remaining,reset} and `ratelimit: "api";r=999;t=295` (drafts
 * of the IETF; Hugging Face). A reset is a duration ("6m0s", "17.4s", "12ms"),
 * a number of seconds, a Unix time in seconds or milliseconds, or a date of RFC
 * 3339. Limits below 1 and negative rests are placeholders (Azure): unknown.
 */
#ifndef LLM_RATE_LIMIT_H
#define LLM_RATE_LIMIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { RATE_LIMITS_MAX = 8, RATE_NAME_SIZE = 32 };

struct rate_limit {
    char what[RATE_NAME_SIZE]; /* "requests", "input-tokens" */
    int64_t limit, remaining;  /* -1: unknown */
    int64_t reset_ms;          /* from when it was read; -1: unknown */
};

/* All-zero is none. Those over the cap are left out. */
struct rate_limits {
    struct rate_limit items[RATE_LIMITS_MAX];
    size_t count;
};

/* Take in one header; others than those are passed over. `wall_ms` is the time
 * now. */
void rate_limits_take(struct rate_limits *limits, const char *name,
                      const char *value, int64_t wall_ms);

/* Append a JSON array of {what, limit, remaining, reset_ms}, the unknown left
 * out. */
void rate_limits_to_json(const struct rate_limits *limits, struct buf *out);

/* Read what rate_limits_to_json() wrote; nothing if it is something else. */
void rate_limits_read(struct rate_limits *limits, struct slice json);

/* How long until all that is used up is there again, in ms from when it was read;
 * 0: nothing is, or the server does not say until when. */
int64_t rate_limits_rest_ms(const struct rate_limits *limits);

/* Append "59 of 60 requests left, all again in 12 s" for one that has a
 * remaining; else nothing. */
void rate_limit_words(const struct rate_limit *limit, struct buf *out);

#endif
