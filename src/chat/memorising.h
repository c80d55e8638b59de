/* SPDX-License-Identifier: MIT */
/*
 * memorising - what is remembered on the user's word, and what is proposed.
 *
 * Private to chat/, like chat_state.h.
 */
#ifndef CHAT_MEMORISING_H
#define CHAT_MEMORISING_H

#include "base/array.h"
#include "chat/chat_memory.h"
#include "chat/embedding.h"
#include "chat/recalling.h"

struct memory_task;

/* All-zero: nothing is under way. */
struct memorising {
    ARRAY_OF(struct memory_task *) tasks; /* that the disk does */
    struct memory_list offers;            /* that wait for the user */
    struct memory_list read;              /* long-term memory */
    bool is_read;                         /* it was asked for, */
    bool has_read;                        /* and has come since the last look */
    struct buf news;
    struct recalling recalling; /* for the run under way */
    struct embedding embedding;
};

void memorising_clear(struct chat *chat);

/* Another conversation begins: what was proposed in this one is dropped. */
void memorising_leave(struct chat *chat);

/* A line for chat_take_memory_news(). */
void memorising_tell(struct chat *chat, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* A prompt was said: what it asks to be remembered is proposed. */
void memorising_look(struct chat *chat, struct slice prompt);

/* shelving: of the conversation's own entries. A new one, which is taken: an
 * entry that says the same is changed instead. What its tier has no room for falls
 * to the next, or is forgotten. Returns its id; 0: it was the one that went. */
uint64_t shelving_add(struct chat *chat, struct memory_entry *take_entry);
void shelving_move(struct chat *chat, uint64_t id, enum memory_tier tier);
void shelving_change(struct chat *chat, uint64_t id, struct slice text);
void shelving_forget(struct chat *chat, uint64_t id);

/* The event that says so of an entry: all of it, with its name. */
void shelving_say(struct chat *chat, const struct memory_entry *entry);
void shelving_say_forgotten(struct chat *chat,
                            const struct memory_entry *entry);

#endif
