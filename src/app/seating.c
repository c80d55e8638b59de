/* SPDX-License-Identifier: MIT */
/*
 * seating - which conversation is shown: a new one, one that is open, one from
 * the disk, a copy; and what the panel of sessions does with them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/catalogue.h"
#include "app/opening.h"
#include "app/screen_state.h"
#include "app/summary.h"
#include "base/clock.h"
#include "base/memory.h"
#include "store/trash.h"

enum {
    SECOND_MS = 1000,
    END_MS = 2000,
    ABOUT_MS = 2000, /* a disk that takes longer keeps nobody from sending */
};

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

/* From the disk. */

/* Who cannot have it may have a copy: its row is chosen for that. */
static void offer_copy(struct screen *screen, const char *id)
{
    struct panel_source source = perform_source(screen);
    bands_open(&screen->bands, PANEL_SESSIONS, &source);
    list_choose(&screen->bands.items[PANEL_SESSIONS].list, id);
}

/* While somebody else has the terminal nothing takes the place of his draft. */
static void seat_down(struct screen *screen, struct seat *seat)
{
    if (screen->away != AWAY_NOT) {
        seat->is_unread = true;
        return;
    }
    seats_show(screen, seat);
    sending_take_queue_back(screen);
}

static void take(struct screen *screen, struct session *session, bool forks)
{
    struct error err = { 0 };
    struct buf notice = { 0 };
    struct session_id id = session->id;
    bool can_be_had =
        session->log && (forks || session->result == SESSION_FILE_OPEN);
    struct seat *seat = can_be_had ? seats_free_one(screen) : screen->seat;
    const struct opening_take take = { seat->chat, forks, "Alt-F", &notice };
    bool is_held = session->result == SESSION_FILE_HELD ||
                   session->result == SESSION_FILE_NEWER;
    if (opening_take(&take, session, &err))
        seat_down(screen, seat);
    else if (is_held)
        offer_copy(screen, id.text);
    perform_notice(screen, err.kind ? err.text : buf_string(&notice));
    screen->draw_now = true;
    buf_clear(&notice);
}

static void on_read(void *context, struct session *session)
{
    struct screen *screen = context;
    screen->is_reading = false;
    if (screen->is_over)
        session_clear(session);
    else
        take(screen, session, screen->reads_copy);
}

static void read_session(struct screen *screen, const char *id, bool forks)
{
    const struct session_wish wish = {
        .id = id,
        .mode = forks ? SESSION_FILE_READ : SESSION_FILE_WRITE,
    };
    if (screen->is_reading) {
        perform_notice(screen, "another session is being read; try again when "
                               "it is there");
        return;
    }
    screen->is_reading = true;
    screen->reading_at = loop_now(screen->setup.loop);
    screen->reads_copy = forks;
    session_open(screen->setup.store, &wish, on_read, screen);
}

bool seating_is_about_to(const struct screen *screen)
{
    return screen->is_reading &&
           loop_now(screen->setup.loop) - screen->reading_at < ABOUT_MS;
}

/* What is being read has a lock, which is given back as that of the others. */
void seating_end(struct screen *screen)
{
    int64_t until = clock_monotonic_ms() + END_MS;
    while (screen->is_reading && clock_monotonic_ms() < until)
        loop_turn(screen->setup.loop, until - clock_monotonic_ms());
    screen->is_over = true;
}

/* The one with that key of a row; NULL: it is not open here. */
static struct seat *open_seat(const struct screen *screen, struct slice key)
{
    for (size_t i = 0; i < screen->seats.list.count; i++) {
        struct seat *seat = screen->seats.list.items[i];
        const char *session = chat_session(seat->chat);
        char number[16];
        snprintf(number, sizeof number, "#%u", (unsigned)seat->number);
        if (slice_is(key, number) || (session && slice_is(key, session)))
            return seat;
    }
    return NULL;
}

static void refuse_disk(struct screen *screen)
{
    struct buf words = { 0 };
    buf_printf(&words, "no session can be read: %s",
               screen->setup.is_not_saved ? "with -n nothing is kept"
                                          : screen->setup.no_store.text);
    perform_notice(screen, buf_string(&words));
    buf_clear(&words);
}

