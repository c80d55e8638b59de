/* SPDX-License-Identifier: MIT */
#include "chat/fallback.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "chat/bookkeeping.h"
#include "chat/chat_state.h"
#include "chat/climbing.h"
#include "chat/countdown.h"

/* The setting lists the failures after which it is wanted; all, without. */
static bool is_wanted(const struct settings *settings, enum retry_cause cause)
{
    const struct setting *on = settings_find(settings, "routing.fallback.on");
    if (cause == RETRY_NO_CAUSE)
        return false;
    for (size_t i = 0; on && i < on->child_count; i++) {
        if (!strcmp(on->children[i]->text, retry_cause_name(cause)))
            return true;
    }
    return on == NULL;
}

static bool is_same(const struct route *one, const struct route *other)
{
    return one->endpoint && one->endpoint == other->endpoint &&
           !strcmp(one->model, other->model);
}

/* A question is one that the user can answer; nobody is there: no. */
static bool is_usable(struct chat *chat, const struct route *route)
{
    struct error ignored = { 0 };
    enum limiter_cause cause;
    if (route->verdict != ROUTE_TO ||
        endpoint_lacks_key(route->endpoint, &ignored) ||
        limiter_wait_ms(chat, route, &cause) > 0 || !gate_knows(chat, route) ||
        !gate_allows(chat, route, &ignored) ||
        !sight_fits(chat, route, &ignored) || spending_bars_rung(chat, route))
        return false;
    return climbing_fits(chat, route, counting_tokens(chat, route), &ignored);
}

bool fallback_find_rung(struct chat *chat, struct route *route)
{
    const struct graph *graph = chat->conversation.graph;
    size_t count = router_rung_count(chat->setup.settings);
    bool is_above = false;
    messages_catch_up(chat->messages, graph,
                      graph_run(graph, chat->run)->leaf_id);
    for (size_t i = 0; i < count; i++) {
        discovery_take(&chat->discovery, chat_aim(chat),
                       router_rung(chat->setup.settings, i), route);
        bool is_here = is_same(route, &chat->route);
        if (is_above && !is_here && is_usable(chat, route))
            return true;
        is_above |= is_here;
    }
    return false;
}

/* What is known to read only has changed nothing. */
static bool may_have_changed(const struct chat *chat, const struct call *call)
{
    const struct tool *tool =
        chat->setup.toolbox
            ? registry_find(toolbox_registry(chat->setup.toolbox),
                            slice_of(call->name))
            : NULL;
    return call->started_at && (!tool || tool->effect != TOOL_READS);
}

/* Which tools of the run that can change something were started, whatever became
 * of them: append their names. Nobody knows what they have changed. */
static bool has_effects(const struct chat *chat, struct buf *names)
{
    const struct graph *graph = chat->conversation.graph;
    size_t before = names->len;
    for (uint32_t id = graph_call_count(graph); id > 0; id--) {
        const struct call *call = graph_call(graph, id);
        if (call->run != chat->run)
            break;
        if (may_have_changed(chat, call))
            buf_printf(names, "%s%s", names->len > before ? ", " : "",
                       call->name);
    }
    return names->len > before;
}

static const char *after_effects(const struct chat *chat)
{
    return settings_text(chat->setup.settings,
                         "routing.fallback.after_side_effects", "ask");
}

/* A tool has changed something: the profile says whether somebody else goes on,
 * and he who is asked is told. */
bool fallback_may_follow_effects(struct chat *chat)
{
    struct buf names = { 0 };
    const char *word = after_effects(chat);
    bool may = !strcmp(word, "always") ||
               (!strcmp(word, "ask") && chat->setup.is_interactive) ||
               !has_effects(chat, &names);
    if (!may) {
        buf_reset(&chat->barred);
        buf_printf(&chat->barred,
                   "nobody else was asked, for %s has run "
                   "(routing.fallback.after_side_effects)",
                   buf_string(&names));
    }
    buf_clear(&names);
    return may;
}

void fallback_add_barred(const struct chat *chat, struct error *err)
{
    struct error why = *err;
    if (chat->barred.len)
        error_set(err, why.kind, "%s; %.*s", why.text,
                  SLICE_ARG(buf_slice(&chat->barred)));
}

/* Words had come: the profile says whether somebody else begins anew. */
static const char *after_words(const struct chat *chat)
{
    return settings_text(chat->setup.settings, "routing.fallback.after_words",
                         "always");
}

