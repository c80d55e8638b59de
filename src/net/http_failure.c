/* SPDX-License-Identifier: MIT */
#include "net/http_failure.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

/* What the connection went to first. */
static const char *first_hop(const struct http_failure *failure)
{
    return failure->proxy ? failure->proxy : failure->server;
}

static const char *hop_kind(const struct http_failure *failure)
{
    return failure->proxy ? "the proxy " : "";
}

static const char *own_words(const struct http_failure *failure)
{
    if (failure->detail && failure->detail[0])
        return failure->detail;
    return curl_easy_strerror(failure->code);
}

static bool says(const struct http_failure *failure, const char *words)
{
    return failure->detail && strstr(failure->detail, words);
}

static void other(const struct http_failure *failure, struct error *err)
{
    error_set(err, ERROR_NETWORK, "%s: %s", failure->server,
              own_words(failure));
}

/* How to start what usually listens there. */
static const struct {
    const char *port;
    const char *hint;
} usual_servers[] = {
    { ":11434", "; start it with: ollama serve" },
    { ":8080", "; is llama-server running?" },
    { ":8000", "; is vLLM running?" },
    { ":1234", "; is the server of LM Studio running?" },
};

static const char *start_hint(const struct http_failure *failure)
{
    const char *port = strrchr(failure->server, ':');
    if (failure->proxy)
        return "; check the proxy setting";
    for (size_t i = 0;
         port && failure->is_loopback && i < COUNTOF(usual_servers); i++) {
        if (!strcmp(port, usual_servers[i].port))
            return usual_servers[i].hint;
    }
    return "; is the server running?";
}

static void refused(const struct http_failure *failure, struct error *err)
{
    const char *hop = first_hop(failure);
    switch (failure->os_errno) {
    case ECONNREFUSED:
        error_set(err, ERROR_NETWORK, "nothing listens on %s%s%s",
                  hop_kind(failure), hop, start_hint(failure));
        return;
    case ENETUNREACH:
    case EHOSTUNREACH:
        error_set(err, ERROR_NETWORK,
                  "no way to %s%s; check the network or the VPN",
                  hop_kind(failure), hop);
        return;
    case ECONNRESET:
        error_set(err, ERROR_NETWORK,
                  "%s%s reset the connection without an answer",
                  hop_kind(failure), hop);
        return;
    case EMFILE:
    case ENFILE:
        error_set(err, ERROR_NETWORK,
                  "cannot connect to %s%s: too many open files",
                  hop_kind(failure), hop);
        return;
    default:
        error_set(err, ERROR_NETWORK, "cannot connect to %s%s: %s",
                  hop_kind(failure), hop,
                  failure->os_errno ? strerror(failure->os_errno)
                                    : own_words(failure));
    }
}

static void no_host(const struct http_failure *failure, struct error *err)
{
    error_set(err, ERROR_NETWORK,
              "cannot find the host of %s; check the name and the network",
              failure->server);
}

static void no_proxy_host(const struct http_failure *failure, struct error *err)
{
    error_set(err, ERROR_NETWORK,
              "cannot find the host of the proxy %s; check the proxy setting "
              "and the network",
              first_hop(failure));
}

/* There is a limit on connecting only: that is what ran out. */
static void timed_out(const struct http_failure *failure, struct error *err)
{
    double seconds = (double)failure->connect_ms / 1000;
    const char *hop = first_hop(failure);
    if (!failure->is_resolved)
        error_set(err, ERROR_NETWORK,
                  "looking up the host of %s%s took longer than %g s; check "
                  "the network",
                  hop_kind(failure), hop, seconds);
    else if (failure->is_connected && failure->is_https)
        error_set(err, ERROR_NETWORK,
                  "%s accepted the connection but no TLS within %g s; does it "
                  "speak http:// only?",
                  failure->server, seconds);
    else
        error_set(err, ERROR_NETWORK, "no answer from %s%s within %g s",
                  hop_kind(failure), hop, seconds);
}