static void go_to(struct screen *screen, struct slice key)
{
    struct seat *seat = open_seat(screen, key);
    struct buf id = { 0 };
    buf_append_slice(&id, key);
    if (seat)
        seats_show(screen, seat);
    else if (screen->setup.store)
        read_session(screen, buf_string(&id), false);
    else
        refuse_disk(screen);
    buf_clear(&id);
}

/* The panel, to find a session by what is typed. */
static void search(struct screen *screen, struct slice words)
{
    struct panel_source source = perform_source(screen);
    catalogue_refresh(screen->catalogue);
    bands_open(&screen->bands, PANEL_SESSIONS, &source);
    if (words.len <= LIST_FILTER_MAX)
        list_filter_set(&screen->bands.items[PANEL_SESSIONS].list, words);
    screen->takes_only = words.len > 0;
    seating_update(screen);
}

void seating_resume(struct screen *screen)
{
    struct slice words = slice_trim(screen->argument);
    bool is_key = slice_starts(words, "#") || session_id_is_valid(words);
    if (is_key)
        go_to(screen, words);
    else
        search(screen, words);
}

static struct list *sessions_list(struct screen *screen)
{
    return screen->bands.focused == PANEL_SESSIONS
               ? &screen->bands.items[PANEL_SESSIONS].list
               : NULL;
}

void seating_open_panel(struct screen *screen)
{
    if (bands_is_shown(&screen->bands, PANEL_SESSIONS)) {
        bands_close(&screen->bands, PANEL_SESSIONS);
        return;
    }
    search(screen, slice_of(""));
}

/* The words that were given with /resume have found the one. */
static void take_only(struct screen *screen)
{
    struct list *list = sessions_list(screen);
    if (!list || !screen->takes_only ||
        !catalogue_is_complete(screen->catalogue))
        return;
    screen->takes_only = false;
    struct panel_source source = perform_source(screen);
    panel_fill(PANEL_SESSIONS, &source, list);
    if (list->shown.count != 1 || !*list_chosen(list))
        return;
    struct buf key = { 0 };
    buf_append_string(&key, list_chosen(list));
    bands_close(&screen->bands, PANEL_SESSIONS);
    go_to(screen, buf_slice(&key));
    buf_clear(&key);
}

void seating_update(struct screen *screen)
{
    if (!sessions_list(screen)) {
        screen->renaming[0] = '\0';
        screen->takes_only = false;
    }
    take_only(screen);
}

void seating_on_catalogue(void *context)
{
    struct screen *screen = context;
    screen->has_news = screen->draw_soon = true;
    take_only(screen);
}

/* Copies. */

void seating_fork(struct screen *screen)
{
    struct session fork;
    struct error err = { 0 };
    if (!opening_fork(screen->chat, slice_trim(screen->argument), &fork,
                      &err)) {
        perform_notice(screen, err.text);
        return;
    }
    struct seat *seat = seats_fresh(screen);
    chat_resume(seat->chat, &fork);
    seat_down(screen, seat);
    perform_notice(screen, "this is a copy; Ctrl-X o shows where it came from");
}

/* The key of the chosen row; false: the sessions have not the keys, or none is
 * chosen. */
static bool chosen(struct screen *screen, struct buf *key)
{
    struct list *list = sessions_list(screen);
    if (list && !screen->renaming[0])
        buf_append_string(key, list_chosen(list));
    return key->len > 0;
}

void seating_fork_row(struct screen *screen)
{
    struct buf key = { 0 };
    if (chosen(screen, &key)) {
        struct seat *seat = open_seat(screen, buf_slice(&key));
        bands_close(&screen->bands, PANEL_SESSIONS);
        if (seat)
            seats_show(screen, seat);
        if (seat)
            perform(screen, ACTION_FORK, slice_of(""));
        else
            read_session(screen, buf_string(&key), true);
    }
    buf_clear(&key);
}

/* What is done to a session that is not open here. */

struct deed {
    const struct store *store;
    struct session_id id;
    char *title; /* NULL: to the trash */
    int64_t now; /* Unix seconds */
    struct error note, err;
    bool is_done;
};

