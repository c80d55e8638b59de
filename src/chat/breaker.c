/* SPDX-License-Identifier: MIT */
#include "chat/breaker.h"

#include <string.h>

int64_t breaker_wait_ms(const struct breaker *breaker, int64_t now)
{
    if (!breaker->open_ms)
        return 0;
    if (now < breaker->open_until)
        return breaker->open_until - now;
    return breaker->is_trying ? BREAKER_OPEN_MS : 0;
}

void breaker_start(struct breaker *breaker)
{
    breaker->is_trying = breaker->open_ms > 0;
}

void breaker_give_up(struct breaker *breaker)
{
    breaker->is_trying = false;
}

static bool is_mostly_failing(const struct breaker *breaker, int64_t now)
{
    size_t kept = breaker->count < BREAKER_KEPT ? breaker->count : BREAKER_KEPT;
    size_t attempts = 0, failures = 0;
    for (size_t i = 0; i < kept; i++) {
        if (now - breaker->recent[i].at >= BREAKER_WINDOW_MS)
            continue;
        attempts++;
        failures += breaker->recent[i].has_failed;
    }
    return attempts >= BREAKER_LEAST && failures * 2 > attempts;
}

static void open(struct breaker *breaker, int64_t now)
{
    int64_t open_ms = breaker->open_ms * 2;
    if (open_ms == 0)
        open_ms = BREAKER_OPEN_MS;
    else if (open_ms > BREAKER_OPEN_MOST_MS)
        open_ms = BREAKER_OPEN_MOST_MS;
    breaker->open_ms = open_ms;
    breaker->open_until = now + open_ms;
}

void breaker_reopen(struct breaker *breaker, int64_t open_ms, int64_t until)
{
    breaker->open_ms = open_ms < BREAKER_OPEN_MS        ? BREAKER_OPEN_MS
                       : open_ms > BREAKER_OPEN_MOST_MS ? BREAKER_OPEN_MOST_MS
                                                        : open_ms;
    breaker->open_until = until;
}

void breaker_note(struct breaker *breaker, bool has_failed, int64_t now)
{
    breaker->is_trying = false;
    if (!has_failed && breaker->open_ms) {
        memset(breaker, 0, sizeof *breaker);
        return;
    }
    breaker->recent[breaker->count++ % BREAKER_KEPT] =
        (struct breaker_attempt){ now, has_failed };
    breaker->in_a_row = has_failed ? breaker->in_a_row + 1 : 0;
    if (has_failed && (breaker->open_ms || breaker->in_a_row >= BREAKER_ROW ||
                       is_mostly_failing(breaker, now)))
        open(breaker, now);
}
