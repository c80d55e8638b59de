/* SPDX-License-Identifier: MIT */
/*
 * chat_memory - what chat/chat.h offers about what is remembered.
 *
 * Entries of the working and the session tier are the conversation's own, and
 * end with it; long-term memory is store/memories'. The disk answers later: what
 * came of a wish is told by chat_take_memory_news().
 */
#ifndef CHAT_CHAT_MEMORY_H
#define CHAT_CHAT_MEMORY_H

#include "base/buf.h"
#include "base/error.h"
#include "graph/memory_entry.h"

struct chat;

/* memory.working, memory.session, memory.long_term, memory.recall,
 * memory.share, where they are not set. */
enum {
    MEMORY_WORKING_USUAL = 20,
    MEMORY_SESSION_USUAL = 200,
    MEMORY_LONG_TERM_USUAL = 10000,
    MEMORY_RECALL_USUAL = 5,
    MEMORY_OFFERS_MAX = 8,
};
#define MEMORY_SHARE_USUAL 0.03

/* Borrowed for the call. */
struct memory_wish {
    struct slice text;
    struct slice tags; /* a blank between them */
    double importance; /* 0 to 1 */
    enum memory_tier tier;
    bool is_private; /* it is, whatever the session and its form say */
};

/* The user wants it remembered: `memory.learn` does not count. Where nothing is
 * kept it is the session's. False, in words: it is no text, or too long. */
bool chat_note(struct chat *chat, const struct memory_wish *wish,
               struct error *err);

/* Somebody else proposes it, `who` says who ("a tool"): the user is asked, unless
 * memory.learn says that all is taken, or nothing. *is_taken: it was, without a
 * question. False, in words: it is not. */
bool chat_remember(struct chat *chat, const struct memory_wish *wish,
                   const char *who, bool *is_taken, struct error *err);

/* What is proposed and waits for the user; his answer, to all of it. */
size_t chat_memory_offers(const struct chat *chat);
bool chat_answer_offers(struct chat *chat, bool takes, struct error *err);

/* By its name ("7", "s41"), or the only one that has all of these words. */
bool chat_forget(struct chat *chat, struct slice what, struct error *err);

/* Another text for one; another tier. Long-term memory that is put at hand is
 * copied there; else it is moved. */
bool chat_change_memory(struct chat *chat, struct slice name, struct slice text,
                        struct error *err);
bool chat_move_memory(struct chat *chat, struct slice name,
                      enum memory_tier tier, struct error *err);

/* Read long-term memory anew; what was read last, the newest first (NULL: it
 * never was). Until the next turn of the loop. Touches nothing. */
void chat_read_memories(struct chat *chat);
const struct memory_list *chat_memories(const struct chat *chat);

/* Overwrite a text in long-term memory, too. */
void chat_redact_memories(struct chat *chat, struct slice text);

/* Half-life of what is remembered, in ms. */
double chat_memory_half_life(const struct chat *chat);

/* Append what came of it, a line each, once; false: nothing is new. True without a
 * word: long-term memory was read anew. */
bool chat_take_memory_news(struct chat *chat, struct buf *out);

#endif
