/* SPDX-License-Identifier: MIT */
/*
 * memorising - what is remembered on the user's word, and what is proposed;
 * forgetting, shelving: parts of it.
 *
 * Private to chat/, like chat_state.h.
 */
#ifndef CHAT_MEMORISING_H
#define CHAT_MEMORISING_H

#include "base/array.h"
#include "chat/chat_memory.h"
#include "chat/embedding.h"
#include "chat/recalling.h"
#include "store/memory_file.h"

/* What the disk was asked to do. */
struct memory_task {
    struct chat *chat;
    uint32_t number, generation;
    void (*done)(struct chat *chat, const struct memory_task *task,
                 struct memory_job *job);
    uint64_t shelf_id; /* ADD: it comes from there; 0 */
};

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

/* Have the disk do it; the job is taken. What `done` says is told later. */
struct memory_task *memorising_ask(struct chat *chat,
                                   struct memory_job *take_job,
                                   const struct memory_task *task);

/* Whether the conversation is still the one that asked. */
bool memorising_is_own(const struct chat *chat, const struct memory_task *task);

/* False, in words: long-term memory is not there, or does not change. */
bool memorising_needs_memory(const struct chat *chat, struct error *err);

/* An entry of the conversation's own; NULL, in words. */
const struct memory_entry *memorising_on_shelf(const struct chat *chat,
                                               uint64_t id, struct error *err);

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
