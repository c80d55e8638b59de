/* SPDX-License-Identifier: MIT */
/*
 * exchange - one attempt: a request to one endpoint, and its answer as events.
 *
 * Writes the request in the endpoint's dialect, sends it, feeds what comes to
 * the dialect's decoder and appends the decoder's events, stamped with run and
 * attempt. Whoever started it appends attempt-started before and
 * attempt-finished after. The guide answers through the same events.
 */
#ifndef CHAT_EXCHANGE_H
#define CHAT_EXCHANGE_H

#include "chat/conversation.h"
#include "chat/endpoint.h"
#include "net/http.h"

/* Times in ms; design.md section 5, Timers. */
enum {
    EXCHANGE_CONNECT_MS = 10 * 1000,
    EXCHANGE_CONNECT_LOOPBACK_MS = 3 * 1000,
    EXCHANGE_FIRST_VENDOR_MS = 60 * 1000,
    EXCHANGE_FIRST_OWN_MS = 600 * 1000,
    EXCHANGE_GAP_VENDOR_MS = 60 * 1000,
    EXCHANGE_GAP_OWN_MS = 180 * 1000,
    EXCHANGE_GAP_MOST_MS = 600 * 1000, /* with a user who can press Esc */
    EXCHANGE_HINT_MS = 2 * 1000,       /* "loading" is shown after so long */
    EXCHANGE_LINGER_MS = 2 * 1000, /* wait for the end of a complete answer */
};

struct exchange_setup {
    struct loop *loop;
    struct http *http;
    struct conversation *conversation;
    const struct endpoint *endpoint;
    const struct chat_request *request; /* borrowed for exchange_start(), its
                                           tools for the exchange's life */
    uint32_t run, attempt;
    bool is_vendor;
    bool is_interactive; /* somebody sees the silence and can end it */
};

/* The answer has ended; the exchange may be freed from here. Never called from
 * inside exchange_start(). */
typedef void exchange_done_fn(void *context,
                              const struct answer_result *result);

struct exchange;

/* NULL if the request cannot be written. */
struct exchange *exchange_start(const struct exchange_setup *setup,
                                exchange_done_fn *fn, void *context,
                                struct error *err) MUST_USE;

/* Ends it at once, without a call of `fn`. NULL is fine. */
void exchange_free(struct exchange *exchange);

/* Milliseconds since anything meaningful came. */
int64_t exchange_silence_ms(const struct exchange *exchange);

/* Append the request as it would go on the wire, the key left out. */
bool exchange_describe(const struct endpoint *endpoint,
                       const struct chat_request *request, struct buf *out,
                       struct error *err);

#endif
