/* SPDX-License-Identifier: MIT */
#include "app/panel.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum {
    BAND_HEIGHT = 6,
    PICKER_HEIGHT = 12,
    HELP_HEIGHT = 100,
    EXCERPT_MAX = 1024, /* bytes: more than a row has room for */
};

/* clang-format off */
static const struct panel panels[PANEL_COUNT] = {
    [PANEL_NONE] = { .name = "" },
    [PANEL_BUDGET] = { "budget", "looks.panels.budget", "closed", ACTION_BUDGET,
        ACTION_NONE, false, BAND_HEIGHT, panel_fill_budget,
        panel_facts_budget },
    [PANEL_CONTEXT] = { "context", NULL, "closed", ACTION_CONTEXT,
        ACTION_GO_TO, false, PICKER_HEIGHT, panel_fill_context,
        panel_facts_context },
    [PANEL_REQUEST] = { "request", NULL, "closed", ACTION_REQUEST,
        ACTION_NONE, true, HELP_HEIGHT, panel_fill_request, NULL },
    [PANEL_TOOLS] = { "tools", "looks.panels.tools", "busy", ACTION_TOOLS,
        ACTION_SHOW_CALL, false, BAND_HEIGHT, panel_fill_tools,
        panel_facts_tools, panel_preview_tools },
    [PANEL_GRAPH] = { "graph", "looks.panels.graph", "closed", ACTION_GRAPH,
        ACTION_GO_TO, false, PICKER_HEIGHT, panel_fill_graph, NULL },
    [PANEL_GO_BACK] = { "go back to", NULL, "closed", ACTION_GO_BACK,
        ACTION_EDIT_TURN, true, PICKER_HEIGHT, panel_fill_go_back, NULL },
    [PANEL_RETRY] = { "retry with", NULL, "closed", ACTION_RETRY_WITH,
        ACTION_RETRY_TURN, true, PICKER_HEIGHT, panel_fill_models, NULL },
    [PANEL_TRACE] = { "trace", "looks.panels.trace", "closed", ACTION_TRACE,
        ACTION_GO_TO, false, BAND_HEIGHT, panel_fill_trace, panel_facts_trace },
    [PANEL_MODELS] = { "models", "looks.panels.models", "closed", ACTION_MODELS,
        ACTION_MODEL, true, PICKER_HEIGHT, panel_fill_models, NULL },
    [PANEL_SESSIONS] = { "sessions", NULL, "closed", ACTION_SESSIONS,
        ACTION_RESUME, true, PICKER_HEIGHT, panel_fill_sessions, NULL,
        panel_preview_sessions },
    [PANEL_SEARCH] = { "search", NULL, "closed", ACTION_SEARCH,
        ACTION_SHOW_HIT, true, PICKER_HEIGHT, panel_fill_search,
        panel_facts_search },
    [PANEL_STATUS] = { "status", NULL, "closed", ACTION_STATUS,
        ACTION_NONE, true, HELP_HEIGHT, panel_fill_status, NULL },
    [PANEL_DOCTOR] = { "doctor", NULL, "closed", ACTION_DOCTOR,
        ACTION_NONE, true, HELP_HEIGHT, panel_fill_doctor, NULL },
    [PANEL_CONSENTS] = { "consents", NULL, "closed", ACTION_CONSENTS,
        ACTION_WITHDRAW, true, PICKER_HEIGHT, panel_fill_consents, NULL },
    [PANEL_PRIVATE] = { "private", NULL, "closed", ACTION_NONE,
        ACTION_NONE, true, PICKER_HEIGHT, panel_fill_private, NULL },
    [PANEL_MEMORY] = { "memory", NULL, "closed", ACTION_MEMORY,
        ACTION_EDIT_MEMORY, false, PICKER_HEIGHT, panel_fill_memory, NULL },
    [PANEL_QUESTION] = { "question", NULL, "closed", ACTION_NONE,
        ACTION_ANSWER, true, BAND_HEIGHT, panel_fill_question,
        panel_facts_question, NULL, panel_escape_question },
    [PANEL_CALL] = { "question", NULL, "closed", ACTION_ANSWER_CALL,
        ACTION_ANSWER, false, HELP_HEIGHT, panel_fill_call, panel_facts_call,
        NULL, panel_escape_call, panel_sheet_call },
    [PANEL_SETTINGS] = { "settings", NULL, "closed", ACTION_NONE,
        ACTION_SHOW, true, PICKER_HEIGHT, panel_fill_settings, NULL },
    [PANEL_SYSTEM] = { "system prompt", NULL, "closed", ACTION_NONE,
        ACTION_NONE, true, PICKER_HEIGHT, panel_fill_system, NULL },
    [PANEL_PULL] = { "pull", NULL, "closed", ACTION_NONE,
        ACTION_NONE, false, BAND_HEIGHT, panel_fill_pull, NULL },
    [PANEL_CONNECT] = { "connect", NULL, "closed", ACTION_CONNECT,
        ACTION_NONE, true, PICKER_HEIGHT, panel_fill_connect,
        panel_facts_connect },
    [PANEL_HELP] = { "help", NULL, "closed", ACTION_HELP,
        ACTION_NONE, true, HELP_HEIGHT, panel_fill_help, NULL },
    [PANEL_PALETTE] = { "palette", NULL, "closed", ACTION_PALETTE,
        ACTION_NONE, true, PICKER_HEIGHT, panel_fill_palette, NULL },
    [PANEL_COMMANDS] = { "commands", NULL, "closed", ACTION_NONE,
        ACTION_NONE, true, PICKER_HEIGHT, panel_fill_commands,
        panel_facts_commands },
};
/* clang-format on */

