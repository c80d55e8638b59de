/* SPDX-License-Identifier: MIT */
#include "app/session_row.h"

#include <assert.h>
#include <inttypes.h>
#include <time.h>

#include "app/summary.h"
#include "base/date.h"
#include "base/filter.h"
#include "graph/private_mark.h"
#include "ui/receipt.h"

enum {
    TITLE, /* takes what the others leave */
    CHANGED,
    TURNS,
    MODEL,
    COST,
    SIZE,
    ID,
    COLUMNS,
    GAP = 2,
    TITLE_LEAST = 24, /* cells; before it has less, others go */
    MODEL_MOST = 20,
};
static_assert((int)COLUMNS == (int)SESSION_ROW_COLUMNS, "one for each");

void session_row_clear(struct session_row *row)
{
    buf_clear(&row->title);
    buf_clear(&row->model);
}

/* Whoever asked for it at all, in whichever branch: it was paid for. */
static void add_costs(struct session_row *row, const struct graph *graph)
{
    row->cost = -1;
    for (uint32_t id = 1; id <= graph_run_count(graph); id++) {
        const struct run *run = graph_run(graph, id);
        for (size_t i = 0; i < run->attempts.count; i++) {
            double cost = run->attempts.items[i].usage.cost;
            if (cost >= 0)
                row->cost = (row->cost < 0 ? 0 : row->cost) + cost;
        }
    }
}

void session_row_fill(struct session_row *row, const struct session *session)
{
    row->cost = -1;
    row->lost = session->lost;
    row->err = session->err;
    if (!session->graph)
        return;
    const struct attempt *attempt = summary_last_attempt(session->graph);
    summary_title(&row->title, session->graph);
    if (attempt)
        receipt_model(&row->model, attempt, "->");
    row->turns = summary_turns(session->graph);
    row->is_private = graph_holds_private(session->graph);
    row->events = log_last_seq(session->log);
    add_costs(row, session->graph);
    if (row->lost && row->err.kind == ERROR_NONE)
        error_set(&row->err, ERROR_SYSTEM,
                  "%" PRIu64 " of %" PRIu64 " events are lost", row->lost,
                  row->events);
}

bool session_row_matches(const struct session_row *row,
                         const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct slice word = slice_of(words[i]);
        if (!slice_contains(buf_slice(&row->title), word) &&
            !slice_contains(buf_slice(&row->model), word) &&
            !slice_starts(slice_of(row->id.text), words[i]))
            return false;
    }
    return true;
}

static json_t *text_json(const struct buf *text)
{
    struct buf valid = { 0 };
    utf8_append_valid(&valid, buf_slice(text));
    json_t *json = valid.len ? json_string(buf_string(&valid)) : json_null();
    buf_clear(&valid);
    return json;
}

static json_t *time_json(int64_t time)
{
    struct buf words = { 0 };
    if (time)
        date_append(&words, time);
    json_t *json = text_json(&words);
    buf_clear(&words);
    return json;
}

json_t *session_row_json(const struct session_row *row)
{
    json_t *object = json_object();
    bool is_fine = row->err.kind == ERROR_NONE;
    json_object_set_new(object, "id", json_string(row->id.text));
    json_object_set_new(object, "title", text_json(&row->title));
    json_object_set_new(object, "changed", time_json(row->changed_time));
    json_object_set_new(object, "deleted", time_json(row->deleted_time));
    json_object_set_new(object, "turns", json_integer(row->turns));
    json_object_set_new(object, "model", text_json(&row->model));
    json_object_set_new(object, "cost",
                        row->cost < 0 ? json_null() : json_real(row->cost));
    json_object_set_new(object, "size", json_integer(row->size));
    json_object_set_new(object, "events",
                        json_integer((json_int_t)row->events));
    json_object_set_new(object, "lost", json_integer((json_int_t)row->lost));
    json_object_set_new(object, "private", json_boolean(row->is_private));
    json_object_set_new(object, "error",
                        is_fine ? json_null() : json_string(row->err.text));
    return object;
}

static int64_t shown_time(const struct session_row *row)
{
    return row->deleted_time ? row->deleted_time : row->changed_time;
}

void session_row_tabs(const struct session_row *row, struct buf *out)
{
    buf_printf(out, "%s\t", row->id.text);
    filter_line(out, buf_slice(&row->title));
    buf_append_char(out, '\t');
    date_append(out, shown_time(row));
    buf_printf(out, "\t%d\t", row->turns);
    filter_line(out, buf_slice(&row->model));
    buf_append_char(out, '\t');
    if (row->cost >= 0)
        buf_printf(out, "%.6f", row->cost);
    buf_printf(out, "\t%" PRId64 "\n", row->size);
}

