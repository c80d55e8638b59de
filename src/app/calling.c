/* SPDX-License-Identifier: MIT */
#include "app/calling.h"

#include <inttypes.h>

#include "chat/chat_tools.h"
#include "ui/call_words.h"

static const struct graph *graph_of(const struct screen *screen)
{
    return chat_conversation(screen->chat)->graph;
}

const struct call *calling_chosen(const struct screen *screen)
{
    const struct list *list = &screen->bands.items[PANEL_TOOLS].list;
    if (screen->bands.focused != PANEL_TOOLS)
        return NULL;
    return panel_call(graph_of(screen), slice_of(list_chosen(list)));
}

/* One that asks is answered; else to where it was asked for, in the
 * conversation. */
void calling_show(struct screen *screen)
{
    struct error err = { 0 };
    const struct call *call = panel_call(graph_of(screen), screen->argument);
    if (!call || approving_open(screen, call->id))
        return;
    if (!chat_go_to(screen->chat, call->node_id, &err)) {
        perform_notice(screen, err.text);
        return;
    }
    screen->bands.focused = PANEL_NONE;
    thread_view_focus_node(screen->thread_view, graph_of(screen),
                           &screen->seat->thread, call->node_id);
}

/* The first that a turn asks for, or whose result it is; 0: none. */
static uint32_t call_of(const struct node *node)
{
    if (node && node->kind == NODE_TOOL_RESULT)
        return node->call;
    for (size_t i = 0; node && i < node->blocks.count; i++) {
        if (node->blocks.items[i].kind == BLOCK_CALL)
            return node->blocks.items[i].call;
    }
    return 0;
}

void calling_show_turn(struct screen *screen)
{
    uint64_t id = thread_view_focused(screen->thread_view);
    uint32_t call = call_of(graph_node(graph_of(screen), id));
    struct panel_source source = perform_source(screen);
    struct buf key = { 0 };
    if (!call) {
        perform_notice(screen, "this turn calls no tool");
        return;
    }
    buf_printf(&key, "t%" PRIu32, call);
    bands_open(&screen->bands, PANEL_TOOLS, &source);
    list_choose(&screen->bands.items[PANEL_TOOLS].list, buf_string(&key));
    buf_clear(&key);
}

/* Source bytes. */
static void copy(struct screen *screen, struct slice text, const char *none)
{
    if (text.len)
        clipboard_copy(screen->clipboard, text);
    else
        perform_notice(screen, none);
}

void calling_copy(struct screen *screen)
{
    const struct call *call = calling_chosen(screen);
    if (call)
        copy(screen, call_words_output(graph_of(screen), call),
             "it has given nothing back");
}

void calling_copy_arguments(struct screen *screen)
{
    const struct call *call = calling_chosen(screen);
    if (call)
        copy(screen, call_words_asked(graph_of(screen), call),
             "it has no arguments");
}

void calling_rerun(struct screen *screen)
{
    struct error err = { 0 };
    const struct call *call = calling_chosen(screen);
    if (call && !chat_rerun_call(screen->chat, call->id, &err))
        perform_notice(screen, err.text);
}

void calling_stop(struct screen *screen)
{
    const struct call *call = calling_chosen(screen);
    if (call && !chat_stop_call(screen->chat, call->id))
        perform_notice(screen, "it has ended already");
}
