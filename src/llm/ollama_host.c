/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "llm/ollama.h"

/* What Ollama's envconfig makes of OLLAMA_HOST, in its order. */

struct address {
    struct slice scheme;
    struct slice host;
    struct slice port;
    struct slice path;
    const char *default_port;
};

static struct slice trim_any(struct slice text, const char *characters)
{
    while (text.len && strchr(characters, text.ptr[0]))
        text = slice_skip(text, 1);
    while (text.len && strchr(characters, text.ptr[text.len - 1]))
        text.len--;
    return text;
}

static bool is_ipv6(struct slice host)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    if (host.len == 0 || host.len >= sizeof text)
        return false;
    memcpy(text, host.ptr, host.len);
    text[host.len] = '\0';
    return inet_pton(AF_INET6, text, &address) == 1;
}

static bool is_port(struct slice port)
{
    char *end = NULL;
    char text[8] = { 0 };
    if (port.len == 0 || port.len >= sizeof text)
        return false;
    memcpy(text, port.ptr, port.len);
    long number = strtol(text, &end, 10);
    return *end == '\0' && number >= 0 && number <= 65535;
}

/* "host:port", "[v6]:port", "host", "v6", "[v6]" or ":port". */
static void split_host(struct address *address, struct slice text)
{
    struct slice bare = trim_any(text, "[]");
    const char *colon = text.len ? memrchr(text.ptr, ':', text.len) : NULL;
    address->host = is_ipv6(bare) ? bare : text;
    if (!colon || is_ipv6(bare))
        return;
    size_t len = (size_t)(colon - text.ptr);
    address->host = trim_any((struct slice){ text.ptr, len }, "[]");
    address->port = slice_skip(text, len + 1);
}

static void split_scheme(struct address *address, struct slice text)
{
    ptrdiff_t mark = slice_find(text, "://");
    address->scheme = slice_of("http");
    address->default_port = "11434";
    if (mark >= 0) {
        address->scheme = (struct slice){ text.ptr, (size_t)mark };
        text = slice_skip(text, (size_t)mark + 3);
        if (slice_is(address->scheme, "http"))
            address->default_port = "80";
        else if (slice_is(address->scheme, "https"))
            address->default_port = "443";
    } else if (slice_is(text, "ollama.com")) {
        address->scheme = slice_of("https");
        address->default_port = "443";
    }
    const char *slash = text.len ? memchr(text.ptr, '/', text.len) : NULL;
    if (slash) {
        size_t len = (size_t)(slash - text.ptr);
        address->path = trim_any(slice_skip(text, len), "/");
        text.len = len;
    }
    split_host(address, text);
}

/* A server listens on these; a client connects to loopback. */
static struct slice connectable(struct slice host)
{
    if (host.len == 0 || slice_is(host, "0.0.0.0"))
        return slice_of("127.0.0.1");
    return slice_is(host, "::") ? slice_of("::1") : host;
}

void ollama_host_url(struct buf *out, const char *value)
{
    struct address address = { 0 };
    split_scheme(&address, trim_any(slice_trim(slice_of(value)), "\"'"));
    struct slice host = connectable(address.host);
    struct slice port =
        is_port(address.port) ? address.port : slice_of(address.default_port);
    bool is_v6 = is_ipv6(host);
    buf_printf(out, "%.*s://%s%.*s%s:%.*s", SLICE_ARG(address.scheme),
               is_v6 ? "[" : "", SLICE_ARG(host), is_v6 ? "]" : "",
               SLICE_ARG(port));
    if (address.path.len)
        buf_printf(out, "/%.*s", SLICE_ARG(address.path));
}
