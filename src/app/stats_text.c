/* SPDX-License-Identifier: MIT */
#include "app/stats_text.h"

#include "app/panel.h"
#include "base/utf8.h"
#include "ui/receipt.h"

enum {
    LINE_WIDTH = 80,
    HEAD_WIDTH = 10,
    NAME_WIDTH = 27,
    RUNG_WIDTH = 49,
    SHARE_WIDTH = 5,
    COUNT_WIDTH = 7,
    INPUT_WIDTH = 11,
    OUTPUT_WIDTH = 9,
    MONEY_WIDTH = 8,
    TIME_WIDTH = 9,
};

/* What tells a row from the others. */
static void append_name(struct buf *out, const struct ledger_row *row,
                        unsigned by)
{
    if (by & LEDGER_BY_DAY)
        stats_append_day(out, row->day);
    if (by & LEDGER_BY_PROFILE)
        buf_append_string(out, *row->profile ? row->profile : "(none)");
    if (by & LEDGER_BY_ENDPOINT)
        buf_append_string(out, row->endpoint);
    if (by & LEDGER_BY_MODEL)
        buf_printf(out, "/%s", row->model);
}

/* Counts. */

static void append_count(struct buf *out, const struct ledger_sum *sum,
                         enum ledger_figure figure)
{
    panel_append_count(out, (uint64_t)sum->figures[figure]);
}

/* "92%"; what is not all is never "100%", and what is not nothing never "0%". */
static void append_share(struct buf *out, int64_t part, int64_t whole)
{
    double share = whole > 0 ? (double)part / (double)whole * 100 : 0;
    if (part > 0 && share < 1)
        buf_append_string(out, "<1%");
    else if (part < whole && share > 99)
        buf_append_string(out, ">99%");
    else
        buf_printf(out, "%.0f%%", share);
}

static void append_dollars(struct buf *out, const struct ledger_sum *sum)
{
    if (sum->figures[LEDGER_COST] > 0)
        receipt_cost(out, stats_dollars(sum));
    else
        buf_append_string(out, "$0");
}

static int64_t tokens(const struct ledger_sum *sum)
{
    return sum->figures[LEDGER_INPUT] + sum->figures[LEDGER_OUTPUT];
}

/* Lines. */

static void begin_line(struct buf *out, const char *name)
{
    buf_printf(out, "%-*s", HEAD_WIDTH, name);
}

static void put_answers(const struct ledger_sum *all,
                        const struct ledger_sum *own,
                        const struct ledger_sum *vendors, struct buf *out)
{
    int64_t answers = all->figures[LEDGER_ANSWERS];
    begin_line(out, "answers");
    append_count(out, all, LEDGER_ANSWERS);
    if (answers) {
        buf_append_string(out, ": ");
        append_count(out, own, LEDGER_ANSWERS);
        buf_append_string(out, " by your own servers (");
        append_share(out, own->figures[LEDGER_ANSWERS], answers);
        buf_append_string(out, "), ");
        append_count(out, vendors, LEDGER_ANSWERS);
        buf_append_string(out, " by vendors");
    }
    buf_append_char(out, '\n');
}

static void put_tokens(const struct ledger_sum *all,
                       const struct ledger_sum *own, struct buf *out)
{
    begin_line(out, "tokens");
    append_count(out, all, LEDGER_INPUT);
    buf_append_string(out, " read (");
    append_count(out, all, LEDGER_CACHED);
    buf_append_string(out, " cached), ");
    append_count(out, all, LEDGER_OUTPUT);
    buf_append_string(out, " written (");
    append_count(out, all, LEDGER_REASONING);
    buf_append_string(out, " thought); ");
    append_share(out, tokens(own), tokens(all));
    buf_append_string(out, " own\n");
    if (!all->figures[LEDGER_ESTIMATED])
        return;
    begin_line(out, "");
    buf_append_string(out, "of ");
    append_count(out, all, LEDGER_ESTIMATED);
    buf_append_string(out, " answers they are estimates: no server counted\n");
}

