/* SPDX-License-Identifier: MIT */
/*
 * panel_private - what on the active path may not leave the machine, and why.
 */
#include "app/panel.h"

void panel_fill_private(const struct panel_source *source, struct list *list)
{
    struct buf lines = { 0 };
    chat_list_private(source->chat, &lines);
    struct slice rest = buf_slice(&lines), line;
    while (slice_next_line(&rest, &line))
        list_add_text(list, STYLE_WARNING, "%.*s", SLICE_ARG(line));
    if (lines.len)
        list_add_text(list, STYLE_DIM, "%s",
                      "No vendor gets this path. /private not N: nothing in "
                      "turn N is private");
    else
        list_add_text(list, STYLE_DIM, "%s",
                      "Nothing here is private; /private on makes all of it "
                      "so");
    buf_clear(&lines);
}
