/* SPDX-License-Identifier: MIT */
/*
 * typing - from keys to actions: where the keys go, and what is no action.
 */
#include "app/asking.h"
#include "app/screen_state.h"
#include "base/utf8.h"

enum focus typing_focus(const struct screen *screen)
{
    if (screen->bands.focused)
        return FOCUS_PANEL;
    if (thread_view_focused(screen->thread_view))
        return FOCUS_THREAD;
    return FOCUS_EDITOR;
}

static const char thread_keys[] =
    "in the thread: j k move, [ ] other answers, = compares two, y copies, 1-9 "
    "a code block, o folds, t shows its calls, r R ask again, c goes on, e edits, "
    "n names, x prunes; Tab returns to the prompt";

/* What is typed while a question comes up is meant for the prompt, and so is
 * the Enter that follows it. */
static void type_draft(struct screen *screen, struct slice text)
{
    screen->bands.focused = PANEL_NONE;
    editing_insert(screen, text);
}

static void type_character(struct screen *screen, const struct key *key)
{
    struct buf text = { 0 };
    if (key->code != KEY_CHARACTER || key->modifiers & (KEY_CTRL | KEY_ALT))
        return;
    utf8_append(&text, key->character);
    if (connecting_takes_text(screen))
        connecting_type(screen, buf_slice(&text));
    else if (approving_takes_text(screen))
        approving_type(screen, buf_slice(&text));
    else if (typing_focus(screen) == FOCUS_THREAD)
        perform_notice(screen, thread_keys);
    else if (typing_focus(screen) == FOCUS_PANEL && !asking_has_keys(screen) &&
             screen->bands.focused != PANEL_CALL)
        list_filter_type(&screen->bands.items[screen->bands.focused].list,
                         buf_slice(&text));
    else
        type_draft(screen, buf_slice(&text));
    buf_clear(&text);
}

static void say_unknown_pair(struct screen *screen, const struct key *first,
                             const struct key *second)
{
    struct buf words = { 0 };
    key_format(&words, first);
    buf_append_char(&words, ' ');
    key_format(&words, second);
    buf_append_string(&words, " does nothing; F1 lists the keys");
    perform_notice(screen, buf_string(&words));
    buf_clear(&words);
}

static void on_paste(struct screen *screen, const struct key *key)
{
    screen->has_pasted = true;
    sending_disarm(screen);
    if (connecting_takes_text(screen)) {
        connecting_type(screen, slice_trim(key->text));
        return;
    }
    if (screen->connecting.step && typing_focus(screen) == FOCUS_PANEL) {
        list_filter_type(&screen->bands.items[screen->bands.focused].list,
                         slice_trim(key->text));
        return;
    }
    if (approving_takes_text(screen)) {
        approving_type(screen, slice_trim(key->text));
        return;
    }
    reading_leave(screen);
    if (screen->search.is_open)
        searching_type(screen, key->text);
    else
        editing_paste(screen, key->text);
    if (key->was_cut)
        perform_notice(screen, "the paste had no end mark, or was too large; "
                               "check what came");
}

static void on_pressed(struct screen *screen, const struct key *key)
{
    bool pending = false, was_pending = screen->keymap.has_first;
    struct key first = screen->keymap.first;
    enum action action =
        keymap_press(&screen->keymap, key, typing_focus(screen), &pending);
    if (action != ACTION_INTERRUPT)
        sending_disarm(screen);
    screen->has_escaped &= action == ACTION_ESCAPE;
    screen->key = *key;
    if (action &&
        (asking_is_early(screen, action) || approving_is_early(screen, action)))
        return;
    if (!pending && searching_press(screen, action, key))
        return;
    if (action && !editing_is_motion(action))
        perform_notice(screen, "");
    if (action && action != ACTION_NEWLINE && screen->has_pasted &&
        !editing_is_motion(action))
        perform_notice(screen, "that key came together with a paste and was "
                               "ignored; press it again");
    else if (action && connecting_press(screen, action))
        return;
    else if (action)
        perform(screen, action, slice_of(""));
    else if (was_pending)
        say_unknown_pair(screen, &first, key);
    else if (!pending)
        type_character(screen, key);
}

void typing_on_key(void *context, const struct key *key)
{
    struct screen *screen = context;
    screen->draw_now = true;
    /* Typed together with what gave the terminal away: meant for who has it. */
    if (screen->away != AWAY_NOT && key->code != KEY_REPLY) {
        if (screen->away == AWAY_IN_DUMP && key->code == KEY_ENTER)
            leaving_return(screen);
        return;
    }
    switch (key->code) {
    case KEY_REPLY: term_on_reply(screen->term, key->text); return;
    case KEY_FOCUS_IN:
    case KEY_FOCUS_OUT:
        screen->is_unfocused = key->code == KEY_FOCUS_OUT;
        return;
    case KEY_PASTE: on_paste(screen, key); break;
    default: on_pressed(screen, key); break;
    }
    completing_update(screen);
    connecting_update(screen);
    seating_update(screen);
}
