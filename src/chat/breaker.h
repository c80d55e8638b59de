/* SPDX-License-Identifier: MIT */
/*
 * breaker - keeps off a server that fails again and again.
 *
 * Closed until 3 attempts in a row fail, or more than half of at least 5 in 60
 * s; then open: nobody asks for 5 s, and after each trial that fails for twice
 * as long, up to 60 s. After the wait one attempt may try (half open): it
 * decides. Pure: whoever asks gives the time, in monotonic milliseconds.
 */
#ifndef CHAT_BREAKER_H
#define CHAT_BREAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BREAKER_ROW = 3,
    BREAKER_LEAST = 5,
    BREAKER_WINDOW_MS = 60 * 1000,
    BREAKER_OPEN_MS = 5 * 1000,
    BREAKER_OPEN_MOST_MS = 60 * 1000,
    BREAKER_KEPT = 32, /* attempts that are looked back on */
};

struct breaker_attempt {
    int64_t at;
    bool has_failed;
};

/* All-zero is closed. */
struct breaker {
    struct breaker_attempt recent[BREAKER_KEPT]; /* a ring, */
    size_t count;                                /* of so many ever */
    int in_a_row;
    int64_t open_ms; /* how long it is open now; 0: it is closed */
    int64_t open_until;
    bool is_trying; /* half open: the trial is under way */
};

/* 0: an attempt may start. Else how long to wait before asking again. */
int64_t breaker_wait_ms(const struct breaker *breaker, int64_t now);

/* It was open before this run, for so long, until then. */
void breaker_reopen(struct breaker *breaker, int64_t open_ms, int64_t until);

/* An attempt starts; it ended well or badly; it was given up by the user, which
 * tells nothing. */
void breaker_start(struct breaker *breaker);
void breaker_note(struct breaker *breaker, bool has_failed, int64_t now);
void breaker_give_up(struct breaker *breaker);

#endif
