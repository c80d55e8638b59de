/* SPDX-License-Identifier: MIT */
#include "app/linear.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/guard.h"
#include "app/linear_call.h"
#include "app/model_text.h"
#include "app/opening.h"
#include "app/schema_file.h"
#include "app/setting_text.h"
#include "app/status.h"
#include "app/unsent.h"
#include "app/waiting.h"
#include "chat/chat_tools.h"

enum { READ_SIZE = 4096, DRAIN_MS = 500 };

static void say(struct linear *linear, const char *words)
{
    narrator_say(&linear->narrator, "%s", words);
}

/* What is typed. */

static void lose_terminal(struct linear *linear)
{
    linear->wants_quit = true;
    linear->exit_status = 128 + SIGHUP;
}

/* The terminal has shown the line with its end. */
static void take_lines(struct linear *linear)
{
    enum line_input_kind kind;
    struct slice input;
    while (!linear->wants_quit &&
           (kind = line_input_next(&linear->input, &input))) {
        linear->out.at_line_start = true;
        linear->is_armed = false;
        if (kind == LINE_INPUT_WHOLE)
            linear_do(linear, input);
        else if (kind == LINE_INPUT_CUT)
            say(linear, "not sent: a terminal cuts a line at 4095 bytes; break "
                        "it in a \"\"\" block, or use sennit -p < FILE");
        else if (kind == LINE_INPUT_TOO_LONG)
            say(linear, "not sent: more than a prompt may be");
    }
}

/* Ctrl-D: it hands over a line that was begun, else it is the end. */
static void on_end(struct linear *linear)
{
    linear->out.at_line_start = false;
    if (line_input_end(&linear->input))
        take_lines(linear);
    else if (chat_is_busy(linear->chat))
        say(linear, "an answer is on its way: Ctrl-C stops it, then Ctrl-D "
                    "leaves");
    else if (chat_unsaved(linear->chat) &&
             chat_keeping(linear->chat) == JOURNAL_REFUSED)
        say(linear, "not all of this is saved: /export saves it elsewhere, "
                    "/quit leaves");
    else
        linear->wants_quit = true;
}

static void on_tty(void *context, int fd, int events)
{
    struct linear *linear = context;
    char bytes[READ_SIZE];
    ssize_t len;
    if (!(events & LOOP_READ))
        return;
    do {
        len = read(fd, bytes, sizeof bytes);
        if (len > 0) {
            line_input_feed(&linear->input, (struct slice){ bytes, len });
            take_lines(linear);
        }
    } while ((len > 0 || (len < 0 && errno == EINTR)) && !linear->wants_quit);
    if (len == 0)
        on_end(linear);
    else if (len < 0 && errno != EAGAIN)
        lose_terminal(linear);
}

/* Signals. */

/* Who stops an answer wants quiet: what waited must not start by itself, and
 * must not be lost. */
void linear_take_queue_back(struct linear *linear)
{
    struct waiting waiting = { 0 };
    struct buf text = { 0 };
    waiting_take(&waiting, linear->chat);
    waiting_append(&waiting, &text);
    waiting_move_files(&waiting, &linear->files);
    if (text.len) {
        say(linear, "taken back, not sent:");
        print_text(&linear->out, buf_slice(&text));
        print_end(&linear->out);
        print_fresh_line(&linear->out);
    }
    buf_clear(&text);
    waiting_clear(&waiting);
}

/* The terminal has shown ^C, and forgotten what was being typed. */
static void on_interrupt(struct linear *linear)
{
    int64_t now = loop_now(linear->setup.loop);
    bool is_second =
        linear->is_armed && now - linear->armed_at <= ACTION_QUIT_ARMED_MS;
    linear->out.at_line_start = false;
    linear->awaits_models = false;
    linear->is_armed = false;
    if (chat_stop(linear->chat)) {
        linear_take_queue_back(linear);
    } else if (line_input_is_begun(&linear->input)) {
        line_input_drop(&linear->input);
        say(linear, "dropped, not sent");
    } else if (is_second) {
        linear->wants_quit = true;
    } else {
        linear->is_armed = true;
        linear->armed_at = now;
        say(linear, "Ctrl-C again quits");
    }
}

static void on_signal(void *context, int signal_number)
{
    struct linear *linear = context;
    if (signal_number == SIGINT) {
        on_interrupt(linear);
    } else if (signal_number == SIGTSTP) {
        linear->wants_suspend = true;
    } else {
        linear->wants_quit = true;
        linear->exit_status = 128 + signal_number;
    }
}

/* The shell has written meanwhile, and the kernel has forgotten what was being
 * typed. */
