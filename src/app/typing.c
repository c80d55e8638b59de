/* SPDX-License-Identifier: MIT */
/*
 * typing - what each key does: a table from actions to functions.
 */
#include <limits.h>
#include <string.h>

#include "app/screen_state.h"
#include "base/utf8.h"

enum { QUIT_ARMED_MS = 1500 };

typedef void action_fn(struct screen *screen);

static void notice(struct screen *screen, const char *text)
{
    thread_view_notice(screen->thread_view, text);
}

static void close_pager(struct screen *screen)
{
    pager_close(&screen->pager);
    screen->view = VIEW_NONE;
}

static void open_view(struct screen *screen, enum command_view view)
{
    screen->view = view;
    pager_open(&screen->pager, command_view_title(view), slice_of(""));
}

static bool is_running(const struct screen *screen)
{
    return graph_active_run(chat_conversation(screen->chat)->graph) != 0;
}

/* Put prompts that wait back in front of the draft, in their order. */
static void take_queue_back(struct screen *screen)
{
    struct buf draft = { 0 }, prompt = { 0 };
    buf_append_slice(&draft, editor_text(screen->editor));
    size_t taken = 0;
    while (chat_withdraw(screen->chat, &prompt)) {
        if (draft.len)
            buf_append_string(&prompt, "\n\n");
        buf_splice(&draft, 0, 0, buf_slice(&prompt));
        buf_reset(&prompt);
        taken++;
    }
    if (taken)
        editor_set(screen->editor, buf_slice(&draft));
    buf_clear(&draft);
    buf_clear(&prompt);
}

/* Who stops an answer wants quiet: what waited must not start by itself. */
static bool stop(struct screen *screen)
{
    if (!chat_stop(screen->chat))
        return false;
    take_queue_back(screen);
    return true;
}

static bool queue_prompt(struct screen *screen, struct slice text)
{
    struct error err = { 0 };
    if (chat_prompt(screen->chat, text, NULL, 0, &err))
        return true;
    notice(screen, err.text);
    return false;
}

static void clear_draft(struct screen *screen)
{
    history_add(&screen->history, editor_text(screen->editor));
    editor_set(screen->editor, slice_of(""));
}

static bool run_command(struct screen *screen, struct command_call *call)
{
    struct error err = { 0 };
    call->chat = screen->chat;
    call->settings = screen->setup.settings;
    call->endpoints = &screen->setup.endpoints;
    bool ok = command_run(call, &err);
    notice(screen, ok ? buf_string(&call->notice) : err.text);
    if (call->view != VIEW_NONE)
        open_view(screen, call->view);
    screen->wants_quit = screen->wants_quit || call->wants_quit;
    buf_clear(&call->notice);
    return ok;
}

static void send(struct screen *screen)
{
    struct slice line = editor_text(screen->editor), text;
    struct command_call call = { 0 };
    struct error err = { 0 };
    if (slice_trim(line).len == 0)
        return;
    notice(screen, "");
    switch (command_parse(line, &text, &call, &err)) {
    case LINE_TEXT:
        if (slice_trim(text).len && queue_prompt(screen, text)) {
            close_pager(screen);
            clear_draft(screen);
            thread_view_to_end(screen->thread_view);
        }
        break;
    case LINE_COMMAND:
        if (run_command(screen, &call))
            clear_draft(screen);
        break;
    case LINE_INCOMPLETE:
        editor_insert(screen->editor, slice_of("\n"), &err);
        break;
    case LINE_REFUSED: notice(screen, err.text); break;
    }
}

/* The draft goes first, what waited before it follows. */
static void send_now(struct screen *screen)
{
    ARRAY_OF(struct buf) waiting = { 0 };
    struct buf prompt = { 0 };
    chat_stop(screen->chat);
    while (chat_withdraw(screen->chat, &prompt)) {
        *array_add(&waiting) = prompt;
        prompt = (struct buf){ 0 };
    }
    send(screen);
    while (waiting.count) {
        struct buf *next = &waiting.items[--waiting.count];
        queue_prompt(screen, buf_slice(next));
        buf_clear(next);
    }
    array_clear(&waiting);
    buf_clear(&prompt);
}

static bool is_prompt(struct slice line)
{
    struct slice text;
    struct command_call call = { 0 };
    struct error err = { 0 };
    return command_parse(line, &text, &call, &err) == LINE_TEXT &&
           slice_trim(text).len > 0;
}

/* Only a prompt takes the place of the answer that is coming in. */
static bool replaces(const struct screen *screen)
{
    const char *on_busy =
        settings_text(screen->setup.settings, "reply.on_busy", "queue");
    return !strcmp(on_busy, "replace") &&
           is_prompt(editor_text(screen->editor));
}

static void enter(struct screen *screen)
{
    if (replaces(screen))
        send_now(screen);
    else
        send(screen);
}

