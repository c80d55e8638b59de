/* SPDX-License-Identifier: MIT */
/*
 * tuning - what a setting does to a screen that is up: at the start, and when
 * /set changes it. Others are read where they are used.
 */
#include <string.h>

#include "app/screen_state.h"

enum { FRAMES_DEFAULT = 10 };

static void tune_frames(struct screen *screen)
{
    double frames =
        settings_number(screen->setup.settings, "looks.frames", FRAMES_DEFAULT);
    screen->frame_ms = (int64_t)(1000 / (frames < 1 ? 1 : frames));
}

void tuning_thinking(struct screen *screen)
{
    const char *word =
        settings_text(screen->setup.settings, "looks.thinking", "folded");
    thread_view_unfold(screen->thread_view, !strcmp(word, "open"));
}

static void tune_keys(struct screen *screen, struct buf *complaints)
{
    keymap_clear(&screen->keymap);
    keymap_init(&screen->keymap);
    keymap_configure(&screen->keymap, screen->setup.settings, complaints);
}

void tuning_begin(struct screen *screen, struct buf *complaints)
{
    tune_frames(screen);
    tune_keys(screen, complaints);
    theming_configure(screen, complaints);
    bands_init(&screen->bands, screen->setup.settings);
}

void tuning_change(struct screen *screen, struct slice key,
                   struct buf *complaints)
{
    if (slice_is(key, "looks.frames"))
        tune_frames(screen);
    else if (slice_is(key, "looks.thinking"))
        tuning_thinking(screen);
    else if (slice_is(key, "looks.theme"))
        theming_configure(screen, complaints);
    else if (slice_starts(key, "keys."))
        tune_keys(screen, complaints);
    else if (slice_starts(key, "looks.panels."))
        bands_configure(&screen->bands, screen->setup.settings, key);
}
