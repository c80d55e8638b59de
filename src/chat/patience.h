/* SPDX-License-Identifier: MIT */
/*
 * patience - how long the silence of a server is borne: until the first word of
 * an answer, then between two words.
 *
 * One timer for a silence. What is no word (comments, pings, the head of a
 * stream) does not begin the time between words.
 */
#ifndef CHAT_PATIENCE_H
#define CHAT_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "net/loop.h"

enum { PATIENCE_MOST_MS = 600 * 1000 /* however often the user waits */ };

struct patience {
    /* Set by whoever starts it. */
    struct loop *loop;
    int64_t first_ms, gap_ms;
    void (*on_stall)(void *context); /* shall it go on? After each gap; NULL:
                                        there is nobody to ask */
    void (*on_end)(void *context);   /* it has ended; may clear it */
    void *context;

    uint32_t timer;
    int64_t progress_at; /* when something meaningful came, */
    int64_t byte_at;     /* and when anything at all, */
    int64_t asked_at;    /* when the user was asked or said to wait */
    bool has_begun;      /* the first word came */
};

/* Watch from now on. The struct must not move until patience_stop(). */
void patience_start(struct patience *patience);
void patience_stop(struct patience *patience);

/* Bytes came; they had a meaning, they had the first word. */
void patience_note(struct patience *patience, bool has_meaning, bool has_word);

/* The user waits for as long again. */
void patience_renew(struct patience *patience);

/* How long may it be now, how long is it since something meaningful came, and
 * since anything did, in ms. */
int64_t patience_limit_ms(const struct patience *patience);
int64_t patience_silence_ms(const struct patience *patience);
int64_t patience_dead_ms(const struct patience *patience);

#endif