/* The other of the two things that Enter may do. */
static void enter_other(struct screen *screen)
{
    if (replaces(screen))
        send(screen);
    else
        send_now(screen);
}

static void insert(struct screen *screen, struct slice text)
{
    struct error err = { 0 };
    if (!editor_insert(screen->editor, text, &err))
        notice(screen, err.text);
}

static void newline(struct screen *screen)
{
    insert(screen, slice_of("\n"));
}

static void edit_queued(struct screen *screen)
{
    struct buf prompt = { 0 };
    if (chat_withdraw(screen->chat, &prompt)) {
        if (!editor_is_empty(screen->editor)) {
            buf_append_string(&prompt, "\n\n");
            buf_append_slice(&prompt, editor_text(screen->editor));
        }
        editor_set(screen->editor, buf_slice(&prompt));
    }
    buf_clear(&prompt);
}

/* A second Ctrl-C no longer quits. */
static void disarm(struct screen *screen)
{
    if (!screen->quit_timer)
        return;
    loop_timer_cancel(screen->setup.loop, screen->quit_timer);
    screen->quit_timer = 0;
    notice(screen, "");
}

static void on_quit_timer(void *context, uint32_t timer_id)
{
    struct screen *screen = context;
    (void)timer_id;
    disarm(screen);
    screen->draw_now = true;
}

static void interrupt(struct screen *screen)
{
    if (screen->pager.is_open) {
        close_pager(screen);
    } else if (is_running(screen)) {
        stop(screen);
    } else if (!editor_is_empty(screen->editor)) {
        clear_draft(screen);
    } else if (screen->quit_timer) {
        screen->wants_quit = true;
    } else {
        notice(screen, "Ctrl-C again quits");
        screen->quit_timer = loop_timer_start(screen->setup.loop, QUIT_ARMED_MS,
                                              on_quit_timer, screen);
    }
}

static void escape(struct screen *screen)
{
    if (screen->pager.is_open)
        close_pager(screen);
    else
        stop(screen);
}

static void delete_or_quit(struct screen *screen)
{
    if (!editor_is_empty(screen->editor))
        editor_delete(screen->editor, EDITOR_RIGHT);
    else if (is_running(screen))
        notice(screen, "an answer is on its way: Esc stops it, then Ctrl-D "
                       "leaves");
    else
        screen->wants_quit = true;
}

static void retry(struct screen *screen)
{
    struct error err = { 0 };
    notice(screen, chat_retry(screen->chat, &err) ? "" : err.text);
}

static void new_conversation(struct screen *screen)
{
    chat_clear(screen->chat);
    notice(screen, "");
}

static void show_models(struct screen *screen)
{
    struct command_call call = { 0 };
    struct slice text;
    struct error err = { 0 };
    if (command_parse(slice_of("/models"), &text, &call, &err) == LINE_COMMAND)
        run_command(screen, &call);
}

static void fold(struct screen *screen)
{
    thread_view_unfold(screen->thread_view,
                       !thread_view_is_unfolded(screen->thread_view));
}

static void help(struct screen *screen)
{
    if (screen->view == VIEW_HELP)
        close_pager(screen);
    else
        open_view(screen, VIEW_HELP);
}

static void repaint(struct screen *screen)
{
    term_invalidate(screen->term);
}

static void suspend(struct screen *screen)
{
    screen->wants_suspend = true;
}

static void page(struct screen *screen, int pages)
{
    if (screen->pager.is_open)
        pager_page(&screen->pager, pages);
    else
        thread_view_page(screen->thread_view, pages);
}

static void page_up(struct screen *screen)
{
    page(screen, -1);
}

static void page_down(struct screen *screen)
{
    page(screen, 1);
}

static void scroll(struct screen *screen, int lines)
{
    if (screen->pager.is_open)
        pager_scroll(&screen->pager, lines);
    else
        thread_view_scroll(screen->thread_view, lines);
}

static void line_up(struct screen *screen)
{
    scroll(screen, -1);
}

static void line_down(struct screen *screen)
{
    scroll(screen, 1);
}

static void to_start(struct screen *screen)
{
    if (screen->pager.is_open)
        pager_scroll(&screen->pager, -INT_MAX);
    else
        thread_view_to_start(screen->thread_view);
}

static void to_end(struct screen *screen)
{
    if (screen->pager.is_open)
        pager_scroll(&screen->pager, INT_MAX);
    else
        thread_view_to_end(screen->thread_view);
}

static void up(struct screen *screen)
{
    if (screen->pager.is_open) {
        pager_scroll(&screen->pager, -1);
    } else if (!editor_move(screen->editor, EDITOR_UP)) {
        const char *text =
            history_earlier(&screen->history, editor_text(screen->editor));
        if (text)
            editor_set(screen->editor, slice_of(text));
    }
}

