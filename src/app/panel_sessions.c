/* SPDX-License-Identifier: MIT */
/*
 * panel_sessions - the conversations that there are: so far the one that is
 * open.
 */
#include "app/panel.h"
#include "app/summary.h"

void panel_fill_sessions(const struct panel_source *source, struct list *list)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    struct list_row *row = list_add(list, "");
    buf_append_slice(&row->head, summary_title(graph));
    int turns = summary_turns(graph);
    buf_printf(&row->text, "%d turn%s, this conversation", turns,
               turns == 1 ? "" : "s");
    row->is_marked = true;
    list_add_text(list, STYLE_DIM,
                  "Conversations are not kept on disk: when you leave, this "
                  "one is gone. /new starts another.");
}
