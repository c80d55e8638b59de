/* SPDX-License-Identifier: MIT */
/*
 * errand - one short question to a server and its whole answer: what it has,
 * what it shall load.
 *
 * Never waits; nothing is asked twice. The endpoint must outlive it.
 */
#ifndef CHAT_ERRAND_H
#define CHAT_ERRAND_H

#include "chat/endpoint.h"
#include "net/http.h"

enum { ERRAND_ANSWER_MAX = 4 * 1024 * 1024 };

/* Borrowed for errand_start(). */
struct errand_request {
    const char *path;  /* as provider_join_url() takes it */
    bool is_at_root;   /* beside the versions: provider_root_url() */
    struct slice body; /* JSON; POST if its ptr is set, else GET */
    const char *what;  /* a constant, for "did not list its models in 5 s" */
    int64_t wait_ms;   /* for the whole answer */
};

struct errand_answer {
    const struct error *err; /* NULL: the server did it (HTTP 200) */
    int status;              /* of HTTP, 0: it did not answer */
    bool is_out_of_memory;   /* it says so */
    struct slice body;       /* until the call returns */
    const char *tls;         /* "TLSv1.3"; "" for plain http */
};

/* Once, never from inside errand_start(). The errand may be freed from here. */
typedef void errand_fn(void *context, const struct errand_answer *answer);

struct errand;

struct errand *errand_start(struct loop *loop, struct http *http,
                            const struct endpoint *endpoint,
                            const struct errand_request *request, errand_fn *fn,
                            void *context) RETURNS_NONNULL;
void errand_free(struct errand *errand); /* stops it; NULL is fine */

#endif
