/* SPDX-License-Identifier: MIT */
#include "app/seats.h"

#include <stdlib.h>

#include "app/screen_state.h"
#include "base/memory.h"
#include "chat/chat_tools.h"

static struct seat *at(const struct screen *screen, size_t index)
{
    return screen->seats.list.items[index];
}

struct seat *seats_add(struct screen *screen)
{
    struct seat *seat = memory_zero(1, sizeof *seat);
    *array_add(&screen->seats.list) = seat;
    seat->screen = screen;
    seat->number = (uint32_t)screen->seats.list.count;
    seat->editor = editor_new();
    return seat;
}

bool seat_is_empty(const struct seat *seat)
{
    return graph_node_count(chat_conversation(seat->chat)->graph) == 0 &&
           !chat_is_busy(seat->chat);
}

/* Nothing is lost if another conversation takes its place. */
static bool can_be_given_away(const struct seat *seat)
{
    return seat != seat->screen->seat && !chat_is_busy(seat->chat) &&
           !seat->is_unread && !model_life_is_moving(chat_life(seat->chat)) &&
           editor_is_empty(seat->editor) && !seat->files.list.count &&
           (!chat_unsaved(seat->chat) ||
            chat_keeping(seat->chat) == JOURNAL_FINE);
}

/* The one that was shown longest ago. */
static struct seat *find_idle(const struct screen *screen)
{
    struct seat *found = NULL;
    for (size_t i = 0; i < screen->seats.list.count; i++) {
        struct seat *seat = at(screen, i);
        if (can_be_given_away(seat) && (!found || seat->shown < found->shown))
            found = seat;
    }
    return found;
}

/* Empty ones are taken before there are more. */
static struct seat *find_empty(const struct screen *screen)
{
    for (size_t i = 0; i < screen->seats.list.count; i++) {
        if (can_be_given_away(at(screen, i)) && seat_is_empty(at(screen, i)))
            return at(screen, i);
    }
    return NULL;
}

struct seat *seats_fresh(struct screen *screen)
{
    struct seat *seat = find_empty(screen);
    if (!seat && screen->seats.list.count >= SEATS_MAX)
        seat = find_idle(screen);
    if (seat) {
        chat_clear_like(seat->chat, screen->chat);
    } else {
        seat = seats_add(screen);
        seat->chat = chat_beside(screen->chat, seat);
    }
    seat->is_unread = false;
    chat_discover(seat->chat);
    return seat;
}

struct seat *seats_free_one(struct screen *screen)
{
    return seat_is_empty(screen->seat) ? screen->seat : seats_fresh(screen);
}

static void clear_views(struct seat *seat)
{
    compare_view_clear(&seat->compare);
    thread_view_free(seat->thread_view);
    thread_clear(&seat->thread);
    budget_free(seat->budget);
    seat->thread_view = NULL;
    seat->budget = NULL;
    seat->turns_seen = 0;
    seat->turns = 0;
}

static void alias(struct screen *screen)
{
    const struct seat *seat = screen->seat;
    screen->chat = seat->chat;
    screen->editor = seat->editor;
    screen->thread_view = seat->thread_view;
    screen->budget = seat->budget;
}

/* Views know nodes by their ids, which begin anew with a conversation. */
void seats_renew(struct screen *screen)
{
    struct seat *seat = screen->seat;
    if (seat->generation == chat_generation(seat->chat))
        return;
    clear_views(seat);
    amending_end(screen);
    seat->thread_view = thread_view_new();
    seat->budget = budget_new();
    seat->generation = chat_generation(seat->chat);
    alias(screen);
    tuning_thinking(screen);
    thread_view_set_ascii(screen->thread_view, screen->ascii);
}

/* A question is that of its conversation: it is asked again there. */
void seats_show(struct screen *screen, struct seat *seat)
{
    bool is_other = screen->seat && screen->seat != seat;
    screen->seat = seat;
    seat->is_unread = false;
    seat->shown = ++screen->seats.showings;
    alias(screen);
    seats_renew(screen);
    screen->draw_now = screen->has_news = true;
    if (!is_other)
        return;
    bands_close(&screen->bands, PANEL_QUESTION);
    tuning_thinking(screen);
    perform_notice(screen, "");
    lifting_update(screen);
}

