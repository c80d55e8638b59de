/* SPDX-License-Identifier: MIT */
#include "app/stats.h"

#include <unistd.h>

#include "app/print.h"
#include "app/setup.h"
#include "app/stats_report.h"
#include "app/stats_text.h"
#include "base/clock.h"
#include "base/json.h"

struct stats {
    const struct cli *cli;
    struct setup setup;
    struct stats_report report;
    struct ledger_rows rows;
    struct error err; /* of the ledger */
    bool is_read;
};

static void take_rows(void *context, const struct ledger_rows *rows,
                      const struct error *err)
{
    struct stats *stats = context;
    stats->is_read = rows != NULL;
    stats->err = *err;
    if (rows)
        ledger_rows_group(rows, LEDGER_BY_ALL, &stats->rows);
}

static bool choose(struct stats *stats, struct error *err)
{
    const struct cli *cli = stats->cli;
    int days = cli->days ? (int)cli->days : STATS_DAYS;
    struct stats_report *report = &stats->report;
    report->rows = &stats->rows;
    report->last = ledger_day(clock_wall_ms());
    report->first = ledger_day_before(report->last, days - 1);
    if (cli->words.count)
        return error_set(err, ERROR_USAGE,
                         "stats takes no \"%s\"; --days and --by say what is "
                         "shown",
                         cli->words.items[0]);
    if (cli->by)
        report->way = stats_way_find(cli->by, err);
    return !cli->by || report->way;
}

/* Settings say only whose price an estimate goes by. */
static void configure(struct stats *stats)
{
    struct buf complaints = { 0 };
    struct slice rest, line;
    setup_configure_anyway(&stats->setup, stats->cli, &complaints);
    rest = buf_slice(&complaints);
    while (slice_next_line(&rest, &line))
        print_notice("%.*s", SLICE_ARG(line));
    buf_clear(&complaints);
}

static bool read_rows(struct stats *stats, struct error *err)
{
    struct setup *setup = &stats->setup;
    configure(stats);
    if (!setup_open_ledger(setup, err))
        return false;
    ledger_ask(setup->ledger, stats->report.first, stats->report.last,
               take_rows, stats);
    store_settle(setup->disk, -1);
    *err = stats->err;
    return stats->is_read;
}

static void append_json(const struct stats_report *report, struct buf *out)
{
    json_t *object = stats_report_json(report);
    json_append_value(out, object);
    buf_append_char(out, '\n');
    json_decref(object);
}

static void tell_none(const struct stats_report *report)
{
    struct buf first = { 0 };
    stats_append_day(&first, report->first);
    print_notice("no answer was counted since %s; --days looks further back",
                 buf_string(&first));
    buf_clear(&first);
}

static int print_report(struct stats *stats)
{
    enum cli_output output = stats->cli->output;
    const struct setup *setup = &stats->setup;
    struct stats_report *report = &stats->report;
    struct buf text = { 0 };
    struct print out;
    print_init(&out, STDOUT_FILENO);
    saving_estimate(&report->saving, report->rows, setup->settings,
                    &setup->endpoints);
    if (output == OUTPUT_JSON)
        append_json(report, &text);
    else if (output == OUTPUT_STREAM_JSON)
        stats_report_lines(report, &text);
    else if (report->rows->list.count)
        stats_text_append(report, &text);
    print_text(&out, buf_slice(&text));
    print_end(&out);
    int status = print_status(&out);
    print_clear(&out);
    buf_clear(&text);
    if (!report->rows->list.count)
        tell_none(report);
    return status;
}

int stats_run(const struct cli *cli)
{
    struct stats stats = { .cli = cli };
    struct error err = { 0 };
    int status;
    if (choose(&stats, &err) && read_rows(&stats, &err)) {
        status = print_report(&stats);
    } else {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    }
    ledger_rows_clear(&stats.rows);
    setup_clear(&stats.setup);
    return status;
}
