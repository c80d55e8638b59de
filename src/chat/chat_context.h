/* SPDX-License-Identifier: MIT */
/*
 * chat_context - what chat/chat.h offers where the context window fills: what
 * would make room, and the user's word on it.
 *
 * Before each request it is looked at how much of the window it fills, with what
 * is kept for the reply (settings below `context`). Nothing is cut unless the
 * user has agreed, or nobody is there to ask and the settings have: then it is
 * told. What was cut is one change, which tree_undo() takes back.
 */
#ifndef CHAT_CHAT_CONTEXT_H
#define CHAT_CHAT_CONTEXT_H

#include "chat/context_plan.h"

struct chat;

/* What a run, or /compact, waits for. */
enum context_stage {
    CONTEXT_IDLE,
    CONTEXT_OFFERED,  /* the user is to say how room is made */
    CONTEXT_WRITING,  /* a summary comes */
    CONTEXT_REVIEWED, /* it is whole, and the user is to take it */
};
enum context_stage chat_context_stage(const struct chat *chat);

enum context_answer {
    CONTEXT_SUMMARISE, /* let a model sum up what would go */
    CONTEXT_TAKE,      /* put its summary in the place of that */
    CONTEXT_TRUNCATE,  /* leave out what would go */
    CONTEXT_SEND,      /* as it is; asked again when it no longer fits */
    CONTEXT_STAY,      /* it is not sent, nothing is cut */
};
enum { CONTEXT_ANSWERS = CONTEXT_STAY + 1 };

/* Nothing happens where the stage has no such answer. */
void chat_answer_context(struct chat *chat, enum context_answer answer);

/* Append the question, and what an answer means; false: there is no such answer
 * now, or the word is none. */
void chat_context_words(const struct chat *chat, struct buf *out);
bool chat_context_about(struct chat *chat, enum context_answer answer,
                        struct buf *out);
bool chat_context_parse(struct chat *chat, struct slice word,
                        enum context_answer *answer);
const char *context_answer_name(enum context_answer answer); /* "take" */

/* What is offered. Until the chat changes. */
const struct context_plan *chat_context_plan(const struct chat *chat);

/* The summary as it comes, or as it was edited; "" before. Until the chat
 * changes. */
struct slice chat_context_summary(const struct chat *chat);

/* Take another text for it while it is reviewed. False: there is none, or the
 * text is empty. */
bool chat_context_edit(struct chat *chat, struct slice text, struct error *err);

/* Offer to make room now, whatever the settings say; `wish` is what the summary
 * is to hold besides. False, in words. */
bool chat_compact(struct chat *chat, struct slice wish, struct error *err);

/* What is to be told since the last call: append it, one line each. */
bool chat_take_context_note(struct chat *chat, struct buf *out);

#endif
