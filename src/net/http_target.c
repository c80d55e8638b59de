/* SPDX-License-Identifier: MIT */
#include "net/http_target.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/memory.h"
#include "net/address.h"

/* libcurl reads one file once; a directory of certificates costs a look-up for
 * every connection. Where the distributions keep theirs: */
static const char *const system_ca_files[] = {
    "/etc/ssl/certs/ca-certificates.crt", /* Debian, Arch */
    "/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem", /* SUSE */
    "/etc/ssl/cert.pem",      /* Alpine, the BSDs */
};

static const char no_scheme[] = "a URL begins with http:// or https://";

const char *http_target_ca_file(void)
{
    for (size_t i = 0; i < COUNTOF(system_ca_files); i++) {
        if (access(system_ca_files[i], R_OK) == 0)
            return system_ca_files[i];
    }
    return NULL;
}

/* A part of the URL as an owned string, NULL if it is not there. */
static char *part(CURLU *url, CURLUPart name, unsigned flags)
{
    char *text;
    if (curl_url_get(url, name, &text, flags) != CURLUE_OK)
        return NULL;
    char *copy = memory_string(text);
    curl_free(text);
    return copy;
}

static char *host_and_port(CURLU *url, const char *port_if_unknown)
{
    struct buf text = { 0 };
    char *host = part(url, CURLUPART_HOST, 0);
    char *port = part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    buf_printf(&text, "%s:%s", host ? host : "", port ? port : port_if_unknown);
    free(host);
    free(port);
    return buf_steal(&text);
}

static const char *environment(const char *lower, const char *upper)
{
    const char *value = getenv(lower);
    if (!value && upper)
        value = getenv(upper);
    return value && value[0] ? value : NULL;
}

/* libcurl's rules: HTTP_PROXY is not read because a CGI client sets it. */
static const char *environment_proxy(const char *host, bool is_https)
{
    const char *proxy = is_https ? environment("https_proxy", "HTTPS_PROXY")
                                 : environment("http_proxy", NULL);
    if (!proxy)
        proxy = environment("all_proxy", "ALL_PROXY");
    if (!proxy || address_is_listed(host, environment("no_proxy", "NO_PROXY")))
        return "";
    return proxy;
}

static bool choose_proxy(struct http_target *target, const char *host,
                         const char *setting, struct error *err)
{
    if (target->is_loopback)
        setting = "";
    else if (!setting)
        setting = environment_proxy(host, target->is_https);
    target->proxy_url = memory_string(setting);
    if (!setting[0])
        return true;
    CURLU *url = curl_url();
    bool ok = curl_url_set(url, CURLUPART_URL, setting,
                           CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) ==
              CURLUE_OK;
    if (ok)
        target->proxy = host_and_port(url, "1080");
    else
        error_set(err, ERROR_CONFIG, "the proxy setting is not a URL");
    curl_url_cleanup(url);
    return ok;
}

static bool take_apart(struct http_target *target, CURLU *url,
                       const char *proxy, struct error *err)
{
    char *scheme = part(url, CURLUPART_SCHEME, 0);
    char *host = part(url, CURLUPART_HOST, 0);
    bool ok = false;
    target->is_https = scheme && !strcmp(scheme, "https");
    if (!host || !scheme ||
        (!target->is_https && strcmp(scheme, "http") != 0)) {
        error_set(err, ERROR_CONFIG, "%s", no_scheme);
    } else {
        target->is_loopback = address_is_loopback(host);
        target->server = host_and_port(url, "");
        ok = choose_proxy(target, host, proxy, err);
    }
    free(scheme);
    free(host);
    return ok;
}

static char *shown(CURLU *url)
{
    curl_url_set(url, CURLUPART_USER, NULL, 0);
    curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
    return part(url, CURLUPART_URL, 0);
}

char *http_target_shown(const char *text)
{
    CURLU *url = curl_url();
    char *result = NULL;
    if (curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) ==
        CURLUE_OK)
        result = shown(url);
    curl_url_cleanup(url);
    return result ? result : memory_string("");
}

bool http_target_parse(struct http_target *target, const char *text,
                       const char *proxy, const char *ca_file,
                       struct error *err)
{
    *target = (struct http_target){ 0 };
    CURLU *url = curl_url();
    CURLUcode code =
        curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME);
    bool ok = false;
    /* The text is not repeated: it may hold a password. */
    if (code != CURLUE_OK && !strstr(text, "://"))
        error_set(err, ERROR_CONFIG, "%s", no_scheme);
    else if (code != CURLUE_OK)
        error_set(err, ERROR_CONFIG, "not a URL that we can use: %s",
                  curl_url_strerror(code));
    else
        ok = take_apart(target, url, proxy, err);
    if (ok) {
        target->url = memory_string(text);
        target->shown_url = shown(url);
        target->ca_file =
            memory_string(ca_file ? ca_file : http_target_ca_file());
    } else {
        http_target_clear(target);
    }
    curl_url_cleanup(url);
    return ok;
}

void http_target_clear(struct http_target *target)
{
    free(target->url);
    free(target->shown_url);
    free(target->server);
    free(target->proxy_url);
    free(target->proxy);
    free(target->ca_file);
    *target = (struct http_target){ 0 };
}
