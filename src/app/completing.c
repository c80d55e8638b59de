/* SPDX-License-Identifier: MIT */
/*
 * completing - the commands that complete what is typed after a slash, and the
 * paths after an @: a panel without the keys, which goes on reading the draft.
 */
#include "app/mention.h"
#include "app/screen_state.h"

static struct list *rows_of(struct screen *screen)
{
    return &screen->bands.items[PANEL_COMMANDS].list;
}

bool completing_is_shown(const struct screen *screen)
{
    return bands_is_shown(&screen->bands, PANEL_COMMANDS) &&
           screen->bands.items[PANEL_COMMANDS].list.shown.count > 0;
}

/* A command, or a path that is mentioned. */
static bool can_complete(const struct screen *screen)
{
    struct slice draft = editor_text(screen->editor);
    struct mention mention;
    return slice_starts(draft, "/") ||
           mention_at(draft, editor_caret(screen->editor), &mention);
}

/* After every key: the draft may begin or stop to be a command. */
void completing_update(struct screen *screen)
{
    struct panel_source source = perform_source(screen);
    bool is_possible = can_complete(screen);
    if (!is_possible)
        screen->is_not_completing = screen->has_chosen = false;
    if (!is_possible || screen->is_not_completing) {
        bands_close(&screen->bands, PANEL_COMMANDS);
        return;
    }
    if (!bands_is_shown(&screen->bands, PANEL_COMMANDS))
        screen->bands.items[PANEL_COMMANDS].opened = ++screen->bands.openings;
    screen->bands.items[PANEL_COMMANDS].is_open = true;
    if (!screen->has_chosen)
        rows_of(screen)->has_moved = false;
    panel_fill(PANEL_COMMANDS, &source, rows_of(screen));
    if (rows_of(screen)->shown.count == 0)
        bands_close(&screen->bands, PANEL_COMMANDS);
}

bool completing_move(struct screen *screen, int steps)
{
    if (!completing_is_shown(screen))
        return false;
    /* The first row is chosen by itself; the first Down takes it, and shows
     * it. */
    if (screen->has_chosen || steps < 0)
        list_move(rows_of(screen), steps);
    rows_of(screen)->has_moved = true;
    screen->has_chosen = true;
    return true;
}

static void complete_command(struct screen *screen, struct buf *line)
{
    struct slice word = slice_skip(buf_slice(line), 1);
    if (*action_arguments(action_of_command(word)))
        buf_append_char(line, ' ');
    if (line->len)
        editor_set(screen->editor, buf_slice(line));
}

static void complete_path(struct screen *screen, struct slice path)
{
    struct error err = { 0 };
    struct mention mention;
    if (mention_at(editor_text(screen->editor), editor_caret(screen->editor),
                   &mention) &&
        path.len && !editor_complete(screen->editor, mention.start, path, &err))
        perform_notice(screen, err.text);
}

/* The chosen row becomes the draft, or the path in it. */
void completing_accept(struct screen *screen)
{
    struct buf line = { 0 };
    buf_append_string(&line, list_chosen(rows_of(screen)));
    if (slice_starts(editor_text(screen->editor), "/"))
        complete_command(screen, &line);
    else
        complete_path(screen, buf_slice(&line));
    screen->has_chosen = false;
    buf_clear(&line);
}

void completing_dismiss(struct screen *screen)
{
    screen->is_not_completing = true;
    screen->has_chosen = false;
    bands_close(&screen->bands, PANEL_COMMANDS);
}
