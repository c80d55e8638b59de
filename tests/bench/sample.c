/* SPDX-License-Identifier: MIT */
#include "tests/bench/sample.h"

#include <math.h>
#include <time.h>

void sample_add(struct sample *sample, double value)
{
    *array_add(&sample->values) = value;
}

void sample_clear(struct sample *sample)
{
    array_clear(&sample->values);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double sample_quantile(struct sample *sample, double share)
{
    size_t count = sample->values.count;
    if (!count)
        return 0;
    qsort(sample->values.items, count, sizeof *sample->values.items, compare);
    size_t rank = (size_t)ceil(share * (double)count);
    return sample->values.items[rank ? rank - 1 : 0];
}

int64_t sample_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

double sample_ms_since(int64_t start_ns)
{
    return (double)(sample_now_ns() - start_ns) / 1e6;
}

double sample_cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}
