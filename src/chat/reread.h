/* SPDX-License-Identifier: MIT */
/*
 * reread - what the server of the next prompt has to read again: all behind the
 * place where the conversation has left what it has read before.
 *
 * A server keeps the longest common front of two requests in a row (llama.cpp,
 * Ollama and vLLM do): another branch, another model or system prompt, a summary
 * or a turn that is left out make it read the rest anew. How long that takes its
 * own times of earlier answers say. Own servers only: what vendors keep is
 * theirs to know.
 */
#ifndef CHAT_REREAD_H
#define CHAT_REREAD_H

#include "graph/budget.h"

struct chat;

enum {
    REREAD_LONG_TOKENS = 4096, /* from here on it is worth a word, */
    REREAD_LONG_MS = 5000,     /* or from here on */
    REREAD_RUNS = 200,         /* so many runs back are looked at */
};

struct reread {
    uint64_t tokens; /* 0: none, or nothing is known */
    int64_t ms;      /* -1: unknown */
};

/* Of a budget that has caught up (chat_count()). The prompt itself is new, and
 * not in it. */
struct reread reread_of(struct chat *chat, const struct budget *budget);

/* The same for so many tokens that were read before: of a prompt that is
 * changed, with its files. */
struct reread reread_of_tokens(struct chat *chat, uint64_t tokens);

bool reread_is_long(const struct reread *reread);

/* Append "re-reads 61k tokens, about 40 s". */
void reread_words(const struct reread *reread, struct buf *out);

#endif
