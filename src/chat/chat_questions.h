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

/* A question waits for the user: chat_question() or chat_is_stalled(). */
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

#endif
