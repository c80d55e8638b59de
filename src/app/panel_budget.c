/* SPDX-License-Identifier: MIT */
/*
 * panel_budget - what fills the context window: a bar, the parts in numbers,
 * what the server counted.
 */
#include <assert.h>

#include "app/panel.h"
#include "app/today.h"
#include "base/tokens.h"

/* Their letters in the bar; the window that is free is dots. */
static const struct {
    const char *name;
    char letter;
} parts[] = {
    [BUDGET_SYSTEM] = { "System", 'S' },
    [BUDGET_SUMMARY] = { "summarY", 'Y' },
    [BUDGET_HISTORY] = { "History", 'H' },
    [BUDGET_TOOLS] = { "Tools", 'T' },
    [BUDGET_FILES] = { "Files", 'F' },
};
static_assert(COUNTOF(parts) == BUDGET_PART_COUNT, "a part has no letter");

enum { BAR_WIDTH_MAX = 72, BAR_REST = 22, BAR_WIDTH_MIN = 8 };

/* Less would be shown as 0%. */
#define LEAST_SHOWN 0.01

struct sums {
    struct budget_sum parts;
    uint64_t draft, total, window;
};

static struct sums sum_up(const struct panel_source *source)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    budget_catch_up(source->budget, graph);
    struct sums sums = {
        .parts = budget_parts(source->budget),
        .draft = tokens_estimate(source->draft),
        .window = chat_next(source->chat)->window,
    };
    sums.total = budget_total(source->budget) + sums.draft;
    return sums;
}

/* Cells of a part, rounded up so that what is there is seen. */
static int cells_of(uint64_t tokens, uint64_t window, int width)
{
    return (int)((tokens * (uint64_t)width + window - 1) / window);
}

static void append_cells(struct buf *out, char letter, int count, int *left)
{
    for (; count > 0 && *left > 0; count--, (*left)--)
        buf_append_char(out, letter);
}

static void append_bar(struct buf *out, const struct sums *sums, int width)
{
    int left = width;
    uint64_t whole = sums->total > sums->window ? sums->total : sums->window;
    buf_append_char(out, '[');
    for (int i = 0; i < BUDGET_PART_COUNT; i++)
        append_cells(out, parts[i].letter,
                     cells_of(sums->parts.tokens[i], whole, width), &left);
    append_cells(out, 'd', cells_of(sums->draft, whole, width), &left);
    append_cells(out, '.', left, &left);
    buf_append_char(out, ']');
}

static void add_bar(const struct panel_source *source, struct list *list,
                    const struct sums *sums)
{
    int width = source->width - BAR_REST;
    double share =
        sums->window ? (double)sums->total / (double)sums->window : 0;
    struct list_row *row = list_add(list, "");
    row->style = STYLE_NORMAL;
    if (width > BAR_WIDTH_MAX)
        width = BAR_WIDTH_MAX;
    if (sums->window == 0) {
        buf_append_string(&row->head, "about ");
        panel_append_count(&row->head, sums->total);
        buf_append_string(&row->head,
                          " tokens; the server has not told its window");
        return;
    }
    if (width >= BAR_WIDTH_MIN)
        append_bar(&row->head, sums, width);
    if (width >= BAR_WIDTH_MIN)
        buf_append_char(&row->head, ' ');
    if (sums->total && share < LEAST_SHOWN)
        buf_append_string(&row->head, "under 1% estimated");
    else
        buf_printf(&row->head, "%.0f%% estimated", share * 100);
    if (sums->total > sums->window)
        row->style = STYLE_ERROR;
}

/* Parts that are there. */
static void append_part(struct buf *out, const char *name, uint64_t tokens)
{
    if (!tokens)
        return;
    if (out->len)
        buf_append_string(out, ", ");
    buf_printf(out, "%s ", name);
    panel_append_count(out, tokens);
}

static void add_parts(struct list *list, const struct sums *sums)
{
    struct list_row *row = list_add(list, "");
    row->style = STYLE_DIM;
    for (int i = 0; i < BUDGET_PART_COUNT; i++)
        append_part(&row->head, parts[i].name, sums->parts.tokens[i]);
    append_part(&row->head, "draft", sums->draft);
    if (sums->window > sums->total)
        append_part(&row->head, "free", sums->window - sums->total);
    if (!row->head.len)
        buf_append_string(&row->head, "nothing yet");
}

/* The facts beside the estimate. */
static void add_reported(const struct panel_source *source, struct list *list)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    int64_t input = 0, output = 0, cached = 0;
    double cost = 0;
    for (uint32_t id = 1; id <= graph_run_count(graph); id++) {
        const struct run *run = graph_run(graph, id);
        for (size_t i = 0; i < run->attempts.count; i++) {
            const struct usage *usage = &run->attempts.items[i].usage;
            input += usage->input > 0 ? usage->input : 0;
            output += usage->output > 0 ? usage->output : 0;
            cached += usage->cached > 0 ? usage->cached : 0;
            cost += usage->cost > 0 ? usage->cost : 0;
        }
    }
    struct list_row *row = list_add(list, "");
    row->style = STYLE_DIM;
    buf_append_string(&row->head, "counted by servers: read ");
    panel_append_count(&row->head, (uint64_t)input);
    if (cached) {
        buf_append_string(&row->head, " (cached ");
        panel_append_count(&row->head, (uint64_t)cached);
        buf_append_char(&row->head, ')');
    }
    buf_append_string(&row->head, ", written ");
    panel_append_count(&row->head, (uint64_t)output);
    if (cost > 0)
        buf_printf(&row->head, ", $%.4f", cost);
    if (budget_reported(source->budget) >= 0) {
        buf_append_string(&row->head, "; this thread ");
        panel_append_count(&row->head,
                           (uint64_t)budget_reported(source->budget));
    }
}

/* By all that are open, and what that saved. */
static void add_today(const struct panel_source *source, struct list *list)
{
    struct buf words = { 0 };
    today_append(ledger_today(source->ledger), source->settings,
                 source->endpoints, &words);
    if (words.len)
        list_add_text(list, STYLE_DIM, "%s", buf_string(&words));
    buf_clear(&words);
}

void panel_fill_budget(const struct panel_source *source, struct list *list)
{
    struct sums sums = sum_up(source);
    add_bar(source, list, &sums);
    add_parts(list, &sums);
    add_reported(source, list);
    add_today(source, list);
}

void panel_facts_budget(const struct panel_source *source, struct buf *facts)
{
    const struct route *next = chat_next(source->chat);
    if (next->verdict != ROUTE_TO)
        return;
    buf_printf(facts, "next: %s/%s", next->endpoint->name, next->model);
    if (next->window) {
        buf_append_string(facts, ", ");
        panel_append_count(facts, next->window);
        buf_append_string(facts, " loaded");
    }
}
