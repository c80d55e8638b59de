/* SPDX-License-Identifier: MIT */
#include "net/http_transfer.h"

#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/memory.h"
#include "net/address.h"
#include "net/address_block.h"
#include "net/http_failure.h"

enum {
    READ_SIZE = 64 * 1024,   /* bytes read at once */
    CONNECTION_LIFE_S = 600, /* a pooled connection is not kept longer */
    KEEPALIVE_IDLE_S = 15,   /* a dead link is noticed after 30 s */
    KEEPALIVE_INTERVAL_S = 5,
    KEEPALIVE_COUNT = 3,
    UNACKNOWLEDGED_MS = 30 * 1000, /* and one that swallows what is sent */
    INTERIM_HEADS_MAX = 100,       /* 1xx before the answer */
};

static void note_refused(struct http_transfer *transfer, const char *address,
                         const char *why)
{
    transfer->refused_for = why;
    snprintf(transfer->refused, sizeof transfer->refused, "%s", address);
}

/* Of the address that is about to be connected to: whoever answers for the name
 * cannot say another one later. */
static bool may_connect(struct http_transfer *transfer,
                        const struct sockaddr *address)
{
    const char *why =
        transfer->is_public ? address_block_special(address) : NULL;
    if (!why)
        return true;
    char name[INET6_ADDRSTRLEN] = "";
    getnameinfo(address, sizeof(struct sockaddr_in6), name, sizeof name, NULL,
                0, NI_NUMERICHOST);
    note_refused(transfer, name, why);
    return false;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
    struct http_transfer *transfer = context;
    (void)purpose;
    if (!may_connect(transfer, &address->addr))
        return CURL_SOCKET_BAD;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC,
                    address->protocol);
    if (fd < 0) {
        transfer->socket_errno = errno;
        return CURL_SOCKET_BAD;
    }
    /* libcurl 7.88 has no option for this one. */
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &(int){ KEEPALIVE_COUNT },
               sizeof(int));
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &(int){ UNACKNOWLEDGED_MS },
               sizeof(int));
    return fd;
}

/* Called when the connection stands, a pooled one as well, and before anything
 * is sent. A proxy sees what goes through it, wherever it stands. */
static int before_request(void *context, char *address, char *local_address,
                          int port, int local_port)
{
    struct http_transfer *transfer = context;
    (void)local_address, (void)port, (void)local_port;
    bool stays_here =
        !transfer->target.proxy && address && address_is_loopback(address);
    transfer->is_clear_refused =
        transfer->is_secret && !transfer->target.is_https && !stays_here;
    if (transfer->is_public && !transfer->refused_for)
        note_refused(transfer, address ? address : "",
                     address_block_special_text(address ? address : ""));
    return transfer->is_clear_refused || transfer->refused_for
               ? CURL_PREREQFUNC_ABORT
               : CURL_PREREQFUNC_OK;
}

/* There is no other way to learn it but by OpenSSL's own functions. What is not
 * libcurl's own words (headers!) is not looked at. */
static int take_words(CURL *easy, curl_infotype type, char *words, size_t len,
                      void *context)
{
    static const char start[] = "SSL connection using ";
    struct http_transfer *transfer = context;
    struct slice line = { words, len };
    (void)easy;
    if (type != CURLINFO_TEXT || !slice_starts(line, start))
        return 0;
    line = slice_skip(line, sizeof start - 1);
    size_t end = 0;
    while (end < line.len && line.ptr[end] != ' ' && line.ptr[end] != '\n')
        end++;
    snprintf(transfer->tls, sizeof transfer->tls, "%.*s", (int)end, line.ptr);
    return 0;
}

