/* SPDX-License-Identifier: MIT */
#include "chat/errand.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "llm/failure.h"
#include "llm/ollama.h"

enum { CONNECT_LOOPBACK_MS = 3000, CONNECT_MS = 5000 };

struct errand {
    struct loop *loop;
    struct http *http;
    const struct endpoint *endpoint;
    errand_fn *fn;
    void *context;
    const char *what;
    int64_t wait_ms;
    uint32_t transfer, timer;
    struct error err; /* of what failed before it began */
    struct buf url, sent, body;
};

void errand_free(struct errand *errand)
{
    if (!errand)
        return;
    http_cancel(errand->http, errand->transfer);
    loop_timer_cancel(errand->loop, errand->timer);
    buf_clear(&errand->url);
    buf_clear(&errand->sent);
    buf_clear(&errand->body);
    free(errand);
}

/* The callee may free the errand: nothing may be touched after. */
static void tell(struct errand *errand, const struct errand_answer *answer)
{
    loop_timer_cancel(errand->loop, errand->timer);
    errand->timer = 0;
    errand->fn(errand->context, answer);
}

static void fail(struct errand *errand, const struct error *err)
{
    tell(errand, &(struct errand_answer){ .err = err, .tls = "" });
}

static bool on_body(void *context, uint32_t id, struct slice piece)
{
    struct errand *errand = context;
    (void)id;
    struct error err = { 0 };
    return buf_append_capped(&errand->body, piece, ERRAND_ANSWER_MAX,
                             "the answer", &err);
}

static void say_redirect(const struct errand *errand,
                         const struct http_head *head, struct error *err)
{
    struct buf place = { 0 };
    endpoint_append_harmless(errand->endpoint, slice_of(head->location),
                             &place);
    error_set(err, ERROR_SERVER,
              "%s answered HTTP %d at %s, and sends us to %s",
              errand->endpoint->name, head->status, head->effective_url,
              buf_string(&place));
    buf_clear(&place);
}

/* What the server says instead, and what to do about it. */
static void say_refusal(const struct errand *errand,
                        const struct http_head *head, struct error *err,
                        bool *is_out_of_memory)
{
    const struct endpoint *endpoint = errand->endpoint;
    struct answer_result answer = { 0 };
    struct failure_site site = {
        .status = head->status,
        .url = head->effective_url,
        .can_pull = endpoint->dialect == &dialect_ollama,
        .endpoint = endpoint->name,
        .key = endpoint_key(endpoint),
        .keyless = endpoint_key(endpoint) ? NULL : endpoint->name,
    };
    if (head->status == 407) {
        error_set(err, ERROR_NETWORK,
                  "a proxy on the way to %s asks for a name and a password "
                  "(407); `proxy: http://NAME:WORD@HOST:PORT` of the endpoint "
                  "tells it",
                  endpoint->name);
        return;
    }
    if (*head->location) {
        say_redirect(errand, head, err);
        return;
    }
    failure_of_body(&answer, &site, buf_slice(&errand->body));
    *is_out_of_memory = answer.is_out_of_memory;
    *err = answer.err;
    error_context(err, "%s", endpoint->name);
}

static void on_done(void *context, uint32_t id,
                    const struct http_result *result)
{
    struct errand *errand = context;
    const struct http_head *head = &result->head;
    struct slice body = buf_slice(&errand->body);
    struct error err = { 0 };
    struct errand_answer answer = { .status = head->status,
                                    .body = body,
                                    .tls = head->tls };
    (void)id;
    errand->transfer = 0;
    if (!result->transferred)
        err = result->err;
    else if (head->status != 200 || slice_starts(slice_trim(body), "<"))
        say_refusal(errand, head, &err, &answer.is_out_of_memory);
    answer.err = err.kind ? &err : NULL;
    tell(errand, &answer);
}

static void on_timeout(void *context, uint32_t timer_id)
{
    struct errand *errand = context;
    struct error err = { 0 };
    (void)timer_id;
    http_cancel(errand->http, errand->transfer);
    errand->transfer = 0;
    errand->timer = 0;
    error_set(&err, ERROR_NETWORK, "%s did not %s in %lld s",
              errand->endpoint->shown_url, errand->what,
              (long long)(errand->wait_ms / 1000));
    fail(errand, &err);
}

static bool send(struct errand *errand, struct error *err)
{
    static const struct http_handler handler = {
        .on_body = on_body,
        .on_done = on_done,
    };
    const struct endpoint *endpoint = errand->endpoint;
    struct wire_request wire = { 0 };
    const struct chat_request asker = { .base_url = endpoint->url,
                                        .like = endpoint->like,
                                        .key = endpoint_key(endpoint) };
    provider_add_key(endpoint->dialect, &asker, &wire);
    if (errand->sent.len)
        wire_request_header(&wire, "Content-Type: application/json");
    struct http_request request = {
        .url = buf_string(&errand->url),
        .headers = (const char *const *)wire.headers.items,
        .connect_ms =
            endpoint_is_loopback(endpoint) ? CONNECT_LOOPBACK_MS : CONNECT_MS,
        .proxy = endpoint->proxy,
        .ca_file = endpoint->ca_file,
        .is_secret = endpoint_key(endpoint) && !endpoint->may_send_clear,
        .wants_tls = true,
    };
    if (errand->sent.len)
        request.body = buf_slice(&errand->sent);
    errand->transfer =
        http_start(errand->http, &request, &handler, errand, err);
    wire_request_clear(&wire);
    return errand->transfer != 0;
}

/* From the loop, so that errand_start() itself never calls back. */
static void on_start(void *context, uint32_t timer_id)
{
    struct errand *errand = context;
    struct error err = { 0 };
    (void)timer_id;
    errand->timer =
        loop_timer_start(errand->loop, errand->wait_ms, on_timeout, errand);
    if (!endpoint_check_key(errand->endpoint, &err) || !send(errand, &err))
        fail(errand, &err);
}

struct errand *errand_start(struct loop *loop, struct http *http,
                            const struct endpoint *endpoint,
                            const struct errand_request *request, errand_fn *fn,
                            void *context)
{
    struct errand *errand = memory_zero(1, sizeof *errand);
    errand->loop = loop;
    errand->http = http;
    errand->endpoint = endpoint;
    errand->fn = fn;
    errand->context = context;
    errand->what = request->what;
    errand->wait_ms = request->wait_ms;
    if (request->is_at_root)
        provider_root_url(&errand->url, endpoint->url, request->path);
    else
        provider_join_url(&errand->url, endpoint->url, request->path);
    buf_append_slice(&errand->sent, request->body);
    errand->timer = loop_timer_start(loop, 0, on_start, errand);
    return errand;
}
