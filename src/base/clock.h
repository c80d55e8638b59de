/* SPDX-License-Identifier: MIT */
/*
 * clock - the two times that the program knows.
 *
 * Monotonic milliseconds for timers and latencies, wall-clock milliseconds for
 * what is shown and stored. Never mix them.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds since an arbitrary start; does not go back. */
int64_t clock_monotonic_ms(void);

/* Milliseconds that the machine has slept since an arbitrary start: the
 * monotonic clock stands still meanwhile. */
int64_t clock_asleep_ms(void);

/* Milliseconds since 1970-01-01 UTC. */
int64_t clock_wall_ms(void);

#endif
