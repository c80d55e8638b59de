/* SPDX-License-Identifier: MIT */
/*
 * looking - words in all conversations: the panel of where they stand, and going
 * there.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/screen_state.h"

void looking_search(struct screen *screen)
{
    struct slice words = slice_trim(screen->argument);
    struct panel_source source = perform_source(screen);
    struct error err = { 0 };
    bool is_shown = bands_is_shown(&screen->bands, PANEL_SEARCH);
    if (!words.len && is_shown) {
        bands_close(&screen->bands, PANEL_SEARCH);
        return;
    }
    if (words.len && !findings_ask(&screen->findings, words, &err)) {
        perform_notice(screen, err.text);
        return;
    }
    if (!is_shown)
        bands_open(&screen->bands, PANEL_SEARCH, &source);
}

void looking_on_findings(void *context)
{
    struct screen *screen = context;
    screen->has_news = screen->draw_soon = true;
}

/* Once its conversation is shown. */
static void go_there(struct screen *screen)
{
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    uint64_t id = screen->findings.goal_id;
    struct error err = { 0 };
    screen->findings.goal_id = 0;
    if (!chat_go_to(screen->chat, id, &err)) {
        perform_notice(screen, err.text);
        return;
    }
    screen->bands.focused = PANEL_NONE;
    thread_view_focus_node(screen->thread_view, graph, &screen->seat->thread,
                           id);
    screen->draw_now = true;
}

static bool is_there(const struct screen *screen)
{
    const char *session = chat_session(screen->chat);
    return session && !strcmp(session, screen->findings.goal_session.text);
}

/* The key of a row: session and node. */
void looking_choose(struct screen *screen)
{
    struct buf key = { 0 };
    buf_append_slice(&key, screen->argument);
    char *blank = strchr(buf_string(&key), ' ');
    if (!blank) {
        perform_notice(screen, "/search WORDS looks in all conversations");
    } else {
        *blank = '\0';
        snprintf(screen->findings.goal_session.text,
                 sizeof screen->findings.goal_session.text, "%s", key.ptr);
        screen->findings.goal_id = strtoull(blank + 1, NULL, 10);
        if (!is_there(screen))
            perform(screen, ACTION_RESUME, slice_of(key.ptr));
    }
    buf_clear(&key);
}

void looking_update(struct screen *screen)
{
    if (screen->findings.goal_id && is_there(screen))
        go_there(screen);
}
