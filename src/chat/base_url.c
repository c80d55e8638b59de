/* SPDX-License-Identifier: MIT */
#include "chat/base_url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/compiler.h"
#include "llm/chat_completions.h"
#include "llm/ollama.h"

enum { OLLAMA_PORT = 11434, PORT_MAX = 65535, NAME_MAX_LEN = 32 };

/* An address taken apart; all borrowed from the text. */
struct parts {
    struct slice scheme; /* "" where none was written */
    struct slice host;   /* without brackets */
    long port;           /* 0: none was written */
    struct slice path, query;
    bool is_ipv6;
};

static bool refuse(struct error *err, const char *words)
{
    return error_set(err, ERROR_USAGE, "%s", words);
}

static struct slice head(struct slice text, size_t len)
{
    return (struct slice){ text.ptr, len < text.len ? len : text.len };
}

static size_t span_until(struct slice text, const char *stops)
{
    size_t len = 0;
    while (len < text.len && !strchr(stops, text.ptr[len]))
        len++;
    return len;
}

static bool is_all(struct slice text, int (*is_kind)(int))
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_kind((unsigned char)text.ptr[i]))
            return false;
    }
    return text.len > 0;
}

static bool read_port(struct parts *parts, struct slice digits,
                      struct error *err)
{
    char text[8] = "";
    if (!digits.len)
        return true; /* "host:" */
    if (digits.len < sizeof text && is_all(digits, isdigit))
        memcpy(text, digits.ptr, digits.len);
    parts->port = strtol(text, NULL, 10);
    return (parts->port > 0 && parts->port <= PORT_MAX) ||
           refuse(err, "the port is a number from 1 to 65535");
}

/* "::1" without brackets has more than one colon, and no port. */
static bool read_authority(struct parts *parts, struct slice text,
                           struct error *err)
{
    const char *colon = text.len ? memchr(text.ptr, ':', text.len) : NULL;
    const char *last = text.len ? memrchr(text.ptr, ':', text.len) : NULL;
    parts->is_ipv6 = slice_starts(text, "[") || colon != last;
    if (slice_starts(text, "[")) {
        size_t end = span_until(text, "]");
        parts->host = slice_skip(head(text, end), 1);
        struct slice rest = slice_skip(text, end + 1);
        if (end == text.len || (rest.len && rest.ptr[0] != ':'))
            return refuse(err, "an IPv6 address stands in [ ]");
        return read_port(parts, slice_skip(rest, 1), err);
    }
    parts->host = text;
    if (!colon || colon != last)
        return true;
    parts->host = head(text, (size_t)(colon - text.ptr));
    return read_port(parts, slice_skip(text, parts->host.len + 1), err);
}

static bool is_host(const struct parts *parts)
{
    for (size_t i = 0; i < parts->host.len; i++) {
        unsigned char c = (unsigned char)parts->host.ptr[i];
        bool is_good = parts->is_ipv6
                           ? isxdigit(c) || strchr(":.%", c)
                           : isalnum(c) || strchr("-._", c) || c >= 0x80;
        if (!is_good)
            return false;
    }
    return parts->host.len > 0 || parts->port > 0;
}

static struct slice without_quotes(struct slice text)
{
    text = slice_trim(text);
    while (text.len >= 2 && strchr("\"'`<", text.ptr[0])) {
        text = slice_skip(text, 1);
        text.len--;
    }
    return text;
}

static bool take_apart(struct parts *parts, struct slice text,
                       struct error *err)
{
    ptrdiff_t scheme = slice_find(text, "://");
    if (scheme >= 0) {
        parts->scheme = head(text, (size_t)scheme);
        text = slice_skip(text, (size_t)scheme + 3);
    }
    if (scheme >= 0 &&
        !(parts->scheme.len == 4 &&
          !strncasecmp(parts->scheme.ptr, "http", 4)) &&
        !(parts->scheme.len == 5 &&
          !strncasecmp(parts->scheme.ptr, "https", 5)))
        return refuse(err, "an address begins with http:// or https://");
    text = head(text, span_until(text, "#"));
    struct slice authority = head(text, span_until(text, "/?"));
    if (authority.len && memchr(authority.ptr, '@', authority.len))
        return refuse(err, "leave user and password out of the address: the "
                           "key is asked for by itself");
    text = slice_skip(text, authority.len);
    parts->path = head(text, span_until(text, "?"));
    parts->query = slice_skip(text, parts->path.len);
    if (!read_authority(parts, authority, err))
        return false;
    return is_host(parts) ||
           refuse(err, "that is no address; one is gpu7:8000 or "
                       "https://host/v1");
}

static void cut_end(struct slice *text, const char *end)
{
    size_t len = strlen(end);
    if (text->len >= len && !memcmp(text->ptr + text->len - len, end, len))
        text->len -= len;
}

static void cut_slashes(struct slice *text)
{
    while (text->len && text->ptr[text->len - 1] == '/')
        text->len--;
}

/* What people copy is often the address of one question. */
static void cut_path(struct slice *path)
{
    static const char *const questions[] = { "/chat/completions",
                                             "/completions", "/models",
                                             "/embeddings", "/responses" };
    cut_slashes(path);
    for (size_t i = 0; i < COUNTOF(questions); i++)
        cut_end(path, questions[i]);
    cut_slashes(path);
}

