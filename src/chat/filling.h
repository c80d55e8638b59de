/* SPDX-License-Identifier: MIT */
/*
 * filling - how a request stands to the context window that it goes to.
 *
 * What is kept free for the reply counts as filled: a window that is full to the
 * brim has room for no answer.
 */
#ifndef CHAT_FILLING_H
#define CHAT_FILLING_H

#include "base/buf.h"
#include "chat/calibration.h"
#include "config/settings.h"
#include "graph/budget.h"

struct chat;
struct route;

struct filling {
    uint64_t tokens, margin; /* of the request; 19 of 20 are nearer */
    uint64_t estimated;      /* what it is to base/tokens */
    uint64_t messages;       /* that it is in */
    uint64_t beside;         /* of the estimate, tools that are offered */
    uint64_t window;         /* 0: unknown */
    uint64_t reply;          /* kept free for it */
    /* What its model has taught: counts of the server are of no use for another
     * request. */
    struct calibration calibration;
};

enum filling_verdict {
    FILLING_FITS,
    FILLING_TIGHT, /* it fits, but less than is wanted is left for the reply */
    FILLING_OVER,  /* it does not, as is likely */
};

/* Tokens to keep free for a reply: reply.max_tokens, but no more than a quarter
 * of the window. */
uint64_t filling_reply(const struct settings *settings, uint64_t window);

/* Of the path to the head, sent by a route. The budget catches up. */
struct filling filling_of(struct chat *chat, struct budget *budget,
                          const struct route *route);

/* Of the window, reply included; of an unknown one 0, and everything fits. */
double filling_share(const struct filling *filling);
enum filling_verdict filling_judge(const struct filling *filling);

/* The same with another request, of which nobody has counted anything: of so many
 * tokens to base/tokens, in so many messages. */
struct filling filling_with(const struct filling *filling, uint64_t estimated,
                            uint64_t messages);

/* Tokens of the tools that are offered. */
uint64_t filling_tools(const struct filling *filling);

/* As many tokens of an estimate fill so much of the window, reply included; 0:
 * the reply alone fills it. */
uint64_t filling_estimate(const struct filling *filling, double share);

/* Append "3,480 tokens, and 1,024 are kept for the reply: 110% of 4,096". */
void filling_words(const struct filling *filling, struct buf *out);

#endif
