/* SPDX-License-Identifier: MIT */
/*
 * comparing - two siblings in place of the thread, until Escape or a prompt.
 */
#include "app/branch_command.h"
#include "app/screen_state.h"

void comparing_compare(struct screen *screen)
{
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    struct compare_view *view = &screen->seat->compare;
    struct branch_pair pair;
    struct error err = { 0 };
    uint64_t id = thread_view_focused(screen->thread_view);
    bool was_open = view->ids[0] && !screen->argument.len;
    if (comparing_close(screen) && was_open)
        return;
    if (!branch_command_pair(graph, id ? id : graph_head(graph),
                             screen->argument, &pair, &err)) {
        perform_notice(screen, err.text);
        return;
    }
    compare_view_open(view, pair.left_id, pair.right_id);
    view->ascii = screen->ascii;
    perform_notice(
        screen, "only the first has [- -], only the second {+ +}; Esc returns");
}

bool comparing_close(struct screen *screen)
{
    bool was_open = screen->seat->compare.ids[0] != 0;
    compare_view_clear(&screen->seat->compare);
    return was_open;
}
