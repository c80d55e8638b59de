/* SPDX-License-Identifier: MIT */
#include "app/memory_command.h"

#include <stdlib.h>
#include <string.h>

/* A number between 0 and 1. */
static bool parse_importance(struct slice word, double *importance)
{
    struct buf text = { 0 };
    char *end;
    buf_append_slice(&text, word);
    *importance = strtod(buf_string(&text), &end);
    bool ok = word.len && !*end && *importance >= 0 && *importance <= 1;
    buf_clear(&text);
    return ok;
}

static bool take_option(struct slice option, struct slice *rest,
                        struct memory_wish *wish, struct error *err)
{
    struct slice value;
    if (slice_is(option, "--working")) {
        wish->tier = MEMORY_WORKING;
    } else if (slice_is(option, "--session")) {
        wish->tier = MEMORY_SESSION;
    } else if (slice_is(option, "--importance")) {
        if (!action_next_word(rest, ' ', &value) ||
            !parse_importance(value, &wish->importance))
            return error_set(err, ERROR_USAGE,
                             "--importance takes a number from 0 to 1: "
                             "/remember --importance .8 TEXT; what has 1 goes "
                             "along with each conversation");
    } else if (slice_is(option, "--private")) {
        wish->is_private = true;
    } else {
        return error_set(err, ERROR_USAGE,
                         "/remember knows no %.*s; it takes --working, "
                         "--session, --private and --importance; a text that "
                         "begins so stands behind --",
                         SLICE_ARG(option));
    }
    return true;
}

/* Tags at the end are none of the text; "#" alone, or a heading, is. */
static void take_tags(struct slice *text, struct buf *tags)
{
    for (;;) {
        size_t at = text->len;
        while (at > 0 && !strchr(" \t\n", text->ptr[at - 1]))
            at--;
        struct slice word = slice_skip(*text, at);
        if (word.len < 2 || word.ptr[0] != '#' || at == 0)
            return;
        word = slice_skip(word, 1);
        struct buf before = *tags;
        *tags = (struct buf){ 0 };
        buf_printf(tags, "%.*s%s%s", SLICE_ARG(word), before.len ? " " : "",
                   buf_string(&before));
        buf_clear(&before);
        text->len = at;
        *text = slice_trim(*text);
    }
}

bool memory_command_parse(struct slice argument, struct memory_wish *wish,
                          struct buf *tags, struct error *err)
{
    *wish = (struct memory_wish){ .importance = MEMORY_IMPORTANCE,
                                  .tier = MEMORY_LONG_TERM };
    struct slice rest = slice_trim(argument), option;
    bool is_text = false;
    while (!is_text && slice_starts(rest, "--")) {
        bool is_any = action_next_word(&rest, ' ', &option);
        is_text = is_any && slice_is(option, "--");
        if (!is_any || (!is_text && !take_option(option, &rest, wish, err)))
            return false;
        rest = slice_trim(rest);
    }
    take_tags(&rest, tags);
    wish->text = rest;
    return rest.len || error_set(err, ERROR_USAGE,
                                 "/remember takes a text: /remember my editor "
                                 "is neovim #tools");
}

static void explain(struct command_call *call)
{
    size_t offers = chat_memory_offers(call->chat);
    if (offers)
        buf_printf(&call->notice,
                   "%zu text%s to be remembered: /remember yes takes, "
                   "/remember no drops; /memory shows",
                   offers, offers == 1 ? " waits" : "s wait");
    else
        buf_append_string(&call->notice,
                          "/remember TEXT remembers it for later "
                          "conversations; #tags may stand behind it");
}

bool memory_command_remember(struct command_call *call, struct error *err)
{
    struct memory_wish wish;
    struct buf tags = { 0 };
    if (!call->argument.len) {
        explain(call);
        return true;
    }
    if (slice_is(call->argument, "yes") || slice_is(call->argument, "no"))
        return chat_answer_offers(call->chat, slice_is(call->argument, "yes"),
                                  err);
    bool ok = memory_command_parse(call->argument, &wish, &tags, err);
    wish.tags = buf_slice(&tags);
    ok = ok && chat_note(call->chat, &wish, err);
    buf_clear(&tags);
    return ok;
}

bool memory_command_forget(struct command_call *call, struct error *err)
{
    return chat_forget(call->chat, call->argument, err);
}

static bool run_move(struct command_call *call, struct slice rest,
                     struct error *err)
{
    enum memory_tier tier;
    struct slice name = slice_of("");
    action_next_word(&rest, ' ', &name);
    if (!memory_tier_parse(slice_trim(rest), &tier))
        return error_set(err, ERROR_USAGE,
                         "/memory move takes an entry and where it belongs: "
                         "/memory move 7 working, session or long-term");
    return chat_move_memory(call->chat, name, tier, err);
}

static bool run_edit(struct command_call *call, struct slice rest,
                     struct error *err)
{
    struct slice name = slice_of("");
    action_next_word(&rest, ' ', &name);
    return chat_change_memory(call->chat, name, slice_trim(rest), err);
}

bool memory_command_memory(struct command_call *call, struct error *err)
{
    struct slice rest = call->argument, word = slice_of("");
    action_next_word(&rest, ' ', &word);
    rest = slice_trim(rest);
    if (slice_is(word, "move") && rest.len)
        return run_move(call, rest, err);
    if (slice_is(word, "edit") && rest.len)
        return run_edit(call, rest, err);
    call->panel = PANEL_MEMORY;
    call->filter = call->argument;
    return true;
}
