/* SPDX-License-Identifier: MIT */
#include "base/random.h"

#include <sys/random.h>

#include "base/clock.h"

void random_init(struct random *random, uint64_t seed)
{
    random->state = seed;
    if (seed == 0 && getrandom(&random->state, sizeof random->state,
                               GRND_NONBLOCK) != sizeof random->state)
        random->state = (uint64_t)clock_monotonic_ms();
}

double random_real(struct random *random)
{
    uint64_t mixed = random->state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    mixed ^= mixed >> 31;
    return (double)(mixed >> 11) / (double)(UINT64_C(1) << 53);
}