static void put_cost(const struct ledger_sum *all, struct buf *out)
{
    bool is_one = all->figures[LEDGER_UNPRICED] == 1;
    begin_line(out, "cost");
    if (all->figures[LEDGER_UNPRICED])
        buf_append_string(out, "at least ");
    append_dollars(out, all);
    if (all->figures[LEDGER_UNPRICED]) {
        buf_append_string(out, "; of ");
        append_count(out, all, LEDGER_UNPRICED);
        buf_printf(out, " answer%s by vendors the price is not known",
                   is_one ? "" : "s");
    }
    buf_append_char(out, '\n');
}

/* Broken at blanks, below the first line where it began. */
static void append_wrapped(struct buf *out, struct slice text)
{
    int room = LINE_WIDTH - HEAD_WIDTH;
    while (utf8_width(text) > room) {
        size_t len = utf8_prefix(text, room).len;
        while (len && text.ptr[len] != ' ')
            len--;
        if (!len)
            break;
        buf_append(out, text.ptr, len);
        buf_printf(out, "\n%*s", HEAD_WIDTH, "");
        text = slice_skip(text, len + 1);
    }
    buf_append_slice(out, text);
}

static void put_words(const char *name, struct buf *take_words, struct buf *out)
{
    if (take_words->len) {
        begin_line(out, name);
        append_wrapped(out, buf_slice(take_words));
        buf_append_char(out, '\n');
    }
    buf_clear(take_words);
}

/* How often, where it happened at all: "fell back 3 times". */
static void append_times(struct buf *out, const char *what,
                         const struct ledger_sum *sum,
                         enum ledger_figure figure)
{
    if (!sum->figures[figure])
        return;
    buf_printf(out, "%s%s ", out->len ? ", " : "", what);
    append_count(out, sum, figure);
    buf_append_string(out, sum->figures[figure] == 1 ? " time" : " times");
}

static void put_mishaps(const struct ledger_sum *all, struct buf *out)
{
    struct buf words = { 0 };
    append_times(&words, "failed", all, LEDGER_FAILURES);
    append_times(&words, "fell back", all, LEDGER_FALLBACKS);
    append_times(&words, "asked a better one", all, LEDGER_ESCALATIONS);
    append_times(&words, "stopped by you", all, LEDGER_STOPPED);
    put_words("mishaps", &words, out);
}

/* Tables. */

struct table {
    unsigned by;
    struct buf *out;
};

/* In so many cells: what does not fit loses its beginning, which tells less. */
static void append_cell(struct buf *out, struct slice text, int width)
{
    int used = utf8_width(text);
    bool is_cut = used > width;
    while (used > width - is_cut && text.len) {
        int cells;
        text = slice_skip(text, utf8_grapheme(text, &cells));
        used -= cells;
    }
    buf_printf(out, "%s%.*s%*s", is_cut ? "…" : "", SLICE_ARG(text),
               width - used - is_cut, "");
}

static void append_number(struct buf *out, struct buf *number, int width)
{
    buf_printf(out, " %*s", width, buf_string(number));
    buf_reset(number);
}

static void put_row(void *context, const struct ledger_row *row, int64_t own)
{
    struct table *table = context;
    const struct ledger_sum *sum = &row->sum;
    struct buf cell = { 0 };
    append_name(&cell, row, table->by);
    append_cell(table->out, buf_slice(&cell), NAME_WIDTH);
    buf_reset(&cell);
    append_count(&cell, sum, LEDGER_ANSWERS);
    append_number(table->out, &cell, COUNT_WIDTH);
    if (sum->figures[LEDGER_ANSWERS])
        append_share(&cell, own, sum->figures[LEDGER_ANSWERS]);
    append_number(table->out, &cell, SHARE_WIDTH);
    append_count(&cell, sum, LEDGER_INPUT);
    append_number(table->out, &cell, INPUT_WIDTH);
    append_count(&cell, sum, LEDGER_OUTPUT);
    append_number(table->out, &cell, OUTPUT_WIDTH);
    append_dollars(&cell, sum);
    if (sum->figures[LEDGER_UNPRICED])
        buf_append_char(&cell, '+');
    append_number(table->out, &cell, MONEY_WIDTH);
    append_count(&cell, sum, LEDGER_FAILURES);
    append_number(table->out, &cell, COUNT_WIDTH);
    buf_append_char(table->out, '\n');
    buf_clear(&cell);
}

