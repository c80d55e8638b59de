/* SPDX-License-Identifier: MIT */
/*
 * counting - what was sent against what servers have counted: private to the
 * parts of a chat.
 */
#ifndef CHAT_COUNTING_H
#define CHAT_COUNTING_H

#include "base/array.h"
#include "chat/calibration.h"
#include "chat/chat_tokens.h"
#include "chat/router.h"

struct attempt;
struct attempt;
struct chat;

/* What a server counted of a request that it has read whole. */
struct count {
    uint64_t leaf_id;   /* the request led to it */
    uint64_t answer_id; /* node */
    const struct endpoint *endpoint;
    char *model;
    uint64_t system_seq, folded_seq; /* of the graph */
    uint64_t counted, estimated;     /* tokens */
    uint64_t answered; /* tokens of the answer that go back; 0: unknown */
    size_t messages, images;
};

/* Whose counts have been learnt from. */
struct taught_model {
    char *key;
    struct calibration calibration;
};

struct counting {
    ARRAY_OF(struct count) counts;
    ARRAY_OF(struct taught_model) taught;
    /* Of the request under way. */
    uint64_t leaf_id, estimated; /* 0: it is not judged */
    uint64_t answer; /* estimate of the one before; 0: it is not in it */
    size_t messages, images;
    bool has_asked;  /* the server for its window, since */
    bool is_waiting; /* the answer is here, and judged when it tells */
};

/* What chat->messages are for the model of a route (NULL: not known yet), with
 * its template and pictures; what has come of an answer on the run's route. As
 * far as nobody has counted it. */
uint64_t counting_tokens(const struct chat *chat, const struct route *route);
uint64_t counting_answer_tokens(const struct chat *chat,
                                const struct attempt *attempt);

void counting_note_request(struct chat *chat, uint64_t leaf_id);
/* The answer is complete: judge it, in chat->failed. True: the window is asked
 * for first; once counting_is_answered() it is judged again. */
bool counting_waits(struct chat *chat);
bool counting_is_answered(const struct chat *chat);
void counting_clear(struct chat *chat); /* of the conversation */

/* calibrating: the model of the run has had this counted. */
void calibrating_learn(struct chat *chat, const struct extent *extent,
                       uint64_t counted);
/* What is known of the model of a route; NULL, or one without: nothing. */
struct calibration calibrating_of(const struct chat *chat,
                                  const struct route *route);
/* Estimated tokens of the tools that a request to it offers. */
uint64_t calibrating_offers(const struct chat *chat, const struct route *route);
/* As chat_prompt_tokens(), of a route. The budget has caught up. */
struct prompt_tokens calibrating_prompt(const struct chat *chat,
                                        const struct route *route,
                                        const struct budget *budget,
                                        uint64_t draft);
void calibrating_clear(struct chat *chat);

#endif