static void watch_tls(struct http_transfer *transfer)
{
    curl_easy_setopt(transfer->easy, CURLOPT_DEBUGFUNCTION, take_words);
    curl_easy_setopt(transfer->easy, CURLOPT_DEBUGDATA, transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_VERBOSE, 1L);
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    struct slice line = { bytes, size * count };
    long status = 0;
    if (slice_trim(line).len || transfer->has_head)
        return line.len;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200)
        transfer->has_head = true;
    else if (++transfer->interim_heads > INTERIM_HEADS_MAX)
        return 0;
    return line.len;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    struct slice piece = { bytes, size * count };
    size_t room = transfer->body_max - transfer->body_bytes;
    transfer->is_over_max = piece.len > room;
    if (transfer->is_over_max)
        piece.len = room;
    transfer->body_bytes += piece.len;
    buf_append_slice(&transfer->arrived, piece);
    return transfer->is_over_max ? 0 : piece.len;
}

/* QUICK_EXIT: nobody waits for the thread of a resolver. */
static const struct {
    CURLoption option;
    long value;
} number_options[] = {
    { CURLOPT_QUICK_EXIT, 1 },
    { CURLOPT_NOSIGNAL, 1 },
    { CURLOPT_FOLLOWLOCATION, 0 },
    { CURLOPT_NETRC, CURL_NETRC_IGNORED },
    { CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS },
    { CURLOPT_HTTP09_ALLOWED, 0 },
    { CURLOPT_SSL_VERIFYPEER, 1 },
    { CURLOPT_SSL_VERIFYHOST, 2 },
    { CURLOPT_TCP_NODELAY, 1 },
    { CURLOPT_TCP_KEEPALIVE, 1 },
    { CURLOPT_TCP_KEEPIDLE, KEEPALIVE_IDLE_S },
    { CURLOPT_TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S },
    { CURLOPT_MAXLIFETIME_CONN, CONNECTION_LIFE_S },
    { CURLOPT_BUFFERSIZE, READ_SIZE },
    { CURLOPT_NOPROGRESS, 1 },
    { CURLOPT_SUPPRESS_CONNECT_HEADERS, 1 },
};

/* No ACCEPT_ENCODING: a compressed stream comes in bursts. */
static void set_options(struct http_transfer *transfer)
{
    CURL *easy = transfer->easy;
    const struct http_target *target = &transfer->target;
    for (size_t i = 0; i < COUNTOF(number_options); i++)
        curl_easy_setopt(easy, number_options[i].option,
                         number_options[i].value);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "sennit/" VERSION);
    curl_easy_setopt(easy, CURLOPT_URL, target->url);
    /* The environment was read already (http_target). */
    curl_easy_setopt(easy, CURLOPT_PROXY, target->proxy_url);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    if (target->ca_file) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, target->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, target->ca_file);
        curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL);
    }
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)transfer->connect_limit_ms);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->detail);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
}

/* A connection of the pool was made by somebody who may go anywhere. */
static void keep_alone(struct http_transfer *transfer)
{
    curl_easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(transfer->easy, CURLOPT_FORBID_REUSE, 1L);
}

static void set_body(struct http_transfer *transfer, struct slice body)
{
    if (!body.ptr)
        return;
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)body.len);
    curl_easy_setopt(transfer->easy, CURLOPT_COPYPOSTFIELDS, body.ptr);
}

/* A line break would smuggle in another header. Nothing behind the name is
 * repeated, for it may be a key; without a colon all may be. */
static bool check_header(const char *header, struct error *err)
{
    const char *colon = strchr(header, ':');
    if (!colon)
        return error_set(err, ERROR_CONFIG,
                         "a header is not a line \"Name: value\"");
    if (header[strcspn(header, "\r\n")] == '\0')
        return true;
    return error_set(err, ERROR_CONFIG, "the header %.*s is not one line",
                     (int)(colon - header), header);
}

static bool set_headers(struct http_transfer *transfer,
                        const char *const *headers, struct error *err)
{
    /* Without it a large POST waits a second for "100 Continue". */
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (; headers && *headers; headers++) {
        if (!check_header(*headers, err)) {
            curl_slist_free_all(list);
            return false;
        }
        list = curl_slist_append(list, *headers);
    }
    transfer->headers = list;
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, list);
    return true;
}

