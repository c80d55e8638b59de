/* SPDX-License-Identifier: MIT */
/*
 * reading - what moves in the thread, and in the panel that has the keys.
 */
#include <limits.h>

#include "app/screen_state.h"

static struct list *focused_list(struct screen *screen)
{
    enum panel_id id = screen->bands.focused;
    return id ? &screen->bands.items[id].list : NULL;
}

void reading_focus(struct screen *screen)
{
    if (completing_is_shown(screen))
        completing_accept(screen);
    else if (screen->bands.focused)
        screen->bands.focused = PANEL_NONE;
}

void reading_fold(struct screen *screen)
{
    thread_view_unfold(screen->thread_view,
                       !thread_view_is_unfolded(screen->thread_view));
}

static void page(struct screen *screen, int pages)
{
    struct list *list = focused_list(screen);
    if (list)
        list_page(list, pages);
    else
        thread_view_page(screen->thread_view, pages);
}

void reading_page_up(struct screen *screen)
{
    page(screen, -1);
}

void reading_page_down(struct screen *screen)
{
    page(screen, 1);
}

static void scroll(struct screen *screen, int lines)
{
    struct list *list = focused_list(screen);
    if (list)
        list_move(list, lines);
    else
        thread_view_scroll(screen->thread_view, lines);
}

void reading_line_up(struct screen *screen)
{
    scroll(screen, -1);
}

void reading_line_down(struct screen *screen)
{
    scroll(screen, 1);
}

void reading_to_start(struct screen *screen)
{
    if (screen->bands.focused)
        scroll(screen, -INT_MAX);
    else
        thread_view_to_start(screen->thread_view);
}

void reading_to_end(struct screen *screen)
{
    if (screen->bands.focused)
        scroll(screen, INT_MAX);
    else
        thread_view_to_end(screen->thread_view);
}
