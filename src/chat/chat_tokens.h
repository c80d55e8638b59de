/* SPDX-License-Identifier: MIT */
/*
 * chat_tokens - what chat/chat.h offers about tokens: what texts take with a
 * model, as far as its servers have counted before.
 *
 * What a model has taught is kept by dialect and model, from run to run.
 */
#ifndef CHAT_CHAT_TOKENS_H
#define CHAT_CHAT_TOKENS_H

#include "chat/calibration.h"
#include "chat/endpoint.h"
#include "graph/budget.h"

struct chat;

/* The tokenizer of a model: as its server told, else by its name. */
enum token_family chat_token_family(const struct chat *chat,
                                    const struct endpoint *endpoint,
                                    const char *model);

/* What is known of its estimates: turns them into tokens. */
struct calibration chat_calibration(const struct chat *chat,
                                    const struct endpoint *endpoint,
                                    const char *model);

/* Let a view of the conversation catch up, counted as the model of the next
 * prompt cuts texts. */
void chat_count(struct chat *chat, struct budget *budget);

/* Estimated tokens of the tools that are offered with the next prompt: they are
 * no part of the path. */
uint64_t chat_offered_tokens(struct chat *chat);

/* What the next prompt takes, tools included: as the server of its model has counted it, and what
 * has come behind that as an estimate; where it has not, all of it. `draft` is that of
 * a text that is none of the conversation yet; 0: there is none. */
struct prompt_tokens {
    uint64_t tokens;
    uint64_t margin;  /* 19 of 20 are nearer; 0: it is the server's own count */
    uint64_t counted; /* of it, by the server */
};
struct prompt_tokens chat_prompt_tokens(struct chat *chat,
                                        const struct budget *budget,
                                        uint64_t draft);

#endif
