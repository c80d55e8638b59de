/* SPDX-License-Identifier: MIT */
/*
 * embedding - vectors of what is remembered, by a model of the user's own
 * (`memory.embed: ENDPOINT/MODEL`).
 *
 * Ollama is asked by /api/embed, others by /embeddings as OpenAI has it. What is
 * remembered is sent to no vendor for this, whatever it is. Where the server
 * does not answer the words alone decide; that is said once.
 *
 * Private to chat/, like chat_state.h.
 */
#ifndef CHAT_EMBEDDING_H
#define CHAT_EMBEDDING_H

#include <stdbool.h>
#include <stddef.h>

#include "graph/memory_entry.h"

struct chat;
struct errand;

enum { EMBEDDING_WAIT_MS = 60000 /* for entries; nobody waits */ };

struct embedding {
    struct errand *prompt, *entries; /* that are under way; NULL: none */
    uint32_t number;                 /* at store/memories; 0: it is not asked */
    struct memory_list asked;        /* entries that are being embedded */
    bool has_complained;             /* and is not asked any more */
};

/* The setting; "": none. */
const char *embedding_model(const struct chat *chat);

/* Ask for the vector of a prompt, for recalling_take_vector(). False: nobody is
 * asked. */
bool embedding_ask(struct chat *chat, struct slice prompt);
void embedding_stop(struct chat *chat);

/* Entries that have no vector of the model get one, some at a time. */
void embedding_catch_up(struct chat *chat);
void embedding_clear(struct chat *chat);

#endif