void session_row_time(struct buf *out, int64_t time, int64_t now)
{
    char words[24];
    time_t then = (time_t)time, today = (time_t)now;
    struct tm parts, current;
    if (!localtime_r(&then, &parts) || !localtime_r(&today, &current))
        return;
    bool is_year = parts.tm_year == current.tm_year;
    bool is_today = is_year && parts.tm_yday == current.tm_yday;
    size_t len = is_today ? strftime(words, sizeof words, "%H:%M", &parts)
                 : is_year
                     ? strftime(words, sizeof words, "%m-%d %H:%M", &parts)
                     : strftime(words, sizeof words, "%Y-%m-%d", &parts);
    buf_append(out, words, len);
}

struct cells {
    struct buf texts[COLUMNS];
};

static void fill_cells(struct cells *cells, const struct session_row *row,
                       int64_t now)
{
    buf_append_string(&cells->texts[ID], row->id.text);
    session_row_time(&cells->texts[CHANGED], shown_time(row), now);
    receipt_size(&cells->texts[SIZE], (size_t)row->size);
    if (row->cost > 0)
        receipt_cost(&cells->texts[COST], row->cost);
    if (!row->events) {
        filter_line(&cells->texts[TITLE], slice_of(row->err.text));
        return;
    }
    filter_line(&cells->texts[TITLE], buf_slice(&row->title));
    if (row->is_private)
        buf_append_string(&cells->texts[TITLE], " (private)");
    if (row->lost)
        buf_printf(&cells->texts[TITLE], " (%" PRIu64 " events are lost)",
                   row->lost);
    buf_printf(&cells->texts[TURNS], "%d", row->turns);
    filter_line(&cells->texts[MODEL], buf_slice(&row->model));
}

static const char *const heads[COLUMNS] = {
    [ID] = "ID",       [TITLE] = "TITLE", [CHANGED] = "CHANGED",
    [TURNS] = "TURNS", [MODEL] = "MODEL", [COST] = "COST",
    [SIZE] = "SIZE",
};
static const int order[COLUMNS] = {
    ID, TITLE, CHANGED, TURNS, MODEL, COST, SIZE
};
static const int dropped_first[] = { SIZE, COST, MODEL, TURNS, CHANGED };

struct table {
    ARRAY_OF(struct cells) lines; /* that of the heads is the first */
    int widths[COLUMNS];          /* 0: it is left out */
};

static void measure(struct table *table, int width)
{
    int taken = 0;
    for (int column = 0; column < COLUMNS; column++) {
        int most = 0;
        for (size_t i = 0; i < table->lines.count; i++) {
            int cells =
                utf8_width(buf_slice(&table->lines.items[i].texts[column]));
            most = cells > most && (i || column == ID) ? cells : most;
        }
        int head = utf8_width(slice_of(heads[column]));
        if (most && most < head)
            most = head;
        if (column == MODEL && most > MODEL_MOST)
            most = MODEL_MOST;
        table->widths[column] = most;
        taken += most && column != TITLE ? most + GAP : 0;
    }
    for (size_t i = 0; i < COUNTOF(dropped_first); i++) {
        int *dropped = &table->widths[dropped_first[i]];
        if (width - taken >= TITLE_LEAST || !*dropped)
            continue;
        taken -= *dropped + GAP;
        *dropped = 0;
    }
    int room = width - taken;
    if (table->widths[TITLE] > room)
        table->widths[TITLE] = room > 1 ? room : 1;
}

/* "…" is where something was cut off. */
static void append_cell(struct buf *out, struct slice text, int width)
{
    int used = utf8_width(text);
    if (used > width) {
        text = utf8_prefix(text, width - 1);
        used = utf8_width(text) + 1;
        buf_append_slice(out, text);
        buf_append_string(out, "…");
    } else {
        buf_append_slice(out, text);
    }
    buf_printf(out, "%*s", width - used, "");
}

static void append_line(const struct table *table, const struct cells *cells,
                        struct buf *out)
{
    struct buf line = { 0 };
    for (int i = 0; i < COLUMNS; i++) {
        int column = order[i];
        if (!table->widths[column])
            continue;
        buf_printf(&line, "%*s", line.len ? GAP : 0, "");
        append_cell(&line, buf_slice(&cells->texts[column]),
                    table->widths[column]);
    }
    buf_append_slice(out, slice_trim(buf_slice(&line)));
    buf_append_char(out, '\n');
    buf_clear(&line);
}

void session_row_table(const struct session_row *rows, size_t count, int width,
                       int64_t now, struct buf *out)
{
    struct table table = { 0 };
    *array_add(&table.lines) = (struct cells){ 0 };
    for (int column = 0; column < COLUMNS; column++)
        buf_append_string(&table.lines.items[0].texts[column], heads[column]);
    for (size_t i = 0; i < count; i++) {
        struct cells *cells = array_add(&table.lines);
        *cells = (struct cells){ 0 };
        fill_cells(cells, &rows[i], now);
    }
    measure(&table, width);
    for (size_t i = 0; i < table.lines.count; i++) {
        append_line(&table, &table.lines.items[i], out);
        for (int column = 0; column < COLUMNS; column++)
            buf_clear(&table.lines.items[i].texts[column]);
    }
    array_clear(&table.lines);
}
