/* SPDX-License-Identifier: MIT */
#include "app/context_command.h"

#include "app/branch_command.h"
#include "chat/fates.h"

typedef bool fate_fn(struct chat *chat, uint64_t node_id, struct buf *words,
                     struct error *err);

static bool run_on_turn(struct command_call *call, fate_fn *fn,
                        struct slice number, struct error *err)
{
    const struct graph *graph = chat_conversation(call->chat)->graph;
    if (slice_starts(number, "#"))
        number = slice_skip(number, 1);
    struct error none = { 0 };
    uint64_t id = branch_command_find(graph, number, &none);
    if (!id)
        return error_set(err, ERROR_USAGE,
                         "there is no turn \"%.*s\"; /context lists them with "
                         "their numbers",
                         (int)number.len, number.ptr);
    return fn(call->chat, id, &call->notice, err);
}

bool context_command_run(struct command_call *call, struct error *err)
{
    struct slice rest = call->argument, word = slice_of("");
    action_next_word(&rest, ' ', &word);
    struct slice number = slice_trim(rest);
    if (!word.len)
        call->panel = PANEL_CONTEXT;
    else if (slice_is(word, "request") && !number.len)
        call->panel = PANEL_REQUEST;
    else if (slice_is(word, "leave") && number.len)
        return run_on_turn(call, fates_leave_out, number, err);
    else if (slice_is(word, "pin") && number.len)
        return run_on_turn(call, fates_pin, number, err);
    else
        return error_set(err, ERROR_USAGE,
                         "/context lists what the next request is made of; "
                         "/context leave NUMBER, /context pin NUMBER and "
                         "/context request go with it");
    return true;
}
