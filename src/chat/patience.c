/* SPDX-License-Identifier: MIT */
#include "chat/patience.h"

static void on_timer(void *context, uint32_t timer_id);

int64_t patience_limit_ms(const struct patience *patience)
{
    return patience->has_begun ? patience->gap_ms : patience->first_ms;
}

int64_t patience_silence_ms(const struct patience *patience)
{
    return loop_now(patience->loop) - patience->progress_at;
}

int64_t patience_dead_ms(const struct patience *patience)
{
    return loop_now(patience->loop) - patience->byte_at;
}

static void set_timer(struct patience *patience, int64_t delay_ms)
{
    loop_timer_cancel(patience->loop, patience->timer);
    patience->timer =
        loop_timer_start(patience->loop, delay_ms, on_timer, patience);
}

/* After the first word the user decides, if there is one, and not for ever. */
static bool may_ask(const struct patience *patience)
{
    return patience->has_begun && patience->on_stall &&
           patience_silence_ms(patience) < PATIENCE_MOST_MS;
}

/* It is not set anew with each word: when it fires early it is set for what is
 * left. */
static void on_timer(void *context, uint32_t timer_id)
{
    struct patience *patience = context;
    int64_t since = patience->progress_at > patience->asked_at
                        ? patience->progress_at
                        : patience->asked_at;
    int64_t limit_ms = patience_limit_ms(patience);
    int64_t left_ms = since + limit_ms - loop_now(patience->loop);
    (void)timer_id;
    patience->timer = 0;
    if (left_ms > 0) {
        set_timer(patience, left_ms);
    } else if (may_ask(patience)) {
        patience_renew(patience);
        set_timer(patience, limit_ms);
        patience->on_stall(patience->context);
    } else {
        patience->on_end(patience->context);
    }
}

void patience_start(struct patience *patience)
{
    patience->progress_at = patience->byte_at = loop_now(patience->loop);
    set_timer(patience, patience_limit_ms(patience));
}

void patience_stop(struct patience *patience)
{
    if (patience->loop)
        loop_timer_cancel(patience->loop, patience->timer);
    patience->timer = 0;
}

void patience_note(struct patience *patience, bool has_meaning, bool has_word)
{
    patience->byte_at = loop_now(patience->loop);
    if (has_meaning)
        patience->progress_at = patience->byte_at;
    if (has_word && !patience->has_begun) {
        patience->has_begun = true;
        /* Between words there may be less than before the first. */
        set_timer(patience, patience->gap_ms);
    }
}

void patience_renew(struct patience *patience)
{
    patience->asked_at = loop_now(patience->loop);
}
