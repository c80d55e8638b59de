/* SPDX-License-Identifier: MIT */
/*
 * panel_budget - what fills the context window: a bar, the parts in numbers,
 * what the server counted, and what was spent.
 */
#include <assert.h>

#include "app/panel.h"
#include "app/summary.h"
#include "app/today.h"
#include "app/window_share.h"
#include "ui/receipt.h"

/* Their letters in the bar; the window that is free is dots. */
static const struct {
    const char *name;
    char letter;
} parts[] = {
    [BUDGET_SYSTEM] = { "System", 'S' },
    [BUDGET_MEMORY] = { "Memory", 'M' },
    [BUDGET_SUMMARY] = { "summarY", 'Y' },
    [BUDGET_HISTORY] = { "History", 'H' },
    [BUDGET_TOOLS] = { "Tools", 'T' },
    [BUDGET_FILES] = { "Files", 'F' },
};
static_assert(COUNTOF(parts) == BUDGET_PART_COUNT, "a part has no letter");

enum { BAR_WIDTH_MAX = 72, BAR_REST = 22, BAR_WIDTH_MIN = 8, THOUSAND = 1000 };

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

/* What is kept for the reply stands at the end, as far as it is free. */
static void append_bar(struct buf *out, const struct window_share *share,
                       int width)
{
    int left = width;
    uint64_t whole =
        share->total > share->window ? share->total : share->window;
    int reply = cells_of(share->reply, whole, width);
    buf_append_char(out, '[');
    for (int i = 0; i < BUDGET_PART_COUNT; i++)
        append_cells(out, parts[i].letter,
                     cells_of(share->parts[i], whole, width), &left);
    append_cells(out, 'd', cells_of(share->draft, whole, width), &left);
    append_cells(out, '.', left - reply, &left);
    append_cells(out, 'r', left, &left);
    buf_append_char(out, ']');
}

static void add_bar(const struct panel_source *source, struct list *list,
                    const struct window_share *share)
{
    int width = source->width - BAR_REST;
    struct list_row *row = list_add(list, "");
    row->style = STYLE_NORMAL;
    if (width > BAR_WIDTH_MAX)
        width = BAR_WIDTH_MAX;
    if (share->window == 0) {
        panel_append_count(&row->head, share->total);
        buf_append_string(&row->head, " tokens ");
        window_share_words(share, &row->head);
        buf_append_string(&row->head, "; the server has not told its window");
        return;
    }
    if (width >= BAR_WIDTH_MIN) {
        append_bar(&row->head, share, width);
        buf_append_char(&row->head, ' ');
    }
    window_share_words(share, &row->head);
    if (share->total > share->window)
        row->style = STYLE_ERROR;
    else if (share->total > window_share_room(share))
        row->style = STYLE_WARNING;
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

static void add_parts(struct list *list, const struct window_share *share)
{
    struct list_row *row = list_add(list, "");
    row->style = STYLE_DIM;
    for (int i = 0; i < BUDGET_PART_COUNT; i++)
        append_part(&row->head, parts[i].name, share->parts[i]);
    append_part(&row->head, "draft", share->draft);
    append_part(&row->head, "reply", share->reply);
    append_part(&row->head, "free", window_share_free(share));
    if (!row->head.len)
        buf_append_string(&row->head, "nothing yet");
}

/* The facts beside the estimate: of the answer that came last. */
static void add_counted(const struct panel_source *source, struct list *list)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    const struct attempt *attempt = summary_last_attempt(graph);
    const struct usage *usage = attempt ? &attempt->usage : NULL;
    if (!usage || usage->input < 0)
        return;
    struct list_row *row = list_add(list, "");
    struct buf *out = &row->head;
    row->style = STYLE_DIM;
    int64_t cached = usage->cached > 0 ? usage->cached : 0;
    if (usage->cached >= 0)
        append_part(out, "cached", (uint64_t)cached);
    append_part(out, usage->cached >= 0 ? "new" : "read",
                (uint64_t)(usage->input > cached ? usage->input - cached : 0));
    append_part(out, "written",
                usage->output > 0 ? (uint64_t)usage->output : 0);
    if (budget_reported(source->budget) >= 0)
        append_part(out, "counted by the server: this thread",
                    (uint64_t)budget_reported(source->budget));
}

/* "212k", from ten thousand on. */
static void append_short(struct buf *out, uint64_t tokens)
{
    if (tokens >= 10 * THOUSAND) {
        panel_append_count(out, (tokens + THOUSAND / 2) / THOUSAND);
        buf_append_char(out, 'k');
    } else {
        panel_append_count(out, tokens);
    }
}

struct sum {
    uint64_t own, vendors; /* tokens */
    double dollars;
};

/* "conversation 212k own, 18k vendor, $.31 of $5". */
static void append_sum(const struct panel_source *source, struct buf *out,
                       const char *name, const struct sum *sum)
{
    struct buf setting = { 0 };
    if (!sum->own && !sum->vendors && sum->dollars <= 0)
        return;
    buf_printf(out, "%s%s ", out->len ? " | " : "spent: ", name);
    if (sum->own || !sum->vendors) {
        append_short(out, sum->own);
        buf_append_string(out, " own");
    }
    if (sum->vendors) {
        buf_append_string(out, sum->own ? ", " : "");
        append_short(out, sum->vendors);
        buf_append_string(out, " vendor");
    }
    buf_printf(&setting, "limits.%s", *name == 'c' ? "session" : "run");
    double limit = settings_number(source->settings, buf_string(&setting), -1);
    if (sum->dollars > 0 || (sum->vendors && limit >= 0)) {
        buf_append_string(out, ", ");
        receipt_cost(out, sum->dollars);
    }
    if (sum->vendors && limit >= 0)
        buf_printf(out, " of $%g", limit);
    buf_clear(&setting);
}

static struct sum sum_of(const struct counted *own,
                         const struct counted *vendors, double dollars)
{
    return (struct sum){ own->input + own->output,
                         vendors->input + vendors->output, dollars };
}

static void add_spent(const struct panel_source *source, struct list *list)
{
    const struct graph *graph = chat_conversation(source->chat)->graph;
    const struct run *run = summary_last_run(graph);
    struct buf words = { 0 };
    if (run) {
        struct sum sum = sum_of(&run->own, &run->vendors, run->spent.dollars);
        append_sum(source, &words, "last prompt", &sum);
    }
    struct sum sum =
        sum_of(graph_counted(graph, false), graph_counted(graph, true),
               graph_spent(graph)->dollars);
    append_sum(source, &words, "conversation", &sum);
    if (words.len)
        list_add_text(list, STYLE_DIM, "%s", buf_string(&words));
    buf_clear(&words);
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
    struct window_share share = window_share_of(source);
    add_bar(source, list, &share);
    add_parts(list, &share);
    add_counted(source, list);
    add_spent(source, list);
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