/* From OpenSSL's x509_vfy.h, whose numbers are fixed. */
/* clang-format off */
static const struct {
    long result;
    const char *words;
    const char *advice;
} certificate_faults[] = {
    { 9, "a certificate that is not valid yet",
      "; check the clock of both machines" },
    { 10, "a certificate that has expired", "; check the clock or renew it" },
    { 18, "a self-signed certificate",
      "; if it is yours, name it with ca_file:" },
    { 19, "a certificate from an authority of its own",
      "; if you trust that, name its certificate with ca_file:" },
    { 20, "a certificate from an unknown authority",
      "; if you trust that, name its certificate with ca_file:" },
    { 21, "a certificate whose issuer is missing",
      "; if you trust it, name the issuer with ca_file:" },
    { 23, "a certificate that was revoked", "" },
};
/* clang-format on */

static void untrusted(const struct http_failure *failure, struct error *err)
{
    /* libcurl compares the names itself, so OpenSSL's result says nothing. */
    if (says(failure, "target host name")) {
        error_set(err, ERROR_NETWORK,
                  "%s shows a certificate for another name; check the URL",
                  failure->server);
        return;
    }
    for (size_t i = 0; i < COUNTOF(certificate_faults); i++) {
        if (certificate_faults[i].result != failure->verify_result)
            continue;
        error_set(err, ERROR_NETWORK, "%s shows %s%s", failure->server,
                  certificate_faults[i].words, certificate_faults[i].advice);
        return;
    }
    error_set(err, ERROR_NETWORK,
              "%s shows a certificate that cannot be trusted: %s",
              failure->server, own_words(failure));
}

static void no_ca_file(const struct http_failure *failure, struct error *err)
{
    error_set(err, ERROR_CONFIG, "cannot read certificates from ca_file %s",
              failure->ca_file ? failure->ca_file : "(of the system)");
}

/* It took the connection and closed it at our first word: OpenSSL's ways to say
 * so. */
static bool is_hung_up(const struct http_failure *failure)
{
    return says(failure, "SSL_ERROR_SYSCALL") ||
           says(failure, "unexpected eof") || says(failure, "reset by peer");
}

static void no_tls(const struct http_failure *failure, struct error *err)
{
    if (says(failure, "wrong version number"))
        error_set(err, ERROR_NETWORK,
                  "%s speaks no TLS; is its URL an http:// one?",
                  failure->server);
    else if (is_hung_up(failure))
        error_set(err, ERROR_NETWORK,
                  "%s answers no TLS: it closed the connection; is its URL an "
                  "http:// one?",
                  failure->server);
    else
        error_set(err, ERROR_NETWORK, "TLS with %s failed: %s", failure->server,
                  own_words(failure));
}

static void not_http(const struct http_failure *failure, struct error *err)
{
    error_set(err, ERROR_NETWORK, "%s is not an HTTP server%s", failure->server,
              failure->is_https ? "" : "; perhaps its URL is an https:// one");
}

static void large_header(const struct http_failure *failure, struct error *err)
{
    error_set(err, ERROR_LIMIT, "%s sent a header that is too large",
              failure->server);
}

void http_failure_proxy_login(const char *proxy, struct error *err)
{
    error_set(err, ERROR_NETWORK,
              "the proxy %s asks for a name and password (407); write them "
              "into its address, http://NAME:PASSWORD@%s, or go round it with "
              "proxy: none",
              proxy, proxy);
}

static void proxy_fault(const struct http_failure *failure, struct error *err)
{
    if (failure->proxy_status == 407)
        http_failure_proxy_login(first_hop(failure), err);
    else if (failure->proxy_status)
        error_set(err, ERROR_NETWORK, "the proxy %s refuses %s (%ld)",
                  first_hop(failure), failure->server, failure->proxy_status);
    else
        error_set(err, ERROR_NETWORK, "the proxy %s failed: %s",
                  first_hop(failure), own_words(failure));
}

static void broken(const struct http_failure *failure, struct error *err)
{
    bool is_reset =
        failure->os_errno == ECONNRESET || says(failure, "reset by peer");
    if (says(failure, "response header") || says(failure, "realloc for header"))
        large_header(failure, err);
    else if (failure->proxy && failure->proxy_status >= 300)
        proxy_fault(failure, err);
    else
        error_set(err, ERROR_NETWORK, "%s %s the connection without an answer",
                  failure->server, is_reset ? "reset" : "closed");
}