static bool is_loopback(const struct parts *parts)
{
    struct slice host = parts->host;
    return !host.len || slice_is(host, "localhost") || slice_is(host, "::1") ||
           slice_is(host, "0.0.0.0") || slice_is(host, "::") ||
           (slice_starts(host, "127.") &&
            span_until(host, "abcdefghijklmnopqrstuvwxyz-_") == host.len);
}

static bool is_bare(const struct parts *parts)
{
    bool has_dot = parts->host.len &&
                   memchr(parts->host.ptr, '.', parts->host.len) != NULL;
    return !parts->scheme.len && !parts->port && !parts->path.len &&
           (!has_dot || is_loopback(parts) || is_all(parts->host, isdigit));
}

static bool is_ollama_path(struct slice path)
{
    return slice_is(path, "/api") ||
           (slice_starts(path, "/api/") && !slice_starts(path, "/api/v"));
}

static bool is_ollama_com(struct slice host)
{
    return slice_is(host, "ollama.com") || slice_is(host, "www.ollama.com");
}

static void append_lower(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        buf_append_char(out, (char)tolower((unsigned char)text.ptr[i]));
}

/* An address of this machine, of one of the own network, or a name without a
 * dot has no certificate as a rule. */
static const char *guess_scheme(const struct parts *parts)
{
    bool has_letter = false, has_dot = false;
    for (size_t i = 0; i < parts->host.len; i++) {
        has_letter |= isalpha((unsigned char)parts->host.ptr[i]) != 0;
        has_dot |= parts->host.ptr[i] == '.';
    }
    bool is_public = has_letter && has_dot && !parts->is_ipv6;
    return is_public && (!parts->port || parts->port == 443) ? "https" : "http";
}

/* A bind address is where a server listens, not where it is. */
static struct slice reachable(const struct parts *parts)
{
    if (!parts->host.len || slice_is(parts->host, "0.0.0.0"))
        return slice_of("127.0.0.1");
    return slice_is(parts->host, "::") ? slice_of("::1") : parts->host;
}

static void write_url(struct base_url *base, const struct parts *parts,
                      struct slice path)
{
    struct buf *url = &base->url;
    if (parts->scheme.len)
        append_lower(url, parts->scheme);
    else
        buf_append_string(url, guess_scheme(parts));
    buf_append_string(url, parts->is_ipv6 ? "://[" : "://");
    append_lower(url, reachable(parts));
    buf_append_string(url, parts->is_ipv6 ? "]" : "");
    if (parts->port)
        buf_printf(url, ":%ld", parts->port);
    buf_append_slice(url, path);
    buf_append_slice(url, parts->query);
}

/* "api.shop.example" is shop, 10.0.0.5 is 10-0-0-5. */
static void write_name(struct base_url *base, const struct parts *parts)
{
    struct slice host = parts->host;
    if (base->is_loopback) {
        buf_printf(&base->name, "local-%ld", parts->port ? parts->port : 80);
        return;
    }
    if (host.len > 4 && (!strncasecmp(host.ptr, "api.", 4) ||
                         !strncasecmp(host.ptr, "www.", 4)))
        host = slice_skip(host, 4);
    bool is_number =
        parts->is_ipv6 || span_until(host, "abcdefghijklmnopqrst"
                                           "uvwxyzABCDEFGHIJKLM"
                                           "NOPQRSTUVWXYZ") == host.len;
    host = head(host, is_number ? NAME_MAX_LEN : span_until(host, "."));
    for (size_t i = 0; i < host.len && base->name.len < NAME_MAX_LEN; i++) {
        unsigned char c = (unsigned char)host.ptr[i];
        buf_append_char(&base->name,
                        isalnum(c) && c < 0x80 ? (char)tolower(c) : '-');
    }
}

bool base_url_read(struct base_url *base, struct slice text, struct error *err)
{
    struct parts parts = { 0 };
    *base = (struct base_url){ 0 };
    text = without_quotes(text);
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] <= ' ' || text.ptr[i] == 0x7f)
            return refuse(err, "an address has no blanks in it");
    }
    if (!text.len || text.len > BASE_URL_MAX)
        return refuse(err, "an address is expected, at most 1024 bytes long");
    if (!take_apart(&parts, text, err))
        return false;
    struct slice path = parts.path;
    cut_path(&path);
    if (is_bare(&parts) && !is_ollama_com(parts.host))
        parts.port = OLLAMA_PORT;
    bool is_ollama = parts.port == OLLAMA_PORT || is_ollama_com(parts.host) ||
                     is_ollama_path(path);
    base->is_loopback = is_loopback(&parts);
    base->dialect = is_ollama ? &dialect_ollama : &dialect_chat_completions;
    if (is_ollama && (is_ollama_path(path) || slice_is(path, "/v1")))
        path = slice_of("");
    else if (!is_ollama && !path.len)
        path = slice_of("/v1");
    write_url(base, &parts, path);
    write_name(base, &parts);
    return true;
}

void base_url_clear(struct base_url *base)
{
    buf_clear(&base->url);
    buf_clear(&base->name);
}

bool base_url_is_likely(struct slice text)
{
    text = without_quotes(text);
    return text.len &&
           (span_until(text, ":./[") < text.len || slice_is(text, "localhost"));
}
