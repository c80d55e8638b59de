/* SPDX-License-Identifier: MIT */
/*
 * http_failure - what libcurl says went wrong, as a sentence for people that
 * names the server and, where there is something, what to do. Private to net/.
 *
 * Pure: everything it needs to know is in the struct.
 */
#ifndef NET_HTTP_FAILURE_H
#define NET_HTTP_FAILURE_H

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

#include "base/error.h"
#include "net/http.h"

struct http_failure {
    CURLcode code;
    const char *detail; /* libcurl's own words, may be "" */
    const char *server; /* "host:port" */
    const char *proxy;  /* "host:port", NULL if there is none */
    const char *ca_file;
    bool is_https;
    bool is_loopback;  /* by name: hints how to start a server make sense */
    bool is_resolved;  /* the name was found */
    bool is_connected; /* the TCP connection stood */
    bool has_head;     /* the answer's headers came whole */
    int os_errno;
    long verify_result; /* OpenSSL's X509_V_ERR_* */
    long proxy_status;  /* of the proxy's answer to CONNECT, 0 if none */
    int64_t connect_ms; /* the limit that was asked for */
    uint64_t body_bytes;
};

/* A proxy ("host:port") wants to know who asks: to CONNECT, or in place of an
 * http server's answer. */
void http_failure_proxy_login(const char *proxy, struct error *err);

/* ERROR_CUT after the head; before it ERROR_NETWORK, but for ERROR_CONFIG where
 * a setting is wrong and ERROR_LIMIT for a header that is too large. */
void http_failure_describe(const struct http_failure *failure,
                           struct error *err);

/* Whether the same request may fare better a little later: a name, a
 * certificate or a protocol that is wrong stays so. */
enum http_hope http_failure_hope(const struct http_failure *failure);

#endif
