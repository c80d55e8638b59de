/* SPDX-License-Identifier: MIT */
#include "net/http.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"
#include "net/curl_multi.h"
#include "net/http_failure.h"
#include "net/http_transfer.h"

enum {
    HTTP_PROXY_LOGIN = 407,
    POOL_MAX = 16, /* idle connections; libcurl's default shrinks to 4 */
};

struct http {
    struct loop *loop;
    CURLM *multi;
    uint32_t last_id;
    const struct http_observer *observer; /* NULL: none */
    void *observer_context;
    ARRAY_OF(struct http_transfer *) transfers;
    ARRAY_OF(uint32_t) round; /* ids that the step under way looks at */
};

static struct http_transfer *find_transfer(const struct http *http, uint32_t id)
{
    for (size_t i = 0; i < http->transfers.count; i++) {
        if (http->transfers.items[i]->id == id)
            return http->transfers.items[i];
    }
    return NULL;
}

/* From here on its id finds nothing. The connection of a transfer that is not
 * finished is closed. */
static void take_out(struct http *http, struct http_transfer *transfer)
{
    size_t i = 0;
    while (http->transfers.items[i] != transfer)
        i++;
    http->transfers.items[i] = http->transfers.items[--http->transfers.count];
    if (!transfer->is_finished)
        curl_multi_remove_handle(http->multi, transfer->easy);
}

uint32_t http_start(struct http *http, const struct http_request *request,
                    const struct http_handler *handler, void *context,
                    struct error *err)
{
    assert(handler->on_body && handler->on_done);
    struct http_transfer *transfer = http_transfer_new(request, err);
    if (!transfer)
        return 0;
    transfer->handler = *handler;
    transfer->context = context;
    if (++http->last_id == 0)
        http->last_id = 1;
    transfer->id = http->last_id;
    *array_add(&http->transfers) = transfer;
    curl_multi_add_handle(http->multi, transfer->easy);
    if (http->observer)
        http->observer->on_start(http->observer_context, transfer->id,
                                 transfer->target.shown_url, request);
    return transfer->id;
}

static void observe_end(const struct http *http, uint32_t id,
                        const struct http_result *result)
{
    if (http->observer)
        http->observer->on_done(http->observer_context, id, result);
}

/* `why` is NULL for a transfer that ended by itself. */
static void finish(struct http *http, struct http_transfer *transfer,
                   const struct error *why)
{
    struct http_result result = http_transfer_result(transfer, why);
    take_out(http, transfer);
    observe_end(http, transfer->id, &result);
    transfer->handler.on_done(transfer->context, transfer->id, &result);
    http_transfer_free(transfer);
}

/* False if the transfer is gone. */
static bool tell_head(struct http *http, struct http_transfer *transfer)
{
    uint32_t id = transfer->id;
    struct http_head head = http_transfer_head(transfer);
    if (!transfer->has_head || transfer->is_head_told)
        return true;
    transfer->is_head_told = true;
    const char *encoding = http_transfer_header(transfer, "Content-Encoding");
    if (encoding[0] && strcmp(encoding, "identity") != 0) {
        struct error err = { 0 };
        error_set(&err, ERROR_PROTOCOL,
                  "%s compressed its answer (%s), which was not asked for",
                  transfer->target.server, encoding);
        finish(http, transfer, &err);
        return false;
    }
    if (head.status == HTTP_PROXY_LOGIN && transfer->target.proxy) {
        struct error err = { 0 };
        http_failure_proxy_login(transfer->target.proxy, &err);
        finish(http, transfer, &err);
        return false;
    }
    if (transfer->handler.on_head)
        transfer->handler.on_head(transfer->context, id, &head);
    return find_transfer(http, id) != NULL;
}

/* False if the transfer is gone. */
static bool tell_body(struct http *http, struct http_transfer *transfer)
{
    uint32_t id = transfer->id;
    struct buf piece = transfer->arrived;
    if (piece.len == 0)
        return true;
    /* The handler may cancel, and still reads the piece. */
    transfer->arrived = (struct buf){ 0 };
    bool go_on =
        transfer->handler.on_body(transfer->context, id, buf_slice(&piece));
    transfer = find_transfer(http, id);
    if (transfer && go_on) {
        buf_reset(&piece);
        transfer->arrived = piece;
        return true;
    }
    buf_clear(&piece);
    if (transfer) {
        struct error err = { 0 };
        error_set(&err, ERROR_CANCELLED, "stopped");
        finish(http, transfer, &err);
    }
    return false;
}

