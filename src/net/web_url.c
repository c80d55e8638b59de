/* SPDX-License-Identifier: MIT */
#include "net/web_url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/memory.h"

/* A part as an owned string, NULL if it is not there. */
static char *part(CURLU *url, CURLUPart name, unsigned flags)
{
    char *text;
    if (curl_url_get(url, name, &text, flags) != CURLUE_OK)
        return NULL;
    char *copy = memory_string(text);
    curl_free(text);
    return copy;
}

static bool check_bytes(struct slice text, struct error *err)
{
    if (text.len > WEB_URL_MAX)
        return error_set(err, ERROR_TOOL, "the URL is longer than %d bytes",
                         WEB_URL_MAX);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c <= ' ' || c == 0x7F || c == '\\')
            return error_set(err, ERROR_TOOL,
                             "the URL holds a blank, a backslash or a control "
                             "character; escape it (%%%02X)",
                             c);
    }
    return true;
}

static bool is_ascii(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text >= 0x80)
            return false;
    }
    return true;
}

static bool check_parts(const struct web_url *url, const char *scheme,
                        CURLU *parsed, struct error *err)
{
    char *user = part(parsed, CURLUPART_USER, 0);
    char *password = part(parsed, CURLUPART_PASSWORD, 0);
    char *zone = part(parsed, CURLUPART_ZONEID, 0);
    bool has_user = user || password, has_zone = zone;
    free(user);
    free(password);
    free(zone);
    if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
        return error_set(err, ERROR_TOOL,
                         "a URL begins with http:// or https://");
    if (has_user)
        return error_set(err, ERROR_TOOL,
                         "a URL with a user or a password is not asked for");
    if (has_zone)
        return error_set(err, ERROR_TOOL,
                         "an address with a zone is not asked for");
    if (!url->host[0] || !is_ascii(url->host) || strchr(url->host, '%'))
        return error_set(err, ERROR_TOOL,
                         "the host of the URL is not a name in ASCII; write "
                         "the xn-- form of it");
    return true;
}

static void lower(char *text)
{
    for (; *text; text++)
        *text = (char)tolower((unsigned char)*text);
}

/* As libcurl puts it together, but for the case of the host. */
static void put_together(struct web_url *url, CURLU *parsed, const char *scheme)
{
    struct buf origin = { 0 };
    curl_url_set(parsed, CURLUPART_FRAGMENT, NULL, 0);
    curl_url_set(parsed, CURLUPART_HOST, url->host, 0);
    char *port = part(parsed, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
    char *number = part(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    url->text = part(parsed, CURLUPART_URL, CURLU_NO_DEFAULT_PORT);
    url->port = number ? (int)strtol(number, NULL, 10) : 0;
    buf_printf(&origin, "%s://%s%s%s", scheme, url->host, port ? ":" : "",
               port ? port : "");
    url->origin = buf_steal(&origin);
    free(port);
    free(number);
}

static bool take_apart(struct web_url *url, CURLU *parsed, struct error *err)
{
    char *scheme = part(parsed, CURLUPART_SCHEME, 0);
    char *host = part(parsed, CURLUPART_HOST, 0);
    url->host = host ? host : memory_string("");
    lower(url->host);
    bool ok = check_parts(url, scheme ? scheme : "", parsed, err);
    if (ok)
        put_together(url, parsed, scheme);
    if (ok && (!url->text || url->port <= 0 || !is_ascii(url->text)))
        ok = error_set(err, ERROR_TOOL, "not a URL that can be asked for");
    free(scheme);
    return ok;
}

bool web_url_parse(struct web_url *url, struct slice text, struct error *err)
{
    *url = (struct web_url){ 0 };
    if (!check_bytes(text, err))
        return false;
    CURLU *parsed = curl_url();
    char *string = memory_copy(text.ptr ? text.ptr : "", text.len);
    CURLUcode code = curl_url_set(parsed, CURLUPART_URL, string,
                                  CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE);
    bool ok = false;
    if (code != CURLUE_OK && !strstr(string, "://"))
        error_set(err, ERROR_TOOL, "a URL begins with http:// or https://");
    else if (code != CURLUE_OK)
        error_set(err, ERROR_TOOL, "not a URL: %s", curl_url_strerror(code));
    else
        ok = take_apart(url, parsed, err);
    free(string);
    curl_url_cleanup(parsed);
    if (!ok)
        web_url_clear(url);
    return ok;
}

void web_url_clear(struct web_url *url)
{
    free(url->text);
    free(url->origin);
    free(url->host);
    *url = (struct web_url){ 0 };
}

/* Escapes that some servers undo before they look for "..". */
static bool may_lead_up(const char *rest)
{
    static const char *const escapes[] = { "%2e", "%2f", "%5c", "%25" };
    struct slice path = { rest, strcspn(rest, "?") };
    for (size_t i = 0; i < COUNTOF(escapes); i++) {
        if (slice_contains(path, slice_of(escapes[i])))
            return true;
    }
    return false;
}

bool web_url_is_below(const char *url, const char *site)
{
    size_t len = strlen(site);
    if (strncmp(url, site, len) != 0)
        return false;
    const char *rest = url + len;
    if (!*rest)
        return true;
    /* What has a query has nothing below it. */
    if (strchr(site, '?') || may_lead_up(rest))
        return false;
    return site[len - 1] == '/' || *rest == '/' || *rest == '?';
}

bool web_url_is_host(const struct web_url *url, const char *entry)
{
    char port[16];
    size_t len = strlen(url->host);
    snprintf(port, sizeof port, ":%d", url->port);
    return strncasecmp(entry, url->host, len) == 0 &&
           (!entry[len] || strcmp(entry + len, port) == 0);
}
