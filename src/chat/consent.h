/* SPDX-License-Identifier: MIT */
/*
 * consent - may a prompt leave the machine for a vendor: what the user has
 * answered, and what follows from it.
 *
 * Pure. Answers are recorded for an origin (scheme, host and port), a line
 * each: "https://api.openai.com always 2026-11-28T14:02:00Z". Whoever keeps the
 * file writes what consents_format() gives. An answer for one prompt ("once")
 * is never recorded.
 */
#ifndef CHAT_CONSENT_H
#define CHAT_CONSENT_H

#include "chat/router.h"

enum { CONSENTS_MAX = 1000 }; /* lines that are read */

struct consent {
    char *origin;
    enum consent_answer answer;
    int64_t time; /* Unix seconds */
};

/* All-zero is empty. */
struct consents {
    ARRAY_OF(struct consent) list;
};

void consents_clear(struct consents *consents);

/* Read and write the file's text. Lines that are none are left out: what
 * cannot be read gives no consent. */
void consents_parse(struct consents *consents, struct slice text);
void consents_format(const struct consents *consents, struct buf *out);

/* Set, replace or (CONSENT_NONE, CONSENT_ONCE) remove what is recorded. */
void consents_put(struct consents *consents, const char *origin,
                  enum consent_answer answer, int64_t time);
const struct consent *consents_find(const struct consents *consents,
                                    const char *origin);

/* Let the endpoints know. */
void consents_apply(const struct consents *consents,
                    struct endpoints *endpoints);

/* "always"; CONSENT_NONE for a word that is no answer. */
const char *consent_name(enum consent_answer answer);
enum consent_answer consent_parse(struct slice word);

enum consent_verdict { CONSENT_GO, CONSENT_ASK, CONSENT_REFUSE };

/* For a route that is ROUTE_TO; `err` says why a prompt is refused, and what to
 * do. */
enum consent_verdict consent_decide(const struct route *route,
                                    const struct settings *settings,
                                    bool can_ask, struct error *err);

/* The question in words, what one calls an answer to it, and what that means;
 * NULL: the question has no such answer. CONSENT_NONE for any other word. */
void consent_words(const struct route *route, struct buf *out);
const char *consent_word(const struct route *route, enum consent_answer answer);
enum consent_answer consent_answer_of(const struct route *route,
                                      struct slice word);
const char *consent_about(const struct route *route,
                          enum consent_answer answer);

#endif
