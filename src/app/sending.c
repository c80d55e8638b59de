/* SPDX-License-Identifier: MIT */
/*
 * sending - what becomes of a line that was typed, and what stops an answer.
 */
#include <string.h>

#include "app/asking.h"
#include "app/attaching.h"
#include "app/comparing.h"
#include "app/screen_state.h"
#include "app/waiting.h"
#include "graph/redaction.h"

static bool is_running(const struct screen *screen)
{
    return graph_active_run(chat_conversation(screen->chat)->graph) != 0;
}

/* Put prompts that wait back in front of the draft, in their order. */
void sending_take_queue_back(struct screen *screen)
{
    struct waiting waiting = { 0 };
    struct buf draft = { 0 };
    waiting_take(&waiting, screen->chat);
    waiting_append(&waiting, &draft);
    waiting_move_files(&waiting, &screen->seat->files);
    if (waiting.prompts.count && !editor_is_empty(screen->editor))
        buf_append_string(&draft, "\n\n");
    buf_append_slice(&draft, editor_text(screen->editor));
    if (waiting.prompts.count)
        editor_set(screen->editor, buf_slice(&draft));
    buf_clear(&draft);
    waiting_clear(&waiting);
}

/* Who stops an answer wants quiet: what waited must not start by itself. */
static bool stop(struct screen *screen)
{
    bool was_loading =
        !is_running(screen) && model_life_is_moving(chat_life(screen->chat));
    bool has_stayed = chat_is_counting_down(screen->chat);
    if (!chat_stop(screen->chat))
        return false;
    if (has_stayed)
        perform_notice(screen, chat_last_error(screen->chat)->text);
    if (was_loading)
        perform_notice(screen, "stopped; the server may go on by itself");
    sending_take_queue_back(screen);
    return true;
}

/* What goes along is whole and taken, or the prompt stays. */
static bool take_files(struct screen *screen, struct slice text,
                       struct attachments *mentioned, struct error *err)
{
    struct mentions mentions = { text, screen->editor };
    return attaching_read(mentioned, &screen->seat->files, &mentions, err) &&
           chat_takes_files(screen->chat, &screen->seat->files, err) &&
           chat_takes_files(screen->chat, mentioned, err);
}

static bool queue_prompt(struct screen *screen, struct slice text)
{
    struct error err = { 0 };
    struct attachments mentioned = { 0 };
    bool ok = take_files(screen, text, &mentioned, &err);
    if (ok)
        attachments_move(&screen->seat->files, &mentioned);
    if (ok && screen->seat->amending.node_id)
        ok = chat_edit(screen->chat, screen->seat->amending.node_id, text,
                       &screen->seat->files, &err);
    else
        ok = ok && chat_prompt(screen->chat, text, &screen->seat->files, &err);
    if (ok)
        drafting_sent(screen->seat);
    else
        perform_notice(screen, err.text);
    attachments_clear(&mentioned);
    return ok;
}

static bool has_something(const struct screen *screen, struct slice text)
{
    return slice_trim(text).len > 0 || screen->seat->files.list.count > 0;
}

static void clear_editor(struct screen *screen, struct seat *seat)
{
    remembering_prompt(screen, editor_text(seat->editor));
    drafting_done(seat);
    editor_set(seat->editor, slice_of(""));
}

static void clear_draft(struct screen *screen)
{
    clear_editor(screen, screen->seat);
}

/* What was redacted was typed as well: here, and before. */
static void forget(struct screen *screen, struct slice text)
{
    editor_set(screen->editor, slice_of(""));
    drafting_done(screen->seat);
    history_search_clear(&screen->search);
    history_forget(&screen->history, text);
    for (size_t i = 0; i < screen->seats.list.count; i++) {
        struct editor *editor = screen->seats.list.items[i]->editor;
        struct buf draft = { 0 };
        if (redaction_append(&draft, editor_text(editor), text))
            editor_set(editor, buf_slice(&draft));
        editor_forget(editor);
        buf_clear(&draft);
    }
}

/* The line is the draft: it goes when it was done, also where another
 * conversation is shown then. */
static void run_typed(struct screen *screen, const struct command_call *call)
{
    struct buf argument = { 0 };
    struct seat *seat = screen->seat;
    buf_append_slice(&argument, call->argument);
    /* Not the key of a panel, which would close it. */
    enum panel_id id = panel_of_action(call->action);
    if (id)
        bands_close(&screen->bands, id);
    bool ok = perform(screen, call->action, buf_slice(&argument));
    if (ok && call->action == ACTION_REDACT && argument.len)
        forget(screen, buf_slice(&argument));
    else if (ok)
        clear_editor(screen, seat);
    buf_clear(&argument);
}

static void send(struct screen *screen)
{
    struct slice line = editor_text(screen->editor), text;
    struct command_call call = { 0 };
    struct error err = { 0 };
    if (seating_is_about_to(screen)) {
        perform_notice(screen, "not sent: another conversation is about to be "
                               "shown; press Enter again there, or here");
        return;
    }
    if (amending_take_other(screen))
        return;
    if (!has_something(screen, line)) {
        pulling_accept(screen);
        return;
    }
    perform_notice(screen, "");
    switch (command_parse(line, &text, &call, &err)) {
    case LINE_TEXT:
        if (has_something(screen, text) && queue_prompt(screen, text)) {
            clear_draft(screen);
            amending_end(screen);
            comparing_close(screen);
            thread_view_to_end(screen->thread_view);
        }
        break;
    case LINE_COMMAND: run_typed(screen, &call); break;
    case LINE_INCOMPLETE:
        editor_insert(screen->editor, slice_of("\n"), &err);
        break;
    case LINE_REFUSED: perform_notice(screen, err.text); break;
    }
}

