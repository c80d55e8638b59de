/* SPDX-License-Identifier: MIT */
/*
 * http - one request, its answer in pieces; bytes without meaning.
 *
 * Runs on the loop's curl multi handle. Always: no redirects, no signals, no
 * netrc, no cookies, http and https only, close-on-exec sockets, one CA file. A request on
 * a pooled connection that died before any byte came is sent again at once on
 * a new one (a streamed answer of llama-server leaves such connections).
 * Compression is not asked for; a compressed answer is ERROR_PROTOCOL.
 *
 * Handlers run in step 4 of a turn, outside of libcurl, and may start and
 * cancel any transfer. The caller has blocked or ignored SIGPIPE (net/loop).
 *
 * Transfers are known by id: after http_cancel() or on_done nothing is called
 * any more and the id finds nothing.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "net/loop.h"

enum {
    HTTP_BODY_MAX = 64 * 1024 * 1024, /* bytes of one answer */
};

struct http;
struct http_transfer;

/* Everything is copied; nothing needs to outlive the call. */
struct http_request {
    const char *url;            /* absolute, http or https */
    const char *const *headers; /* "Name: value", NULL-terminated, or NULL */
    struct slice body;          /* POST if its ptr is set, else GET */
    int64_t connect_ms;         /* resolve, connect and TLS together; not 0 */
    const char *proxy;          /* NULL: the environment's; "": none; or a URL.
                                 Never used for loopback. */
    const char *ca_file;        /* NULL: the system's */
    bool is_secret;  /* a header holds a key: over plain http it is sent only if
                       the connection goes to this machine */
    bool is_public;  /* only to addresses of the public internet, whatever its
                       name is resolved to and when, by a connection of its own
                       and no proxy; else ERROR_TOOL names the address */
    bool wants_tls;  /* http_head shall say what protects it */
    size_t body_max; /* 0: HTTP_BODY_MAX */
};

/* Known when the first byte of the body or the end arrives. */
struct http_head {
    int status;                /* 0 while unknown */
    const char *content_type;  /* "" if absent; borrowed for the call */
    const char *effective_url; /* without user and password */
    const char *location;      /* where a redirect points, which is not
                                  followed; without them; "" if absent */
    const char *tls;           /* "TLSv1.3"; "" for none, or if not wanted */
    bool is_loopback; /* the connected address, not the name; not a proxy's */
    const struct http_transfer *transfer; /* for http_header_next() */
};

/* One header of an answer, borrowed as long as the head is. */
struct http_header {
    const char *name, *value;
    struct curl_header *found; /* private */
};

/* The next header; the first, if `header` is all-zero. False: there is none
 * left. */
bool http_header_next(const struct http_head *head, struct http_header *header);

/* Whether the same request may fare better a little later. */
enum http_hope {
    HTTP_HOPELESS,
    HTTP_ONE_TRY, /* perhaps; once */
    HTTP_SOME_TRIES,
};

struct http_result {
    struct http_head head;
    bool transferred; /* the whole body arrived, whatever the status says */
    /* Why not, in words that name host and port. ERROR_NETWORK before the head,
     * ERROR_CUT after it; ERROR_LIMIT over a cap, ERROR_CONFIG for a ca_file,
     * ERROR_PROTOCOL for unasked compression. */
    struct error err;
    enum http_hope hope; /* of one that failed */
    /* From start; -1 unknown. 0 to connect: a pooled connection. */
    int64_t connect_ms, first_byte_ms, total_ms;
    uint64_t body_bytes; /* that on_body saw */
};

struct http_handler {
    /* Headers are complete. May be NULL. */
    void (*on_head)(void *context, uint32_t id, const struct http_head *head);
    /* A piece of the body. Return false to stop the transfer: on_done then
     * comes at once with transferred == false and ERROR_CANCELLED. */
    bool (*on_body)(void *context, uint32_t id, struct slice piece);
    /* Exactly once, last, never from inside http_start(). */
    void (*on_done)(void *context, uint32_t id,
                    const struct http_result *result);
};

/* Who is told of every transfer besides its handler, to write it down. Neither
 * may start or cancel one. */
struct http_observer {
    /* The URL is without user and password. */
    void (*on_start)(void *context, uint32_t id, const char *url,
                     const struct http_request *request);
    /* NULL: it was cancelled. */
    void (*on_done)(void *context, uint32_t id,
                    const struct http_result *result);
};

struct http *http_new(struct loop *loop, struct error *err);
void http_free(struct http *http); /* cancels all; before loop_free() */

/* Returns the transfer's id, or 0 with an error if the request is malformed
 * (bad URL: ERROR_CONFIG). */
uint32_t http_start(struct http *http, const struct http_request *request,
                    const struct http_handler *handler, void *context,
                    struct error *err) MUST_USE;

/* Close the connection now; on_done does not come. Unknown ids are fine. */
void http_cancel(struct http *http, uint32_t id);

/* Take nothing of the answer from here on, or again; the server waits, once the
 * buffers between are full. Unknown ids are fine. */
void http_pause(struct http *http, uint32_t id, bool is_paused);

/* One observer; both functions are set. Replaces the one before; NULL: none. */
void http_observe(struct http *http, const struct http_observer *observer,
                  void *context);

/* Transfers under way. */
size_t http_active(const struct http *http);

/* Append name and version of the library and of its TLS. */
void http_library(struct buf *words);

/* A URL without user and password, owned; "" if it is none. */
char *http_shown_url(const char *url) RETURNS_NONNULL;

/* Append the file of certificates that a request with this setting uses; ""
 * if none is known. */
void http_ca_file(const char *setting, struct buf *path);

/* Append "host:port" of the proxy that a request to this URL would go through;
 * nothing if it goes directly. For status and doctor. */
void http_proxy_name(const char *url, const char *setting, struct buf *name);

#endif