struct http_transfer *http_transfer_new(const struct http_request *request,
                                        struct error *err)
{
    struct http_transfer *transfer = memory_zero(1, sizeof *transfer);
    const char *proxy = request->is_public ? "" : request->proxy;
    if (!http_target_parse(&transfer->target, request->url, proxy,
                           request->ca_file, err)) {
        free(transfer);
        return NULL;
    }
    transfer->easy = curl_easy_init();
    assert(transfer->easy);
    assert(request->connect_ms > 0);
    transfer->connect_limit_ms = request->connect_ms;
    transfer->body_max = request->body_max ? request->body_max : HTTP_BODY_MAX;
    transfer->is_secret = request->is_secret;
    transfer->is_public = request->is_public;
    transfer->started_at = transfer->sent_at = clock_monotonic_ms();
    set_options(transfer);
    if (request->is_public)
        keep_alone(transfer);
    if (request->wants_tls)
        watch_tls(transfer);
    set_body(transfer, request->body);
    if (!set_headers(transfer, request->headers, err)) {
        http_transfer_free(transfer);
        return NULL;
    }
    return transfer;
}

void http_transfer_free(struct http_transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    http_target_clear(&transfer->target);
    buf_clear(&transfer->arrived);
    free(transfer->location);
    free(transfer);
}

const char *http_transfer_header(const struct http_transfer *transfer,
                                 const char *name)
{
    struct curl_header *header;
    if (curl_easy_header(transfer->easy, name, 0, CURLH_HEADER, -1, &header) !=
        CURLHE_OK)
        return "";
    return header->value;
}

bool http_transfer_next_header(const struct http_transfer *transfer,
                               struct http_header *header)
{
    struct curl_header *found =
        curl_easy_nextheader(transfer->easy, CURLH_HEADER, -1, header->found);
    if (!found)
        return false;
    *header = (struct http_header){ found->name, found->value, found };
    return true;
}

/* CURLINFO_REDIRECT_URL is absolute. */
static void note_location(struct http_transfer *transfer)
{
    const char *url = NULL;
    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &url);
    if (url && !transfer->location)
        transfer->location = http_target_shown(url);
}

struct http_head http_transfer_head(struct http_transfer *transfer)
{
    struct http_head head = {
        .content_type = "",
        .location = "",
        .tls = transfer->tls,
        .effective_url = transfer->target.shown_url,
        .transfer = transfer->has_head ? transfer : NULL,
    };
    if (!transfer->has_head)
        return head;
    long status = 0;
    const char *address = NULL;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_IP, &address);
    head.status = (int)status;
    head.content_type = http_transfer_header(transfer, "Content-Type");
    note_location(transfer);
    if (transfer->location)
        head.location = transfer->location;
    /* A proxy on this machine does not make the server one. */
    head.is_loopback =
        !transfer->target.proxy && address && address_is_loopback(address);
    return head;
}

static int64_t info_ms(const struct http_transfer *transfer, CURLINFO info)
{
    curl_off_t us = 0;
    curl_easy_getinfo(transfer->easy, info, &us);
    if (us <= 0)
        return -1;
    return transfer->sent_at - transfer->started_at + us / 1000;
}

static void measure(const struct http_transfer *transfer,
                    struct http_result *result)
{
    long connections = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &connections);
    result->connect_ms =
        info_ms(transfer, transfer->target.is_https ? CURLINFO_APPCONNECT_TIME_T
                                                    : CURLINFO_CONNECT_TIME_T);
    if (result->connect_ms < 0 && transfer->has_head && connections == 0)
        result->connect_ms = transfer->sent_at - transfer->started_at;
    result->first_byte_ms =
        transfer->has_head ? info_ms(transfer, CURLINFO_STARTTRANSFER_TIME_T)
                           : -1;
    result->total_ms = clock_monotonic_ms() - transfer->started_at;
    result->body_bytes = transfer->body_bytes - transfer->arrived.len;
}

