/* SPDX-License-Identifier: MIT */
#include "app/screen.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "app/asking.h"
#include "app/catalogue.h"
#include "app/memory_rows.h"
#include "app/opening.h"
#include "app/print.h"
#include "app/schema_file.h"
#include "app/screen_state.h"
#include "app/setting_text.h"
#include "base/clock.h"

enum {
    TICK_MS = 1000,
    TICK_UNFOCUSED_MS = 10 * 1000, /* where nobody looks */
    READ_SIZE = 4096
};

/* All but the first delta of an attempt, which changes its state. */
static bool is_more_text(const struct seat *seat, const struct event *event)
{
    if (event->type != EVENT_TEXT_DELTA &&
        event->type != EVENT_THINKING_DELTA &&
        event->type != EVENT_TOOL_CALL_DELTA)
        return false;
    const struct attempt *attempt = graph_attempt(
        chat_conversation(seat->chat)->graph, event->run, event->attempt);
    return attempt && attempt->delta_count > 1;
}

static void warn_of_spending(struct screen *screen, struct chat *chat)
{
    struct buf words = { 0 };
    if (chat_take_spending_warning(chat, &words))
        perform_notice(screen, buf_string(&words));
    buf_clear(&words);
}

/* Text that arrives is drawn with the next frame, not at once; the numbers that
 * run with it only once a second. */
static void on_event(void *context, const struct event *event)
{
    struct seat *seat = context;
    struct screen *screen = seat->screen;
    setup_tell(&screen->setup, event);
    if (event->type == EVENT_RUN_FINISHED && seat->chat &&
        !graph_is_aside(chat_conversation(seat->chat)->graph, event->run)) {
        seat->ended_run = event->run;
        findings_note(&screen->findings, chat_session(seat->chat),
                      chat_conversation(seat->chat)->graph);
        warn_of_spending(screen, seat->chat);
    }
    if (seat == screen->seat || !seat->chat) {
        screen->has_news |= !is_more_text(seat, event);
        screen->draw_soon = true;
    } else if (seats_note(seat, event)) {
        screen->has_news = screen->draw_soon = true;
    }
}

static void on_models(void *context)
{
    const struct seat *seat = context;
    struct screen *screen = seat->screen;
    screen->draw_now = true;
    if (seat == screen->seat)
        lifting_update(screen);
}

static void on_frame(void *context, uint32_t timer_id)
{
    struct screen *screen = context;
    (void)timer_id;
    screen->frame_timer = 0;
}

/* Running numbers, once a second and only while something runs. */
static void on_tick(void *context, uint32_t timer_id)
{
    struct screen *screen = context;
    (void)timer_id;
    screen->tick_timer = 0;
    screen->has_news = screen->draw_soon = true;
}

static void on_escape(void *context, uint32_t timer_id)
{
    struct screen *screen = context;
    (void)timer_id;
    screen->escape_timer = 0;
    keys_timeout(screen->keys);
}

static void await_escape(struct screen *screen)
{
    int64_t wait = keys_pending_ms(screen->keys);
    loop_timer_cancel(screen->setup.loop, screen->escape_timer);
    screen->escape_timer = wait < 0 ? 0
                                    : loop_timer_start(screen->setup.loop, wait,
                                                       on_escape, screen);
}

static void lose_terminal(struct screen *screen)
{
    screen->wants_quit = true;
    screen->exit_status = 128 + SIGHUP;
}

/* Enter, or any other end of a line: the terminal is not raw. */
static void read_away(struct screen *screen)
{
    char bytes[READ_SIZE];
    int count = term_read(screen->term, bytes, sizeof bytes);
    if (count > 0)
        leaving_return(screen);
    else if (count < 0)
        lose_terminal(screen);
}

