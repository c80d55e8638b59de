/* SPDX-License-Identifier: MIT */
/*
 * chat_questions - what chat/chat.h offers where a run waits for the user:
 * whether a prompt may go, what becomes of an answer that has stalled.
 */
#ifndef CHAT_CHAT_QUESTIONS_H
#define CHAT_CHAT_QUESTIONS_H

#include "chat/consent.h"

struct chat;

/* The route of a run that waits until the user agrees to it (chat/consent);
 * NULL: none does. Until the chat changes. */
const struct route *chat_question(const struct chat *chat);

/* The answer; CONSENT_NONE: not now. What is to be recorded the caller records,
 * and tells the endpoints before this. If he did not agree the run ends, and
 * its prompt is no longer on the path. */
void chat_answer(struct chat *chat, enum consent_answer answer);

/* A question waits for the user: this one, one of those below, or how room is
 * made (chat_context). */
bool chat_has_question(const struct chat *chat);

/* An answer has stalled, and the user is to say what becomes of it. It goes on
 * by itself if more comes before he does. */
bool chat_is_stalled(const struct chat *chat);

enum stall_answer {
    STALL_WAIT,  /* for as long again */
    STALL_RETRY, /* keep the partial, ask for another answer */
    STALL_STOP,  /* keep the partial: cut */
};
void chat_stall_answer(struct chat *chat, enum stall_answer answer);

/* "wait", as events and users say it, and what it means. */
enum { STALL_ANSWERS = STALL_STOP + 1 };
const char *stall_name(enum stall_answer answer);
const char *stall_about(enum stall_answer answer);

/* False: the word is no answer. */
bool stall_parse(struct slice word, enum stall_answer *answer);

/* Append the question. */
void chat_stall_words(const struct chat *chat, struct buf *out);

/* Somebody who is paid is about to answer in the place of a server that failed:
 * the last event that was scheduled says who, when and for about how much. Now,
 * or not at all: then the run ends with that failure, and what came of its answer
 * stays (chat_stop() does the same). False: nobody is. */
bool chat_is_counting_down(const struct chat *chat);
bool chat_countdown_now(struct chat *chat);
bool chat_countdown_stay(struct chat *chat);

/* What a request may cost is more than a limit leaves, or it is unknown, or what
 * was spent is, where there is a limit: the run waits for the user's word. */
bool chat_is_over_limit(const struct chat *chat);

enum spending_answer {
    SPENDING_RAISE, /* the limit, for this conversation */
    SPENDING_ONCE,  /* send this prompt */
    SPENDING_SEND,  /* what is unknown stays so, here from now on */
    SPENDING_STAY,  /* the run ends as by chat_answer() without consent */
};
enum { SPENDING_ANSWERS = SPENDING_STAY + 1 };
void chat_answer_spending(struct chat *chat, enum spending_answer answer);

/* Append the question, and what an answer means; false: the question has no such
 * answer, or the word is none. */
void chat_spending_words(const struct chat *chat, struct buf *out);
bool chat_spending_about(const struct chat *chat, enum spending_answer answer,
                         struct buf *out);
bool chat_spending_parse(const struct chat *chat, struct slice word,
                         enum spending_answer *answer);
const char *spending_name(enum spending_answer answer); /* "raise" */

/* Four fifths of a limit are spent, and that was not yet said: append it. */
bool chat_take_spending_warning(struct chat *chat, struct buf *out);

#endif