static void suspend(struct linear *linear)
{
    linear->wants_suspend = false;
    tty_drain(&linear->tty, DRAIN_MS);
    guard_stop();
    linear->out.at_line_start = true;
}

/* The conversation. */

static void warn_of_spending(struct linear *linear)
{
    struct buf words = { 0 };
    if (chat_take_spending_warning(linear->chat, &words))
        narrator_say(&linear->narrator, "%s", buf_string(&words));
    buf_clear(&words);
}

static void tell_context(struct linear *linear)
{
    struct buf words = { 0 };
    if (chat_take_context_note(linear->chat, &words))
        narrator_say(&linear->narrator, "%s", buf_string(&words));
    buf_clear(&words);
}

static void on_event(void *context, const struct event *event)
{
    struct linear *linear = context;
    setup_tell(&linear->setup, event);
    narrator_on_event(&linear->narrator, event);
    if (event->type == EVENT_CONSENT_ASKED ||
        (event->type == EVENT_RELAY_ASKED && chat_has_question(linear->chat)))
        linear_show_question(linear);
    if (event->type == EVENT_RUN_FINISHED && linear->chat)
        warn_of_spending(linear);
}

static void introduce(struct linear *linear)
{
    const struct route *next = chat_next(linear->chat);
    if (linear->has_introduced || next->verdict == ROUTE_ASK)
        return;
    linear->has_introduced = true;
    if (next->verdict == ROUTE_NONE)
        narrator_say(&linear->narrator, "no model: %s", next->err.text);
    else if (next->endpoint->dialect->is_builtin)
        narrator_say(&linear->narrator, "the built-in guide answers: %s",
                     next->reason);
    else
        narrator_say(&linear->narrator, "%s at %s answers%s", next->model,
                     next->endpoint->name,
                     next->is_vendor ? "; what you write leaves this machine"
                                     : "");
}

/* Nobody sees that nothing comes. */
static void on_silence(void *context, uint32_t timer_id)
{
    struct linear *linear = context;
    int64_t silence = chat_silence_ms(linear->chat);
    bool is_stalled = silence >= STATUS_STALLED_MS;
    (void)timer_id;
    if (is_stalled)
        narrator_say(&linear->narrator, "nothing for %lld s; Ctrl-C stops",
                     (long long)(silence / 1000));
    linear->silence_timer = loop_timer_start(linear->setup.loop,
                                             is_stalled || silence < 0
                                                 ? STATUS_STALLED_MS
                                                 : STATUS_STALLED_MS - silence,
                                             on_silence, linear);
}

/* When nothing runs nothing wakes us. */
static void watch_silence(struct linear *linear)
{
    bool is_busy = chat_is_busy(linear->chat);
    if (is_busy && !linear->silence_timer) {
        linear->silence_timer = loop_timer_start(
            linear->setup.loop, STATUS_STALLED_MS, on_silence, linear);
    } else if (!is_busy && linear->silence_timer) {
        loop_timer_cancel(linear->setup.loop, linear->silence_timer);
        linear->silence_timer = 0;
    }
}

/* Not while a line is written: the mark would stand in it. */
static void prompt(struct linear *linear)
{
    bool is_ready =
        linear->has_introduced && !linear->awaits_models &&
        (!chat_is_busy(linear->chat) || chat_has_question(linear->chat) ||
         chat_asking_count(linear->chat));
    if (!is_ready || linear->out.at_line_start)
        linear->is_prompted = false;
    if (!is_ready || linear->is_prompted)
        return;
    print_fresh_line(&linear->out);
    print_text(&linear->out, slice_of(linear->input.is_open ? "... " : "> "));
    print_end(&linear->out);
    linear->is_prompted = true;
}

/* Step 7 of a turn. */
static void write_out(struct linear *linear)
{
    if (!tty_flush(&linear->tty))
        lose_terminal(linear);
    loop_watch(linear->setup.loop, linear->tty.fd,
               LOOP_READ | (tty_is_pending(&linear->tty) ? LOOP_WRITE : 0),
               on_tty, linear);
}

static void on_models(void *context)
{
    struct linear *linear = context;
    struct buf words = { 0 };
    if (!linear->wants_quit &&
        model_text_news(chat_life(linear->chat), &linear->moved, &words))
        narrator_say(&linear->narrator, "%s", buf_string(&words));
    buf_clear(&words);
}