/* No more files, or nobody who speaks TLS: that does not pass by itself. */
static bool is_lasting(const struct http_failure *failure)
{
    switch (failure->code) {
    case CURLE_COULDNT_CONNECT:
        return failure->os_errno == EMFILE || failure->os_errno == ENFILE;
    case CURLE_OPERATION_TIMEDOUT:
        return failure->is_https && failure->is_connected;
    case CURLE_SSL_CONNECT_ERROR: return says(failure, "wrong version number");
    case CURLE_RECV_ERROR:
        return failure->proxy_status >= 300 || says(failure, "response header");
    default: return false;
    }
}

/* clang-format off */
static const struct {
    CURLcode code;
    enum http_hope hope;
    void (*describe)(const struct http_failure *failure, struct error *err);
} faults[] = {
    { CURLE_UNSUPPORTED_PROTOCOL, HTTP_HOPELESS, not_http },
    { CURLE_WEIRD_SERVER_REPLY, HTTP_HOPELESS, not_http },
    { CURLE_COULDNT_RESOLVE_PROXY, HTTP_SOME_TRIES, no_proxy_host },
    { CURLE_COULDNT_RESOLVE_HOST, HTTP_ONE_TRY, no_host },
    { CURLE_COULDNT_CONNECT, HTTP_SOME_TRIES, refused },
    /* libcurl's word for a header line over its own bound. */
    { CURLE_OUT_OF_MEMORY, HTTP_HOPELESS, large_header },
    /* Ours: too many interim heads. */
    { CURLE_WRITE_ERROR, HTTP_HOPELESS, large_header },
    { CURLE_OPERATION_TIMEDOUT, HTTP_SOME_TRIES, timed_out },
    { CURLE_SSL_CONNECT_ERROR, HTTP_ONE_TRY, no_tls },
    { CURLE_GOT_NOTHING, HTTP_ONE_TRY, broken },
    { CURLE_SEND_ERROR, HTTP_ONE_TRY, broken },
    { CURLE_RECV_ERROR, HTTP_ONE_TRY, broken },
    { CURLE_PARTIAL_FILE, HTTP_ONE_TRY, broken },
    { CURLE_PEER_FAILED_VERIFICATION, HTTP_HOPELESS, untrusted },
    { CURLE_SSL_CACERT_BADFILE, HTTP_HOPELESS, no_ca_file },
    { CURLE_PROXY, HTTP_HOPELESS, proxy_fault },
    /* A stream that was refused, a connection that is being closed: RFC 9113
     * says that the request was not looked at. */
    { CURLE_HTTP2, HTTP_SOME_TRIES, other },
    { CURLE_HTTP2_STREAM, HTTP_SOME_TRIES, other },
};
/* clang-format on */

/* After the head it matters how much came, and hardly why no more. */
static void cut(const struct http_failure *failure, struct error *err)
{
    const char *why = "";
    if (failure->os_errno == ECONNRESET || says(failure, "reset by peer"))
        why = ": connection reset";
    else if (says(failure, "chunk") && failure->code == CURLE_RECV_ERROR)
        why = ": broken chunk";
    else if (failure->code == CURLE_HTTP2_STREAM)
        why = ": the server ended the stream";
    error_set(err, ERROR_CUT,
              "the answer of %s broke off after %" PRIu64 " bytes%s",
              failure->server, failure->body_bytes, why);
}

void http_failure_describe(const struct http_failure *failure,
                           struct error *err)
{
    if (failure->has_head) {
        cut(failure, err);
        return;
    }
    for (size_t i = 0; i < COUNTOF(faults); i++) {
        if (faults[i].code == failure->code) {
            faults[i].describe(failure, err);
            return;
        }
    }
    other(failure, err);
}

enum http_hope http_failure_hope(const struct http_failure *failure)
{
    if (failure->has_head)
        return HTTP_SOME_TRIES;
    /* The gateway behind a proxy may be back soon. */
    if (failure->proxy && failure->proxy_status == 502)
        return HTTP_SOME_TRIES;
    /* Somebody is there, and does not want to talk. */
    if (failure->code == CURLE_COULDNT_CONNECT &&
        failure->os_errno == ECONNRESET)
        return HTTP_ONE_TRY;
    for (size_t i = 0; i < COUNTOF(faults); i++) {
        if (faults[i].code == failure->code)
            return is_lasting(failure) ? HTTP_HOPELESS : faults[i].hope;
    }
    return HTTP_HOPELESS;
}