static void on_tty(void *context, int fd, int events)
{
    struct screen *screen = context;
    char bytes[READ_SIZE];
    int count = 0;
    (void)fd;
    if (events & LOOP_WRITE && !term_flush(screen->term))
        lose_terminal(screen);
    if (!(events & LOOP_READ))
        return;
    if (screen->away == AWAY_IN_DUMP) {
        read_away(screen);
        return;
    }
    /* What is typed once a key gave the terminal away is for who has it. */
    while (screen->away == AWAY_NOT &&
           (count = term_read(screen->term, bytes, sizeof bytes)) > 0) {
        screen->has_pasted = false;
        keys_feed(screen->keys, (struct slice){ bytes, (size_t)count });
    }
    if (count < 0)
        lose_terminal(screen);
    await_escape(screen);
}

/* What we left the terminal for gets the same signal, and means it. */
static void on_interrupt(struct screen *screen)
{
    if (screen->away == AWAY_IN_DUMP)
        leaving_return(screen);
    else if (screen->away == AWAY_NOT)
        chat_stop(screen->chat);
}

static void on_signal(void *context, int signal_number)
{
    struct screen *screen = context;
    switch (signal_number) {
    case SIGWINCH:
        /* A size that came and went leaves no other trace here, but it has cut
         * what the terminal shows. Many are one frame. */
        term_invalidate(screen->term);
        screen->draw_soon = true;
        break;
    case SIGCONT: screen->wants_resume = true; break;
    case SIGINT: on_interrupt(screen); break;
    default:
        screen->wants_quit = true;
        screen->exit_status = 128 + signal_number;
        break;
    }
}

static void on_copied(void *context, const char *sentence)
{
    struct screen *screen = context;
    perform_notice(screen, sentence);
    screen->draw_now = true;
}

static bool open_terminal(struct screen *screen, struct error *err)
{
    screen->term = term_open("/dev/tty", err);
    if (!screen->term)
        return false;
    screen->keys = keys_new(typing_on_key, screen);
    screen->ascii = !term_is_utf8(screen->term);
    screen->clipboard =
        clipboard_new(screen->setup.loop, screen->term, on_copied, screen);
    term_limit(screen->term, (int)settings_number(screen->setup.settings,
                                                  "looks.line_rate", 0));
    screen->draw_now = true;
    loop_watch(screen->setup.loop, term_fd(screen->term), LOOP_READ, on_tty,
               screen);
    return true;
}

static bool open_chat(struct screen *screen, struct buf *complaints,
                      struct error *err)
{
    static const int signals[] = {
        SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT, 0
    };
    struct error mistake = { 0 };
    if (!setup_connect(&screen->setup, signals, on_signal, screen, err))
        return false;
    setup_open_tools(&screen->setup, &mistake);
    if (mistake.kind != ERROR_NONE)
        buf_printf(complaints, "%s\n", mistake.text);
    struct chat_setup setup = setup_chat(&screen->setup, screen->cli);
    setup.is_interactive = true;
    setup.on_event = on_event;
    setup.on_models = on_models;
    screen->catalogue =
        catalogue_new(screen->setup.store, seating_on_catalogue, screen);
    findings_init(&screen->findings, screen->setup.store, looking_on_findings,
                  screen);
    struct seat *seat = seats_add(screen);
    setup.context = seat;
    seat->chat = chat_new(&setup);
    seats_show(screen, seat);
    return opening_run(&screen->setup, screen->cli, screen->chat, complaints,
                       err) &&
           schema_file_use(screen->chat, screen->cli->schema, err);
}

static void draw(struct screen *screen)
{
    seats_renew(screen);
    term_update_size(screen->term);
    int height = term_height(screen->term), width = term_width(screen->term);
    if (screen->canvas.height != height || screen->canvas.width != width) {
        canvas_resize(&screen->canvas, height, width);
        screen->has_news = true;
    }
    screen->now = clock_wall_ms();
    picture_draw(screen);
    term_draw(screen->term, &screen->canvas);
    approving_drawn(screen);
    screen->draw_now = screen->has_news = false;
    screen->draw_soon = term_is_behind(screen->term);
    screen->drawn_at = loop_now(screen->setup.loop);
}

static int64_t frame_due_in(const struct screen *screen)
{
    return screen->drawn_at + screen->frame_ms - loop_now(screen->setup.loop);
}