static void collect_finished(struct http *http)
{
    const CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(http->multi, &left))) {
        struct http_transfer *transfer;
        if (message->msg != CURLMSG_DONE)
            continue;
        CURL *easy = message->easy_handle;
        CURLcode code = message->data.result;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
        curl_multi_remove_handle(http->multi, easy);
        transfer->is_finished = true;
        transfer->code = code;
        if (http_transfer_is_stale(transfer)) {
            http_transfer_rewind(transfer);
            curl_multi_add_handle(http->multi, easy);
        }
    }
}

static void run_transfers(void *context)
{
    struct http *http = context;
    int running;
    if (http->transfers.count == 0)
        return;
    curl_multi_perform(http->multi, &running);
    collect_finished(http);
    http->round.count = 0;
    for (size_t i = 0; i < http->transfers.count; i++)
        *array_add(&http->round) = http->transfers.items[i]->id;
    for (size_t i = 0; i < http->round.count; i++) {
        struct http_transfer *transfer =
            find_transfer(http, http->round.items[i]);
        if (transfer && tell_head(http, transfer) &&
            tell_body(http, transfer) && transfer->is_finished)
            finish(http, transfer, NULL);
    }
}

static bool has_transfers(void *context)
{
    const struct http *http = context;
    return http->transfers.count > 0;
}

struct http *http_new(struct loop *loop, struct error *err)
{
    (void)err; /* nothing that can fail is left: the loop has the handle */
    struct http *http = memory_zero(1, sizeof *http);
    http->loop = loop;
    http->multi = loop_multi(loop);
    curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)POOL_MAX);
    loop_set_transfers(loop, &(struct loop_transfers){
                                 .run = run_transfers,
                                 .is_active = has_transfers,
                                 .context = http,
                             });
    return http;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    while (http->transfers.count)
        http_cancel(http, http->transfers.items[0]->id);
    loop_set_transfers(http->loop, NULL);
    array_clear(&http->transfers);
    array_clear(&http->round);
    free(http);
}

void http_cancel(struct http *http, uint32_t id)
{
    struct http_transfer *transfer = find_transfer(http, id);
    if (!transfer)
        return;
    take_out(http, transfer);
    observe_end(http, id, NULL);
    http_transfer_free(transfer);
}

void http_pause(struct http *http, uint32_t id, bool is_paused)
{
    const struct http_transfer *transfer = find_transfer(http, id);
    if (transfer)
        curl_easy_pause(transfer->easy,
                        is_paused ? CURLPAUSE_RECV : CURLPAUSE_CONT);
}

void http_observe(struct http *http, const struct http_observer *observer,
                  void *context)
{
    http->observer = observer;
    http->observer_context = context;
}

size_t http_active(const struct http *http)
{
    return http->transfers.count;
}

bool http_header_next(const struct http_head *head, struct http_header *header)
{
    return head->transfer && http_transfer_next_header(head->transfer, header);
}

void http_library(struct buf *words)
{
    const curl_version_info_data *about = curl_version_info(CURLVERSION_NOW);
    buf_printf(words, "%s, %s", about->version,
               about->ssl_version ? about->ssl_version : "without TLS");
}

char *http_shown_url(const char *url)
{
    return http_target_shown(url);
}

void http_ca_file(const char *setting, struct buf *path)
{
    const char *file = setting ? setting : http_target_ca_file();
    buf_append_string(path, file ? file : "");
}

void http_proxy_name(const char *url, const char *setting, struct buf *name)
{
    struct http_target target;
    struct error ignored = { 0 };
    if (!http_target_parse(&target, url, setting, NULL, &ignored))
        return;
    if (target.proxy)
        buf_append_string(name, target.proxy);
    http_target_clear(&target);
}
