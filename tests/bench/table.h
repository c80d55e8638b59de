/* SPDX-License-Identifier: MIT */
/*
 * table - one line for each thing measured: its value, its target, and what it
 * is measured against.
 */
#ifndef TESTS_BENCH_TABLE_H
#define TESTS_BENCH_TABLE_H

#include <stdbool.h>

struct row {
    const char *what;
    double value;
    const char *unit;
    double target;       /* at most; only with has_target */
    const char *detail;  /* how often, quantiles; may be NULL */
    const char *against; /* what else was measured, NULL: nothing */
    bool has_target;
};

/* All-zero is a table whose head was not printed. */
struct table {
    int rows, missed;
};

void table_add(struct table *table, const struct row *row);

/* A line between rows. */
void table_note(struct table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* How many targets were met. */
void table_end(const struct table *table);

#endif