static void put_table(const struct stats_report *report,
                      const struct stats_way *way, struct buf *out)
{
    struct table table = { way->by, out };
    buf_printf(out, "\n%-*s %*s %*s %*s %*s %*s %*s\n", NAME_WIDTH, way->head,
               COUNT_WIDTH, "ANSWERS", SHARE_WIDTH, "OWN", INPUT_WIDTH, "READ",
               OUTPUT_WIDTH, "WRITTEN", MONEY_WIDTH, "COST", COUNT_WIDTH,
               "FAILED");
    stats_each_row(report, way->by, put_row, &table);
}

static void put_rung(void *context, const struct ledger_row *row, int64_t own)
{
    struct table *table = context;
    struct buf cell = { 0 };
    (void)own;
    if (ledger_sum_time(&row->sum, .5) < 0)
        return;
    if (row->rung)
        buf_printf(&cell, "%d ", (int)row->rung);
    append_name(&cell, row, table->by);
    buf_append_string(&cell, row->is_vendor ? " (vendor)" : " (own)");
    append_cell(table->out, buf_slice(&cell), RUNG_WIDTH);
    buf_reset(&cell);
    append_count(&cell, &row->sum, LEDGER_ANSWERS);
    append_number(table->out, &cell, COUNT_WIDTH);
    receipt_duration(&cell, ledger_sum_time(&row->sum, .5));
    append_number(table->out, &cell, TIME_WIDTH);
    receipt_duration(&cell, ledger_sum_time(&row->sum, .9));
    append_number(table->out, &cell, TIME_WIDTH);
    buf_append_char(table->out, '\n');
    buf_clear(&cell);
}

/* Times are kept by powers of two: they are told as what they are. */
static void put_rungs(const struct stats_report *report, struct buf *out)
{
    struct table table = { STATS_BY_RUNG, out };
    const struct ledger_sum all = ledger_rows_sum(report->rows);
    if (ledger_sum_time(&all, .5) < 0)
        return;
    buf_printf(out, "\n%-*s %*s %*s %*s\n", RUNG_WIDTH,
               "RUNG: FIRST TOKEN AFTER ABOUT", COUNT_WIDTH, "ANSWERS",
               TIME_WIDTH, "HALF", TIME_WIDTH, "9 OF 10");
    stats_each_row(report, STATS_BY_RUNG, put_rung, &table);
}

static bool has_profiles(const struct ledger_rows *rows)
{
    for (size_t i = 0; i < rows->list.count; i++)
        if (*rows->list.items[i].profile)
            return true;
    return false;
}

static void put_tables(const struct stats_report *report, struct buf *out)
{
    struct error ignored;
    if (report->way) {
        put_table(report, report->way, out);
        return;
    }
    put_table(report, stats_way_find("day", &ignored), out);
    if (has_profiles(report->rows))
        put_table(report, stats_way_find("profile", &ignored), out);
}

void stats_text_append(const struct stats_report *report, struct buf *out)
{
    const struct ledger_sum all = ledger_rows_sum(report->rows);
    const struct ledger_sum own = ledger_rows_sum_of(report->rows, false);
    const struct ledger_sum vendors = ledger_rows_sum_of(report->rows, true);
    struct buf saved = { 0 };
    stats_append_day(out, report->first);
    if (report->last != report->first) {
        buf_append_string(out, " to ");
        stats_append_day(out, report->last);
    }
    buf_append_string(out, "\n\n");
    put_answers(&all, &own, &vendors, out);
    put_tokens(&all, &own, out);
    put_cost(&all, out);
    saving_describe(&report->saving, &saved);
    put_words("saved", &saved, out);
    put_mishaps(&all, out);
    put_rungs(report, out);
    put_tables(report, out);
}
