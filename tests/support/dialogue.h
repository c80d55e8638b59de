/* SPDX-License-Identifier: MIT */
/*
 * dialogue - a conversation made up by a test, as a model reads it.
 */
#ifndef TESTS_SUPPORT_DIALOGUE_H
#define TESTS_SUPPORT_DIALOGUE_H

#include "graph/messages.h"

struct log;

struct dialogue {
    struct log *log;
    struct graph *graph;
    struct messages *messages;
    uint64_t head;
    uint32_t run;
    uint32_t attempt;
    uint32_t call;
};

void dialogue_start(struct dialogue *dialogue);
void dialogue_end(struct dialogue *dialogue);

void dialogue_user(struct dialogue *dialogue, const char *text);

/* A picture of the last user turn, before anything follows it: bytes, or an
 * address. Members may be NULL. */
struct dialogue_image {
    const char *name, *media_type, *alt, *url, *data;
};
void dialogue_image(struct dialogue *dialogue,
                    const struct dialogue_image *image);

/* An assistant turn: text, then a call with a result, each unless NULL. */
struct dialogue_turn {
    const char *text;
    const char *call_id, *call_name, *arguments;
    const char *result;
};
void dialogue_assistant(struct dialogue *dialogue,
                        const struct dialogue_turn *turn);

/* Caught up; lives as long as the dialogue. */
const struct messages *dialogue_messages(struct dialogue *dialogue);

#endif
