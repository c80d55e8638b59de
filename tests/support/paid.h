/* SPDX-License-Identifier: MIT */
/*
 * paid - a conversation between a server of the user's own and one that is paid:
 * a tenth of a cent a token of its answers and nothing for the rest. With
 * answers of a hundred tokens at the most a request may cost ten cents; each
 * that comes costs six.
 *
 * There is one at a time, in a home of its own.
 */
#ifndef TESTS_SUPPORT_PAID_H
#define TESTS_SUPPORT_PAID_H

#include "chat/chat.h"
#include "store/ledger.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"

#define PAID_OWN                                                          \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"       \
    "line {\"model\":\"m\",\"message\":{\"content\":\"own\"},\"done\":"   \
    "false}\n"                                                            \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true," \
    "\"done_reason\":\"stop\",\"prompt_eval_count\":4,\"eval_count\":60}\n"
#define PAID_OWN_BROKEN                                      \
    "match POST /api/chat\ntimes forever\nstatus 500 Oops\n" \
    "body \"{\\\"error\\\":\\\"it broke\\\"}\"\n"
#define PAID_HEAD                                                     \
    "match POST /v1/chat/completions\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: text/event-stream\nchunked\n"
#define PAID_WORDS \
    "line data: {\"choices\":[{\"delta\":{\"content\":\"paid\"}}]}\nline\n"
#define PAID_END                                                        \
    "line data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"" \
    "}]}\nline\nline data: {\"choices\":[],\"usage\":{"                 \
    "\"prompt_tokens\":1000,\"completion_tokens\":60}}\nline\n"         \
    "line data: [DONE]\nline\n"
#define PAID_WHOLE PAID_HEAD PAID_WORDS PAID_END
/* It breaks off after a word, uncounted. */
#define PAID_CUT PAID_HEAD PAID_WORDS "close\n"

struct paid {
    char home[SCRATCH_PATH_MAX];
    struct server *box, *gate;
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
    struct store *store;
    struct ledger *ledger;
    struct chat *chat;
    struct buf events; /* a line of JSON each */
    void (*on_event)(const struct event *event);
};

extern struct paid paid;

struct paid_plan {
    const char *own, *paid; /* scenarios; NULL: PAID_OWN, PAID_WHOLE */
    const char *own_next;   /* another one, or NULL */
    const char *own_more;   /* of its endpoint: ", key: value", or NULL */
    const char *price;      /* setting; NULL: as above */
    const char *more;       /* settings */
    const char *target;     /* NULL: the ladder */
    bool is_watched;
    void (*on_event)(const struct event *event); /* is told; may be NULL */
};

void paid_open(const struct paid_plan *plan);
void paid_close(void); /* nothing was rejected */

/* Another conversation of the same settings. */
struct chat *paid_chat(struct ledger *ledger, const char *target,
                       bool is_watched);

/* Turns until the run has ended or waits for the user; until an event holds the
 * text. */
void paid_go_on(struct chat *chat);
void paid_await(const char *text);

/* A prompt, and paid_go_on(). */
void paid_ask_of(struct chat *chat);
void paid_ask(void);

int paid_requests(void); /* that the paid server got */
int paid_own_requests(void);
bool paid_has_event(const char *text);
double paid_spent(void); /* dollars, in the conversation */

#endif
