/* SPDX-License-Identifier: MIT */
/*
 * base_url - the address of a server as people write it, made the base that an
 * endpoint wants.
 *
 * "gpu7", "localhost:8080/", "::1", "https://host/v1/chat/completions",
 * "http://box:11434/api/tags". What port and path tell decides the dialect.
 * Pure.
 */
#ifndef CHAT_BASE_URL_H
#define CHAT_BASE_URL_H

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "llm/provider.h"

enum { BASE_URL_MAX = 1024 /* bytes */ };

/* What was made of a text. base_url_clear() frees it. */
struct base_url {
    struct buf url;
    const struct dialect *dialect;
    bool is_loopback;
    struct buf name; /* one for an endpoint: "gpu7", "local-8080" */
};

/* False (ERROR_USAGE), in words that do not repeat the text: it is no address,
 * or has a user or password in it. */
bool base_url_read(struct base_url *base, struct slice text, struct error *err);
void base_url_clear(struct base_url *base);

/* It could be one: a scheme, a port, a dot, a path, or localhost. */
bool base_url_is_likely(struct slice text);

#endif
