/* SPDX-License-Identifier: MIT */
#include "net/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/slice.h"

struct address {
    int bits; /* 32, 128, or 0 for what is no address */
    unsigned char bytes[16];
};

static struct address parse_address(struct slice text)
{
    struct address address = { 0 };
    char string[INET6_ADDRSTRLEN];
    if (text.len >= 2 && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']')
        text = (struct slice){ text.ptr + 1, text.len - 2 };
    if (text.len == 0 || text.len >= sizeof string)
        return address;
    snprintf(string, sizeof string, "%.*s", SLICE_ARG(text));
    if (inet_pton(AF_INET, string, address.bytes) == 1)
        address.bits = 32;
    else if (inet_pton(AF_INET6, string, address.bytes) == 1)
        address.bits = 128;
    return address;
}

/* Names end where a dot ends the host's name: "corp" lists "a.corp". */
static bool is_name_below(struct slice host, struct slice name)
{
    if (name.len == 0 || host.len < name.len)
        return false;
    struct slice tail = slice_skip(host, host.len - name.len);
    return !strncasecmp(tail.ptr, name.ptr, name.len) &&
           (host.len == name.len || tail.ptr[-1] == '.');
}

/* "localhost." is localhost: the root need not be written. */
static struct slice without_root(struct slice name)
{
    if (name.len && name.ptr[name.len - 1] == '.')
        name.len--;
    return name;
}

bool address_is_loopback(const char *host)
{
    static const unsigned char mapped[12] = { [10] = 0xFF, [11] = 0xFF };
    static const unsigned char one[16] = { [15] = 1 };
    struct slice name = without_root(slice_of(host));
    struct address address = parse_address(name);
    if (address.bits == 32)
        return address.bytes[0] == 127;
    if (address.bits == 128)
        return !memcmp(address.bytes, one, sizeof one) ||
               (!memcmp(address.bytes, mapped, sizeof mapped) &&
                address.bytes[12] == 127);
    return is_name_below(name, slice_of("localhost"));
}

static bool is_in_network(const struct address *host, struct slice entry)
{
    ptrdiff_t slash = slice_find(entry, "/");
    struct slice base = { entry.ptr, slash < 0 ? entry.len : (size_t)slash };
    struct address network = parse_address(base);
    if (network.bits == 0 || network.bits != host->bits)
        return false;
    /* The entry ends at a separator or NUL, where strtol() stops. */
    long bits =
        slash < 0 ? network.bits : strtol(entry.ptr + slash + 1, NULL, 10);
    if (bits < 0 || bits > network.bits)
        return false;
    size_t whole = (size_t)bits / 8;
    unsigned rest = (unsigned)bits % 8;
    if (memcmp(host->bytes, network.bytes, whole) != 0)
        return false;
    return rest == 0 ||
           (host->bytes[whole] ^ network.bytes[whole]) >> (8 - rest) == 0;
}

static bool is_entry(struct slice host, const struct address *address,
                     struct slice entry)
{
    if (address->bits)
        return is_in_network(address, entry);
    if (slice_starts(entry, "."))
        entry = slice_skip(entry, 1);
    return is_name_below(host, without_root(entry));
}

bool address_is_listed(const char *host, const char *no_proxy)
{
    struct slice name = without_root(slice_of(host));
    struct address address = parse_address(name);
    if (!no_proxy)
        return false;
    if (!strcmp(no_proxy, "*"))
        return true;
    for (const char *at = no_proxy; *at;) {
        size_t len = strcspn(at, ", \t");
        if (len && is_entry(name, &address, (struct slice){ at, len }))
            return true;
        at += len;
        at += strspn(at, ", \t");
    }
    return false;
}
