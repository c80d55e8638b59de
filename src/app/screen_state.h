/* SPDX-License-Identifier: MIT */
/*
 * screen_state - what the parts of the screen share: private to app/screen.c,
 * app/typing.c and app/picture.c.
 */
#ifndef APP_SCREEN_STATE_H
#define APP_SCREEN_STATE_H

#include "app/action.h"
#include "app/command.h"
#include "app/history.h"
#include "app/setup.h"
#include "chat/chat.h"
#include "graph/budget.h"
#include "ui/editor.h"
#include "ui/keys.h"
#include "ui/pager.h"
#include "ui/term.h"
#include "ui/thread_view.h"

struct screen {
    const struct cli *cli;
    struct setup setup;
    struct chat *chat;
    struct term *term;
    struct keys *keys;
    struct action_keys action_keys;
    struct history history;
    /* What is drawn. */
    struct canvas canvas;
    struct editor *editor;
    struct thread thread;
    struct thread_view *thread_view;
    struct budget *budget;
    uint32_t generation; /* of the conversation that the views have seen */
    struct pager pager;
    enum command_view view; /* what the pager shows */
    /* When it is drawn: a key asks for this turn, text for the next frame. */
    bool draw_now, draw_soon;
    int64_t drawn_at; /* monotonic ms */
    int64_t frame_ms;
    uint32_t frame_timer, tick_timer, escape_timer;
    uint32_t quit_timer; /* not 0: Ctrl-C quits */
    /* A paste ended in the bytes that are being read: what follows it there
     * was not typed (it may be the paste itself, that feigned its end), and
     * sends or ends nothing. */
    bool has_pasted;
    bool wants_quit, wants_suspend, wants_resume;
    int exit_status;
};

/* app/typing.c: what a key does. */
void typing_on_key(void *context, const struct key *key);

/* app/picture.c: the whole screen on screen->canvas. Pure but for the views'
 * caches. */
void picture_draw(struct screen *screen);

#endif
