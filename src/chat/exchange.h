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
#include "chat/retry.h"
#include "chat/structured.h"
#include "net/http.h"

/* Times in ms; design.md section 5, Timers. */
enum {
    EXCHANGE_CONNECT_MS = 10 * 1000,
    EXCHANGE_CONNECT_LOOPBACK_MS = 3 * 1000,
    EXCHANGE_FIRST_VENDOR_MS = 60 * 1000,
    EXCHANGE_FIRST_OWN_MS = 600 * 1000,
    EXCHANGE_GAP_VENDOR_MS = 60 * 1000,
    EXCHANGE_GAP_OWN_MS = 180 * 1000,
    EXCHANGE_HINT_MS = 2 * 1000,   /* "loading" is shown after so long */
    EXCHANGE_LINGER_MS = 2 * 1000, /* wait for the end of a complete answer */
};

struct exchange_setup {
    struct loop *loop;
    struct http *http;
    struct conversation *conversation;
    const struct endpoint *endpoint;
    const struct chat_request *request; /* borrowed for exchange_start(), its
                                           tools for the exchange's life */
    struct structured *structured;      /* reads along; NULL: nobody does */
    uint32_t run, attempt;
    bool is_vendor;
    /* Whether the request may go to a vendor; false says why not. Called with the
     * context of exchange_start(), before anything is written. */
    bool (*may_leave)(void *context, struct error *err);
    bool is_interactive; /* somebody watches */
    /* Nothing meaningful has come for the gap that is borne, and again after
     * each: is the user to wait on? NULL: there is nobody to ask, the answer is
     * cut. Called with the context of exchange_start(). */
    void (*on_stall)(void *context);
};

/* What came of it. */
struct exchange_end {
    struct answer_result result;
    struct retry_failure failure; /* unless it is complete; without has_delta */
};

/* The answer has ended; the exchange may be freed from here. Never called from
 * inside exchange_start(). */
typedef void exchange_done_fn(void *context, const struct exchange_end *end);

struct exchange;

/* NULL if the request cannot be written, or may not leave the machine. */
struct exchange *exchange_start(const struct exchange_setup *setup,
                                exchange_done_fn *fn, void *context,
                                struct error *err) MUST_USE;

/* Ends it at once, without a call of `fn`. NULL is fine. */
void exchange_free(struct exchange *exchange);

/* Milliseconds since anything meaningful came. */
int64_t exchange_silence_ms(const struct exchange *exchange);

/* Milliseconds since anything came, comments and pings included. */
int64_t exchange_dead_ms(const struct exchange *exchange);

/* It has been silent for longer than is borne between two words. */
bool exchange_is_overdue(const struct exchange *exchange);

/* What the user says then: bear it for as long again; or end it as cut, by a
 * call of `fn`. */
void exchange_wait(struct exchange *exchange);
void exchange_give_up(struct exchange *exchange);

/* Take nothing of the answer from here on, or again. What a program says that
 * answers (endpoints.*.command) is taken all the same. */
void exchange_pause(struct exchange *exchange, bool is_paused);

#endif
