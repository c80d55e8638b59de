/* SPDX-License-Identifier: MIT */
/*
 * web_url - a URL that a tool may ask for, in one form, so that it can be shown,
 * compared and asked for as the same thing.
 *
 * Scheme and host in small letters, addresses of IPv4 in dotted decimal (however
 * they were written: 0x7f.1, 2130706433), no default port, no "." and ".." in
 * the path, no fragment, what is no ASCII of the path escaped. Nothing is
 * resolved.
 */
#ifndef NET_WEB_URL_H
#define NET_WEB_URL_H

#include <stdbool.h>

#include "base/error.h"
#include "base/slice.h"

enum { WEB_URL_MAX = 8 * 1024 }; /* bytes */

/* All is owned; all-zero is none. */
struct web_url {
    char *text;   /* "https://example.org:8443/a?b" */
    char *origin; /* "https://example.org:8443" */
    char *host;   /* "example.org", "127.0.0.1", "[::1]" */
    int port;
};

/* False (ERROR_TOOL, in words for who wrote it): no URL of http or https, with
 * user or password, with blanks or control characters, or with a host that is
 * not ASCII (a name in another script is asked for by its xn-- form: what is
 * agreed to must be what is seen). */
bool web_url_parse(struct web_url *url, struct slice text,
                   struct error *err) MUST_USE;
void web_url_clear(struct web_url *url);

/* Whether a URL is this one or below it, both in the form of `text`: below
 * "https://a/b" are "https://a/b/c" and "https://a/b?c", but not "https://a/bc",
 * nor what a server may read as a way up ("%2e%2e"). */
bool web_url_is_below(const char *url, const char *site);

/* Whether a list of hosts has this one: "HOST", for every port, or
 * "HOST:PORT". */
bool web_url_is_host(const struct web_url *url, const char *entry);

#endif
