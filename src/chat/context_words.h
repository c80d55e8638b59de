/* SPDX-License-Identifier: MIT */
/*
 * context_words - what is said of a context window that fills: private to the
 * parts of a chat. Each appends a sentence or two.
 */
#ifndef CHAT_CONTEXT_WORDS_H
#define CHAT_CONTEXT_WORDS_H

#include "chat/context_plan.h"

/* Why a request is not sent, and what helps: it is too much even without all
 * that can go; context.policy is off. Of chat->compacting.plan. */
void context_words_over(const struct chat *chat, struct buf *out);
void context_words_off(const struct chat *chat, struct buf *out);

/* "the tools that are offered (514 tokens: /mode off offers none, ...)". */
void context_words_tools(const struct chat *chat, const struct filling *filling,
                         struct buf *out);

/* What nothing that makes room takes out: "the system prompt, ...". */
void context_words_staying(const struct chat *chat, struct buf *out);

/* What is done now. */
void context_words_cut(const struct context_plan *plan, struct buf *out);
void context_words_taken(const struct stretch *stretch, struct buf *out);

#endif
