/* SPDX-License-Identifier: MIT */
/*
 * address - what a host's name or address says by itself; nothing is resolved.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>

/* True for localhost (and names below it), 127.0.0.0/8, ::1, and the same
 * mapped into IPv6. Brackets around an IPv6 address are fine. */
bool address_is_loopback(const char *host);

/* True if the host is one of a no_proxy list, as libcurl 7.88 reads it: names
 * with all below them, addresses, networks (10.0.0.0/8), or "*" alone. NULL is
 * the empty list. */
bool address_is_listed(const char *host, const char *no_proxy);

#endif