static bool may_begin_anew(const struct chat *chat)
{
    const char *word = after_words(chat);
    return !strcmp(word, "always") ||
           (!strcmp(word, "ask") && chat->setup.is_interactive);
}

bool fallback_is_free(struct chat *chat, enum retry_cause cause, bool has_words)
{
    struct route route;
    return !chat->route.is_pinned && !chat->again.is_here &&
           is_wanted(chat->setup.settings, cause) &&
           (!has_words || may_begin_anew(chat)) &&
           fallback_find_rung(chat, &route) &&
           fallback_may_follow_effects(chat);
}

bool chat_may_begin_anew(struct chat *chat)
{
    for (int cause = RETRY_NO_CAUSE + 1; cause < RETRY_CAUSE_COUNT; cause++)
        if (fallback_is_free(chat, (enum retry_cause)cause, true))
            return true;
    return false;
}

/* In a few words: "fallback: broken after 312 tok". */
static void append_why(const struct chat *chat, struct buf *out)
{
    const struct attempt *failed =
        graph_attempt(chat->conversation.graph, chat->run, chat->attempt);
    const char *cause = retry_cause_name(chat->cause);
    if (chat->doubted_id) {
        buf_append_string(out, "doubtful answer before");
        return;
    }
    buf_printf(out, "fallback: %s", cause ? cause : "failed");
    uint64_t tokens = failed ? counting_answer_tokens(chat, failed) : 0;
    if (failed && failed->usage.output > 0)
        tokens = (uint64_t)failed->usage.output;
    if (tokens)
        buf_printf(out, " after %" PRIu64 " tok", tokens);
}

static void append_effects(const struct chat *chat, struct buf *words)
{
    struct buf names = { 0 };
    if (has_effects(chat, &names))
        buf_printf(words, FALLBACK_EFFECTS "%s has run", buf_string(&names));
    buf_clear(&names);
}

static void append_fell_back(struct chat *chat)
{
    struct buf why = { 0 };
    char words[ROUTE_NAME_SIZE * 2 + ERROR_TEXT_SIZE];
    const struct route *route = &chat->route;
    struct event event = chat_run_event(chat, EVENT_FELL_BACK);
    struct buf effects = { 0 };
    /* No attempt tells what failed if none was made. */
    bool is_first = chat->attempt == 0 && *chat->failed.err.text;
    if (chat->doubted_id)
        snprintf(words, sizeof words, "doubtful: asked %s@%s too", route->model,
                 route->endpoint->name);
    else
        snprintf(words, sizeof words, "%s%sfell back to %s@%s",
                 is_first ? chat->failed.err.text : "", is_first ? "; " : "",
                 route->model, route->endpoint->name);
    event_add_string(&event, FIELD_ENDPOINT, route->endpoint->name);
    event_add_string(&event, FIELD_MODEL, route->model);
    event_add_string(&event, FIELD_TIER, route->is_vendor ? "cloud" : "local");
    buf_append_string(&effects, words);
    append_effects(chat, &effects);
    event_add_text(&event, FIELD_TEXT, buf_slice(&effects));
    event_add_string(&event, FIELD_ERROR, chat->failed.err.text);
    append_why(chat, &why);
    event_add_string(&event, FIELD_WHY, buf_string(&why));
    chat_append(chat, &event);
    buf_clear(&why);
    buf_clear(&effects);
}

void fallback_start(struct chat *chat)
{
    if (!agreement_allows(chat))
        return;
    chat->is_falling_back = false;
    chat->choice.is_watched = false;
    attempts_begin_target(chat);
    append_fell_back(chat);
    bookkeeping_note_change(chat);
    attempts_start(chat);
}

bool fallback_asks_for_effects(struct chat *chat)
{
    struct buf names = { 0 };
    bool asks =
        !strcmp(after_effects(chat), "ask") && has_effects(chat, &names);
    if (asks)
        snprintf(chat->route.doubt, sizeof chat->route.doubt, "%s has run",
                 buf_string(&names));
    buf_clear(&names);
    return asks;
}

void fallback_go(struct chat *chat, enum retry_cause cause, bool has_words)
{
    struct route route;
    bool asks = has_words && !strcmp(after_words(chat), "ask");
    bool is_found = fallback_find_rung(chat, &route);
    assert(is_found && cause != RETRY_NO_CAUSE);
    chat->route = route;
    chat->cause = cause;
    chat->is_falling_back = true;
    asks |= fallback_asks_for_effects(chat);
    chat->choice.asks |= asks;
    if (!countdown_begins(chat))
        fallback_start(chat);
}
