/* SPDX-License-Identifier: MIT */
/*
 * halves - chunks of JSON over which a surrogate pair may be torn.
 *
 * Servers that cut text by UTF-16 units send \ud83d in one chunk and \ude00 in
 * the next. The halves are joined; one that stays alone becomes U+FFFD.
 */
#ifndef LLM_HALVES_H
#define LLM_HALVES_H

#include "base/json.h"

/* All-zero is the start of a stream. */
struct halves {
    struct json_joiner joiner;
    const char *member; /* the one that the half stood in */
};

/* json_parse() for the next chunk of the stream. */
json_t *halves_parse(struct halves *halves, struct slice text,
                     struct error *err) MUST_USE;

/* The member whose last half still waits for the other one, or NULL. */
const char *halves_waiting(const struct halves *halves);

#endif
