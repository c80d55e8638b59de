/* SPDX-License-Identifier: MIT */
/*
 * http_target - where a request goes, checked and taken apart: the server, the
 * proxy, the certificates. Private to net/.
 */
#ifndef NET_HTTP_TARGET_H
#define NET_HTTP_TARGET_H

#include <stdbool.h>

#include "base/error.h"

/* All strings are owned. */
struct http_target {
    char *url;       /* as it was given, user and password included */
    char *shown_url; /* without them */
    char *server;    /* "host:port" */
    char *proxy_url; /* "" for a direct connection; libcurl gets it as it is */
    char *proxy;     /* "host:port", NULL for a direct connection */
    char *ca_file;   /* NULL if neither the caller nor we know one */
    bool is_https;
    bool is_loopback; /* by its name; the proxy is never used then */
};

/* The system's file of certificates, NULL if there is none where we look. */
const char *http_target_ca_file(void);

/* A URL without user and password, owned; "" if it is none. */
char *http_target_shown(const char *url) RETURNS_NONNULL;

/* `proxy` and `ca_file` as in struct http_request. False: ERROR_CONFIG. */
bool http_target_parse(struct http_target *target, const char *url,
                       const char *proxy, const char *ca_file,
                       struct error *err) MUST_USE;
void http_target_clear(struct http_target *target);

#endif
