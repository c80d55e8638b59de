/* SPDX-License-Identifier: MIT */
/*
 * searching - Ctrl-R: an earlier prompt, looked for while one types. The
 * search stands in the place of the editor, whose draft waits untouched.
 */
#include "app/screen_state.h"
#include "base/utf8.h"

void searching_older(struct screen *screen)
{
    while (typing_focus(screen) != FOCUS_EDITOR)
        reading_focus(screen);
    if (screen->search.is_open)
        history_search_older(&screen->search, &screen->history);
    else
        history_search_begin(&screen->search);
}

static void accept(struct screen *screen)
{
    const char *text = history_search_accept(&screen->search, &screen->history);
    if (text)
        editor_set(screen->editor, slice_of(text));
}

void searching_type(struct screen *screen, struct slice text)
{
    history_search_type(&screen->search, &screen->history, text);
}

/* A key that is no action: a character of the query, Ctrl-S and Ctrl-G of
 * readline, or nothing. */
static void type_key(struct screen *screen, const struct key *key)
{
    struct buf text = { 0 };
    if (key->code != KEY_CHARACTER || key->modifiers & KEY_ALT)
        return;
    if (key->modifiers & KEY_CTRL) {
        if (key->character == 's')
            history_search_newer(&screen->search, &screen->history);
        return;
    }
    utf8_append(&text, key->character);
    searching_type(screen, buf_slice(&text));
    buf_clear(&text);
}

bool searching_press(struct screen *screen, enum action action,
                     const struct key *key)
{
    struct history_search *search = &screen->search;
    if (!search->is_open)
        return false;
    switch (action) {
    case ACTION_NONE: type_key(screen, key); return true;
    case ACTION_SEARCH_HISTORY:
    case ACTION_UP: searching_older(screen); return true;
    case ACTION_DOWN:
        history_search_newer(search, &screen->history);
        return true;
    case ACTION_DELETE_LEFT:
        history_search_erase(search, &screen->history);
        return true;
    case ACTION_ESCAPE:
    case ACTION_INTERRUPT:
    case ACTION_EXTERNAL_EDITOR: /* Ctrl-G gives a search up everywhere */
        history_search_cancel(search);
        return true;
    case ACTION_SEND:
    case ACTION_RIGHT:
    case ACTION_FOCUS: accept(screen); return true;
    case ACTION_REPAINT: return false;
    default: accept(screen); return false;
    }
}

struct search_view searching_view(const struct screen *screen)
{
    const struct history_search *search = &screen->search;
    return (struct search_view){
        .query = buf_slice(&search->query),
        .text = slice_of(history_search_text(search, &screen->history)),
        .match_at = search->match_at,
        .match_len = search->match_len,
        .has_failed = search->has_failed,
    };
}