bool seats_note(struct seat *seat, const struct event *event)
{
    bool was_unread = seat->is_unread;
    seat->is_unread = true;
    return !was_unread || event->type == EVENT_RUN_STARTED ||
           event->type == EVENT_RUN_FINISHED ||
           event->type == EVENT_CONSENT_ASKED ||
           event->type == EVENT_RELAY_ASKED;
}

static void tell_context(struct screen *screen, struct chat *chat)
{
    struct buf words = { 0 };
    if (chat_take_context_note(chat, &words)) {
        perform_notice(screen, buf_string(&words));
        screen->draw_now = true;
    }
    buf_clear(&words);
}

void seats_turn(struct screen *screen)
{
    for (size_t i = 0; i < screen->seats.list.count; i++) {
        chat_turn(at(screen, i)->chat);
        tell_context(screen, at(screen, i)->chat);
    }
}

/* What matters more is the larger. */
static int urgency(const struct seat *seat)
{
    if (seats_asks(seat))
        return 2;
    return seat->is_unread && !chat_is_busy(seat->chat);
}

struct seat *seats_next(const struct screen *screen)
{
    struct seat *found = NULL;
    for (size_t i = 0; i < screen->seats.list.count; i++) {
        struct seat *seat = at(screen, i);
        if (seat == screen->seat)
            continue;
        if (!found || urgency(seat) > urgency(found) ||
            (urgency(seat) == urgency(found) && seat->shown > found->shown))
            found = seat;
    }
    return found;
}

bool seats_is_busy_elsewhere(const struct screen *screen)
{
    for (size_t i = 0; i < screen->seats.list.count; i++) {
        if (at(screen, i) != screen->seat && chat_is_busy(at(screen, i)->chat))
            return true;
    }
    return false;
}

bool seats_has_refused(const struct screen *screen)
{
    for (size_t i = 0; i < screen->seats.list.count; i++) {
        const struct chat *chat = at(screen, i)->chat;
        if (chat_unsaved(chat) && chat_keeping(chat) == JOURNAL_REFUSED)
            return true;
    }
    return false;
}

bool seats_asks(const struct seat *seat)
{
    return chat_has_question(seat->chat) || chat_asking_count(seat->chat);
}

static void append_count(struct buf *out, size_t before, int count,
                         const char *what)
{
    if (count)
        buf_printf(out, "%s%d %s", out->len > before ? ", " : "", count, what);
}

bool seats_describe(const struct screen *screen, struct buf *out)
{
    int asks = 0, works = 0, unread = 0;
    size_t before = out->len;
    for (size_t i = 0; i < screen->seats.list.count; i++) {
        const struct seat *seat = at(screen, i);
        if (seat == screen->seat)
            continue;
        if (seats_asks(seat))
            asks++;
        else if (chat_is_busy(seat->chat))
            works++;
        else if (seat->is_unread)
            unread++;
    }
    append_count(out, before, asks, asks == 1 ? "asks" : "ask");
    append_count(out, before, works, "streaming");
    append_count(out, before, unread, "unread");
    return asks > 0;
}

void seats_end(struct screen *screen)
{
    struct seats *seats = &screen->seats;
    for (size_t i = 0; i < seats->list.count; i++)
        setup_unload(&screen->setup, at(screen, i)->chat);
    for (size_t i = 0; i < seats->list.count; i++) {
        if (!setup_keep(&screen->setup, at(screen, i)->chat) &&
            !screen->exit_status)
            screen->exit_status = EXIT_FAILURE;
    }
    for (size_t i = 0; i < seats->list.count; i++) {
        struct seat *seat = at(screen, i);
        drafting_clear(seat);
        chat_free(seat->chat);
        editor_free(seat->editor);
        attachments_clear(&seat->files);
        attachments_clear(&seat->amending.files);
        buf_clear(&seat->amending.draft);
        clear_views(seat);
        free(seat);
    }
    array_clear(&seats->list);
    *seats = (struct seats){ 0 };
}