static bool open_chat(struct linear *linear, struct buf *complaints,
                      struct error *err)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGTSTP, 0 };
    struct error mistake = { 0 };
    if (!setup_connect(&linear->setup, signals, on_signal, linear, err))
        return false;
    setup_open_tools(&linear->setup, &mistake);
    if (mistake.kind != ERROR_NONE)
        buf_printf(complaints, "%s\n", mistake.text);
    struct chat_setup setup = setup_chat(&linear->setup, linear->cli);
    setup.is_interactive = true;
    setup.on_event = on_event;
    setup.on_models = on_models;
    setup.context = linear;
    linear->chat = chat_new(&setup);
    linear->narrator = (struct narrator){
        .out = &linear->out,
        .conversation = chat_conversation(linear->chat),
    };
    narrator_configure(&linear->narrator, linear->setup.settings);
    return opening_run(&linear->setup, linear->cli, linear->chat, complaints,
                       err) &&
           schema_file_use(linear->chat, linear->cli->schema, err);
}

static bool open_terminal(struct linear *linear, struct error *err)
{
    print_init_sink(&linear->out, &linear->tty.pending,
                    strcmp(nl_langinfo(CODESET), "UTF-8") != 0);
    return tty_open(&linear->tty, "/dev/tty", err);
}

/* That the disk refuses or hangs, and that it does no more. */
static void tell_keeping(struct linear *linear)
{
    enum journal_state state = chat_keeping(linear->chat);
    struct buf words = { 0 };
    if (state == linear->keeping)
        return;
    linear->keeping = state;
    chat_describe_keeping(linear->chat, true, &words);
    narrator_say(&linear->narrator, "%s",
                 words.len ? buf_string(&words)
                           : "what is said here is saved again");
    buf_clear(&words);
}

static void tell_memory(struct linear *linear)
{
    struct buf words = { 0 };
    if (chat_take_memory_news(linear->chat, &words) && words.len)
        narrator_say(&linear->narrator, "%s", buf_string(&words));
    buf_clear(&words);
}

static void live(struct linear *linear, const char *why, struct buf *complaints)
{
    if (*why)
        narrator_say(&linear->narrator, "lines only: %s", why);
    say(linear, "sennit " VERSION "; /help lists the commands, Ctrl-D leaves");
    if (linear->setup.no_store.kind != ERROR_NONE)
        buf_printf(complaints, "nothing of this is saved: %s\n",
                   linear->setup.no_store.text);
    setting_text_unused(complaints, &linear->setup);
    narrator_say(&linear->narrator, "%s", buf_string(complaints));
    if (linear->cli->picks)
        linear_do(linear, slice_of("/sessions"));
    chat_discover(linear->chat);
    while (!linear->wants_quit) {
        chat_turn(linear->chat);
        tell_context(linear);
        introduce(linear);
        linear_show_models(linear);
        linear_call_turn(linear);
        tell_keeping(linear);
        tell_memory(linear);
        watch_silence(linear);
        prompt(linear);
        write_out(linear);
        loop_turn(linear->setup.loop, -1);
        if (linear->wants_suspend)
            suspend(linear);
    }
}

/* An input that was cut short is kept. */
static void end(struct linear *linear)
{
    struct buf sentence = { 0 }, written = { 0 };
    chat_stop(linear->chat);
    print_fresh_line(&linear->out);
    if (line_input_is_begun(&linear->input)) {
        buf_append_slice(&written, buf_slice(&linear->input.text));
        buf_append_slice(&written, buf_slice(&linear->input.bytes));
        unsent_rescue(buf_slice(&written), "what you were writing", &sentence);
        say(linear, buf_string(&sentence));
    }
    tty_drain(&linear->tty, DRAIN_MS);
    buf_clear(&written);
    buf_clear(&sentence);
}

static void clear(struct linear *linear)
{
    if (linear->tty.fd >= 0 && linear->setup.loop)
        loop_unwatch(linear->setup.loop, linear->tty.fd);
    setup_unload(&linear->setup, linear->chat);
    if (!setup_keep(&linear->setup, linear->chat) && !linear->exit_status)
        linear->exit_status = EXIT_FAILURE;
    chat_free(linear->chat);
    tty_close(&linear->tty);
    print_clear(&linear->out);
    line_input_clear(&linear->input);
    budget_free(linear->budget);
    attachments_clear(&linear->files);
    setup_clear(&linear->setup);
}

int linear_run(const struct cli *cli, const char *why)
{
    struct linear linear = { .cli = cli, .tty = { .fd = -1 } };
    struct error err = { 0 };
    struct buf complaints = { 0 };
    signal(SIGPIPE, SIG_IGN);
    setup_configure_anyway(&linear.setup, cli, &complaints);
    setup_check_state(&complaints);
    bool ok =
        open_chat(&linear, &complaints, &err) && open_terminal(&linear, &err);
    if (ok) {
        live(&linear, why, &complaints);
        end(&linear);
    }
    clear(&linear);
    buf_clear(&complaints);
    if (ok)
        return linear.exit_status;
    print_notice("%s", err.text);
    return error_exit_status(err.kind);
}