static void describe_failure(const struct http_transfer *transfer,
                             struct http_result *result)
{
    long os_errno = 0, local_port = 0;
    struct http_failure failure = {
        .code = transfer->code,
        .detail = transfer->detail,
        .server = transfer->target.server,
        .proxy = transfer->target.proxy,
        .ca_file = transfer->target.ca_file,
        .is_https = transfer->target.is_https,
        .is_loopback = transfer->target.is_loopback,
        .is_resolved = info_ms(transfer, CURLINFO_NAMELOOKUP_TIME_T) >= 0,
        .has_head = transfer->has_head,
        .connect_ms = transfer->connect_limit_ms,
        .body_bytes = transfer->body_bytes,
    };
    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &os_errno);
    /* CURLINFO_CONNECT_TIME_T stays 0 until TLS stands, too. */
    curl_easy_getinfo(transfer->easy, CURLINFO_LOCAL_PORT, &local_port);
    failure.is_connected = local_port > 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_SSL_VERIFYRESULT,
                      &failure.verify_result);
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE,
                      &failure.proxy_status);
    failure.os_errno =
        transfer->socket_errno ? transfer->socket_errno : (int)os_errno;
    http_failure_describe(&failure, &result->err);
    result->hope = http_failure_hope(&failure);
}

static void describe_clear(const struct http_transfer *transfer,
                           struct error *err)
{
    const char *proxy = transfer->target.proxy;
    error_set(err, ERROR_CONFIG,
              "the key would go over plain http to %s%s%s; use https, or an "
              "address of this machine (ssh -L), or allow_cleartext: true for "
              "this endpoint",
              transfer->target.server, proxy ? " through the proxy " : "",
              proxy ? proxy : "");
}

static void describe_refused(const struct http_transfer *transfer,
                             struct error *err)
{
    error_set(err, ERROR_TOOL, "%s leads to %s, %s: it was not asked",
              transfer->target.server, transfer->refused,
              transfer->refused_for);
}

struct http_result http_transfer_result(struct http_transfer *transfer,
                                        const struct error *why)
{
    struct http_result result = { .head = http_transfer_head(transfer) };
    if (why)
        result.err = *why;
    else if (transfer->is_over_max)
        error_set(&result.err, ERROR_LIMIT,
                  "the answer of %s is larger than %zu bytes",
                  transfer->target.server, transfer->body_max);
    else if (transfer->is_clear_refused)
        describe_clear(transfer, &result.err);
    else if (transfer->refused_for && transfer->code != CURLE_OK)
        describe_refused(transfer, &result.err);
    else if (transfer->code != CURLE_OK)
        describe_failure(transfer, &result);
    result.transferred = result.err.kind == ERROR_NONE;
    measure(transfer, &result);
    return result;
}

/* llama-server says Keep-Alive after a streamed answer, and closes. libcurl
 * tries again by itself in most cases, but gives up on the sixth dead connection
 * of its pool, and at once when sending a long body fails. */
bool http_transfer_is_stale(const struct http_transfer *transfer)
{
    long connections = 0, header_bytes = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &connections);
    curl_easy_getinfo(transfer->easy, CURLINFO_HEADER_SIZE, &header_bytes);
    return (transfer->code == CURLE_SEND_ERROR ||
            transfer->code == CURLE_RECV_ERROR ||
            transfer->code == CURLE_GOT_NOTHING) &&
           connections == 0 && header_bytes == 0 && !transfer->has_head &&
           !transfer->is_sent_again;
}

void http_transfer_rewind(struct http_transfer *transfer)
{
    transfer->is_sent_again = true;
    transfer->is_finished = false;
    transfer->sent_at = clock_monotonic_ms();
    transfer->detail[0] = '\0';
    curl_easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, 1L);
}