static void do_deed(void *context)
{
    struct deed *deed = context;
    struct event event = { .type = EVENT_TITLE };
    if (!deed->title) {
        deed->is_done =
            trash_put(deed->store, deed->id.text, deed->now, &deed->err);
        return;
    }
    event_add_string(&event, FIELD_TEXT, deed->title);
    deed->is_done = session_add(deed->store, deed->id.text, &event, &deed->note,
                                &deed->err);
}

static void tell_deed(struct screen *screen, const struct deed *deed)
{
    struct buf words = { 0 };
    if (!deed->is_done)
        buf_append_string(&words, deed->err.text);
    else if (!deed->title)
        buf_printf(&words,
                   "%s is in the trash; sennit restore %s brings it back",
                   deed->id.text, deed->id.text);
    else
        buf_append_string(&words, deed->note.text);
    perform_notice(screen, buf_string(&words));
    catalogue_refresh(screen->catalogue);
    screen->draw_now = true;
    buf_clear(&words);
}

static void on_deed(void *context, void *done)
{
    struct screen *screen = context;
    struct deed *deed = done;
    if (!screen->is_over)
        tell_deed(screen, deed);
    free(deed->title);
    free(deed);
}

static void post_deed(struct screen *screen, const char *id, char *take_title)
{
    struct deed *deed = memory_zero(1, sizeof *deed);
    deed->store = screen->setup.store;
    snprintf(deed->id.text, sizeof deed->id.text, "%s", id);
    deed->title = take_title;
    deed->now = clock_wall_ms() / SECOND_MS;
    store_post(screen->setup.store, do_deed, on_deed, screen, deed);
}

/* The title it has becomes what is being typed. */
void seating_rename_row(struct screen *screen)
{
    struct buf key = { 0 }, title = { 0 };
    if (chosen(screen, &key)) {
        const struct seat *seat = open_seat(screen, buf_slice(&key));
        const struct catalogue_entry *entry =
            catalogue_find(screen->catalogue, buf_string(&key));
        if (seat)
            summary_title(&title, chat_conversation(seat->chat)->graph);
        else if (entry)
            buf_append_slice(&title, buf_slice(&entry->row.title));
        snprintf(screen->renaming, sizeof screen->renaming, "%s",
                 buf_string(&key));
        if (title.len <= LIST_FILTER_MAX)
            list_filter_set(sessions_list(screen), buf_slice(&title));
    }
    buf_clear(&key);
    buf_clear(&title);
}

bool seating_take_title(struct screen *screen)
{
    const struct list *list = sessions_list(screen);
    struct slice key = slice_of(screen->renaming);
    struct buf title = { 0 };
    if (!list || !key.len)
        return false;
    struct seat *seat = open_seat(screen, key);
    buf_append_slice(&title, slice_trim(buf_slice(&list->filter)));
    if (title.len && seat)
        chat_set_title(seat->chat, buf_string(&title));
    else if (title.len)
        post_deed(screen, screen->renaming, buf_steal(&title));
    else
        perform_notice(screen, "it keeps the title it has");
    screen->renaming[0] = '\0';
    list_filter_set(sessions_list(screen), slice_of(""));
    buf_clear(&title);
    return true;
}

void seating_trash_row(struct screen *screen)
{
    struct buf key = { 0 };
    if (chosen(screen, &key)) {
        if (open_seat(screen, buf_slice(&key)))
            perform_notice(screen, "this conversation is open here; the trash "
                                   "takes what nobody has open");
        else
            post_deed(screen, buf_string(&key), NULL);
    }
    buf_clear(&key);
}

/* While the sessions have the keys. */
bool seating_keys(struct screen *screen, struct status_line *line)
{
    if (!sessions_list(screen))
        return false;
    *line = (struct status_line){ .hint = "F1 help" };
    if (screen->renaming[0]) {
        perform_add_key(screen, line, ACTION_CHOOSE, "gives the title");
        perform_add_key(screen, line, ACTION_DELETE_TO_START, "erases all");
        return true;
    }
    perform_add_key(screen, line, ACTION_CHOOSE, "opens");
    perform_add_key(screen, line, ACTION_FORK_ROW, "a copy");
    perform_add_key(screen, line, ACTION_RENAME_ROW, "renames");
    perform_add_key(screen, line, ACTION_TRASH_ROW, "to the trash");
    return true;
}