/* The draft goes first, what waited before it follows. */
static void send_now(struct screen *screen)
{
    struct waiting waiting = { 0 };
    chat_stop(screen->chat);
    waiting_take(&waiting, screen->chat);
    send(screen);
    waiting_queue(&waiting, screen->chat);
}

static bool is_prompt(const struct screen *screen)
{
    struct slice line = editor_text(screen->editor);
    struct slice text;
    struct command_call call = { 0 };
    struct error err = { 0 };
    return command_parse(line, &text, &call, &err) == LINE_TEXT &&
           has_something(screen, text);
}

/* Only a prompt takes the place of the answer that is coming in. */
static bool replaces(const struct screen *screen)
{
    const char *on_busy =
        settings_text(screen->setup.settings, "reply.on_busy", "queue");
    return !strcmp(on_busy, "replace") && is_prompt(screen);
}

void sending_send(struct screen *screen)
{
    if (editor_is_empty(screen->editor) && chat_countdown_now(screen->chat))
        return;
    if (completing_is_shown(screen) && screen->has_chosen) {
        completing_accept(screen);
        completing_update(screen);
        struct slice draft = editor_text(screen->editor);
        if (!slice_starts(draft, "/") || draft.ptr[draft.len - 1] == ' ' ||
            draft.ptr[draft.len - 1] == '/')
            return;
    }
    if (replaces(screen))
        send_now(screen);
    else
        send(screen);
}

/* The other of the two things that Enter may do. */
void sending_send_now(struct screen *screen)
{
    if (replaces(screen))
        send(screen);
    else
        send_now(screen);
}

void sending_edit_queued(struct screen *screen)
{
    struct buf prompt = { 0 };
    if (chat_withdraw(screen->chat, &prompt, &screen->seat->files)) {
        if (!editor_is_empty(screen->editor)) {
            buf_append_string(&prompt, "\n\n");
            buf_append_slice(&prompt, editor_text(screen->editor));
        }
        editor_set(screen->editor, buf_slice(&prompt));
    }
    buf_clear(&prompt);
}

/* A second Ctrl-C no longer quits. */
void sending_disarm(struct screen *screen)
{
    if (!screen->quit_timer)
        return;
    loop_timer_cancel(screen->setup.loop, screen->quit_timer);
    screen->quit_timer = 0;
    perform_notice(screen, "");
}

static void on_quit_timer(void *context, uint32_t timer_id)
{
    struct screen *screen = context;
    (void)timer_id;
    sending_disarm(screen);
    screen->draw_now = true;
}

/* What stands over the thread gives way first. */
static bool close_something(struct screen *screen)
{
    if (completing_is_shown(screen)) {
        completing_dismiss(screen);
        return true;
    }
    if (screen->bands.focused == PANEL_CALL)
        return approving_dismiss(screen);
    return (!asking_has_keys(screen) && bands_escape(&screen->bands)) ||
           comparing_close(screen) || asking_dismiss(screen) ||
           approving_dismiss(screen);
}

/* Who reads in the thread goes back to his draft. */
static bool leave_thread(struct screen *screen)
{
    if (typing_focus(screen) != FOCUS_THREAD)
        return false;
    reading_focus(screen);
    return true;
}

void sending_interrupt(struct screen *screen)
{
    if (close_something(screen) || amending_give_up(screen) || stop(screen) ||
        leave_thread(screen) || pulling_stop(screen))
        return;
    if (!editor_is_empty(screen->editor)) {
        clear_draft(screen);
    } else if (screen->quit_timer) {
        screen->wants_quit = true;
    } else {
        perform_notice(screen, "Ctrl-C again quits");
        screen->quit_timer = loop_timer_start(
            screen->setup.loop, ACTION_QUIT_ARMED_MS, on_quit_timer, screen);
    }
}

/* A second Escape on an empty draft goes back to an earlier prompt. */
static void escape_twice(struct screen *screen)
{
    struct panel_source source = perform_source(screen);
    bool is_second = screen->has_escaped;
    screen->has_escaped = false;
    if (!editor_is_empty(screen->editor) ||
        graph_node_count(chat_conversation(screen->chat)->graph) == 0)
        return;
    if (is_second) {
        bands_open(&screen->bands, PANEL_GO_BACK, &source);
    } else {
        screen->has_escaped = true;
        perform_notice(screen, "Escape again goes back to an earlier prompt");
    }
}

void sending_escape(struct screen *screen)
{
    if (!close_something(screen) && !amending_give_up(screen) &&
        !stop(screen) && !leave_thread(screen) && !pulling_stop(screen))
        escape_twice(screen);
    else
        screen->has_escaped = false;
}

void sending_delete_or_quit(struct screen *screen)
{
    if (!editor_is_empty(screen->editor))
        editor_delete(screen->editor, EDITOR_RIGHT);
    else if (is_running(screen))
        perform_notice(screen, "an answer is on its way: Esc stops it, then "
                               "Ctrl-D leaves");
    else if (seats_is_busy_elsewhere(screen))
        perform_notice(screen, "an answer is on its way in another "
                               "conversation: Ctrl-X o goes there, /quit "
                               "stops it and leaves");
    else if (seats_has_refused(screen))
        perform_notice(screen, "not all of this is saved: /export saves it "
                               "elsewhere, /quit leaves");
    else
        screen->wants_quit = true;
}
