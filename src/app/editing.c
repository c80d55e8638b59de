/* SPDX-License-Identifier: MIT */
/*
 * editing - what changes the draft, and what moves in it.
 *
 * Where a panel has the keys, the keys that move and erase are for its rows
 * and its filter.
 */
#include "app/screen_state.h"

static struct list *focused_list(struct screen *screen)
{
    return &screen->bands.items[screen->bands.focused].list;
}

void editing_insert(struct screen *screen, struct slice text)
{
    struct error err = { 0 };
    if (!editor_insert(screen->editor, text, &err))
        perform_notice(screen, err.text);
}

void editing_paste(struct screen *screen, struct slice text)
{
    struct error err = { 0 };
    if (!editor_paste(screen->editor, text, &err))
        perform_notice(screen, err.text);
}

void editing_newline(struct screen *screen)
{
    editing_insert(screen, slice_of("\n"));
}

static void up_in_editor(struct screen *screen)
{
    const char *text;
    if (editor_move(screen->editor, EDITOR_UP))
        return;
    text = history_earlier(&screen->history, editor_text(screen->editor));
    if (text)
        editor_set(screen->editor, slice_of(text));
}

static void down_in_editor(struct screen *screen)
{
    const char *text;
    if (editor_move(screen->editor, EDITOR_DOWN))
        return;
    text = history_later(&screen->history);
    if (text)
        editor_set(screen->editor, slice_of(text));
}

void editing_up(struct screen *screen)
{
    if (typing_focus(screen) == FOCUS_PANEL)
        list_move(focused_list(screen), -1);
    else if (typing_focus(screen) == FOCUS_THREAD)
        reading_previous(screen);
    else if (!completing_move(screen, -1))
        up_in_editor(screen);
}

void editing_down(struct screen *screen)
{
    if (typing_focus(screen) == FOCUS_PANEL)
        list_move(focused_list(screen), 1);
    else if (typing_focus(screen) == FOCUS_THREAD)
        reading_next(screen);
    else if (!completing_move(screen, 1))
        down_in_editor(screen);
}

void editing_erase(struct screen *screen)
{
    if (approving_takes_text(screen))
        approving_erase(screen, false);
    else if (typing_focus(screen) == FOCUS_PANEL)
        list_filter_erase(focused_list(screen));
    else if (typing_focus(screen) == FOCUS_EDITOR)
        editor_delete(screen->editor, EDITOR_LEFT);
}

void editing_erase_line(struct screen *screen)
{
    if (approving_takes_text(screen))
        approving_erase(screen, true);
    else if (typing_focus(screen) == FOCUS_PANEL)
        list_filter_set(focused_list(screen), slice_of(""));
    else if (typing_focus(screen) == FOCUS_EDITOR)
        editor_delete(screen->editor, EDITOR_LINE_START);
}

void editing_yank(struct screen *screen)
{
    editor_yank(screen->editor);
}

void editing_yank_older(struct screen *screen)
{
    editor_yank_older(screen->editor);
}

void editing_transpose(struct screen *screen)
{
    editor_transpose(screen->editor);
}

void editing_delete_line(struct screen *screen)
{
    editor_delete_line(screen->editor);
}

void editing_expand(struct screen *screen)
{
    if (!editor_expand(screen->editor))
        perform_notice(screen, "there is no folded paste in the prompt");
}

void editing_undo(struct screen *screen)
{
    editor_undo(screen->editor);
}

void editing_redo(struct screen *screen)
{
    editor_redo(screen->editor);
}

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
    { ACTION_DELETE_RIGHT, EDITOR_RIGHT, true },
    { ACTION_DELETE_WORD, EDITOR_WORD_LEFT, true },
    { ACTION_DELETE_TO_BLANK, EDITOR_BLANK_LEFT, true },
    { ACTION_DELETE_WORD_RIGHT, EDITOR_WORD_RIGHT, true },
    { ACTION_DELETE_TO_END, EDITOR_LINE_END, true },
};

bool editing_move(struct screen *screen, enum action action)
{
    for (size_t i = 0; i < COUNTOF(motions); i++) {
        if (motions[i].action != action)
            continue;
        if (motions[i].deletes)
            editor_delete(screen->editor, motions[i].motion);
        else
            editor_move(screen->editor, motions[i].motion);
        return true;
    }
    return false;
}

bool editing_is_motion(enum action action)
{
    for (size_t i = 0; i < COUNTOF(motions); i++) {
        if (motions[i].action == action)
            return true;
    }
    return false;
}
