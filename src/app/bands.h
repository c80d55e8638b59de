/* SPDX-License-Identifier: MIT */
/*
 * bands - which panels are open, how high, and which of them has the keys.
 *
 * A panel is shown as a band across the full width, between the thread and the
 * editor, so that the terminal can scroll what is above. Where there is no room
 * for all, the one that was opened last stays. A height that the user chose is
 * kept while a band is closed.
 */
#ifndef APP_BANDS_H
#define APP_BANDS_H

#include "app/panel.h"

struct band {
    struct list list;
    struct list preview; /* of the chosen row */
    struct sheet sheet;  /* what is read before one chooses */
    bool is_open;
    bool opens_when_busy; /* open while something goes on in it */
    bool is_busy;         /* as of the last bands_update() */
    int height;           /* rows below the rule; 0: the panel's own */
    uint64_t opened;      /* the higher, the later */
    int drawn;            /* rows it gets in this frame, the rule included */
};

/* All-zero is all closed. */
struct bands {
    struct band items[PANEL_COUNT];
    enum panel_id focused; /* PANEL_NONE: none has the keys */
    uint64_t openings;
};

/* As the settings say. */
void bands_init(struct bands *bands, const struct settings *settings);
void bands_clear(struct bands *bands);

/* As the settings say now, of the panel with this setting. */
void bands_configure(struct bands *bands, const struct settings *settings,
                     struct slice key);

/* Open, and give it the keys if it has rows to choose from or was filled with
 * none yet; close. */
void bands_open(struct bands *bands, enum panel_id id,
                const struct panel_source *source);
void bands_close(struct bands *bands, enum panel_id id);

/* A key of a panel: opens it, gives it the keys, or closes it. */
void bands_toggle(struct bands *bands, enum panel_id id,
                  const struct panel_source *source);

bool bands_is_shown(const struct bands *bands, enum panel_id id);

/* Escape: the filter, then the panel itself, gives way. False: nothing had to.
 */
bool bands_escape(struct bands *bands);

/* Change the height of the focused band, else of the last opened one, by so
 * many rows. False: no band is shown. */
bool bands_resize(struct bands *bands, int rows);

/* The height that the user chose in an earlier run; one that no band can have is
 * ignored. */
void bands_set_height(struct bands *bands, enum panel_id id, int64_t rows);

/* Fill what is shown unless nothing is new, and divide `room` rows (of a screen of so many) between
 * thread and bands. Returns the rows that the bands take. */
int bands_update(struct bands *bands, const struct panel_source *source,
                 int room, int screen_height);

/* Draw them into rect, which has that height. */
void bands_draw(struct bands *bands, const struct panel_source *source,
                struct canvas *canvas, struct rect rect);

#endif