const struct panel *panel_at(enum panel_id id)
{
    return &panels[id];
}

const char *panel_title(enum panel_id id, const struct panel_source *source)
{
    return id == PANEL_COMMANDS ? panel_title_commands(source)
                                : panels[id].name;
}

enum panel_id panel_of_action(enum action action)
{
    for (int i = PANEL_NONE + 1; action && i < PANEL_COUNT; i++) {
        if (panels[i].opener == action)
            return (enum panel_id)i;
    }
    return PANEL_NONE;
}

bool panel_is_busy(enum panel_id id, const struct panel_source *source)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    uint32_t active = graph_active_run(graph), calls = graph_call_count(graph);
    if (id != PANEL_TOOLS)
        return active != 0;
    const struct call *last = calls ? graph_call(graph, calls) : NULL;
    return last && ((active && last->run == active) ||
                    !life_is_terminal(LIFE_CALL, (int)last->state));
}

void panel_fill(enum panel_id id, const struct panel_source *source,
                struct list *list)
{
    list->ascii = source->ascii;
    list->width = source->width;
    list_begin(list);
    panels[id].fill(source, list);
    list_end(list);
}

void panel_preview(enum panel_id id, const struct panel_source *source,
                   const char *key, struct list *list)
{
    list->ascii = source->ascii;
    list->width = source->width;
    list_begin(list);
    if (panels[id].preview)
        panels[id].preview(source, key, list);
    list_end(list);
}

void panel_append_count(struct buf *out, uint64_t count)
{
    buf_append_count(out, count);
}

struct slice panel_first_line(const struct node *node)
{
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        struct slice text = slice_trim(buf_slice(&block->text)), line;
        if ((block->kind == BLOCK_TEXT || block->kind == BLOCK_OUTPUT ||
             block->kind == BLOCK_ERROR) &&
            slice_next_line(&text, &line))
            return line;
    }
    return slice_of("");
}

void panel_append_excerpt(struct buf *out, struct slice text)
{
    if (text.len > EXCERPT_MAX) {
        text.len = EXCERPT_MAX;
        text.len -= utf8_partial_tail(text);
    }
    buf_append_slice(out, text);
}
