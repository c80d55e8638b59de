/* SPDX-License-Identifier: MIT */
#include "chat/reserving.h"

#include <math.h>

#include "chat/chat_state.h"
#include "store/ledger.h"

/* Less than this is too much for nobody: what does not fit on disk must not fit
 * for who judges in doubles either. */
#define GRACE 1e-6

/* Others may give back between two looks, but not for ever. */
enum { MISFITS_MAX = 8 };

static int64_t billionths(double dollars)
{
    return llround(dollars * (double)LEDGER_DOLLAR);
}

static enum ledger_held held(const struct chat *chat, struct error *err)
{
    return ledger_held(chat->setup.ledger, chat->spending.reservation, err);
}

void reserving_end(struct chat *chat)
{
    ledger_release(chat->setup.ledger, reserving_hand_over(chat));
}

uint32_t reserving_hand_over(struct chat *chat)
{
    uint32_t id = chat->spending.reservation;
    chat->spending.reservation = 0;
    chat->spending.is_reserving = false;
    return id;
}

void reserving_look_again(struct chat *chat)
{
    struct error ignored = { 0 };
    if (!chat->spending.reservation || held(chat, &ignored) != LEDGER_EXCEEDS)
        return;
    reserving_end(chat);
    chat->spending.misfits++;
}

enum reserving reserving_begin(struct chat *chat, double worst, double limit)
{
    struct spending *spending = &chat->spending;
    struct error ignored = { 0 };
    if (spending->misfits >= MISFITS_MAX && spending->takes_unkept)
        limit = -1;
    else if (spending->misfits >= MISFITS_MAX)
        return RESERVING_UNKNOWN;
    /* Another rung, or a longer request. */
    if (spending->reservation && worst > spending->reserved + GRACE)
        reserving_end(chat);
    if (!spending->reservation) {
        spending->reserved = worst;
        spending->reservation =
            ledger_reserve(chat->setup.ledger, billionths(worst),
                           limit < 0 ? -1 : billionths(limit + GRACE));
    }
    switch (held(chat, &ignored)) {
    case LEDGER_HOLDS: spending->misfits = 0; return RESERVING_HOLDS;
    case LEDGER_UNKNOWN: return RESERVING_UNKNOWN;
    default: break;
    }
    spending->is_reserving = true;
    return RESERVING_WAITS;
}

void reserving_turn(struct chat *chat)
{
    struct error ignored = { 0 };
    if (!chat->spending.is_reserving || held(chat, &ignored) == LEDGER_WAITS)
        return;
    chat->spending.is_reserving = false;
    agreement_go_on(chat);
}

double reserving_others(const struct chat *chat)
{
    return (double)ledger_reserved(chat->setup.ledger,
                                   chat->spending.reservation) /
           (double)LEDGER_DOLLAR;
}

void reserving_words(const struct chat *chat, struct buf *out)
{
    struct error err = { 0 };
    if (chat->spending.misfits >= MISFITS_MAX)
        error_set(&err, ERROR_SYSTEM, "state.db does not add up");
    else
        held(chat, &err);
    buf_printf(out, "what was spent today cannot be known: %s", err.text);
}
