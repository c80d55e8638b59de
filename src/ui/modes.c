/* SPDX-License-Identifier: MIT */
#include "ui/modes.h"

#include "base/clock.h"
#include "ui/term.h"

enum { REPLY_AGE = 2000 }; /* ms: no answer comes later than this */

static const char enter_string[] =
    "\033[?1049h"             /* the alternate screen */
    "\033[r\033[m\033[4l"     /* scroll all rows, plain text, no insertion */
    "\033[?7h\033(B\017"      /* wrap at the margin; ASCII */
    "\033[?2004h\033[?1004h"; /* tell pastes and the focus */

/* Modes first, then the screen: what the terminal sends in between would be
 * typed to the shell. A terminal without a second screen keeps the last frame,
 * and the shell goes on below it. Where the cursor is restored, wrapping and
 * its visibility may be restored with it: they come last. */
#define LEAVE_SCREEN \
    "\033[r\033[m\033[9999;1H\r\n\033[?1049l\033[m\033[?7h\033[?25h"

static const char leave_string[] =
    "\033[?2026l\033[?1004l\033[?2004l" LEAVE_SCREEN;

/* Also what programs that we started may have left: mouse, keyboard. Arrow keys
 * from the wheel are on in almost every terminal that knows them. */
const char term_reset_string[] =
    "\033[?1007h\033[?2026l\033[?1000l\033[?1002l\033[?1003l\033[?1006l"
    "\033[?1015l\033[?1004l\033[?2004l\033[>4;0m\033[<u\033[4l\033(B\017" LEAVE_SCREEN
    "\033[?1l\033>\033[m";

static const char sync_begin[] = "\033[?2026h";
static const char sync_end[] = "\033[?2026l";
static const char cursor_show[] = "\033[?25h";
static const char cursor_hide[] = "\033[?25l";

/* Wheel turns become arrow keys on the alternate screen, and would walk through
 * the editor's history: off, but only where we know that it was on. */
static const char wheel_keys_on[] = "\033[?1007h";
static const char wheel_keys_off[] = "\033[?1007l";

static const char queries[] = "\033[?2026$p\033[?1007$p";
enum { QUERY_COUNT = 2 };

void modes_enter(struct modes *modes)
{
    tty_send_string(modes->tty, enter_string);
    if (modes->has_wheel_keys)
        tty_send_string(modes->tty, wheel_keys_off);
    modes->cursor = CURSOR_UNKNOWN;
    modes->is_entered = true;
}

void modes_leave(struct modes *modes)
{
    if (modes->has_wheel_keys)
        tty_send_string(modes->tty, wheel_keys_on);
    tty_send_string(modes->tty, leave_string);
    modes->is_entered = false;
}

void modes_ask(struct modes *modes)
{
    tty_send_string(modes->tty, queries);
    modes->unanswered = QUERY_COUNT;
    modes->asked_at = clock_monotonic_ms();
}

bool modes_await_reply(const struct modes *modes)
{
    return modes->unanswered > 0 &&
           clock_monotonic_ms() - modes->asked_at < REPLY_AGE;
}

void modes_on_reply(struct modes *modes, struct slice reply)
{
    /* DECRPM: 1 set, 2 reset, 3 and 4 the same for good, 0 unknown. */
    bool is_sync = slice_starts(reply, "[?2026;");
    bool is_wheel = slice_starts(reply, "[?1007;");
    if (is_sync)
        modes->has_sync =
            slice_is(reply, "[?2026;1$y") || slice_is(reply, "[?2026;2$y");
    if (slice_is(reply, "[?1007;1$y") && !modes->has_wheel_keys) {
        modes->has_wheel_keys = true;
        if (modes->is_entered)
            tty_send_string(modes->tty, wheel_keys_off);
    }
    if ((is_sync || is_wheel) && modes->unanswered > 0)
        modes->unanswered--;
}

void modes_begin_frame(struct modes *modes, bool in_one_piece, bool has_cursor)
{
    if (in_one_piece && modes->has_sync)
        tty_send_string(modes->tty, sync_begin);
    if (!has_cursor && modes->cursor != CURSOR_HIDDEN)
        tty_send_string(modes->tty, cursor_hide);
}

void modes_end_frame(struct modes *modes, bool in_one_piece, bool has_cursor)
{
    if (has_cursor && modes->cursor != CURSOR_SHOWN)
        tty_send_string(modes->tty, cursor_show);
    if (in_one_piece && modes->has_sync)
        tty_send_string(modes->tty, sync_end);
    modes->cursor = has_cursor ? CURSOR_SHOWN : CURSOR_HIDDEN;
}
