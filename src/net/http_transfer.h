/* SPDX-License-Identifier: MIT */
/*
 * http_transfer - one request and its answer on one easy handle of libcurl.
 * Private to net/.
 *
 * libcurl calls it from inside curl_multi_perform(), where transfers may be
 * neither started nor ended: it only keeps what comes. net/http tells the
 * handlers.
 */
#ifndef NET_HTTP_TRANSFER_H
#define NET_HTTP_TRANSFER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/error.h"
#include "net/http.h"
#include "net/http_target.h"

enum { TLS_NAME_SIZE = 16 };

struct http_transfer {
    uint32_t id;
    CURL *easy;
    struct curl_slist *headers;
    struct http_target target;
    struct http_handler handler;
    void *context;
    int64_t connect_limit_ms;
    size_t body_max;
    int64_t started_at;
    int64_t sent_at; /* later than started_at if it was sent again */
    char detail[CURL_ERROR_SIZE];
    int socket_errno;
    int interim_heads;
    bool is_secret;                 /* as in http_request */
    bool is_clear_refused;          /* so nothing was sent */
    bool is_public;                 /* as in http_request */
    char refused[INET6_ADDRSTRLEN]; /* the address that is not public, */
    const char *refused_for;        /* and why; NULL: none */
    char tls[TLS_NAME_SIZE];
    char *location; /* of a redirect, as it may be shown */
    bool is_sent_again;

    bool has_head;      /* the headers came whole, */
    bool is_head_told;  /* and on_head was called */
    struct buf arrived; /* body that on_body has not seen */
    uint64_t body_bytes;
    bool is_over_max;
    bool is_finished; /* libcurl is done with it, and says: */
    CURLcode code;
};

/* Everything of the request is copied. NULL with ERROR_CONFIG if it is
 * malformed. Id, handler and context are the caller's to set. */
struct http_transfer *http_transfer_new(const struct http_request *request,
                                        struct error *err) MUST_USE;
void http_transfer_free(struct http_transfer *transfer);

/* A header of the answer, "" if absent; borrowed from the transfer. */
const char *http_transfer_header(const struct http_transfer *transfer,
                                 const char *name);

/* As http_header_next(). */
bool http_transfer_next_header(const struct http_transfer *transfer,
                               struct http_header *header);

/* What is known so far; borrows from the transfer. */
struct http_head http_transfer_head(struct http_transfer *transfer);

/* How it ended, when is_finished; or with `why`, which may be NULL, before. */
struct http_result http_transfer_result(struct http_transfer *transfer,
                                        const struct error *why);

/* True if it failed because a pooled connection was dead already. */
bool http_transfer_is_stale(const struct http_transfer *transfer);

/* Make it ready for a second try on a connection of its own. */
void http_transfer_rewind(struct http_transfer *transfer);

#endif