static void down(struct screen *screen)
{
    if (screen->pager.is_open) {
        pager_scroll(&screen->pager, 1);
    } else if (!editor_move(screen->editor, EDITOR_DOWN)) {
        const char *text = history_later(&screen->history);
        if (text)
            editor_set(screen->editor, slice_of(text));
    }
}

static void yank(struct screen *screen)
{
    editor_yank(screen->editor);
}

static void undo(struct screen *screen)
{
    editor_undo(screen->editor);
}

static void redo(struct screen *screen)
{
    editor_redo(screen->editor);
}

static action_fn *const functions[ACTION_COUNT] = {
    [ACTION_SEND] = enter,
    [ACTION_NEWLINE] = newline,
    [ACTION_SEND_NOW] = enter_other,
    [ACTION_EDIT_QUEUED] = edit_queued,
    [ACTION_INTERRUPT] = interrupt,
    [ACTION_ESCAPE] = escape,
    [ACTION_DELETE_OR_QUIT] = delete_or_quit,
    [ACTION_RETRY] = retry,
    [ACTION_NEW] = new_conversation,
    [ACTION_MODEL] = show_models,
    [ACTION_FOLD] = fold,
    [ACTION_HELP] = help,
    [ACTION_REPAINT] = repaint,
    [ACTION_SUSPEND] = suspend,
    [ACTION_PAGE_UP] = page_up,
    [ACTION_PAGE_DOWN] = page_down,
    [ACTION_LINE_UP] = line_up,
    [ACTION_LINE_DOWN] = line_down,
    [ACTION_TO_START] = to_start,
    [ACTION_TO_END] = to_end,
    [ACTION_UP] = up,
    [ACTION_DOWN] = down,
    [ACTION_YANK] = yank,
    [ACTION_UNDO] = undo,
    [ACTION_REDO] = redo,
};

/* Actions that only move or delete in the editor. */
static const struct {
    enum action action;
    enum editor_motion motion;
    bool deletes;
} motions[] = {
    { ACTION_LEFT, EDITOR_LEFT, false },
    { ACTION_RIGHT, EDITOR_RIGHT, false },
    { ACTION_WORD_LEFT, EDITOR_WORD_LEFT, false },
    { ACTION_WORD_RIGHT, EDITOR_WORD_RIGHT, false },
    { ACTION_LINE_START, EDITOR_LINE_START, false },
    { ACTION_LINE_END, EDITOR_LINE_END, false },
    { ACTION_DELETE_LEFT, EDITOR_LEFT, true },
    { ACTION_DELETE_RIGHT, EDITOR_RIGHT, true },
    { ACTION_DELETE_WORD, EDITOR_WORD_LEFT, true },
    { ACTION_DELETE_WORD_RIGHT, EDITOR_WORD_RIGHT, true },
    { ACTION_DELETE_TO_START, EDITOR_LINE_START, true },
    { ACTION_DELETE_TO_END, EDITOR_LINE_END, true },
};

static void run_motion(struct screen *screen, enum action action)
{
    for (size_t i = 0; i < COUNTOF(motions); i++) {
        if (motions[i].action != action)
            continue;
        if (motions[i].deletes)
            editor_delete(screen->editor, motions[i].motion);
        else
            editor_move(screen->editor, motions[i].motion);
    }
}

static void type_character(struct screen *screen, const struct key *key)
{
    struct buf text = { 0 };
    if (key->code != KEY_CHARACTER || key->modifiers & (KEY_CTRL | KEY_ALT))
        return;
    utf8_append(&text, key->character);
    insert(screen, buf_slice(&text));
    buf_clear(&text);
}

static void do_action(struct screen *screen, enum action action)
{
    if (functions[action] && action != ACTION_NEWLINE && screen->has_pasted)
        notice(screen, "that key came together with a paste and was ignored; "
                       "press it again");
    else if (functions[action])
        functions[action](screen);
    else
        run_motion(screen, action);
}

void typing_on_key(void *context, const struct key *key)
{
    struct screen *screen = context;
    bool pending = false;
    screen->draw_now = true;
    switch (key->code) {
    case KEY_PASTE:
        screen->has_pasted = true;
        disarm(screen);
        insert(screen, key->text);
        if (key->was_cut)
            notice(screen, "the paste had no end mark, or was too large; check "
                           "what came");
        return;
    case KEY_REPLY: term_on_reply(screen->term, key->text); return;
    case KEY_FOCUS_IN:
    case KEY_FOCUS_OUT: return;
    default: break;
    }
    enum action action = action_of_key(&screen->action_keys, key, &pending);
    if (action != ACTION_INTERRUPT)
        disarm(screen);
    if (action)
        do_action(screen, action);
    else if (!pending)
        type_character(screen, key);
}
