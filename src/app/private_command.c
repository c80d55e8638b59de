/* SPDX-License-Identifier: MIT */
#include "app/private_command.h"

#include <stdlib.h>

static bool turn_on(struct command_call *call)
{
    chat_set_private(call->chat, "/private");
    buf_append_string(&call->notice,
                      "this session is private: no vendor gets anything of it; "
                      "/private off takes that back");
    return true;
}

/* What was said because it stays here is not given away by a slip. */
static bool ask_off(struct command_call *call)
{
    buf_append_string(&call->notice,
                      "everything that was said in this session could go to a "
                      "vendor then; /private off yes does it");
    return true;
}

static bool turn_off(struct command_call *call, struct error *err)
{
    struct buf why = { 0 };
    if (!chat_has_private_session(call->chat))
        return error_set(err, ERROR_USAGE,
                         "the session is not private by itself; /private list "
                         "tells what is");
    chat_set_private(call->chat, NULL);
    if (chat_is_private(call->chat, &why))
        buf_printf(&call->notice,
                   "the session is not private any more, but what stands here "
                   "is: %s",
                   buf_string(&why));
    else
        buf_append_string(&call->notice, "the session is not private any more");
    buf_clear(&why);
    return true;
}

static bool clear_turn(struct command_call *call, struct slice number,
                       struct error *err)
{
    struct buf text = { 0 };
    char *end;
    buf_append_slice(&text, number);
    unsigned long turn = strtoul(buf_string(&text), &end, 10);
    if (slice_is(number, "next")) {
        buf_clear(&text);
        chat_clear_private_next(call->chat);
        buf_append_string(&call->notice,
                          "by your word nothing in the next prompt is private; "
                          "vendors may get it");
        return true;
    }
    bool is_number = number.len && !*end && turn <= UINT32_MAX;
    buf_clear(&text);
    if (!is_number)
        return error_set(err, ERROR_USAGE,
                         "/private not takes the number of a turn: /private "
                         "not 3; 0 is the system prompt");
    if (!chat_clear_private(call->chat, (uint32_t)turn, err))
        return false;
    buf_printf(&call->notice,
               "by your word nothing in turn %lu is private; vendors may get "
               "it",
               turn);
    return true;
}

bool private_command_run(struct command_call *call, struct error *err)
{
    struct slice argument = call->argument;
    if (!argument.len || slice_is(argument, "on"))
        return turn_on(call);
    if (slice_is(argument, "list")) {
        call->panel = PANEL_PRIVATE;
        return true;
    }
    if (slice_is(argument, "off"))
        return chat_has_private_session(call->chat) ? ask_off(call)
                                                    : turn_off(call, err);
    if (slice_is(argument, "off yes"))
        return turn_off(call, err);
    if (slice_starts(argument, "not"))
        return clear_turn(call, slice_trim(slice_skip(argument, 3)), err);
    return error_set(err, ERROR_USAGE, "/private takes on, off, list or not N");
}
