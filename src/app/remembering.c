/* SPDX-License-Identifier: MIT */
/*
 * remembering - what the screen knows from earlier runs, and keeps for the next
 * ones: prompts, and how high the panels are.
 */
#include <string.h>

#include "app/screen_state.h"

static const char height_area[] = "panel height";

static void take_prompt(void *context, struct slice text)
{
    history_add(context, text);
}

/* What was typed before they were read is newer. */
static void take_history(struct screen *screen)
{
    struct history earlier = { 0 };
    state_take_prompts(screen->setup.state, take_prompt, &earlier);
    ptrdiff_t moved = history_put_before(&screen->history, &earlier);
    history_search_shift(&screen->search, moved);
}

static void take_heights(struct screen *screen)
{
    for (int i = PANEL_NONE + 1; i < PANEL_COUNT; i++) {
        const struct state_note *note = state_note(
            screen->setup.state, height_area, panel_at((enum panel_id)i)->name);
        if (note)
            bands_set_height(&screen->bands, (enum panel_id)i, note->number);
    }
}

/* Unless it was said at the start that nothing at all can be kept there. */
static void tell(struct screen *screen)
{
    struct buf words = { 0 }, complaints = { 0 };
    state_describe(screen->setup.state, &words);
    if (words.len)
        setup_check_state(&complaints);
    if (words.len && !complaints.len)
        perform_add_notice(screen, buf_string(&words));
    buf_clear(&words);
    buf_clear(&complaints);
}

/* Once it is read; again when it turns out that nothing is kept. */
static void on_state(void *context)
{
    struct screen *screen = context;
    take_history(screen);
    take_heights(screen);
    tell(screen);
    screen->draw_now = screen->has_news = true;
}

void remembering_begin(struct screen *screen)
{
    state_on_read(screen->setup.state, on_state, screen);
}

/* A blank in front is the shells' way (HISTCONTROL=ignorespace) to say that a
 * line is not for the history file. */
void remembering_prompt(struct screen *screen, struct slice text)
{
    bool is_private =
        text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t') &&
        settings_flag(screen->setup.settings, "history.skip_blank", true);
    history_add(&screen->history, text);
    if (!is_private && slice_trim(text).len)
        state_add_prompt(screen->setup.state, text);
}

void remembering_heights(struct screen *screen)
{
    struct state *state = screen->setup.state;
    for (int i = PANEL_NONE + 1; i < PANEL_COUNT; i++) {
        const char *name = panel_at((enum panel_id)i)->name;
        int height = screen->bands.items[i].height;
        const struct state_note *note = state_note(state, height_area, name);
        if (height && (!note || note->number != height))
            state_set_note(state, height_area, name, height, "");
    }
}
