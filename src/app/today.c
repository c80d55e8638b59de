/* SPDX-License-Identifier: MIT */
#include "app/today.h"

#include "app/panel.h"
#include "app/saving.h"
#include "app/stats_report.h"
#include "chat/cap.h"
#include "ui/receipt.h"

static void append_tokens(struct buf *out, const struct ledger_rows *rows,
                          bool is_vendor)
{
    const struct ledger_sum sum = ledger_rows_sum_of(rows, is_vendor);
    panel_append_count(out, (uint64_t)sum.figures[LEDGER_INPUT] +
                                (uint64_t)sum.figures[LEDGER_OUTPUT]);
}

static void append_money(struct buf *out, const struct ledger_sum *sum,
                         double limit)
{
    if (sum->figures[LEDGER_COST] <= 0 && limit < 0)
        return;
    buf_append_string(out, ", ");
    if (sum->figures[LEDGER_COST] > 0)
        receipt_cost(out, stats_dollars(sum));
    else
        buf_append_string(out, "$0");
    if (limit >= 0)
        buf_printf(out, " of $%.2f", limit);
}

static void append_saving(struct buf *out, const struct ledger_rows *rows,
                          const struct settings *settings,
                          const struct endpoints *endpoints)
{
    struct saving saving;
    saving_estimate(&saving, rows, settings, endpoints);
    if (!saving.is_known || saving_dollars(&saving) <= 0)
        return;
    buf_append_string(out, " (about ");
    receipt_cost(out, saving_dollars(&saving));
    buf_append_string(out, " saved)");
}

void today_append(const struct ledger_rows *rows,
                  const struct settings *settings,
                  const struct endpoints *endpoints, struct buf *out)
{
    if (!rows || !rows->list.count)
        return;
    const struct ledger_sum all = ledger_rows_sum(rows);
    buf_append_string(out, "today ");
    append_tokens(out, rows, false);
    buf_append_string(out, " tok own, ");
    append_tokens(out, rows, true);
    buf_append_string(out, " by vendors");
    append_money(out, &all,
                 settings_number(settings, cap_setting(CAP_DAY), -1));
    append_saving(out, rows, settings, endpoints);
}
