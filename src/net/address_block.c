/* SPDX-License-Identifier: MIT */
#include "net/address_block.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/compiler.h"

struct block {
    unsigned char bytes[16];
    int bits;
    const char *words; /* NULL: public after all */
};

static const char this_machine[] = "an address of this machine";
static const char private_network[] = "an address of a private network";
static const char link_local[] = "an address of the local link";
static const char assignments[] = "an address of protocols (RFC 6890)";
static const char documentation[] = "an address of documentation";
static const char multicast[] = "an address of many (multicast)";
static const char reserved[] = "an address that is reserved";
static const char no_address[] = "no address of the internet";

/* iana-ipv4-special-registry; the first that fits decides. */
static const struct block ipv4[] = {
    { { 0 }, 8, this_machine }, /* Linux connects 0.0.0.0 to itself */
    { { 10 }, 8, private_network },
    { { 100, 64 }, 10, "an address behind a carrier's NAT" },
    { { 127 }, 8, this_machine },
    { { 169, 254 }, 16, link_local },
    { { 172, 16 }, 12, private_network },
    { { 192, 0, 0 }, 24, assignments },
    { { 192, 0, 2 }, 24, documentation },
    { { 192, 88, 99 }, 24, reserved },
    { { 192, 168 }, 16, private_network },
    { { 198, 18 }, 15, "an address of benchmarks" },
    { { 198, 51, 100 }, 24, documentation },
    { { 203, 0, 113 }, 24, documentation },
    { { 224 }, 4, multicast },
    { { 240 }, 4, reserved }, /* 255.255.255.255, too */
};

/* iana-ipv6-special-registry, and what is not global unicast (RFC 4291). */
static const struct block ipv6[] = {
    { { 0 }, 127, this_machine }, /* :: and ::1 */
    { { 0x20, 0x01, 0x0D, 0xB8 }, 32, documentation },
    { { 0x20, 0x01 }, 23, assignments }, /* Teredo, ORCHID, benchmarks, ... */
    { { 0x3F, 0xFF }, 20, documentation },
    { { 0x20 }, 3, NULL },
    { { 0xFC }, 7, private_network },
    { { 0xFE, 0x80 }, 10, link_local },
    { { 0xFE, 0xC0 }, 10, private_network }, /* site-local, once */
    { { 0xFF }, 8, multicast },
    { { 0 }, 0, reserved },
};

/* Where the address of IPv4 stands in one of IPv6. */
static const struct {
    unsigned char bytes[16];
    int bits;
    int offset;
} embedded[] = {
    { { [10] = 0xFF, [11] = 0xFF }, 96, 12 }, /* mapped, RFC 4291 */
    { { 0x00, 0x64, 0xFF, 0x9B }, 96, 12 },   /* NAT64, RFC 6052 */
    { { 0x20, 0x02 }, 16, 2 },                /* 6to4, RFC 3056 */
};

static bool is_in(const unsigned char *address, const unsigned char *prefix,
                  int bits)
{
    size_t whole = (size_t)bits / 8;
    int rest = bits % 8;
    return memcmp(address, prefix, whole) == 0 &&
           (rest == 0 || (address[whole] ^ prefix[whole]) >> (8 - rest) == 0);
}

static const char *look_up(const unsigned char *address,
                           const struct block *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_in(address, blocks[i].bytes, blocks[i].bits))
            return blocks[i].words;
    }
    return NULL;
}

static const char *special_ipv4(const unsigned char *address)
{
    return look_up(address, ipv4, COUNTOF(ipv4));
}

/* RFC 5214, in any network. */
static bool is_isatap(const unsigned char *address)
{
    static const unsigned char mark[] = { 0x00, 0x00, 0x5E, 0xFE };
    return (address[8] & 0xFD) == mark[0] &&
           memcmp(address + 9, mark + 1, sizeof mark - 1) == 0;
}

static const char *special_ipv6(const unsigned char *address)
{
    if (is_isatap(address) && special_ipv4(address + 12))
        return special_ipv4(address + 12);
    for (size_t i = 0; i < COUNTOF(embedded); i++) {
        if (is_in(address, embedded[i].bytes, embedded[i].bits))
            return special_ipv4(address + embedded[i].offset);
    }
    return look_up(address, ipv6, COUNTOF(ipv6));
}

const char *address_block_special(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        return special_ipv4((const unsigned char *)&in.sin_addr);
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof in6);
        return special_ipv6(in6.sin6_addr.s6_addr);
    }
    return no_address;
}

const char *address_block_special_text(const char *text)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return address_block_special((const struct sockaddr *)&in);
    if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
        return address_block_special((const struct sockaddr *)&in6);
    return no_address;
}
