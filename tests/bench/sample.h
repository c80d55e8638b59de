/* SPDX-License-Identifier: MIT */
/*
 * sample - measured values of one thing, and what is said about them.
 */
#ifndef TESTS_BENCH_SAMPLE_H
#define TESTS_BENCH_SAMPLE_H

#include <stdint.h>

#include "base/array.h"

/* All-zero is empty. */
struct sample {
    ARRAY_OF(double) values;
};

void sample_add(struct sample *sample, double value);
void sample_clear(struct sample *sample);

/* The value that this share (0.5: the median) of all does not exceed; 0 if
 * there is none. Sorts. */
double sample_quantile(struct sample *sample, double share);

/* Monotonic nanoseconds, the same clock in every process. */
int64_t sample_now_ns(void);
double sample_ms_since(int64_t start_ns);

/* CPU time of this process: others may have the other core, or this one for a
 * while. */
double sample_cpu_ms(void);

#endif
