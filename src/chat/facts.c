/* SPDX-License-Identifier: MIT */
/*
 * facts - what the settings let a model know of now and here. Each is told with
 * the prompt from which on it holds, and not again while it does: what changes
 * stands behind what was sent before, never in front of it.
 */
#include "chat/facts.h"

#include <limits.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "chat/chat_state.h"

bool fact_append(struct buf *out, struct slice name, int64_t now_ms)
{
    char text[PATH_MAX];
    struct utsname system;
    time_t now = (time_t)(now_ms / 1000);
    struct tm local;
    if (slice_is(name, "directory") && getcwd(text, sizeof text))
        buf_append_string(out, text);
    else if (slice_is(name, "system") && uname(&system) == 0)
        buf_printf(out, "%s %s %s", system.sysname, system.release,
                   system.machine);
    else if (slice_is(name, "date") && localtime_r(&now, &local) &&
             strftime(text, sizeof text, "%A, %Y-%m-%d", &local))
        buf_append_string(out, text);
    else if (slice_is(name, "time") && localtime_r(&now, &local) &&
             strftime(text, sizeof text, "%H:%M %Z", &local))
        buf_append_string(out, text);
    else
        return false;
    return true;
}

/* What was told of it last, above a turn. */
static struct slice told(const struct graph *graph, uint64_t node_id,
                         const char *name)
{
    const struct node *node = graph_node(graph, node_id);
    for (; node; node = graph_node(graph, node->parent_id))
        for (size_t i = 0; i < node->blocks.count; i++) {
            const struct block *block = &node->blocks.items[i];
            if (block->kind == BLOCK_NOTE &&
                slice_is(buf_slice(&block->name), name))
                return buf_slice(&block->text);
        }
    return (struct slice){ 0 };
}

static void tell(struct chat *chat, uint64_t node_id, const char *name)
{
    const struct graph *graph = chat->conversation.graph;
    struct buf text = { 0 };
    if (fact_append(&text, slice_of(name), clock_wall_ms()) &&
        !slice_equal(told(graph, node_id, name), buf_slice(&text))) {
        struct event event = { .type = EVENT_NOTED };
        event_add_number(&event, FIELD_NODE, node_id);
        event_add_string(&event, FIELD_NAME, name);
        event_add_text(&event, FIELD_TEXT, buf_slice(&text));
        chat_append(chat, &event);
    }
    buf_clear(&text);
}

void facts_tell(struct chat *chat, uint64_t node_id)
{
    const struct setting *facts = settings_find(chat->setup.settings, "facts");
    for (size_t i = 0; facts && i < facts->child_count; i++)
        tell(chat, node_id, facts->children[i]->text);
}
