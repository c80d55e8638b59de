/* SPDX-License-Identifier: MIT */
/*
 * address_block - whether an address is one of the public internet, and if not,
 * what it is for.
 *
 * Pure. By the registries of special-purpose addresses of IANA (RFC 6890, as of
 * 2025): what is not globally reachable there is not public, nor is what no
 * registry has given to anybody (IPv6 outside of 2000::/3, class E). An IPv6
 * address that stands for one of IPv4 (mapped, translated, 6to4, ISATAP) is what
 * that one is.
 */
#ifndef NET_ADDRESS_BLOCK_H
#define NET_ADDRESS_BLOCK_H

#include <sys/socket.h>

/* NULL: it is public. Else in words: "an address of a private network". */
const char *address_block_special(const struct sockaddr *address);

/* The same of an address as text; what is no address is not public. */
const char *address_block_special_text(const char *address);

#endif
