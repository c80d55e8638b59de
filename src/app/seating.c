/* SPDX-License-Identifier: MIT */
/*
 * seating - which conversation is shown: a new one, the one before, one from
 * the disk.
 */
#include "app/screen_state.h"

/* What is at work goes on in its seat; so does what the disk did not take. */
void seating_new(struct screen *screen)
{
    bool goes_on = chat_is_busy(screen->chat) ||
                   (chat_unsaved(screen->chat) &&
                    chat_keeping(screen->chat) != JOURNAL_FINE);
    if (goes_on) {
        seats_show(screen, seats_fresh(screen));
        return;
    }
    chat_clear(screen->chat);
    seats_renew(screen);
}

void seating_other(struct screen *screen)
{
    struct seat *seat = seats_next(screen);
    if (seat)
        seats_show(screen, seat);
    else
        perform_notice(screen, "no other conversation is open; Ctrl-X s lists "
                               "those that are kept");
}
