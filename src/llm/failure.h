/* SPDX-License-Identifier: MIT */
/*
 * failure - what a server meant by an error, in words for the user.
 *
 * Every family spells errors differently and some wrap one in a string of the
 * next. This finds the sentence, says who failed and what to do, and classes
 * what the program can act on by itself. Text from the server is cut but not
 * cleaned: that is done where it is shown.
 */
#ifndef LLM_FAILURE_H
#define LLM_FAILURE_H

#include <jansson.h>

#include "llm/provider.h"

enum {
    FAILURE_BODY_MAX = 64 * 1024, /* bytes of an error body that are kept */
    FAILURE_EXCERPT_MAX = 300,    /* bytes of a server's words that are shown */
};

/* Where it happened. */
struct failure_site {
    int status;           /* of HTTP; 200 for an error inside a stream */
    const char *url;      /* NULL: unknown */
    bool can_pull;        /* a missing model can be had by `sennit pull` */
    const char *endpoint; /* its name; NULL: it has none */
    const char *key; /* that the request held, and words must not; or NULL */
    const char *keyless; /* name of the endpoint whose request held no key;
                            NULL: it held one, or nobody knows */
};

/* True if an object of a stream says that the answer failed, whatever else it
 * holds. */
bool failure_is_in(const json_t *object);

/* Fill in err, status, refused, is_context_overflow, is_out_of_credit, is_model_loading, is_missing_model and
 * is_out_of_memory. The value is
 * an error object, or an array of one. */
void failure_of_json(struct answer_result *result,
                     const struct failure_site *site, const json_t *value);

/* The same for a whole body: JSON, a web page, plain words or nothing. */
void failure_of_body(struct answer_result *result,
                     const struct failure_site *site, struct slice body);

/* A web page came where an answer was expected. */
void failure_of_page(struct answer_result *result,
                     const struct failure_site *site, struct slice body);

/* The answer broke off with an error that has no words. */
void failure_without_words(struct error *err);

/* Make words of a server fit to be told: without the key, which some repeat, and
 * without NUL, which would hide what stands behind it. Of whole texts, before
 * they are cut. */
void failure_clean(struct buf *text, const struct failure_site *site);

/* The first part of a text, at most `max` bytes, in whole characters, without
 * white space around it. */
struct slice failure_excerpt(struct slice text, size_t max);

#endif