/* Step 7 of a turn. A frame that the terminal has no room for is dropped, and
 * one for which the line is slow is cut; the next one shows the same and more.
 */
static void draw_if_due(struct screen *screen)
{
    struct loop *loop = screen->setup.loop;
    if (screen->away != AWAY_NOT) {
        loop_watch(loop, term_fd(screen->term),
                   screen->away == AWAY_IN_DUMP ? LOOP_READ : 0, on_tty,
                   screen);
        return;
    }
    bool is_due = screen->draw_soon && frame_due_in(screen) <= 0;
    if ((screen->draw_now || is_due) && term_can_draw(screen->term))
        draw(screen);
    if (screen->draw_soon && !screen->frame_timer && frame_due_in(screen) > 0)
        screen->frame_timer =
            loop_timer_start(loop, frame_due_in(screen), on_frame, screen);
    if (!screen->tick_timer &&
        (chat_is_busy(screen->chat) || seats_is_busy_elsewhere(screen) ||
         model_life_is_moving(chat_life(screen->chat))))
        screen->tick_timer = loop_timer_start(
            loop, screen->is_unfocused ? TICK_UNFOCUSED_MS : TICK_MS, on_tick,
            screen);
    loop_watch(loop, term_fd(screen->term),
               LOOP_READ | (term_wants_write(screen->term) ? LOOP_WRITE : 0),
               on_tty, screen);
}

static void live(struct screen *screen, struct buf *complaints)
{
    seats_renew(screen);
    tuning_begin(screen, complaints);
    /* What was left out, what keys are wrong, what has no effect: until the
     * next action. */
    setting_text_unused(complaints, &screen->setup);
    /* Nobody sends a prompt again that waited when the program ended. */
    sending_take_queue_back(screen);
    perform_notice(screen, buf_string(complaints));
    if (screen->cli->picks)
        perform(screen, ACTION_SESSIONS, slice_of(""));
    draw_if_due(screen);
    remembering_begin(screen);
    drafting_update(screen);
    chat_discover(screen->chat);
    while (!screen->wants_quit) {
        loop_turn(screen->setup.loop, -1);
        seats_turn(screen);
        memory_rows_tell(screen);
        if (screen->seat->ended_run)
            asking_take_refused(screen);
        asking_update(screen);
        approving_update(screen);
        looking_update(screen);
        drafting_update(screen);
        if (screen->wants_suspend)
            leaving_suspend(screen);
        if (screen->wants_resume)
            leaving_resume(screen);
        draw_if_due(screen);
    }
}

static void clear(struct screen *screen)
{
    if (screen->term)
        loop_unwatch(screen->setup.loop, term_fd(screen->term));
    clipboard_free(screen->clipboard);
    pull_free(screen->pull);
    connecting_end(screen);
    approving_clear(&screen->approving);
    term_close(screen->term);
    seating_end(screen);
    findings_clear(&screen->findings);
    seats_end(screen);
    catalogue_free(screen->catalogue);
    keys_free(screen->keys);
    buf_clear(&screen->attached);
    edited_tokens_clear(&screen->draft_size.text);
    bands_clear(&screen->bands);
    buf_clear(&screen->notice);
    buf_clear(&screen->keeping);
    keymap_clear(&screen->keymap);
    canvas_clear(&screen->canvas);
    history_search_clear(&screen->search);
    history_clear(&screen->history);
    setup_clear(&screen->setup);
}

int screen_run(const struct cli *cli)
{
    struct screen screen = { .cli = cli };
    struct error err = { 0 };
    struct buf complaints = { 0 };
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTTOU, SIG_IGN);
    setup_configure_anyway(&screen.setup, cli, &complaints);
    setup_check_state(&complaints);
    bool ok =
        open_chat(&screen, &complaints, &err) && open_terminal(&screen, &err);
    if (ok) {
        live(&screen, &complaints);
        leaving_end(&screen);
    }
    clear(&screen);
    buf_clear(&complaints);
    if (ok)
        return screen.exit_status;
    print_notice("%s", err.text);
    return error_exit_status(err.kind);
}
