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

struct chat;

/* The tokenizer of a model: as its server told, else by its name. */
enum token_family chat_token_family(const struct chat *chat,
                                    const struct endpoint *endpoint,
                                    const char *model);

/* What is known of its estimates: turns them into tokens. */
struct calibration chat_calibration(const struct chat *chat,
                                    const struct endpoint *endpoint,
                                    const char *model);

#endif
