/* SPDX-License-Identifier: MIT */
#include "tests/bench/table.h"

#include <stdarg.h>
#include <stdio.h>

/* Three digits that say something. */
static const char *digits(double value)
{
    return value >= 100 || value == 0 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
}

static void print_number(double value, const char *unit, int width)
{
    char number[32], text[64];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(number, sizeof number, digits(value), value);
#pragma GCC diagnostic pop
    snprintf(text, sizeof text, "%s%s%s", number, unit[0] ? " " : "", unit);
    printf("%*s", width, text);
}

static void print_head(struct table *table)
{
    if (table->rows == 0)
        printf("%-52s%12s  %14s  %-7s%s\n", "what", "measured", "target", "",
               "detail; measured against");
}

void table_add(struct table *table, const struct row *row)
{
    bool is_met = row->value <= row->target;
    print_head(table);
    printf("%-52s", row->what);
    print_number(row->value, row->unit, 12);
    if (row->has_target) {
        printf("  <= ");
        print_number(row->target, row->unit, 11);
        printf("  %-7s", is_met ? "met" : "MISSED");
        table->missed += !is_met;
    } else {
        printf("%25s", "");
    }
    printf("%s%s%s\n", row->detail ? row->detail : "",
           row->detail && row->against ? "; " : "",
           row->against ? row->against : "");
    fflush(stdout);
    table->rows++;
}

void table_note(struct table *table, const char *format, ...)
{
    va_list arguments;
    print_head(table);
    table->rows++;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

void table_end(const struct table *table)
{
    if (table->missed)
        printf("%d target%s missed\n", table->missed,
               table->missed == 1 ? "" : "s");
    else
        printf("every target met\n");
}
